#!/usr/bin/env python3
"""Measures `zpakey scan` against ripgrep searching the same bytes for the clear form.

    cargo build --release && python3 benches/scan.py
    python3 benches/scan.py --check                  fails above 1.5 x ripgrep's time, or at 100 MB of memory

The tree has 50,000 files of text of several kinds (prose, code, JSON, hashes, base64, UTF-16, bytes) and 1 GB; it is made
anew from a fixed seed, the same for both. Both are run in turn, with all processors, the files in the page cache. ripgrep
knows the clear form alone; zpakey undoes all encodings. Each of the 20 values that are hidden in clear is found by both; zpakey
finds 20 more in base64. The cost per finding is measured on the same tree with a thousand values.

A git history of 10,000 commits is measured against `git rev-list` and `git cat-file`, which read the same objects.

Needs Linux. Without `rg`, its column is skipped.
"""

import argparse
import base64
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import PROGRAM, clean_environment, find_program

FILES = 50_000
BYTES = 1_000_000_000
COMMITS = 10_000
HIDDEN = 20
MANY = 1_000
MAX_RATIO = 1.5
MAX_MEMORY_MB = 100
# The clear form, as `zpakey scan --emit-rules` writes it.
CLEAR = r"\b[0-9]\|[a-z0-9.-]{4,253}\.(?:com|net|us|org)\|[A-Za-z0-9+/]{40,}={0,2}(?:-[0-9]{6,20})?"
SEED = 20_260_701
WORDS = [
    "connector", "group", "policy", "return", "value", "request", "the", "of", "and", "to", "in", "for", "is", "on",
    "import", "function", "let", "const", "public", "static", "self", "error", "result", "string", "match", "while",
]


def value(number):
    """A key value that is nobody's."""
    digest = hashlib.sha512(str(number).encode()).digest() * 5
    blob = base64.b64encode(digest).decode().replace("=", "A")[:384]
    return f"3|api.private.zscaler.com|{blob}-{216199618143000000 + number}"


