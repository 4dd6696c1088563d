#!/usr/bin/env python3
"""Measures `zpakey audit --profile '*'` over many tenants: its time against the waves that it takes, its memory, its requests.

    cargo build --release && python3 benches/fleet.py
    python3 benches/fleet.py --check       fails where an aim is missed

The tenants do not share a rate limit, so N of them take as long as the slowest, times the waves: with 16 at a time, 200 are
13 waves. Some tenants are audited alone first. Memory is the most that the process had in RAM. The API is 50 ms away, by a
proxy on this machine: without a way, all that is measured is the work of the sandbox and of this machine's cores.

Needs Linux. Starts `zpakey sandbox serve` for itself and always stops it.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import PATIENCE_S, PROGRAM, clean_environment, end_on_sigterm, find_program, run_once
from far import Far

PARALLEL = 16
MAX_RATIO = 1.3
MAX_MB = 100.0
# How many tenants are audited alone, to find the slowest.
ALONE = 12


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--program", type=Path, default=PROGRAM, metavar="FILE")
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--keys-each", type=int, default=20)
    options = parser.parse_args()
    end_on_sigterm()

    program = find_program(options.program)
    with tempfile.TemporaryDirectory(prefix="zpakey-fleet-") as directory:
        file = Path(directory) / "fleet.toml"
        environment = clean_environment(Path(directory)) | {
            "ZPAKEY_CONFIG_FILE": str(file),
            "ZPAKEY_RATE_LIMIT": "off",
        }
        serve = [program, "sandbox", "serve", "--tenants", str(options.tenants)]
        serve += ["--keys-each", str(options.keys_each), "--profiles", str(file)]
        server = subprocess.Popen(
            serve, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            await_file(file, server)
            text = file.read_text(encoding="utf-8")
            port = re.search(r"127\.0\.0\.1:(\d+)", text)[1]
            far = Far(int(port))
            try:
                file.write_text(text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{far.port}"), encoding="utf-8")
                missed = measure(program, environment, options)
            finally:
                far.close()
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)
    if options.check and missed:
        sys.exit("missed: " + "; ".join(missed))


def await_file(file, server):
    end = time.monotonic() + PATIENCE_S
    while not file.exists():
        if server.poll() is not None or time.monotonic() > end:
            sys.exit("the sandbox did not serve")
        time.sleep(0.05)


def measure(program, environment, options):
    """Prints what was measured, and returns what is not as it should be."""
    names = output([program, "profile", "list", "-q"], environment).split()
    if len(names) != options.tenants:
        sys.exit(f"{len(names)} profiles, not {options.tenants}")
    audit = [program, "audit", "-o", "json"]
    # A token is kept from the first run on, as in a job that runs every day.
    output([*audit, "--profile", "*"], environment)
    slowest = max(run_once([*audit, "--profile", name], environment) for name in names[:: max(1, len(names) // ALONE)])
    begin = time.perf_counter()
    answers, memory = with_memory([*audit, "--profile", "*"], environment)
    seconds = time.perf_counter() - begin
    complete = sum(answer["complete"] for answer in answers)
    keys = sum(answer["population"]["keys"] for answer in answers)
    if (complete, keys) != (options.tenants, options.tenants * options.keys_each):
        sys.exit(f"{complete} tenants whole, {keys} keys")
    waves = math.ceil(options.tenants / PARALLEL)
    ratio = seconds / (slowest * waves)
    print(f"{options.tenants} tenants of {options.keys_each} keys: {seconds:.2f} s; the slowest alone {slowest:.3f} s; {waves} waves")
    print(f"ratio {ratio:.2f}, at most {MAX_RATIO}; memory {memory:.0f} MB, at most {MAX_MB:.0f}")
    missed = []
    if ratio > MAX_RATIO:
        missed.append(f"ratio {ratio:.2f}")
    if memory > MAX_MB:
        missed.append(f"memory {memory:.0f} MB")
    return missed


def output(command, environment):
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=4 * PATIENCE_S, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:2])} … ended with {done.returncode}:\n{done.stderr[:2000]}")
    return done.stdout


def with_memory(command, environment):
    """Returns a command's answer, and the most memory that it had. Unit: MB."""
    child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command[:2])} … ended with {child.returncode}")
    return json.loads(text), used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
