#!/usr/bin/env python3
"""Measures single commands against curl and against the vendor's Python SDK doing the same, over TLS.

    cargo build --release && python3 benches/speed.py
    python3 benches/speed.py --check                 fails where zpakey is slower than curl, or not 20 x the SDK

All talk to one `zpakey sandbox serve --tls`, in turn, so that what disturbs one disturbs all; what counts are the
ratios of one session. zpakey has a warm token, as every run but the first of an hour has.

curl is one process for all requests of a job, over HTTP/2, with the sandbox's authority as the only one that it
trusts, like zpakey. It is told the token and every id, so it makes the requests and nothing else; it is checked that
they are those which zpakey makes. It cannot let one request wait for several others: a POST begins with the first
answer that it should have waited for, to its advantage. The SDK is a fresh Python process that makes as few requests
as the SDK can. It keeps no token between processes, so it signs in each time; one row has all three sign in.

A second table has round trips: what commands wait for if the server is far away (`benches/far.py`), beside curl.

Needs Linux. Without curl that speaks HTTP/2, or where the SDK cannot be installed, that column is skipped.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from common import (
    PATIENCE_S,
    PROGRAM,
    ROOT,
    clean_environment,
    end_on_sigterm,
    find_curl,
    find_program,
    opener,
    run_once,
    served,
    sign_in,
    token_form,
)
from far import report_round_trips

MAX_CURL_RATIO = 1.0
MIN_SDK_RATIO = 20.0

CONNECTORS = 60
SERVICE_EDGES = 40
FIRST_ID = 50_001
NAME = "key-030"
GROUP = "AWS us-east-1"
CERTIFICATE = "Connector"
# Counts, so that its cost is measured, and is never used up.
RATE_LIMIT = "1000/1000/1"

WARM_UP = 3
TYPES = ("CONNECTOR_GRP", "SERVICE_EDGE_GRP")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--slack", type=float, default=1.0, metavar="N", help="be so much more lenient")
    parser.add_argument("--runs", type=int, default=30, metavar="N", help="runs of each (default: %(default)s)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only jobs with this in their name")
    parser.add_argument("--without-sdk", action="store_true", help="leave the Python SDK out")
    parser.add_argument("--program", type=Path, default=PROGRAM, metavar="FILE")
    options = parser.parse_args()
    end_on_sigterm()

    program = find_program(options.program)
    curl = usable_curl()
    sdk = None if options.without_sdk else installed_sdk()
    with tempfile.TemporaryDirectory(prefix="zpakey-speed-") as directory:
        environment = clean_environment(Path(directory))
        with served(program, Path(directory), environment, seed(), "--tls") as sandbox:
            tenant = Tenant(sandbox)
            runners = Runners(program, curl, sdk, environment, tenant)
            jobs = [job for job in make_jobs(runners, tenant) if options.only in job.name.replace("`", "")]
            for job in jobs:
                job.check()
            measure(jobs, options.runs)
            report(jobs, options)
            if not options.only:
                report_round_trips(program, curl, runners.ours, tenant)
    fail_if_missed(jobs, options)


def seed():
    """Makes a tenant of 100 keys, of the two types that are asked where none is named."""
    keys = [
        {
            "id": str(FIRST_ID + number),
            "name": f"key-{number:03}",
            "association_type": TYPES[0] if number < CONNECTORS else TYPES[1],
        }
        for number in range(CONNECTORS + SERVICE_EDGES)
    ]
    return {"keys": keys}


class Tenant:
    """The sandbox, reached without any of those that are measured."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.opener = opener(sandbox)
        self.token = sign_in(sandbox, self.opener)

    def url(self, path, version=1):
        customer = self.sandbox["customer_id"]
        return f"{self.sandbox['api_url']}/zpa/mgmtconfig/v{version}/admin/customers/{customer}/{path}"

    def call(self, method, path):
        request = urllib.request.Request(self.url(path), method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        with self.opener.open(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read() or b"null")

    def delete_key(self, name):
        """Makes room for the next one: a type has 100 keys at most."""
        path = f"associationType/{TYPES[0]}/provisioningKey"
        search = urllib.parse.urlencode({"search": f"name EQ {name}"}, quote_via=urllib.parse.quote)
        for key in self.call("GET", f"{path}?{search}")["list"]:
            self.call("DELETE", f"{path}/{key['id']}")


class Runner:
    """One of those that are measured, doing one job: the command of each turn, and what tells its requests."""

    def __init__(self, what, command, environment, requests=None):
        self.what = what
        self.command = command
        self.environment = environment
        self.requests = requests
        self.times_ms = []

    def answer(self, turn):
        """Runs once, and returns what it printed and the requests that it made, where it tells them."""
        done = subprocess.run(
            self.command(turn, telling=self.requests is not None),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(f"{self.what} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
        return done.stdout, self.requests and sorted(self.requests(done.stderr))


def told(stderr):
    """Finds the lines that tell of requests, as words."""
    lines = (line.split() for line in stderr.splitlines())
    return [line for line in lines if line and line[0] in ("GET", "POST")]


class Runners:
    """Makes runners of one job each."""

    def __init__(self, program, curl, sdk, environment, tenant):
        self.program = program
        self.curl_program = curl
        self.sdk_python = sdk
        self.clean = environment
        self.tenant = tenant
        exported = tenant.sandbox["env"]
        # The proxy is for those that cannot be told an address.
        direct = {name: value for name, value in exported.items() if "proxy" not in name.lower()}
        self.ours = environment | direct | {"ZPAKEY_RATE_LIMIT": RATE_LIMIT}
        self.theirs = environment | exported

    def zpakey(self, *arguments):
        def command(turn, telling=False):
            filled = [argument.replace("TURN", turn) for argument in arguments]
            return [self.program, *filled, "-o", "json", *(["-v"] if telling else [])]

        def requests(stderr):
            return [f"{method} {path}" for method, path, *_ in told(stderr)]

        return Runner("zpakey", command, self.ours, requests)

    def curl(self, *groups):
        """Each group is addresses that are read, or an address and what is sent to it."""
        if self.curl_program is None:
            return None

        def command(turn, telling=False):
            line = [self.curl_program, "-q", "--parallel", "--parallel-max", str(max(map(len, groups)))]
            for number, group in enumerate(groups):
                line += ["--next"] * (number > 0)
                line += ["--silent", "--no-progress-meter", "--fail", "--http2", "--noproxy", "*"]
                line += ["--cacert", self.tenant.sandbox["ca_cert"], "-H", "Accept: application/json"]
                if telling:
                    line += ["-w", "%{stderr}%{method} %{url_effective} %{http_version}\n"]
                line += [argument.replace("TURN", turn) for argument in group.arguments]
            return line

        def requests(stderr):
            for method, url, version in told(stderr):
                if version != "2":
                    sys.exit(f"curl spoke HTTP/{version}")
                yield f"{method} {urllib.parse.urlsplit(url).path}"

        return Runner("curl", command, self.clean, requests)

    def sdk(self, *arguments):
        if self.sdk_python is None:
            return None
        script = str(ROOT / "benches/sdk_job.py")

        def command(turn, telling=False):
            return [self.sdk_python, script, *(argument.replace("TURN", turn) for argument in arguments)]

        return Runner("SDK", command, self.theirs)


class Group:
    """Requests of one curl that are alike."""

    def __init__(self, *urls, token=None, body=None, media_type=None):
        # The token is the emulator's and this machine's; a real one does not belong into arguments.
        self.arguments = ["-H", f"Authorization: Bearer {token}"] if token else []
        if body is not None:
            self.arguments += ["-H", f"Content-Type: {media_type}", "--data", body]
        self.arguments += urls
        self.count = len(urls)

    def __len__(self):
        return self.count


class Job:
    """What is done, by whom, and how it is seen that it was done."""

    def __init__(self, name, runners, found, undo=None):
        self.name = name
        self.runners = {runner.what: runner for runner in runners if runner is not None}
        self.found = found
        self.undo = undo or (lambda turn: None)

    def check(self):
        """Lets each do it once, and fails unless all did the same. This warms the token up, too."""
        requests = {}
        for what, runner in self.runners.items():
            turn = f"{what}-check"
            stdout, requests[what] = runner.answer(turn)
            self.undo(turn)
            if not self.found(stdout.replace(" ", ""), turn):
                sys.exit(f"{self.name}: {what} did not answer as it should:\n{stdout[:2000]}")
        # Once more, now that there is a token for sure.
        (_, ours), theirs = self.runners["zpakey"].answer("again"), requests.get("curl")
        self.undo("again")
        if theirs and ours != theirs:
            sys.exit(f"{self.name}: zpakey sends {ours}, and curl {theirs}")

    def ratio(self, of, to):
        """How many times as long as `to` takes `of`; nothing where one of them was skipped."""
        if not {of, to} <= self.runners.keys():
            return None
        median = {what: statistics.median(self.runners[what].times_ms) for what in (of, to)}
        return median[of] / median[to]


def make_jobs(runners, tenant):
    token = tenant.token
    lists = [tenant.url(f"associationType/{kind}/provisioningKey?page=1&pagesize=500") for kind in TYPES]
    one = tenant.url(f"associationType/{TYPES[0]}/provisioningKey/{FIRST_ID}")
    create = ["create", "bench-TURN", "--type", "connector", "--group", GROUP, "--max-usage", "10"]
    # The body is what zpakey would send; its ids are what curl cannot find out.
    planned = json.loads(runners.zpakey(*create, "--dry-run").answer("TURN")[0])
    references = [
        tenant.url("appConnectorGroup?page=1&pagesize=500"),
        tenant.url("enrollmentCert?page=1&pagesize=500", version=2),
        *lists,
    ]

    def has_name(text, _):
        return f'"name":"{NAME}"' in text

    return [
        Job(
            "`get id:N --type connector`",
            [
                runners.zpakey("get", f"id:{FIRST_ID}", "--type", "connector"),
                runners.curl(Group(one, token=token)),
                runners.sdk("get-id", "connector", str(FIRST_ID)),
            ],
            lambda text, _: f'"id":"{FIRST_ID}"' in text,
        ),
        Job(
            "`get NAME`",
            [runners.zpakey("get", NAME), runners.curl(Group(*lists, token=token)), runners.sdk("get", NAME)],
            has_name,
        ),
        Job(
            "`list`, 100 keys",
            [runners.zpakey("list"), runners.curl(Group(*lists, token=token)), runners.sdk("list")],
            lambda text, _: text.count('"name":"key-') == CONNECTORS + SERVICE_EDGES,
        ),
        Job(
            "`create` by names",
            [
                runners.zpakey(*create),
                runners.curl(
                    Group(*references, token=token),
                    Group(
                        lists[0].partition("?")[0],
                        token=token,
                        body=json.dumps(planned["body"]),
                        media_type="application/json",
                    ),
                ),
                runners.sdk("create", "bench-TURN", GROUP, CERTIFICATE),
            ],
            lambda text, turn: f'"name":"bench-{turn}"' in text,
            undo=lambda turn: tenant.delete_key(f"bench-{turn}"),
        ),
        Job(
            "`get NAME`, signing in as well",
            [
                runners.zpakey("get", NAME, "--token-cache", "off"),
                runners.curl(
                    Group(
                        tenant.sandbox["token_url"],
                        body=token_form(tenant.sandbox),
                        media_type="application/x-www-form-urlencoded",
                    ),
                    Group(*lists, token=token),
                ),
                runners.sdk("get", NAME),
            ],
            has_name,
        ),
    ]


def usable_curl():
    """Returns curl, where it can do what is asked of it."""
    curl = find_curl()
    if curl is None:
        return skip("curl", "it is not installed")
    told = subprocess.run([curl, "--version"], capture_output=True, text=True, timeout=PATIENCE_S, check=True).stdout
    options = subprocess.run(
        [curl, "--help", "all"], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    ).stdout
    if "HTTP2" not in told or "--parallel" not in options:
        return skip("curl", "it lacks HTTP/2 or --parallel")
    return curl


def installed_sdk():
    """Returns a Python that has the SDK, in the environment that `tests/sdk/run` uses, too."""
    venv = Path(os.environ.get("SDK_VENV", ROOT / "target/sdk-venv"))
    python = venv / "bin/python"
    requirements = ROOT / "tests/sdk/requirements.txt"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]
    steps = [install] if python.exists() else [[sys.executable, "-m", "venv", venv], install]
    for step in steps:
        done = subprocess.run(list(map(str, step)), stdin=subprocess.DEVNULL, timeout=600, check=False)
        if done.returncode != 0:
            return skip("the Python SDK", "it cannot be installed")
    return str(python)


def skip(what, why):
    print(f"{what} is skipped: {why}", file=sys.stderr)


def measure(jobs, runs):
    """Lets all do all jobs in turn. What is made is removed between two runs, by none of them."""
    for turn in range(WARM_UP + runs):
        for job in jobs:
            for what, runner in job.runners.items():
                name = f"{what}-{turn}"
                elapsed = run_once(runner.command(name), runner.environment)
                job.undo(name)
                if turn >= WARM_UP:
                    runner.times_ms.append(elapsed * 1_000)


def report(jobs, options):
    """Prints a table in Markdown: medians, the least in brackets, and the ratios of the medians."""
    shown = ["zpakey", "curl", "SDK"]
    print(f"Median of {options.runs} runs each, in turn, and the least of them. Unit: ms.\n")
    rows = [["", *shown, "zpakey : curl", "SDK : zpakey"]]
    for job in jobs:
        cells = [job.name]
        for what in shown:
            times = job.runners[what].times_ms if what in job.runners else None
            cells.append(f"{statistics.median(times):.1f} ({min(times):.1f})" if times else "-")
        to_curl, to_sdk = job.ratio("zpakey", "curl"), job.ratio("SDK", "zpakey")
        cells += [f"{to_curl:.2f}" if to_curl else "-", f"{to_sdk:.0f}" if to_sdk else "-"]
        rows.append(cells)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])])
    for first, *rest in rows:
        numbers = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        print("| " + " | ".join([first.ljust(widths[0]), *numbers]) + " |")


def fail_if_missed(jobs, options):
    """Ends with an error where an aim is missed, if that was asked for."""
    missed = []
    for job in jobs:
        to_curl, to_sdk = job.ratio("zpakey", "curl"), job.ratio("SDK", "zpakey")
        if to_curl and to_curl > MAX_CURL_RATIO * options.slack:
            missed.append(f"{job.name} takes {to_curl:.2f} x as long as curl")
        if to_sdk and to_sdk < MIN_SDK_RATIO / options.slack:
            missed.append(f"{job.name} takes 1/{to_sdk:.1f} of the SDK's time")
    if options.check and missed:
        sys.exit(f"missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
