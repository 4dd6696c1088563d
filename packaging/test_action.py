#!/usr/bin/env python3
"""Runs the steps of action.yml as a runner does, against the files of a release on this machine.

    packaging/test_action.py DIST
"""

import functools
import hashlib
import http.server
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from crates import ROOT, package

VERSION = package()["version"]
ARCHIVE = f"zpakey-{VERSION}-x86_64-unknown-linux-musl.tar.gz"
SECRET = "a%secret"
PEM = "-----BEGIN PRIVATE KEY-----\nline-of-a-key\n-----END PRIVATE KEY-----"


def main():
    dist = Path(sys.argv[1])
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    steps = steps_of(text)
    defaults = dict(re.findall(r"(?m)^  ([a-z0-9-]+):\n    description: .*\n    default: (.*)$", text))
    if list(steps) != ["Mask the credential", "Install zpakey"] or sorted(defaults) != ["base-url", "sha256", "version"]:
        sys.exit(f"action.yml was not understood: {list(steps)}, {defaults}")
    if defaults["version"] != VERSION:
        sys.exit(f"action.yml installs {defaults['version']}, and this is {VERSION}")

    with tempfile.TemporaryDirectory() as scratch, served(dist) as url:
        runner = Runner(Path(scratch), steps, {name: value.strip("'") for name, value in defaults.items()} | {"base-url": url})
        masks(runner)
        installs(runner)
        refuses(runner, url)
    print("the GitHub Action: masks, installs, and refuses what it should")


def steps_of(text):
    """Returns the script and the variables of each step. What is read is this one file, not YAML: `check-jsonschema`
    checks the file as a whole in tests/engines."""
    steps = {}
    for part in re.split(r"(?m)^    - name: ", text)[1:]:
        name, _, body = part.partition("\n")
        head, _, script = body.partition("      run: |\n")
        variables = dict(re.findall(r"(?m)^        ([A-Z0-9_]+): \$\{\{ (.+) \}\}$", head))
        steps[name] = "".join(line[8:] if line.strip() else "\n" for line in script.splitlines(keepends=True)), variables
    return steps


class Runner:
    def __init__(self, scratch, steps, inputs):
        self.scratch, self.steps, self.inputs = scratch, steps, inputs

    def run(self, step, inputs=None, **environment):
        """Runs a step, and returns its exit code, what it printed, the paths and the outputs that it set."""
        script, variables = self.steps[step]
        given = {f"inputs.{name}": value for name, value in (self.inputs | (inputs or {})).items()}
        given["github.action_repository"] = "OWNER/zpakey"
        files = {name: self.scratch / name for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("")
        variables = {name: given[expression] for name, expression in variables.items()}
        system = {"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_TEMP": str(self.scratch), "PATH": os.environ["PATH"]}
        system |= {"GITHUB_SERVER_URL": "http://127.0.0.1:9", "HOME": str(self.scratch)}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            env=system | {name: str(file) for name, file in files.items()} | variables | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout, files["GITHUB_PATH"].read_text(), files["GITHUB_OUTPUT"].read_text()


def served(folder):
    handler = functools.partial(QuietHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Serving:
        def __enter__(self):
            return f"http://127.0.0.1:{server.server_address[1]}"

        def __exit__(self, *_):
            server.shutdown()
            server.server_close()

    return Serving()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def masks(runner):
    code, said, _, _ = runner.run("Mask the credential", ZSCALER_CLIENT_SECRET=SECRET, ZPAKEY_PRIVATE_KEY=PEM)
    expected = ["::add-mask::a%25secret", *(f"::add-mask::{line}" for line in PEM.splitlines())]
    if code != 0 or said.splitlines() != expected:
        sys.exit(f"the step that masks ended with {code}:\n{said}")
    code, said, _, _ = runner.run("Mask the credential")
    if code != 0 or said:
        sys.exit(f"without a credential, the step that masks ended with {code}:\n{said}")


def installs(runner):
    code, said, path, outputs = runner.run("Install zpakey", ZSCALER_CLIENT_SECRET=SECRET)
    if code != 0 or said or outputs != f"version={VERSION}\n":
        sys.exit(f"the installation ended with {code}, outputs {outputs!r}:\n{said}")
    # A later step finds the program by its name.
    environment = {"PATH": f"{path.strip()}:/usr/bin:/bin", "HOME": str(runner.scratch), "CI": "true"}
    version = subprocess.run(["zpakey", "--version"], env=environment, capture_output=True, text=True, check=True).stdout
    if version.strip() != f"zpakey {VERSION}":
        sys.exit(f"the program that is in the PATH says {version}")


def refuses(runner, url):
    archive = Path(sys.argv[1]) / ARCHIVE
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    code, said, _, _ = runner.run("Install zpakey", {"sha256": digest})
    if code != 0:
        sys.exit(f"the right digest was refused: {said}")
    rows = [
        ("is not what its digest says", {"sha256": "0" * 64}, {}),
        ("there is no SHA-256", {"sha256": digest.upper()}, {}),
        ("version must be a release", {"version": "latest"}, {}),
        ("version must be a release", {"version": "1.0.0/../../other"}, {}),
        ("cannot fetch", {"version": "99.0.0"}, {}),
        # Without an address, that of the repository of the action.
        ("cannot fetch http://127.0.0.1:9/OWNER/zpakey/releases/download/v", {"base-url": ""}, {}),
        ("there is no program for Windows", {}, {"RUNNER_OS": "Windows"}),
    ]
    for expected, inputs, environment in rows:
        code, said, path, _ = runner.run("Install zpakey", inputs, **environment)
        if code == 0 or f"::error title=zpakey::{expected}" not in said and expected not in said or path:
            sys.exit(f"with {inputs} {environment}, not refused with {expected!r} but {code}, PATH {path!r}:\n{said}")


if __name__ == "__main__":
    main()
