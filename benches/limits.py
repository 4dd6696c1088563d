#!/usr/bin/env python3
"""Measures the release build against its limits, side by side with what a user would take instead.

    cargo build --release && python3 benches/limits.py --check
    python3 benches/limits.py --self-test                       shows that the check of the size can fail
    python3 benches/limits.py --dist dist                       what `packaging/release` made: size, start and memory of each

Needs Linux, and curl for the comparison of `get`. Starts `zpakey sandbox serve` for itself and always stops it.
"""

import argparse
import contextlib
import ctypes
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

from common import (
    PATIENCE_S,
    PROGRAM,
    clean_environment,
    end_on_sigterm,
    find_curl,
    find_program,
    medians_ms,
    opener,
    served,
    sign_in,
)

# The size of the release build, in bytes, when this line was last changed. A build that is more than a tenth larger
# fails. Whoever needs more writes the new size here, which `benches/limits.py` prints, and the reason into the
# commit; one that became smaller is written here as well, so that what was won is not lost unseen.
COMMITTED_SIZE = 17_797_048
MAX_GROWTH = 1.10

MAX_VERSION_MS = 5.0
MAX_LIST_MB = 25.0
MAX_GET_RATIO = 1.0
# The most memory that an answer without an end may cost, whatever it holds.
MAX_ENDLESS_MB = 200.0

KEYS = 1_200
FIRST_ID = 50_001
RUNS = 30
WARM_UP = 5

MEGABYTE = 1_000_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where a figure is above its limit")
    parser.add_argument(
        "--slack", type=float, default=1.0, metavar="N", help="multiply each limit of time or memory, for a noisy machine"
    )
    parser.add_argument("--program", type=Path, default=PROGRAM, metavar="FILE")
    parser.add_argument("--artefact", type=Path, action="append", default=[], metavar="FILE", help="an archive or a program")
    parser.add_argument("--dist", type=Path, metavar="DIR", help="all files of a release")
    parser.add_argument("--self-test", action="store_true", help="show that a program that grew is found out")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    end_on_sigterm()
    if options.dist or options.artefact:
        return measure_artefacts(options)

    program = find_program(options.program)
    table = Table(options.slack)
    with tempfile.TemporaryDirectory(prefix="zpakey-limits-") as directory:
        environment = clean_environment(Path(directory))
        measure_size(table, os.path.getsize(program))
        measure_version(table, program, environment)
        with served(program, Path(directory), environment, seed()) as sandbox:
            measure_list(table, program, environment | access(sandbox))
            measure_get(table, "get", program, environment | access(sandbox), sandbox)
        with served(program, Path(directory), environment, seed(), "--tls") as sandbox:
            measure_get(table, "get by https", program, environment | access(sandbox), sandbox)
        measure_endless(table, program, environment)
    table.print()
    if options.check and table.failed:
        sys.exit(f"above the limit: {'; '.join(table.failed)}")


def measure_artefacts(options):
    """Measures each file of a release: its size, and what a program in it costs, if it runs on this machine. A program of
    another machine runs emulated at best, so that its start and memory would say nothing."""
    released = sorted(path for path in options.dist.iterdir() if path.is_file()) if options.dist else []
    table = Table(options.slack)
    with tempfile.TemporaryDirectory(prefix="zpakey-limits-") as directory:
        environment = clean_environment(Path(directory))
        for artefact in [*released, *options.artefact]:
            table.add_exact(f"{artefact.name}, size", artefact.stat().st_size / MEGABYTE, unit="MB")
            program = program_in(artefact, Path(directory) / "unpacked" / artefact.name)
            if program is None:
                continue
            measure_size(table, program.stat().st_size)
            if machine_of(program) != os.uname().machine:
                table.skip("   start and memory", f"it is for {machine_of(program)}")
                continue
            measure_version(table, program, environment)
            with served(program, Path(directory), environment, seed()) as sandbox:
                measure_list(table, program, environment | access(sandbox))
    table.print()
    if options.check and table.failed:
        sys.exit(f"above the limit: {'; '.join(table.failed)}")


def program_in(artefact, folder):
    """Returns the program of an archive, or a program itself; None for other files."""
    if artefact.name.endswith("-source.tar.gz"):
        return None
    if artefact.name.endswith(".tar.gz"):
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-xzf", artefact, "-C", folder, "--strip-components", "1"], check=True)
        return folder / "zpakey"
    if artefact.name.endswith(".zip"):
        with zipfile.ZipFile(artefact) as archive:
            return Path(archive.extract(f"{artefact.name.removesuffix('.zip')}/zpakey.exe", folder))
    with artefact.open("rb") as file:
        return artefact if file.read(4) == b"\x7fELF" or artefact.suffix == ".exe" else None


