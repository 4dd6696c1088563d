#!/usr/bin/env python3
"""Writes a zip with the Windows program, the same whenever it is made.

    packaging/zip.py FILE NAME PATH...       NAME is the folder within
"""

import os
import sys
import time
import zipfile
from pathlib import Path


def main():
    file, name, *paths = sys.argv[1:]
    made = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
    with zipfile.ZipFile(file, "w") as archive:
        for path in map(Path, paths):
            member = zipfile.ZipInfo(f"{name}/{path.name}", made)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            # 3 is Unix: the attributes above.
            member.create_system = 3
            archive.writestr(member, path.read_bytes())


if __name__ == "__main__":
    main()
