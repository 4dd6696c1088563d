"""A Wine with the Windows program, and what a check expects of a run."""

import os
import re
import stat
import subprocess
from pathlib import Path

from console import Console

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOLS = ("wine", "wineboot", "x86_64-w64-mingw32-gcc")
# What Debian's start script says where there is no 32-bit Wine.
NOISE = re.compile(r"wine32 is missing|multiarch needs|^execute \"dpkg|^apt-get install")


class Skipped(Exception):
    """Why a check says nothing."""


class Bench:
    """A Wine, and a directory of one user in it."""

    def __init__(self, program: Path, home: Path):
        self.program = program
        self.prefix = home / "wine"
        self.work = self.prefix / "drive_c/work"
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TERM") if name in os.environ}
        self.env = {**kept, "HOME": str(home), "WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all"}
        # Neither a browser nor .NET is asked for.
        self.env["WINEDLLOVERRIDES"] = "mscoree,mshtml="
        # Scripts call the program by its name.
        self.env["WINEPATH"] = str(program.parent)
        subprocess.run(["wineboot", "--init"], env=self.env, check=False, capture_output=True, timeout=300)
        self.stand_in("bcryptprimitives", ["-ladvapi32"])
        self.work.mkdir()

    def stand_in(self, name: str, libraries: list[str]):
        """Compiles a library that this Wine may lack."""
        library = self.prefix / f"drive_c/windows/system32/{name}.dll"
        if library.exists():
            return
        compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-O1", "-o", str(library), str(HERE / f"{name}.c")]
        subprocess.run(compiler + libraries, check=True)

    def run(self, *words: str, stdin: str = "", env: dict | None = None):
        return self.started(["wine", str(self.program), *words], stdin, env)

    def started(self, command: list[str], stdin: str = "", env: dict | None = None):
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
            env={**self.env, **(env or {})},
            cwd=self.work,
        )
        done.stderr = "\n".join(line for line in done.stderr.splitlines() if not NOISE.search(line))
        return done

    def script(self, *lines: str, options: tuple[str, ...] = ()):
        """Runs lines of a shell of Windows in a new tenant with these options, each if the one before it succeeded. The number
        of the one that failed is printed: the `||` of this shell is not Wine's."""
        text = "".join(f"{line}\nif errorlevel 1 goto failed{at}\n" for at, line in enumerate(lines))
        text += "exit /b 0\n"
        for at in range(len(lines)):
            text += f":failed{at}\nset CODE=%ERRORLEVEL%\necho line {at} failed 1>&2\nexit /b %CODE%\n"
        (self.work / "lines.cmd").write_bytes(("@echo off\n" + text).replace("\n", "\r\n").encode())
        return self.run("sandbox", "run", *options, "--", ".\\lines.cmd")

    def console(self, *words: str) -> Console:
        return Console(["wine", str(self.program), *words], self.env, self.work)

    def mode(self, name: str) -> int:
        """Wine keeps an access control list as a mode of Unix, in which the owner's group may do what the owner may."""
        return stat.S_IMODE((self.work / name).stat().st_mode)

    def end(self):
        subprocess.run(["wineserver", "--kill"], env=self.env, check=False, capture_output=True)


def expect(done, code: int, *, out: str = "", err: str = ""):
    shown = f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "panicked" not in done.stderr, shown
    assert done.returncode == code, f"exit {code} was expected: {shown}"
    assert re.search(out, done.stdout, re.MULTILINE), f"{out!r} is not in what was printed: {shown}"
    assert re.search(err, done.stderr, re.MULTILINE), f"{err!r} is not in what was said: {shown}"
    return done
