#!/usr/bin/env python3
"""Runs the Windows program under Wine: the sandbox, private files, programs that are run, pipes and questions.

    cargo build --target x86_64-pc-windows-gnu
    tests/windows/run.py [target/x86_64-pc-windows-gnu/debug/zpakey.exe]

It needs Debian's wine64 and gcc-mingw-w64-x86-64, and makes a Wine of its own in a temporary directory. What Wine cannot
tell stays untried: docs/src/platforms.md. Each check that was skipped is counted, with the reason.
"""

import json
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import ROOT, TOOLS, Bench, Skipped, expect

PROGRAM = ROOT / "target/x86_64-pc-windows-gnu/debug/zpakey.exe"
CREATE = 'zpakey create demo --type CONNECTOR_GRP --group "AWS us-east-1" --max-usage 10 -q'
# What `identify --offline` says of a whole key value.
LENGTH = '"length":429,'
CONFIRM = r"\[y/N\]"


def readme(bench: Bench):
    """The README's first command, as it stands there."""
    line = re.search(r"^cargo run -- (--sandbox .*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    key = json.loads(expect(bench.run(*shlex.split(line[1])), 0, err="created demo").stdout)
    assert (key["name"], key["max_usage"], key["zcomponent_name"]) == ("demo", 10, "AWS us-east-1")
    assert "provisioning_key" not in key
    # The tenant lasts: the next run finds the key.
    expect(bench.run("--sandbox", "get", "demo", "--field", "name"), 0, out="^demo$")
    expect(bench.run("--sandbox", "get", "demo", "--field", "name", env={"LC_ALL": "C"}), 0, out="^demo$")
    path = expect(bench.run("sandbox", "path"), 0, out=r"^C:\\").stdout.strip()
    state = bench.prefix / "drive_c" / path.removeprefix("C:\\").replace("\\", "/")
    assert stat.S_IMODE(state.stat().st_mode) & 0o007 == 0, "others can read the tenant's file"
    expect(bench.run("sandbox", "reset", "--yes"), 0)
    expect(bench.run("--sandbox", "get", "demo"), 4)


# Command lines in the lasting sandbox, their exit codes, and what they print or say.
TABLE = [
    ("--version", 0, r"^zpakey \d", ""),
    ("--help", 0, "create", ""),
    ("list --output json", 0, r'"name"|\[\]', ""),
    ("list --output csv", 0, r"^id,name", ""),
    ("list", 0, "", ""),
    ("get nothing-like-it", 4, "", "nothing-like-it"),
    ("create x", 2, "", "--type"),
    ("frobnicate", 2, "", "frobnicate"),
    ("groups --output json", 0, "AWS us-east-1", ""),
    ("certs", 0, "Connector", ""),
    ("microtenants --output json", 0, "", ""),
    ("status --output json", 0, r"[\[{]", ""),
    ("schema", 0, r"\$schema", ""),
    ("help environment", 0, "ZPAKEY_CLIENT_ID", ""),
    ("doctor", 0, "", ""),
    ("auth status --output json", 0, '"sandbox"', ""),
    ("completions powershell", 0, "zpakey", ""),
    ("audit --output json", 0, r"[\[{]", ""),
    ("log --output json", 0, "", ""),
    ("metrics", 0, "^zpa_|^zpakey_", ""),
    ("export --to csv", 0, "^id,name", ""),
    ("export", 2, "", "--to"),
    ("scan .", 0, "", ""),
]


def table(bench: Bench):
    wrong = []
    for words, code, out, err in TABLE:
        done = bench.run("--sandbox", *words.split())
        try:
            expect(done, code, out=out, err=err)
        except AssertionError as error:
            wrong.append(f"{words}: {error}")
    assert not wrong, "\n".join(wrong)


def no_tenant(bench: Bench):
    expect(bench.run("list"), 3, err="zpakey auth login")


def life_of_a_key(bench: Bench):
    done = bench.script(
        CREATE,
        "zpakey update demo --max-usage 20 -q",
        "zpakey get demo --field max_usage",
        "zpakey rotate demo --yes --out-file successor.key -q",
        "zpakey identify successor.key --field name",
        "zpakey disable demo --yes -q",
        "zpakey delete demo --yes -q",
    )
    expect(done, 0, out="^20$")


def out_file(bench: Bench):
    (bench.work / "files").mkdir()
    done = bench.script(CREATE, "zpakey reveal demo --out-file files\\key -q", "zpakey reveal demo --out-file files\\key -q")
    expect(done, 2, err="line 2 failed")
    assert re.search("exists", done.stderr), done.stderr
    (bench.work / "files/plain").write_text("")
    (bench.work / "files/plain").chmod(0o644)
    assert bench.mode("files/key") & 0o007 == 0, oct(bench.mode("files/key"))
    value = (bench.work / "files/key").read_text().strip()
    assert value.startswith("3|") and value not in done.stdout + done.stderr
    # Refused before anything is sent: there is nothing to send it to.
    nowhere = {"ZPAKEY_API_URL": "http://127.0.0.1:9"}
    done = bench.run("reveal", "demo", "--out-file", "files\\other", "--mode", "0640", env=nowhere)
    expect(done, 2, err="Windows has no file modes")
    assert not (bench.work / "files/other").exists()


def runs_programs(bench: Bench):
    def handed(words: str, code: int, **more):
        expect(bench.script(CREATE, f"zpakey exec demo {words}"), code, **more)

    handed("--env KEY -- cmd /c set KEY", 0, out=r"^KEY=3\|\S{40}")
    handed("--env KEY -- cmd /c exit 7", 7, err="line 1 failed")
    handed("--file KEY -- cmd /c type %%KEY%%", 0, out=r"3\|\S{40}")
    handed("--stdin -- zpakey identify - --offline", 0, out=LENGTH)
    handed("--env KEY -- no-such-program-here", 127, err="not found")
    left = list(bench.prefix.rglob("key-*"))
    assert not left, f"a file of a key value was left: {left}"
    # A hook runs in the shell of Windows.
    done = bench.script(CREATE, 'zpakey rotate demo --yes -q --exec "zpakey identify - --offline"')
    expect(done, 0, err=LENGTH)


def sandbox_around(bench: Bench):
    shown = expect(bench.run("sandbox", "run", "--", "cmd", "/c", "set"), 0, out="^ZPAKEY_API_URL=http://127").stdout
    assert re.search("^ZPAKEY_CONFIG_FILE=NUL$", shown, re.MULTILINE), shown
    expect(bench.run("sandbox", "run", "--", "cmd", "/c", "exit 9"), 9)
    expect(bench.run("sandbox", "run", "--", "no-such-program-here"), 127)


def pipes(bench: Bench):
    text = "name,type,group,max_usage\na,CONNECTOR_GRP,AWS us-east-1,1\nb,CONNECTOR_GRP,AWS us-east-1,2\n"
    done = expect(bench.run("--sandbox", "create", "--from", "-", "--output", "json", stdin=text), 0)
    assert [row["name"] for row in json.loads(done.stdout)] == ["a", "b"], done.stdout
    done = expect(bench.script(CREATE, "zpakey list -q | zpakey get - --field name"), 0, out="^demo$")
    done = expect(bench.script(CREATE, "zpakey reveal demo --yes --raw | zpakey identify - --field name"), 0, out="^demo$")
    # One who asks through pipes of its own.
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}) + "\n"
    expect(bench.run("--sandbox", "mcp", stdin=line), 0, out='"serverInfo"')


