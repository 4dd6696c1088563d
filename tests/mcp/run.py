#!/usr/bin/env python3
"""Drives `zpakey mcp` with the protocol's official Python client, each revision, against the sandbox.

    tests/mcp/run.py ZPAKEY

Every tool is called, with what it takes and with what it does not. The whole traffic, standard error, the state
directory and the log are then searched for key values and credentials: nothing may be found.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import mcp.client.session
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

ZPAKEY = os.path.abspath(sys.argv[1])
REVISIONS = ["2025-06-18", "2025-11-25", "2026-07-28"]
# Each secret of the sandbox contains it.
MARKER = "NotARealSecret"

PROFILE = """
active = "lab"
[profiles.lab]
[profiles.lab.mcp]
allow = ["create", "rotate", "update", "disable", "enable", "retire"]
max_writes = 100
[profiles.lab.deliver.file]
out_file = "{work}/{{name}}.key"
[profiles.lab.deliver.program]
exec = ["sh", "-c", "cat; cat >&2"]
"""


# Stands for the id of the last proposal.
PROPOSED = "the last proposal"


def calls(name):
    """A life of a key: each tool at least once, and what is to be refused."""
    key = {"key": name}
    return [
        ("create_key", {"name": name, "type": "connector", "group": "CI us-east-1", "max_usage": 5, "delivery": "file"}, True),
        ("create_key", {"name": f"{name}-b", "type": "connector", "group": "CI us-east-1", "max_usage": 5, "delivery": "program"}, True),
        ("list_keys", {}, True),
        ("list_keys", {"detail": True, "status": ["active"], "type": "connector"}, True),
        ("get_key", key, True),
        ("get_key", {**key, "detail": True}, True),
        ("key_status", {}, True),
        ("key_status", key, True),
        ("who_enrolled", key, True),
        ("list_groups", {}, True),
        ("list_certificates", {}, True),
        ("list_microtenants", {}, True),
        ("audit", {}, True),
        ("check_connection", {}, True),
        ("explain", {"topic": "ZPK013"}, True),
        ("propose_create", {"name": f"{name}-2", "type": "connector", "group": "CI us-east-1", "max_usage": 2}, True),
        ("propose_change", {**key, "max_usage": 7}, True),
        ("propose_delete", key, True),
        ("propose_retire", key, False),
        ("propose_rotation", {**key, "delivery": "file", "compromised": True}, True),
        ("propose_rotation", {**key, "delivery": "/tmp/x"}, False),
        ("proposal_status", {"id": PROPOSED}, True),
        ("proposal_status", {"id": "../../x"}, False),
        ("update_key", {**key, "max_usage": 9, "ip_acl": ["192.0.2.0/24"]}, True),
        ("rotate_key", {**key, "delivery": "file"}, True),
        ("disable_key", key, True),
        ("enable_key", {**key, "max_usage": 3}, True),
        ("retire_keys", {"keys": [name]}, True),
        ("wait_for_enrollment", {**key, "timeout_seconds": 1}, False),
        ("rotate_key", {**key, "delivery": "/tmp/x"}, False),
        ("get_key", {"key": "nobody"}, False),
        ("get_key", {"kee": name}, False),
        ("create_key", {"name": name, "type": "connector", "group": "CI us-east-1", "max_usage": 5}, False),
    ]


async def drive(revision, work, environment, seen):
    parameters = StdioServerParameters(command=ZPAKEY, args=["mcp"], env=environment)
    name = "build-" + revision.replace("-", "")
    with open(work / f"stderr-{revision}", "w", encoding="utf-8") as errors:
        async with stdio_client(parameters, errlog=errors) as (reading, writing):
            async with ClientSession(reading, writing) as session:
                if revision == REVISIONS[-1]:
                    await session.discover()
                else:
                    # The client offers one revision by itself; the older one is offered in its place.
                    mcp.client.session.LATEST_HANDSHAKE_VERSION = revision
                    begun = await session.initialize()
                    if begun.protocol_version != revision:
                        sys.exit(f"{revision}: the server speaks {begun.protocol_version}")
                    seen.append(begun.model_dump_json())
                tools = await session.list_tools()
                seen.append(tools.model_dump_json())
                called = set()
                proposed = ""
                for tool, arguments, is_well in calls(name):
                    arguments = {field: proposed if value is PROPOSED else value for field, value in arguments.items()}
                    result = await session.call_tool(tool, arguments)
                    seen.append(result.model_dump_json())
                    called.add(tool)
                    if tool.startswith("propose_") and is_well:
                        proposed = result.structured_content["proposal"]["id"]
                    if bool(result.is_error) == is_well:
                        sys.exit(f"{revision}: {tool} {arguments}: {result.model_dump_json()[:2000]}")
                missing = {tool.name for tool in tools.tools} - called
                if missing:
                    sys.exit(f"{revision}: these tools were not called: {missing}")
                print(f"{revision}: {len(tools.tools)} tools, {len(calls(name))} calls as expected")


def ends_by_signal(environment):
    server = subprocess.Popen([ZPAKEY, "mcp"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    server.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
    server.stdin.flush()
    server.stdout.readline()
    server.send_signal(signal.SIGTERM)
    code = server.wait(timeout=10)
    if code not in (143, -signal.SIGTERM):
        sys.exit(f"SIGTERM ended the server with {code}")
    print("SIGTERM ends it")


def main():
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        sandbox = subprocess.Popen(
            [ZPAKEY, "sandbox", "serve", "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={"HOME": directory, "PATH": os.environ["PATH"]},
        )
        try:
            served = {}
            for line in sandbox.stdout:
                found = re.match(r"(?:export )?([A-Z_]+)=(.*)$", line.strip())
                if found and found[1].startswith(("ZPAKEY_", "ZSCALER_", "ZPA_")):
                    served[found[1]] = found[2].strip("'\"")
                if found and found[1] == "NO_PROXY":
                    break
            home = work / "home"
            (home / ".config/zpakey").mkdir(parents=True)
            file = home / ".config/zpakey/config.toml"
            file.write_text(PROFILE.format(work=work), encoding="utf-8")
            file.chmod(0o600)
            environment = {**served, "HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
            seen = []
            for revision in REVISIONS:
                asyncio.run(drive(revision, work, environment, seen))
            ends_by_signal(environment)
            secrets = [path.read_text(encoding="utf-8").strip() for path in work.glob("*.key")]
            if not secrets:
                sys.exit("no delivery got a key")
            parts = {MARKER} | {secret[at : at + 40] for secret in secrets for at in range(0, len(secret) - 40, 40)}
            parts |= {value for name, value in served.items() if "SECRET" in name}
            texts = {"the traffic": "\n".join(seen)}
            for path in [*work.glob("stderr-*"), *(path for path in home.rglob("*") if path.is_file())]:
                if "/tokens/" not in str(path):
                    texts[str(path.relative_to(work))] = path.read_text(encoding="utf-8", errors="replace")
            for place, text in texts.items():
                for part in parts:
                    if part in text:
                        sys.exit(f"{place} holds a secret or a part of one")
            print(f"no secret in {len(texts)} places, {sum(map(len, texts.values()))} bytes")
        finally:
            sandbox.terminate()
            sandbox.wait(timeout=10)


main()
