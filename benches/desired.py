#!/usr/bin/env python3
"""Measures `zpakey diff` of 90 keys: its requests and its time.

    cargo build --release && python3 benches/desired.py
    python3 benches/desired.py --check              fails where it sends more than a list for each type, or is not 50
                                                    times as fast as `terraform plan` of the same keys

Terraform is not run here. Its time was measured once, with the vendor's provider and the sandbox: 20 s without the API's
limits, 46 s under them, since it reads each key by itself. `diff` reads one list for each type, so that the limits, 20 reads
in 10 s, do not slow it down.

Needs Linux. Starts `zpakey sandbox serve` for itself and always stops it.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from common import PATIENCE_S, PROGRAM, clean_environment, end_on_sigterm, find_program, run_once, served

CONNECTORS = 50
SERVICE_EDGES = 40
TYPES = {"CONNECTOR_GRP": CONNECTORS, "SERVICE_EDGE_GRP": SERVICE_EDGES}

TERRAFORM_S = 20.0
TERRAFORM_UNDER_LIMITS_S = 46.0
MIN_RATIO = 50.0

RUNS = 30
WARM_UP = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--program", type=Path, default=PROGRAM, metavar="FILE")
    options = parser.parse_args()
    end_on_sigterm()

    program = find_program(options.program)
    with tempfile.TemporaryDirectory(prefix="zpakey-desired-") as directory:
        environment = clean_environment(Path(directory))
        with served(program, Path(directory), environment, seed(), "--tls") as sandbox:
            # The proxy is for programs that cannot be told an address. The budget is that of the machine, and the runs
            # of a measurement would wait for each other.
            direct = {name: value for name, value in sandbox["env"].items() if "proxy" not in name.lower()}
            environment |= direct | {"ZPAKEY_RATE_LIMIT": "1000/1000/1"}
            missed = measure(program, environment, Path(directory) / "keys.yaml")
    if options.check and missed:
        sys.exit("missed: " + "; ".join(missed))


def seed():
    keys = [
        {"name": f"key-{number:03}", "association_type": kind, "maxUsage": 10, "usageCount": 2}
        for kind, count in TYPES.items()
        for number in range(count)
    ]
    return {"keys": keys}


def measure(program, environment, file):
    """Prints a table, and returns what is not as it should be."""
    answer([program, "export", "--to", "keys", "--out-file", str(file)], environment)
    command = [program, "diff", str(file), "--exit-code"]
    requests = sent(answer([*command, "-v"], environment))
    times = [run_once(command, environment) for _ in range(WARM_UP + RUNS)][WARM_UP:]
    seconds = statistics.median(times)
    keys = sum(TYPES.values())
    print(f"| {keys} keys, nothing differs | requests | time |")
    print("|---|---|---|")
    print(f"| zpakey diff | {len(requests)} | {seconds * 1_000:.1f} ms |")
    print(f"| terraform plan, as it was measured | at least {keys} | {TERRAFORM_S:.0f} s |")
    print(f"| … under the API's limits | at least {keys} | {TERRAFORM_UNDER_LIMITS_S:.0f} s |")
    print(f"\n{TERRAFORM_S / seconds:.0f} times as fast, {TERRAFORM_UNDER_LIMITS_S / seconds:.0f} times under the limits")
    missed = []
    if len(requests) != len(TYPES):
        missed.append(f"{len(requests)} requests for {len(TYPES)} types: {requests}")
    if TERRAFORM_S / seconds < MIN_RATIO:
        missed.append(f"{TERRAFORM_S / seconds:.0f} times as fast as Terraform, not {MIN_RATIO:.0f}")
    return missed


def answer(command, environment):
    """Runs a command, and returns what it says on standard error. One that fails, or finds a difference, ends this."""
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stderr}")
    return done.stderr


def sent(told):
    """Lists the requests of which -v tells, but for signing in."""
    lines = [line.split() for line in told.splitlines()]
    return [line[1] for line in lines if len(line) > 1 and line[0] == "GET"]


if __name__ == "__main__":
    main()
