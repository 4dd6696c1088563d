#!/usr/bin/env python3
"""Checks a program that is to be released: static, stripped, with the list of its crates, and without a path of the machine.

    packaging/program.py PROGRAM [PATH...]       PATH must not occur in it
"""

import json
import struct
import sys
import zlib
from pathlib import Path

INTERPRETER = 3


def main():
    program, *paths = sys.argv[1:]
    data = Path(program).read_bytes()
    wrong = []
    if data[:4] != b"\x7fELF":
        sys.exit(f"{program} is not an ELF file")
    if INTERPRETER in segments(data):
        wrong.append("is linked dynamically")
    found = sections(data)
    if ".symtab" in found:
        wrong.append("is not stripped")
    if ".dep-v0" not in found:
        wrong.append("does not have the list of its crates (.dep-v0)")
    elif not json.loads(zlib.decompress(found[".dep-v0"]))["packages"]:
        wrong.append("has an empty list of crates")
    wrong += [f"contains the path {path}" for path in paths if f"{path}/".encode() in data]
    if wrong:
        sys.exit(f"{program} {', '.join(wrong)}")


def segments(data):
    """Returns the types of the segments of a 64-bit little-endian ELF file."""
    (offset,) = struct.unpack_from("<Q", data, 0x20)
    size, count = struct.unpack_from("<HH", data, 0x36)
    return {struct.unpack_from("<I", data, offset + number * size)[0] for number in range(count)}


def sections(data):
    """Returns the sections by name."""
    (offset,) = struct.unpack_from("<Q", data, 0x28)
    size, count, names_at = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", data, offset + number * size) for number in range(count)]
    names = headers[names_at][4]
    named = {}
    for name, _, _, _, start, length in headers:
        begin = names + name
        named[data[begin : data.index(b"\0", begin)].decode()] = data[start : start + length]
    return named


if __name__ == "__main__":
    main()