def trust(bench: Bench):
    """A server is trusted by its authority, which `--cacert` names, and by no other one."""
    tls = ("--tls",)
    alone = "set ZPAKEY_CACERT="
    expect(bench.script("copy %SSL_CERT_FILE% other.pem"), 0)
    for lines in (["zpakey list"], [alone, 'zpakey list --cacert "%SSL_CERT_FILE%"']):
        expect(bench.script(*lines, options=tls), 0, out=r"^\[\]$")
    # Wine 8 looks for revocation first, and names no issuer that is not trusted.
    for words, why, trusted in [
        ("", "its (issuer is not trusted|revocation could not be checked)", "system store"),
        ("--cacert other.pem", "its issuer is not trusted", r"system store, and other\.pem \(--cacert\)"),
    ]:
        done = bench.script(alone, f"zpakey list {words}", options=tls)
        expect(done, 10, err=f'is not trusted: {why}.*issuer: ."zpakey sandbox CA.*{trusted}')
    # What is read elsewhere has no effect, as the first row shows, and is told.
    expect(bench.script(alone, "zpakey doctor", options=tls), 0, out="SSL_CERT_FILE is not read on this system: --cacert")
    text = expect(bench.run("help", "environment"), 0, out="^ *ZPAKEY_CACERT").stdout
    assert not re.search("SSL_CERT|XDG_", text), text
    (bench.work / "text.pem").write_text("not a certificate")
    expect(bench.script("zpakey list --cacert text.pem", options=tls), 2, err="could not use the CA file text.pem")