def prose(rng, size):
    return " ".join(rng.choices(WORDS, k=size // 7)).encode()


def code(rng, size):
    lines = []
    while size > 0:
        line = f"    {rng.choice(WORDS)}.{rng.choice(WORDS)}({rng.randrange(1000)} | 0x{rng.randrange(1 << 32):08x});\n"
        lines.append(line)
        size -= len(line)
    return "".join(lines).encode()


def rows(rng, size):
    count = max(1, size // 130)
    items = [
        {"id": rng.randrange(10**18), "name": rng.choice(WORDS), "sha256": f"{rng.getrandbits(256):064x}"}
        for _ in range(count)
    ]
    return json.dumps(items, indent=1).encode()


def lockfile(rng, size):
    lines = []
    while size > 0:
        integrity = base64.b64encode(rng.randbytes(64)).decode()
        line = f'"{rng.choice(WORDS)}@{rng.randrange(90)}": "sha512-{integrity}",\n'
        lines.append(line)
        size -= len(line)
    return "".join(lines).encode()


def certificates(rng, size):
    return base64.encodebytes(rng.randbytes(size * 3 // 4))


def wide(rng, size):
    return prose(rng, size // 2).decode().encode("utf-16-le")


def raw(rng, size):
    return rng.randbytes(size)


# What a working tree with its dependencies is made of, by rough share.
KINDS = [(prose, 22), (code, 38), (rows, 12), (lockfile, 6), (certificates, 3), (wide, 1), (raw, 18)]


def make_tree(folder, hidden):
    """Makes the tree: `hidden` values in clear and as many in base64."""
    rng = random.Random(SEED)
    size = BYTES // FILES
    makers = [kind for kind, share in KINDS for _ in range(share)]
    # A few large texts of each kind, of which each file is a part: making a gigabyte of random text takes minutes.
    pools = {maker: maker(rng, 4_000_000) for maker, _ in KINDS}
    step = FILES // (2 * hidden)
    for number in range(FILES):
        below = folder / f"{number % 97:02}" / f"{number % 89:02}"
        below.mkdir(parents=True, exist_ok=True)
        pool = pools[rng.choice(makers)]
        length = min(int(rng.lognormvariate(0, 1) * size * 0.62), len(pool) - 1)
        start = rng.randrange(len(pool) - length)
        text = pool[start : start + length]
        place, is_due = divmod(number, step)
        if is_due == 0 and place < 2 * hidden:
            text = value(place).encode() if place % 2 else base64.b64encode(f"KEY={value(place)}\n".encode())
            text = b"\nvalue: " + text + b"\n"
            text = pool[start : start + length // 2] + text
        (below / f"{number}.txt").write_bytes(text)


def run(command, env, cwd):
    """Runs a command; returns its seconds, its memory in MB and its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(["/usr/bin/env", *command], env=env, cwd=cwd, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, done


def memory_mb(command, env, cwd):
    """The most memory that a command has at once."""
    script = (
        "import os, resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", script, *command], env=env, cwd=cwd, capture_output=True, check=True)
    return int(done.stdout) / 1024


def compare(name, ours, theirs, env, cwd, runs):
    """Runs two commands in turn; returns the ratio of the medians."""
    times = {"ours": [], "theirs": []}
    for _ in range(runs):
        for key, command in (("theirs", theirs), ("ours", ours)):
            seconds, cpu, done = run(command, env, cwd)
            times[key].append((seconds, cpu))
    our, their = (statistics.median(seconds for seconds, _ in times[key]) for key in ("ours", "theirs"))
    our_cpu, their_cpu = (statistics.median(cpu for _, cpu in times[key]) for key in ("ours", "theirs"))
    ratio = our / their
    print(f"{name:<28} {ratio:5.2f} x   processor time {our_cpu / their_cpu:5.2f} x   ({our:.2f} s, {their:.2f} s)")
    return ratio


def count_found(command, env, cwd):
    done = run(command, env, cwd)[2]
    return len(json.loads(done.stdout))


def make_history(folder):
    """Makes a repository of small commits by `git fast-import`; a value is in the first and is removed later."""
    rng = random.Random(SEED)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], env=environment, check=True)
    importer = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE, env=environment
    )
    out = importer.stdin
    for number in range(COMMITS):
        text = code(rng, 4000)
        if number == 100:
            text += f"key = {value(number)}\n".encode()
        message = f"change {number}".encode()
        out.write(b"commit refs/heads/main\ncommitter T <t@example.org> %d +0000\n" % (1_700_000_000 + number))
        out.write(b"data %d\n%s\n" % (len(message), message))
        out.write(b"M 100644 inline src/%d.txt\ndata %d\n%s\n" % (number % 500, len(text), text))
    out.close()
    if importer.wait() != 0:
        sys.exit("git fast-import failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=PROGRAM, help="the program to measure")
    parser.add_argument("--check", action="store_true", help="fail above the limits")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default: 5)")
    arguments = parser.parse_args()
    program = find_program(arguments.program)
    ripgrep = shutil.which("rg")
    failures = []
    with tempfile.TemporaryDirectory(prefix="zpakey-scan-") as name:
        folder = Path(name)
        env = {**clean_environment(folder), "PATH": os.environ["PATH"]}
        tree = folder / "tree"
        make_tree(tree, HIDDEN)
        ours = [program, "scan", "--offline", "-o", "json", "."]
        found = count_found(ours, env, tree)
        if found != 2 * HIDDEN:
            sys.exit(f"zpakey found {found} values instead of {2 * HIDDEN}")
        if ripgrep is None:
            print("skipped: rg is not installed")
        else:
            theirs = [ripgrep, "-a", "--no-ignore", "--hidden", "--no-messages", "-c", CLEAR, "."]
            lines = run(theirs, env, tree)[2].stdout.splitlines()
            if len(lines) != HIDDEN:
                sys.exit(f"rg found {len(lines)} values instead of {HIDDEN}")
            ratio = compare("zpakey / rg -a, tree", ours, theirs, env, tree, arguments.runs)
            if ratio > MAX_RATIO:
                failures.append(f"zpakey takes {ratio:.2f} x ripgrep's time, more than {MAX_RATIO}")
        memory = memory_mb(ours, env, tree)
        print(f"memory at its peak           {memory:5.0f} MB")
        if memory >= MAX_MEMORY_MB:
            failures.append(f"{memory:.0f} MB of memory")

        many = folder / "many"
        make_tree(many, MANY)
        ratio = compare("1000 values / 20 values", [*ours[:-1], str(many)], [*ours[:-1], str(tree)], env, tree, arguments.runs)
        if ratio > 1.25:
            failures.append(f"a tree with many values takes {ratio:.2f} x the time")

        history = folder / "history"
        make_history(history)
        ours = [program, "scan", "--offline", "--git", "-o", "json", "."]
        if count_found(ours, env, history) != 1:
            sys.exit("the value in the history was not found")
        reading = "git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch --buffer | wc -c"
        compare("zpakey --git / git cat-file", ours, ["sh", "-c", reading], env, history, arguments.runs)
        print(f"the same for --git           {memory_mb(ours, env, history):5.0f} MB, of zpakey or of git, whichever has more")
    if arguments.check and failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
