#!/usr/bin/env python3
"""Lays out what a release has for one target, in a new folder, as the archive and the packages take it.

    packaging/stage.py FOLDER PROGRAM RUNNABLE NOTICES

RUNNABLE is a program of this version that runs on this machine: it prints the completion scripts.
"""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from crates import ROOT

COMPLETIONS = {
    "bash": "zpakey.bash",
    "zsh": "_zpakey",
    "fish": "zpakey.fish",
    "elvish": "zpakey.elv",
    "powershell": "_zpakey.ps1",
}
# zsh calls the file itself as the function when it completes for the first time.
ZSH_FIRST = '\nif [[ $funcstack[1] == _zpakey ]]; then\n    _clap_dynamic_completer_zpakey "$@"\nfi\n'


def main():
    folder, program, runnable, notices = map(Path, sys.argv[1:])
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("man", "completions", "packed"):
        (folder / name).mkdir(parents=True)
    put(program, folder / ("zpakey.exe" if program.suffix == ".exe" else "zpakey"), 0o755)
    for name in ("README.md", "LICENSE", "CHANGELOG.md"):
        put(ROOT / name, folder / name)
    put(notices, folder / "THIRD-PARTY-NOTICES.txt")
    for page in sorted((ROOT / "man").glob("*.1")):
        put(page, folder / "man" / page.name)
        packed(page, folder / "packed" / f"{page.name}.gz")
    packed(ROOT / "CHANGELOG.md", folder / "packed/changelog.gz")
    copyright_text = (ROOT / "LICENSE").read_text(encoding="utf-8") + "\n" + notices.read_text(encoding="utf-8")
    (folder / "packed/copyright").write_text(copyright_text, encoding="utf-8")
    for shell, name in COMPLETIONS.items():
        text = completion(runnable, shell)
        (folder / "completions" / name).write_text(text + (ZSH_FIRST if shell == "zsh" else ""), encoding="utf-8")


def put(source, target, mode=0o644):
    shutil.copyfile(source, target)
    target.chmod(mode)


def packed(source, target):
    """Writes a file as packages have it: compressed, without a name or a time."""
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))


def completion(runnable, shell):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    command = [runnable, "completions", shell]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    main()
