#!/usr/bin/env python3
"""Writes a tar.gz or a zip of a folder that is the same whenever and wherever it is made.

    packaging/archive.py FILE FOLDER NAME [LEFT_OUT...]      NAME is the folder within the archive
"""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path


def main():
    file, folder, name, *left_out = sys.argv[1:]
    folder = Path(folder)
    files = sorted(path for path in folder.rglob("*") if path.relative_to(folder).parts[0] not in left_out)
    entries = [(f"{name}/{path.relative_to(folder)}", path) for path in [folder, *files]]
    if file.endswith(".zip"):
        write_zip(file, entries)
    else:
        Path(file).write_bytes(gzip.compress(tar(entries), compresslevel=9, mtime=0))


def tar(entries):
    """Returns an archive of files and folders, all of one owner and time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, path in entries:
            if path.is_dir():
                archive.addfile(entry(name.removesuffix("/."), tarfile.DIRTYPE, 0o755))
            else:
                data = path.read_bytes()
                archive.addfile(entry(name, tarfile.REGTYPE, path.stat().st_mode & 0o755 | 0o644, len(data)), io.BytesIO(data))
    return buffer.getvalue()


def entry(name, kind, mode, size=0, owner=0):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.size = kind, mode, size
    info.uid = info.gid = owner
    info.mtime = int(os.environ["SOURCE_DATE_EPOCH"])
    return info


def write_zip(file, entries):
    made = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
    with zipfile.ZipFile(file, "w") as archive:
        for name, path in entries:
            if path.is_dir():
                continue
            member = zipfile.ZipInfo(name, made)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            # 3 is Unix: the attributes above.
            member.create_system = 3
            archive.writestr(member, path.read_bytes())


if __name__ == "__main__":
    main()
