#!/usr/bin/env python3
"""Checks a program that is to be released: it needs no library but the system's, is stripped, can be loaded at any address,
has the list of its crates, and no path of the machine.

    packaging/program.py PROGRAM [PATH...]       PATH must not occur in it
"""

import json
import re
import sys
import zlib
from pathlib import Path

import pefile
from elftools.elf.elffile import ELFFile

# Libraries of the compiler, which a Windows does not have.
COMPILERS = re.compile(r"(?i)^lib(gcc|winpthread|stdc\+\+)")


def main():
    program, *paths = sys.argv[1:]
    with open(program, "rb") as file:
        start = file.read(4)
        if start == b"\x7fELF":
            wrong, crates = elf(ELFFile(file))
        elif start[:2] == b"MZ":
            wrong, crates = windows(pefile.PE(program))
        else:
            sys.exit(f"{program} is neither an ELF nor a Windows program")
    if crates is None:
        wrong.append("does not have the list of its crates (.dep-v0)")
    elif not json.loads(zlib.decompressobj().decompress(crates))["packages"]:
        wrong.append("has an empty list of crates")
    data = Path(program).read_bytes()
    wrong += [f"contains the path {path}" for path in paths if f"{path}/".encode() in data]
    if wrong:
        sys.exit(f"{program} {', '.join(wrong)}")


def elf(file):
    """Returns what is wrong, and the list of crates."""
    wrong = []
    if any(segment["p_type"] == "PT_INTERP" for segment in file.iter_segments()):
        wrong.append("is linked dynamically")
    if file.get_section_by_name(".symtab"):
        wrong.append("is not stripped")
    if file["e_type"] != "ET_DYN":
        wrong.append("is loaded at a fixed address")
    crates = file.get_section_by_name(".dep-v0")
    return wrong, crates and crates.data()


def windows(file):
    """Returns what is wrong, and the list of crates."""
    libraries = sorted(entry.dll.decode() for entry in file.DIRECTORY_ENTRY_IMPORT)
    wrong = [f"needs {name}" for name in libraries if COMPILERS.match(name)]
    if file.FILE_HEADER.NumberOfSymbols:
        wrong.append("is not stripped")
    if file.FILE_HEADER.TimeDateStamp:
        wrong.append("has the time of its build")
    if not file.OPTIONAL_HEADER.IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE:
        wrong.append("is loaded at a fixed address")
    # The list is padded to the size of the section.
    crates = [section.get_data() for section in file.sections if section.Name.rstrip(b"\0") == b".dep-v0"]
    return wrong, crates[0] if crates else None


if __name__ == "__main__":
    main()