def keyring(bench: Bench):
    """The Credential Manager keeps the secret of a profile; the next run needs nothing else."""
    config = "C:\\work\\kept\\config.toml"
    done = bench.script(
        f"set ZPAKEY_CONFIG_FILE={config}",
        ">secret.txt echo %ZSCALER_CLIENT_SECRET%",
        "zpakey auth login --profile lab --keep keyring --client-id %ZSCALER_CLIENT_ID%"
        " --customer-id %ZPA_CUSTOMER_ID% --client-secret-file secret.txt",
        "del secret.txt",
        *(f"set {name}=" for name in ("ZSCALER_CLIENT_ID", "ZSCALER_CLIENT_SECRET", "ZPA_CLIENT_ID", "ZPA_CLIENT_SECRET")),
        "zpakey auth status --profile lab --field secret_kept_in",
        "zpakey list --profile lab --output json",
        "zpakey auth logout --profile lab --yes",
    )
    expect(done, 0, out="the system keyring")
    kept = (bench.work / "kept/config.toml").read_text()
    assert "NotARealSecret" not in kept, kept


def questions(bench: Bench):
    """A person answers, leaves, and interrupts."""
    expect(bench.run("--sandbox", *shlex.split(CREATE)[1:]), 0)
    interrupt, no_more = "\x03", "\x1a\r"
    for keys, code, said in [
        ("n\r", 11, "nothing was changed"),
        ("\r", 11, "nothing was changed"),
        (no_more, 11, "nothing was changed"),
        (interrupt, 130, "cancelled"),
        ("y\r", 0, "deleted demo"),
    ]:
        console = bench.console("--sandbox", "delete", "demo")
        console.answer(CONFIRM, keys)
        returned = console.end()
        assert (returned, said in console.screen) == (code, True), f"{keys!r}: exit {returned}\n{console.screen}"


def pickers(bench: Bench):
    """A key is created by answers alone; a picker is left by Esc and by Ctrl-C."""
    down = "\x1b[B"
    console = bench.console("--sandbox", "create")
    for pattern, keys in [
        ("Association type(.|\n)*type to filter", "\r"),
        ("Name of the key", "walked-through\r"),
        ("AWS us-east-1(.|\n)*type to filter", f"{down}\r"),
        ("Enrollment certificate(.|\n)*type to filter", "\r"),
        ("Maximum uses", "5\r"),
        (CONFIRM.replace("y/N", "[yY]/[nN]"), "y\r"),
    ]:
        console.answer(pattern, keys)
    assert console.end() == 0, console.screen
    done = expect(bench.run("--sandbox", "get", "walked-through", "--output", "json"), 0)
    key = json.loads(done.stdout)
    assert (key["zcomponent_name"], key["max_usage"]) == ("CI us-east-1", 5), key
    for keys, code in [("\x1b", 11), ("\x03", 130)]:
        console = bench.console("--sandbox", "create")
        console.answer("type to filter", keys)
        returned = console.end()
        assert returned == code, f"{keys!r}: exit {returned}\n{console.screen}"


