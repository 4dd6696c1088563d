#!/usr/bin/env python3
"""Other scanners with the rules of `zpakey scan --emit-rules`: tests/scanners/run.py [ZPAKEY]

gitleaks (a Go module), detect-secrets and semgrep (PyPI) look at the forms in which keys lie and at texts that only look like
one: with the rules they find each form and none of the others. Each is installed below `target` and kept there; one that
cannot be had is skipped, and that is counted. trufflehog's and GitHub's rules are parsed, and their expressions are tried.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GITLEAKS = "github.com/zricethezav/gitleaks/v8@v8.24.2"
PYPI = {"detect-secrets": "detect-secrets==1.5.0", "semgrep": "semgrep==1.185.0"}
# What installing one may take. Unit: seconds.
PATIENCE = {"gitleaks": 120, "detect-secrets": 45, "semgrep": 75}
CLEAR = "zpa-provisioning-key"
ENCODED = "zpa-provisioning-key-base64"


class Missing(Exception):
    """A scanner cannot be had here."""


def value():
    """A key value that is nobody's."""
    blob = base64.b64encode(b"".join(hashlib.sha512(bytes([n])).digest() for n in range(5))).decode()
    return f"3|api.private.zscaler.com|{blob.replace('=', 'A')[:384]}-216199618143303600"


def forms():
    """Each form in which a key lies, with the rule that finds it."""
    key = value()
    script = f'#!/bin/bash\necho "{key}" > /opt/zscaler/var/provision_key\n'
    state = {"version": 4, "resources": [{"instances": [{"attributes": {"name": "prod", "provisioning_key": key}}]}]}

    def encoded(text):
        return base64.b64encode(text.encode()).decode()

    return {
        "user-data.sh": (CLEAR, script),
        "cloud-init.yaml": (CLEAR, f"#cloud-config\nwrite_files:\n  - path: /k\n    content: {key}\n"),
        "docker-compose.yml": (CLEAR, f"services:\n  ac:\n    environment:\n      - ZPA_PROVISION_KEY={key}\n"),
        ".env": (CLEAR, f"ZPA_PROVISION_KEY='{key}'\n"),
        "terraform.tfstate": (CLEAR, json.dumps(state, indent=2)),
        "main.tf": (CLEAR, f'locals {{\n  provisioning_key = "{key}"\n}}\n'),
        "apply.log": (CLEAR, f"[INFO] &{{ID:38101 Name:prod ProvisioningKey:{key} EnrollmentCertID:16560}}\n"),
        "secret.yaml": (ENCODED, f"kind: Secret\ndata:\n  provision_key: {encoded(key)}\n"),
        # The three offsets at which a group of base64 may begin.
        "offset-1.json": (ENCODED, json.dumps({"UserData": encoded(" " + script)})),
        "offset-2.json": (ENCODED, json.dumps({"UserData": encoded("  " + script)})),
        "user-data.json": (ENCODED, json.dumps({"UserData": encoded(script)})),
    }


def look_alikes():
    """Texts that have pipes, hosts, hashes and base64, and no key value."""
    blob = value().rsplit("|", 1)[1].rsplit("-", 1)[0]
    integrity = "sha512-7iaw3Ur350mqGo7jwQrpkj9hiYB3Lkc/iBml1JQODbJ6wYX4oOHV+E+IvIh/1nsUNzLDBMxfqa2Ob1f1ACio/w=="
    return {
        "table.md": "| n | host | state |\n|---|---|---|\n|3|api.private.zscaler.com|up|\n| 1 | a.example.com | down |\n",
        "spaced.md": f"| 3 | api.private.zscaler.com | {blob} |\n",
        "numbers.csv": "1|a.example.com|PASS\n2|b.example.com|FAIL\n",
        "zpa.log": "2026-11-27|INFO|api.private.zscaler.com|200|GET /mgmtconfig/v1/admin\n" * 20,
        "placeholder.tf": 'provisioning_key = "3|api.private.zscaler.com|<key>"\n',
        "yarn.txt": f"a@^1:\n  integrity {integrity}\n",
        "hosts.b64": base64.b64encode(b"enrolment needs api.private.zscaler.com and port 443\n").decode(),
        "image.css": f"a{{background:url(data:image/png;base64,{base64.b64encode(blob.encode()).decode()})}}\n",
        "pipes.sh": "cat a|grep api.private.zscaler.com|sort|uniq -c|head -3\n",
    }


def installed_from_pypi(name):
    """Returns the folder of a package's programs."""
    venv = ROOT / "target" / "scanners" / name
    package = PYPI[name]
    marker = venv / package
    if not marker.exists():
        shutil.rmtree(venv, ignore_errors=True)
        try:
            subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True, timeout=60)
            install = [venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", package]
            subprocess.run(install, check=True, capture_output=True, timeout=PATIENCE[name])
        except (subprocess.SubprocessError, OSError) as error:
            raise Missing(f"{package} cannot be had: {type(error).__name__}") from error
        marker.touch()
    return venv / "bin"


def installed_gitleaks():
    folder = ROOT / "target" / "scanners"
    program = folder / "gitleaks"
    if program.exists():
        return program
    if shutil.which("go") is None:
        raise Missing("go is not installed")
    try:
        environment = {**os.environ, "GOBIN": str(folder)}
        command = ["go", "install", GITLEAKS]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE["gitleaks"])
    except (subprocess.SubprocessError, OSError) as error:
        raise Missing(f"{GITLEAKS} cannot be had: {type(error).__name__}") from error
    return program


