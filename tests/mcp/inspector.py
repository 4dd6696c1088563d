#!/usr/bin/env python3
"""Lists and calls the tools of `zpakey mcp` with the protocol's inspector, in its command-line mode.

    tests/mcp/inspector.py ZPAKEY INSPECTOR
"""

import json
import os
import subprocess
import sys
import tempfile

ZPAKEY, INSPECTOR = map(os.path.abspath, sys.argv[1:])
GROUP = "AWS us-east-1"


def main():
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

        def inspect(*arguments):
            command = [INSPECTOR, "--cli", ZPAKEY, "--sandbox", "mcp", "--allow", "create,disable", *arguments]
            run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
            if "NotARealSecret" in run.stdout + run.stderr:
                sys.exit(f"{arguments}: a secret was printed")
            try:
                return json.loads(run.stdout)
            except ValueError:
                sys.exit(f"{arguments}: {run.stdout}{run.stderr}")

        def call(tool, is_well=True, **arguments):
            words = [word for name, value in arguments.items() for word in ("--tool-arg", f"{name}={value}")]
            result = inspect("--method", "tools/call", "--tool-name", tool, *words)
            if bool(result.get("isError")) == is_well:
                sys.exit(f"{tool} {arguments}: {result}")
            return result["structuredContent"]

        names = [tool["name"] for tool in inspect("--method", "tools/list")["tools"]]
        if "create_key" not in names or "rotate_key" in names:
            sys.exit(f"the tools are not those that were allowed: {names}")
        call("create_key", name="seen", type="connector", group=GROUP, max_usage=3)
        call("disable_key", key="seen")
        listed = call("list_keys")["keys"]
        if [(key["name"], key["status"]) for key in listed] != [("seen", "disabled")]:
            sys.exit(f"what was created and disabled is not listed so: {listed}")
        call("rotate_key", is_well=False, key="seen", delivery="x")
        print(f"{len(names)} tools listed, 4 calls as expected")


main()