def hidden(bench: Bench):
    """A secret that is typed is not shown."""
    known = ["--auth", "oneapi", "--vanity-domain", "acme", "--cloud", "production", "--customer-id", "1"]
    console = bench.console("auth", "login", "--profile", "typed", "--client-id", "some-client", *known)
    console.answer("Authenticate with(.|\n)*private key", "\r")
    console.answer(r"\? Client secret", "NotShownAtAll")
    time.sleep(1)
    console.answer("", "\x03")
    returned = console.end()
    assert returned == 130, f"exit {returned}\n{console.screen}"
    assert "NotShown" not in console.screen, console.screen


def interrupts(bench: Bench):
    """Ctrl-C ends a server, and a program that is run before the one that runs it."""
    for words in (["sandbox", "serve", "--fresh"], ["sandbox", "run", "--", "zpakey", "sandbox", "serve", "--fresh"]):
        console = bench.console(*words)
        console.answer("Ctrl-C ends it", "\x03")
        returned = console.end()
        assert returned == 130, f"{words}: exit {returned}\n{console.screen}"
    left = list(bench.prefix.rglob("zpakey-sandbox-ca-*"))
    assert not left, f"files of a sandbox were left: {left}"


def clipboard(bench: Bench):
    if not (bench.prefix / "drive_c/windows/system32/clip.exe").exists():
        raise Skipped("this Wine has no clip.exe")
    expect(bench.script(CREATE, "zpakey reveal demo --copy --clear-after 1s"), 0)


def others_may(bench: Bench):
    """What others can write is not used. Wine makes an access control list of each mode."""
    (bench.work / "theirs").mkdir()
    config = bench.work / "theirs/config.toml"
    config.write_text('[profiles.lab]\nclient_id = "some-client"\n')
    env = {"ZPAKEY_CONFIG_FILE": "C:\\work\\theirs\\config.toml"}
    for file, directory, code in [(0o600, 0o700, 0), (0o666, 0o700, 2), (0o600, 0o777, 2), (0o644, 0o755, 0)]:
        config.chmod(file)
        config.parent.chmod(directory)
        done = bench.run("profile", "list", env=env)
        if code == 0:
            expect(done, 0, out="some-client")
        else:
            expect(done, 2, err="other users can write .*icacls 'C:")
    config.parent.chmod(0o755)


def lists(_: Bench):
    raise Skipped("this Wine keeps no access control lists, only a mode for each: ours were made, and read as that mode")


CHECKS = [
    readme, table, no_tenant, life_of_a_key, out_file, runs_programs, sandbox_around, pipes, trust, keyring,
    questions, pickers, hidden, interrupts, others_may, clipboard, lists,
]  # fmt: skip


def run_checks(bench: Bench, wanted: list[str]) -> int:
    failed, skipped, passed = 0, [], 0
    for check in CHECKS:
        if wanted and check.__name__ not in wanted:
            continue
        try:
            check(bench)
        except Skipped as why:
            skipped.append(f"{check.__name__}: {why}")
        except (AssertionError, subprocess.SubprocessError, OSError, ValueError, LookupError, TypeError) as error:
            failed += 1
            print(f"FAILED {check.__name__}: {error}", flush=True)
        else:
            passed += 1
            print(f"ok {check.__name__}", flush=True)
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    for why in skipped:
        print(f"   {why}")
    return 1 if failed or not passed else 0


def main() -> int:
    program, *wanted = sys.argv[1:] or [PROGRAM]
    program = Path(program).resolve()
    if not program.exists():
        sys.exit(f"{program} is missing: cargo build --target x86_64-pc-windows-gnu")
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        print(f"0 passed, 0 failed, {len(CHECKS)} skipped\n   the Windows program was not tried: {', '.join(missing)} is missing")
        return 0
    home = Path(tempfile.mkdtemp(prefix="zpakey-wine-"))
    bench = Bench(program, home)
    try:
        return run_checks(bench, wanted)
    finally:
        bench.end()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