def machine_of(program):
    """Returns what a program is for: of an ELF file as `uname -m` says it."""
    if program.suffix == ".exe":
        return "Windows"
    with program.open("rb") as file:
        number = int.from_bytes(file.read(20)[18:20], "little")
    return {62: "x86_64", 183: "aarch64"}.get(number, f"machine {number}")


class Table:
    """Figures, each with its limit if it has one."""

    def __init__(self, slack=1.0):
        self.slack = slack
        self.rows = []
        self.failed = []

    def add(self, what, figure, limit=None, unit=""):
        """Adds a figure that a noisy machine makes worse."""
        self.add_exact(what, figure, None if limit is None else limit * self.slack, unit)

    def add_exact(self, what, figure, limit=None, unit=""):
        """Adds a figure that is the same on every machine."""
        verdict = ""
        if limit is not None:
            verdict = f"{limit:8.2f}  ok" if figure <= limit else f"{limit:8.2f}  ABOVE"
            if figure > limit:
                self.failed.append(what)
        self.rows.append(f"{what:<58} {figure:8.2f} {unit:<3} {verdict}".rstrip())

    def skip(self, what, why):
        self.rows.append(f"{what:<58}  skipped: {why}")

    def print(self):
        print(f"{'':<58} {'figure':>8}     {'limit':>8}")
        print("\n".join(self.rows), flush=True)


def measure_size(table, size):
    table.add_exact(
        f"size of the program ({size} bytes)",
        size / MEGABYTE,
        COMMITTED_SIZE * MAX_GROWTH / MEGABYTE,
        "MB",
    )


