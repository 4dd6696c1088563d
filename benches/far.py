"""Round trips that a command waits for, by its time against a server that is far away.

Two TCP proxies on this machine, one for the API and one for the token endpoint, let each chunk take a fixed time either way,
and a connection one round trip before its first byte. The time of a command, divided by that of a round trip, is what it waits
for, opening connections and its own work included.
"""

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import threading
import urllib.parse

from common import PATIENCE_S, run_once, token_form

WAY_S = 0.025
ROUND_TRIP_S = 2 * WAY_S
RUNS = 10
KEY = "key-030"
KIND = "CONNECTOR_GRP"


class Far:
    """A proxy in a thread of its own, which leads to one port of this machine."""

    def __init__(self, port):
        self.upstream = port
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))

    async def serve(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.upstream)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(carry(reader, back, ROUND_TRIP_S), carry(there, writer, 0))


async def carry(reader, writer, first_takes):
    """Carries one direction; its first chunk takes so much longer."""
    loop = asyncio.get_running_loop()
    ready = loop.time() + first_takes
    chunks = asyncio.Queue()

    async def deliver():
        while (item := await chunks.get()) is not None:
            due, chunk = item
            await asyncio.sleep(max(0, due - loop.time()))
            writer.write(chunk)
        writer.close()

    delivering = asyncio.create_task(deliver())
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            await chunks.put((max(loop.time(), ready) + WAY_S, chunk))
    await chunks.put(None)
    await delivering


def report_round_trips(program, curl, environment, tenant):
    """Measures and prints the table."""
    port = urllib.parse.urlsplit(tenant.sandbox["api_url"]).port
    api, token = Far(port), Far(port)
    addresses = {
        "ZPAKEY_API_URL": f"https://127.0.0.1:{api.port}",
        "ZPAKEY_TOKEN_URL": f"https://127.0.0.1:{token.port}/oauth2/v1/token",
    }
    environment = environment | addresses
    print(f"\nTime in round trips of {ROUND_TRIP_S * 1000:.0f} ms, TCP and TLS included: median of {RUNS} runs.\n")
    print("| | zpakey | curl, the same requests |")
    print("|:---|---:|---:|")
    for name, arguments, requests in rows(tenant, addresses):
        command = [program, *arguments, "-o", "json"]
        cells = [in_round_trips(command, environment)]
        cells.append(in_round_trips(curl_command(curl, tenant, requests), environment) if curl else None)
        print(f"| {name} | " + " | ".join(f"{cell:.1f}" if cell else "-" for cell in cells) + " |")
    api.close()
    token.close()


def rows(tenant, addresses):
    """What is measured: a name, zpakey's arguments, and the requests as curl's arguments."""
    path = f"associationType/{KIND}/provisioningKey"
    found = tenant.call("GET", f"{path}?{urllib.parse.urlencode({'search': f'name EQ {KEY}'}, quote_via=urllib.parse.quote)}")
    key = found["list"][0]

    def url(rest):
        return tenant.url(rest).replace(tenant.sandbox["api_url"], addresses["ZPAKEY_API_URL"])

    authorised = ["-H", f"Authorization: Bearer {tenant.token}"]
    listing = [*authorised, url(f"{path}?page=1&pagesize=500")]
    reading = [*authorised, url(f"{path}/{key['id']}")]
    writing = [*reading, "-X", "PUT", "-H", "Content-Type: application/json", "--data", json.dumps(key)]
    signing_in = [addresses["ZPAKEY_TOKEN_URL"], "--data", token_form(tenant.sandbox)]
    one = ["--type", "connector"]
    return [
        ("`get NAME`", ["get", KEY, *one], [listing]),
        ("`list`", ["list", *one], [listing]),
        ("`reveal NAME --yes`", ["reveal", KEY, *one, "--yes"], [listing]),
        ("`update NAME`", ["update", KEY, *one, "--add-uses", "1"], [listing, reading, writing, reading]),
        ("`get NAME`, signing in as well", ["get", KEY, *one, "--token-cache", "off"], [signing_in, listing]),
    ]


def curl_command(curl, tenant, requests):
    """One curl that makes the requests one after another."""
    line = [curl, "-q"]
    for number, request in enumerate(requests):
        line += ["--next"] * (number > 0)
        line += ["--silent", "--fail", "--http2", "--noproxy", "*", "--cacert", tenant.sandbox["ca_cert"], *request]
    return line


def in_round_trips(command, environment):
    """Runs a command, whose output has to be good once, and returns its median time."""
    done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE_S, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return statistics.median(run_once(command, environment) for _ in range(RUNS)) / ROUND_TRIP_S
