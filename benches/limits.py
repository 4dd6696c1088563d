#!/usr/bin/env python3
"""Measures the release build against its limits, side by side with what a user would take instead.

    cargo build --release && python3 benches/limits.py --check

Needs Linux, and curl for the comparison of `get`. Starts `zpakey sandbox serve` for itself and always stops it.
"""

import argparse
import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

MAX_SIZE_MB = 10.0
MAX_VERSION_MS = 5.0
MAX_LIST_MB = 25.0
MAX_GET_RATIO = 1.0

KEYS = 1_200
FIRST_ID = 50_001
RUNS = 30
WARM_UP = 5
PATIENCE_S = 30

MEGABYTE = 1_000_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where a figure is above its limit")
    parser.add_argument(
        "--slack", type=float, default=1.0, metavar="N", help="multiply each limit, for a noisy machine"
    )
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/zpakey", metavar="FILE")
    options = parser.parse_args()
    if not options.program.is_file():
        sys.exit(f"{options.program} does not exist: cargo build --release")
    # A `finally` runs when this is terminated, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    program = str(options.program.resolve())
    table = Table(options.slack)
    with tempfile.TemporaryDirectory(prefix="zpakey-limits-") as directory:
        environment = clean_environment(Path(directory))
        table.add("size of the program", os.path.getsize(program) / MEGABYTE, MAX_SIZE_MB, "MB")
        measure_version(table, program, environment)
        with served(program, Path(directory), environment) as sandbox:
            environment |= access(sandbox)
            measure_list(table, program, environment)
            measure_get(table, program, environment, sandbox)
    table.print()
    if options.check and table.failed:
        sys.exit(f"above the limit: {'; '.join(table.failed)}")


class Table:
    """Figures, each with its limit if it has one."""

    def __init__(self, slack):
        self.slack = slack
        self.rows = []
        self.failed = []

    def add(self, what, figure, limit=None, unit=""):
        verdict = ""
        if limit is not None:
            limit *= self.slack
            verdict = f"{limit:8.2f}  ok" if figure <= limit else f"{limit:8.2f}  ABOVE"
            if figure > limit:
                self.failed.append(what)
        self.rows.append(f"{what:<44} {figure:8.2f} {unit:<3} {verdict}".rstrip())

    def skip(self, what, why):
        self.rows.append(f"{what:<44}  skipped: {why}")

    def print(self):
        print(f"{'':<44} {'figure':>8}     {'limit':>8}")
        print("\n".join(self.rows), flush=True)


def clean_environment(directory):
    """Makes an environment in which nothing of the user's is found."""
    for name in ("home", "config", "state", "cache"):
        (directory / name).mkdir()
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(directory / "home"),
        "XDG_CONFIG_HOME": str(directory / "config"),
        "XDG_STATE_HOME": str(directory / "state"),
        "XDG_CACHE_HOME": str(directory / "cache"),
    }


def seed():
    """Makes a tenant with so many keys that a list takes several pages."""
    keys = [
        {
            "id": str(FIRST_ID + number),
            "name": f"key-{number:04}",
            "association_type": "CONNECTOR_GRP",
            "usageCount": str(number % 11),
            "maxUsage": "10",
        }
        for number in range(KEYS)
    ]
    return {"keys": keys}


@contextlib.contextmanager
def served(program, directory, environment):
    """Serves the seed by `zpakey sandbox serve`, and yields what it says about itself."""
    file = directory / "seed.json"
    file.write_text(json.dumps(seed()), encoding="utf-8")
    command = [program, "sandbox", "serve", "--port", "0", "--seed", str(file), "--fresh", "-o", "json"]
    messages = directory / "serve.stderr"
    with messages.open("wb") as stderr:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr
        )
    try:
        yield first_object(server, messages)
    finally:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        server.stdout.close()


def first_object(server, messages):
    """Reads the JSON object that a server prints before it serves; it may take several lines."""
    text = b""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        ready, _, _ = select.select([server.stdout], [], [], 0.2)
        chunk = os.read(server.stdout.fileno(), 65_536) if ready else None
        if chunk == b"":
            break
        text += chunk or b""
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(text)
    sys.exit(f"`zpakey sandbox serve` printed no JSON object; it said:\n{messages.read_text(errors='replace')}")


