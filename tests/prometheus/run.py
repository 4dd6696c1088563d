#!/usr/bin/env python3
"""Prometheus' own readers with `zpakey metrics`: tests/prometheus/run.py [ZPAKEY]

prometheus-client (PyPI) parses both forms and has to find the same series in each; promtool (of PROMTOOL, the path, or Debian's
package `prometheus`, fetched below `target`) checks the metrics, the alert rules, and their unit tests. What cannot be had is skipped,
and that is counted.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "target" / "prometheus"
CLIENT = "prometheus-client==0.23.1"
RULES = ROOT / "examples" / "prometheus"
# What fetching one may take. Unit: seconds.
PATIENCE = 90


class Missing(Exception):
    """A reader cannot be had here."""


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def good(command, **options):
    done = run(command, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def seed():
    """A tenant whose names have all that needs an escape."""
    names = ['plain', 'say "hi"', "back\\slash", "umlaut ä", "build.old-38101.209911231504"]
    keys = [{"name": name, "usageCount": at, "creationTime": "1700000000"} for at, name in enumerate(names)]
    return {"keys": keys, "connectors": [{"name": "ac-1", "provisioningKeyId": "38101"}]}


def printed(zpakey, options):
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "seed.json")
        file.write_text(json.dumps(seed()))
        command = [zpakey, "sandbox", "run", "--seed", file, "--", zpakey, "metrics", *options]
        return good(command, env={"HOME": home, "PATH": os.environ["PATH"]})


def fetched(name, install):
    try:
        done = install()
    except (subprocess.TimeoutExpired, FileNotFoundError) as error:
        raise Missing(f"{name} was not tried: {error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"{name} was not tried: {last}")


def client(zpakey):
    """The parsers of prometheus-client find the same series in both forms."""
    place = TOOLS / "python"
    if not (place / "prometheus_client").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", place, CLIENT]
        fetched("prometheus-client", lambda: run(command, timeout=PATIENCE))
    sys.path.insert(0, str(place))
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
    from prometheus_client.parser import text_string_to_metric_families as families

    def series(parsed):
        varies = ("zpakey_collect_timestamp_seconds", "zpakey_collect_duration_seconds")
        samples = [sample for family in parsed for sample in family.samples if sample.name not in varies]
        found = {(one.name, tuple(sorted(one.labels.items()))): one.value for one in samples}
        assert len(found) == len(samples), "a series is there twice"
        return found

    text, open_text = (series(parse(printed(zpakey, form)))
                       for parse, form in ((families, []), (open_families, ["--openmetrics"])))
    # The audit goes by the time of day; the two runs are a moment apart.
    assert text == open_text, set(text.items()) ^ set(open_text.items())
    names = {dict(labels).get("name") for name, labels in text if name == "zpakey_key_info"}
    expected = {key["name"] for key in seed()["keys"]}
    # A backslash that a reader resolves is the name's own.
    assert names == expected, names ^ expected
    print(f"prometheus-client: {len(text)} series in both forms")


def promtool():
    found = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if found:
        return found
    own = TOOLS / "debian" / "usr" / "bin" / "promtool"
    if not own.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        fetched("promtool", lambda: run(["apt-get", "download", "prometheus"], cwd=TOOLS, timeout=PATIENCE))
        package = next(iter(TOOLS.glob("prometheus_*.deb")))
        good(["dpkg", "-x", package, TOOLS / "debian"])
    return own


def tool(zpakey):
    promtool_path = promtool()
    done = run([promtool_path, "check", "metrics"], input=printed(zpakey, []))
    assert done.returncode == 0 and not done.stderr.strip(), done.stdout + done.stderr
    good([promtool_path, "check", "rules", "zpakey.rules.yml"], cwd=RULES)
    good([promtool_path, "test", "rules", "zpakey.rules.test.yml"], cwd=RULES)
    print("promtool: metrics, rules and their tests")


def main():
    zpakey = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/debug/zpakey").resolve()
    for check in (client, tool):
        try:
            check(zpakey)
        except Missing as missing:
            print(missing)


if __name__ == "__main__":
    main()
