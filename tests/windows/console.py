"""A person at a console: Wine makes one of a pseudo-terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path

# Colours, moves of the cursor, and titles.
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
PATIENCE = 60
ROWS, COLUMNS = 40, 120


class Console:
    """A program with a console of its own. What it shows is read in the order in which it was written."""

    def __init__(self, command: list[str], env: dict, cwd: Path):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            # As Wine sets it a moment later: keys arrive as they are, and Ctrl-C is a signal.
            modes = termios.tcgetattr(0)
            modes[0] &= ~termios.ICRNL
            modes[3] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(0, termios.TCSANOW, modes)
            os.chdir(cwd)
            os.execvpe(command[0], command, {**env, "TERM": "xterm-256color"})
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.seen = b""
        self.looked_at = 0

    @property
    def screen(self) -> str:
        return ESCAPES.sub(b"", self.seen).decode("utf-8", "replace")

    def read(self) -> bool:
        """Reads what is there; false if the program has ended."""
        if not select.select([self.terminal], [], [], 0.2)[0]:
            return True
        try:
            part = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.seen += part
        return bool(part)

    def answer(self, pattern: str, keys: str):
        """Waits for what has not been looked at yet, and types."""
        until = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.screen[self.looked_at :])):
            if time.monotonic() > until or not self.read():
                raise AssertionError(f"{pattern!r} was not shown: {self.screen}")
        self.looked_at += found.end()
        # A question is shown a moment before it is listened to.
        time.sleep(0.5)
        os.write(self.terminal, keys.encode())

    def end(self) -> int:
        """Waits for the program's end; returns its exit code."""
        until = time.monotonic() + PATIENCE
        while self.read():
            if time.monotonic() > until:
                os.kill(self.child, signal.SIGKILL)
                os.waitpid(self.child, 0)
                raise AssertionError(f"the program did not end: {self.screen}")
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