def run(command, cwd, ok=(0,)):
    # Nothing of this machine's configuration, and no report to the makers.
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd.parent), "LANG": "C.UTF-8", "SEMGREP_SEND_METRICS": "off"}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode not in ok:
        raise AssertionError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def gitleaks(rules, tree):
    report = tree.parent / "gitleaks.json"
    program = installed_gitleaks()
    command = [program, "dir", "--no-banner", "--config", rules, "--exit-code", "0", "--report-format", "json"]
    run([*command, "--report-path", report, "."], tree)
    found = json.loads(report.read_text())
    return {(Path(one["File"]).name, one["RuleID"]) for one in found if one["RuleID"].startswith(CLEAR)}


def detect_secrets(rules, tree):
    program = installed_from_pypi("detect-secrets") / "detect-secrets"
    found = json.loads(run([program, "scan", "--all-files", "--plugin", rules, "."], tree))["results"]
    of_rule = {path for path, all in found.items() for one in all if one["type"] == "ZPA provisioning key"}
    # Its plugin has one type for both expressions.
    return {(Path(path).name, None) for path in of_rule}


def semgrep(rules, tree):
    folder = installed_from_pypi("semgrep")
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    command = [folder / "semgrep", "scan", "--json", "--quiet", "--metrics", "off", "--disable-version-check"]
    found = json.loads(run([*command, "--no-git-ignore", "--config", rules, "."], tree))["results"]
    return {(Path(one["path"]).name, one["check_id"].rsplit(".", 1)[-1]) for one in found}


def by_expressions(expressions):
    """Finds by expressions alone."""

    def scan(tree):
        files = sorted(tree.iterdir())
        return {(file.name, rule) for file in files for rule, expression in expressions if expression.search(file.read_text())}

    return scan


def trufflehog(rules, tree):
    installed_from_pypi("detect-secrets")
    # It brings a parser of YAML.
    python = ROOT / "target" / "scanners" / "detect-secrets" / "bin" / "python"
    script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))"
    detectors = json.loads(run([python, "-c", script, rules], tree))["detectors"]
    for detector in detectors:
        assert set(detector) == {"name", "keywords", "regex"}, f"trufflehog has no such fields: {sorted(detector)}"
        assert all(isinstance(keyword, str) and keyword for keyword in detector["keywords"])
    found = by_expressions([(one["name"], re.compile(one["regex"]["value"])) for one in detectors])(tree)
    # A detector runs where one of its keywords is, in letters of any case.
    keywords = {one["name"]: [keyword.lower() for keyword in one["keywords"]] for one in detectors}
    for file, rule in found:
        text = (tree / file).read_text().lower()
        assert any(keyword in text for keyword in keywords[rule]), f"{file} has no keyword of {rule}"
    return found


def github(rules, tree):
    fields = dict(line.split(": ", 1) for line in rules.read_text().splitlines() if not line.startswith("#"))
    before, secret, after = (fields[name] for name in ("Before secret", "Secret format", "After secret"))
    # What Python writes in another way.
    expression = re.compile(f"(?:{before})(?:{secret})(?:{after})".replace(r"\z", r"\Z"))
    assert expression.search(fields["Test string"]), "its own test string does not match"
    return {(file, rule) for file, rule in by_expressions([(CLEAR, expression)])(tree)}


# The scanner, and whether it has the rule for base64.
SCANNERS = {
    "gitleaks": (gitleaks, True),
    "detect-secrets": (detect_secrets, True),
    "semgrep": (semgrep, True),
    "trufflehog": (trufflehog, True),
    "github": (github, False),
}


def check(name, zpakey, folder):
    scan, has_encoded = SCANNERS[name]
    (folder / name).mkdir()
    rules = folder / name / ("rules.py" if name == "detect-secrets" else "rules.toml" if name == "gitleaks" else "rules.yaml")
    emitted = subprocess.run([zpakey, "scan", "--emit-rules", name], check=True, capture_output=True, text=True)
    rules.write_text(emitted.stdout)
    for title, texts in (("forms", forms()), ("look-alikes", {n: (None, text) for n, text in look_alikes().items()})):
        tree = folder / name / title
        tree.mkdir()
        for file, (_, text) in texts.items():
            (tree / file).write_text(text)
        found = scan(rules, tree)
        files = {file for file, _ in found}
        expected = {file for file, (rule, _) in texts.items() if rule == CLEAR or (rule == ENCODED and has_encoded)}
        assert files == expected, f"{title}: missed {sorted(expected - files)}, too many {sorted(files - expected)}"
        wrong = sorted((file, rule) for file, rule in found if rule not in (None, texts[file][0]))
        assert not wrong, f"{title}: by the wrong rule: {wrong}"


def main():
    zpakey = str(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target" / "debug" / "zpakey").resolve())
    passed, failed, skipped = 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="zpakey-scanners-") as name:
        for scanner in SCANNERS:
            try:
                check(scanner, zpakey, Path(name))
            except Missing as missing:
                skipped += 1
                print(f"{scanner} was not tried: {missing}")
            except AssertionError as error:
                failed += 1
                print(f"{scanner}: {error}")
            else:
                passed += 1
                print(f"{scanner}: ok")
    print(f"scanners: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