def access(sandbox):
    """Signs in, and returns the variables with which a command needs no sign-in of its own."""
    exported = sandbox["env"]
    form = {
        "grant_type": "client_credentials",
        "client_id": sandbox["client_id"],
        "client_secret": exported["ZSCALER_CLIENT_SECRET"],
        "audience": "https://api.zscaler.com",
    }
    # No proxy stands between two programs of one machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body = urllib.parse.urlencode(form).encode()
    with opener.open(sandbox["token_url"], data=body, timeout=PATIENCE_S) as answer:
        token = json.load(answer)["access_token"]
    return {
        "ZPAKEY_API_URL": exported["ZPAKEY_API_URL"],
        "ZPAKEY_CUSTOMER_ID": sandbox["customer_id"],
        "ZPAKEY_RATE_LIMIT": "off",
        "ZPAKEY_ACCESS_TOKEN": token,
    }


def measure_version(table, program, environment):
    plain = shutil.which("true") or "/bin/true"
    version, nothing = medians_ms([[program, "--version"], [plain]], environment)
    table.add("--version, median", version, MAX_VERSION_MS, "ms")
    table.add("--version, times as long as `true`", version / nothing, unit="x")


def measure_list(table, program, environment):
    command = [program, "list", "-o", "json"]
    listed = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=False
    )
    if listed.returncode != 0:
        sys.exit(f"`zpakey list` ended with {listed.returncode}:\n{listed.stderr.decode(errors='replace')}")
    found = len(json.loads(listed.stdout))
    if found != KEYS:
        sys.exit(f"`zpakey list` listed {found} of {KEYS} keys")
    peak = max(peak_memory(command, environment) for _ in range(3)) / MEGABYTE
    (median,) = medians_ms([command], environment)
    table.add(f"list of {KEYS} keys, most memory", peak, MAX_LIST_MB, "MB")
    table.add(f"list of {KEYS} keys, median", median, unit="ms")


def measure_get(table, program, environment, sandbox):
    number = str(FIRST_ID + KEYS // 2)
    url = (
        f"{sandbox['api_url']}/zpa/mgmtconfig/v1/admin/customers/{sandbox['customer_id']}"
        f"/associationType/CONNECTOR_GRP/provisioningKey/{number}"
    )
    get = [program, "get", f"id:{number}", "--type", "connector", "-o", "json"]
    name = "get of one key, median"
    curl = shutil.which("curl")
    if curl is None:
        (ours,) = medians_ms([get], environment)
        table.add(name, ours, unit="ms")
        table.skip("get, times as long as curl", "curl is not installed")
        return
    # The token is the emulator's and this machine's; a real one does not belong into arguments.
    header = f"Authorization: Bearer {environment['ZPAKEY_ACCESS_TOKEN']}"
    same = [curl, "-q", "--silent", "--fail", "--noproxy", "*", "-H", header, "-H", "Accept: application/json", url]
    ours, theirs = medians_ms([get, same], environment)
    table.add(name, ours, unit="ms")
    table.add("the same request by curl, median", theirs, unit="ms")
    table.add("get, times as long as curl", ours / theirs, MAX_GET_RATIO, "x")


def medians_ms(commands, environment):
    """Runs the commands in turn, so that what disturbs one disturbs all, and returns the median of each."""
    times = [[] for _ in commands]
    for turn in range(WARM_UP + RUNS):
        for command, own in zip(commands, times, strict=True):
            elapsed = run_once(command, environment)
            if turn >= WARM_UP:
                own.append(elapsed)
    return [statistics.median(own) * 1_000 for own in times]


def run_once(command, environment):
    """Returns the seconds that a command took. Its output is thrown away."""
    nowhere = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    begin = time.perf_counter()
    child = os.posix_spawn(command[0], command, environment, file_actions=nowhere)
    _, status = os.waitpid(child, 0)
    elapsed = time.perf_counter() - begin
    if status != 0:
        sys.exit(f"{' '.join(command[:2])} … ended with {os.waitstatus_to_exitcode(status)}")
    return elapsed


def peak_memory(command, environment):
    """Returns the most memory that a command held, in bytes.

    Linux hands the peak of a process on to what it executes, so a child of this program would have this
    program's. A small shell starts the command in the background and ends; as the subreaper, this program then
    becomes the parent and is told the command's own peak.
    """
    adopt_orphans()
    script = '"$@" >/dev/null 2>&1 & echo $!'
    shell = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *command], env=environment, stdout=subprocess.PIPE, check=True
    )
    child = int(shell.stdout)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{' '.join(command[:2])} … ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_maxrss * 1_024


def adopt_orphans():
    set_child_subreaper = 36
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main()
