"""What the measurements share: an environment without a user, a sandbox that is served, and times in turn."""

import contextlib
import json
import os
import select
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/zpakey"

PATIENCE_S = 30


def clean_environment(directory):
    """Makes an environment in which nothing of the user's is found."""
    for name in ("home", "config", "state", "cache"):
        (directory / name).mkdir()
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(directory / "home"),
        "XDG_CONFIG_HOME": str(directory / "config"),
        "XDG_STATE_HOME": str(directory / "state"),
        "XDG_CACHE_HOME": str(directory / "cache"),
    }


@contextlib.contextmanager
def served(program, directory, environment, seed, *options):
    """Serves a seed by `zpakey sandbox serve`, and yields what it says about itself. It is always stopped."""
    file = directory / "seed.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    command = [program, "sandbox", "serve", "--port", "0", "--seed", str(file), "--fresh", *options, "-o", "json"]
    messages = directory / "serve.stderr"
    with messages.open("wb") as stderr:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr
        )
    try:
        yield first_object(server, messages)
    finally:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        server.stdout.close()


def first_object(server, messages):
    """Reads the JSON object that a server prints before it serves; it may take several lines."""
    text = b""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        ready, _, _ = select.select([server.stdout], [], [], 0.2)
        chunk = os.read(server.stdout.fileno(), 65_536) if ready else None
        if chunk == b"":
            break
        text += chunk or b""
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(text)
    sys.exit(f"`zpakey sandbox serve` printed no JSON object; it said:\n{messages.read_text(errors='replace')}")


def opener(sandbox):
    """Makes what opens a sandbox's addresses: no proxy stands between two programs of one machine, whatever the
    environment says, and only the sandbox's authority is trusted."""
    handlers = [urllib.request.ProxyHandler({})]
    if sandbox["ca_cert"]:
        context = ssl.create_default_context(cafile=sandbox["ca_cert"])
        handlers.append(urllib.request.HTTPSHandler(context=context))
    return urllib.request.build_opener(*handlers)


def token_form(sandbox):
    """The form that signs in at a sandbox."""
    return urllib.parse.urlencode({
        "grant_type": "client_credentials",
        "client_id": sandbox["client_id"],
        "client_secret": sandbox["env"]["ZSCALER_CLIENT_SECRET"],
        "audience": "https://api.zscaler.com",
    })


def sign_in(sandbox, opener):
    """Signs in at a sandbox, and returns the token."""
    with opener.open(sandbox["token_url"], data=token_form(sandbox).encode(), timeout=PATIENCE_S) as answer:
        return json.load(answer)["access_token"]


def medians_ms(commands, environment, runs, warm_up):
    """Runs the commands in turn, so that what disturbs one disturbs all, and returns the median of each."""
    times = [[] for _ in commands]
    for turn in range(warm_up + runs):
        for command, own in zip(commands, times, strict=True):
            elapsed = run_once(command, environment)
            if turn >= warm_up:
                own.append(elapsed)
    return [statistics.median(own) * 1_000 for own in times]


def run_once(command, environment):
    """Returns the seconds that a command took. Its output is thrown away; one that hangs is ended."""
    nowhere = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    begin = time.perf_counter()
    child = os.posix_spawn(command[0], command, environment, file_actions=nowhere)
    try:
        with time_limit(PATIENCE_S):
            _, status = os.waitpid(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    elapsed = time.perf_counter() - begin
    if status != 0:
        sys.exit(f"{' '.join(command[:2])} … ended with {os.waitstatus_to_exitcode(status)}")
    return elapsed


@contextlib.contextmanager
def time_limit(seconds):
    """Ends what is in it, and this program, after so many seconds."""

    def end(*_):
        sys.exit(f"a command took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def end_on_sigterm():
    """A `finally` runs when this is terminated, too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def find_program(path):
    """Returns the program to measure, by its whole path."""
    if not path.is_file():
        sys.exit(f"{path} does not exist: cargo build --release")
    return str(path.resolve())


def find_curl():
    """Returns curl; nothing where it is not installed."""
    return shutil.which("curl")