def self_test():
    """A check that cannot fail says nothing: programs that grew by more and by less than is allowed, one that shrank, and
    memory above and below its limit."""
    for size, fails in [
        (COMMITTED_SIZE // 2, False),
        (COMMITTED_SIZE, False),
        (COMMITTED_SIZE * 109 // 100, False),
        (COMMITTED_SIZE * 111 // 100, True),
        (COMMITTED_SIZE * 2, True),
    ]:
        # However noisy the machine is: slack is no matter of size.
        table = Table(slack=10.0)
        measure_size(table, size)
        if bool(table.failed) != fails:
            sys.exit(f"a program of {size} bytes {'passed' if fails else 'failed'}: {table.rows}")
    for peak, fails in [(MAX_ENDLESS_MB - 1, False), (MAX_ENDLESS_MB + 1, True)]:
        table = Table()
        table.add("endless", peak, MAX_ENDLESS_MB, "MB")
        if bool(table.failed) != fails:
            sys.exit(f"{peak} MB {'passed' if fails else 'failed'}: {table.rows}")
    print("the check of the size: fails above a tenth more than is committed, and only then")


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


def access(sandbox):
    """Signs in, and returns the variables with which a command needs no sign-in of its own."""
    trusted = {"SSL_CERT_FILE": sandbox["ca_cert"]} if sandbox["ca_cert"] else {}
    return trusted | {
        "ZPAKEY_API_URL": sandbox["env"]["ZPAKEY_API_URL"],
        "ZPAKEY_CUSTOMER_ID": sandbox["customer_id"],
        "ZPAKEY_RATE_LIMIT": "off",
        "ZPAKEY_ACCESS_TOKEN": sign_in(sandbox, opener(sandbox)),
    }


def measure_version(table, program, environment):
    plain = shutil.which("true") or "/bin/true"
    version, nothing = medians_ms([[program, "--version"], [plain]], environment, RUNS, WARM_UP)
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
    (median,) = medians_ms([command], environment, RUNS, WARM_UP)
    table.add(f"list of {KEYS} keys, most memory", peak, MAX_LIST_MB, "MB")
    table.add(f"list of {KEYS} keys, median", median, unit="ms")


def measure_get(table, what, program, environment, sandbox):
    number = str(FIRST_ID + KEYS // 2)
    url = (
        f"{sandbox['api_url']}/zpa/mgmtconfig/v1/admin/customers/{sandbox['customer_id']}"
        f"/associationType/CONNECTOR_GRP/provisioningKey/{number}"
    )
    get = [program, "get", f"id:{number}", "--type", "connector", "-o", "json"]
    name = f"{what} of one key, median"
    curl = find_curl()
    if curl is None:
        (ours,) = medians_ms([get], environment, RUNS, WARM_UP)
        table.add(name, ours, unit="ms")
        table.skip(f"{what}, times as long as curl", "curl is not installed")
        return
    # The token is the emulator's and this machine's; a real one does not belong into arguments.
    header = f"Authorization: Bearer {environment['ZPAKEY_ACCESS_TOKEN']}"
    same = [curl, "-q", "--silent", "--fail", "--noproxy", "*", "-H", header, "-H", "Accept: application/json", url]
    # Neither reads any other authority.
    same += ["--cacert", sandbox["ca_cert"]] if sandbox["ca_cert"] else []
    ours, theirs = medians_ms([get, same], environment, RUNS, WARM_UP)
    table.add(name, ours, unit="ms")
    table.add("the same request by curl, median", theirs, unit="ms")
    table.add(f"{what}, times as long as curl", ours / theirs, MAX_GET_RATIO, "x")


class Endless(http.server.BaseHTTPRequestHandler):
    """Answers every request with a beginning, and then with the same bytes until nobody reads any more."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        server = self.server
        self.send_response(server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        block = server.again * (65_536 // len(server.again))
        try:
            self.chunk(server.begin)
            while server.length is None or server.sent < server.length:
                self.chunk(block)
                server.sent += len(block)
            self.chunk(server.end)
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    do_GET = do_POST = answer

    def chunk(self, data):
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def endless(status, begin, again, length=None, end=b""):
    """Serves bodies without an end, or of a length, and yields the server. It is always stopped."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.daemon_threads = True
    server.status, server.begin, server.again, server.length, server.end = status, begin, again, length, end
    server.sent = 0
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def measure_endless(table, program, environment):
    """Measures what hostile answers cost. A row counts only where the program refused and the server sent more than the
    program may hold."""
    lists = [program, "list", "--all-types", "--max-wait", "0s"]
    one = [program, "get", "id:1", "--type", "connector", "--max-wait", "0s"]
    page = b'{"totalPages":"1","totalCount":"1","list":['
    key = b'{"id":"1","name":"k","maxUsage":"1","zcomponentId":"2","enrollmentCertId":"3"}'
    megabytes_60 = 60 << 20
    rows = [
        # Bytes that were sent at the least: below that nothing was put to the test.
        ("five endless lists at once", lists, endless(200, page + b"{}", b",{}"), 64 << 20, False),
        ("five endless lists of keys at once", lists, endless(200, page + key, b"," + key), 64 << 20, False),
        ("a list of 60 MiB of tiny objects", lists, endless(200, page + b"{}", b",{}", megabytes_60, b"]}"), 60 << 20, False),
        ("an endless object", one, endless(200, b"{", b" "), 1 << 20, False),
        ("an endless refusal", one, endless(403, b'{"reason":"', b"x"), 1 << 20, False),
        ("an endless token", one, endless(200, b'{"access_token":"', b"x"), 1 << 20, True),
    ]
    for what, command, serving, least, signs_in in rows:
        with serving as server:
            url = f"http://127.0.0.1:{server.server_address[1]}"
            peak = peak_memory(command, environment | hostile(url, signs_in), expected=5) / MEGABYTE
            if server.sent < least:
                sys.exit(f"{what}: only {server.sent} bytes were sent, so that the row says nothing")
        table.add(f"{what}, most memory", peak, MAX_ENDLESS_MB, "MB")


def hostile(url, signs_in):
    """The variables with which a command takes a server for the API, and for the token endpoint where it signs in."""
    variables = {"ZPAKEY_API_URL": url, "ZPAKEY_CUSTOMER_ID": "1", "ZPAKEY_RATE_LIMIT": "off"}
    if not signs_in:
        return variables | {"ZPAKEY_ACCESS_TOKEN": "a.b.c"}
    return variables | {
        "ZPAKEY_TOKEN_URL": f"{url}/oauth2/v1/token",
        "ZSCALER_CLIENT_ID": "nobody",
        "ZSCALER_CLIENT_SECRET": "nothing",
    }


def peak_memory(command, environment, expected=0):
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
    if os.waitstatus_to_exitcode(status) != expected:
        ended = os.waitstatus_to_exitcode(status)
        sys.exit(f"{' '.join(map(str, command[:3]))} … ended with {ended}, not {expected}")
    return usage.ru_maxrss * 1_024


def adopt_orphans():
    set_child_subreaper = 36
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main()
