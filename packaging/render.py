#!/usr/bin/env python3
"""Fills in a template: version, repository, and the digests of files in the folder that it is written to.

    packaging/render.py TEMPLATE FILE
"""

import hashlib
import re
import sys
from pathlib import Path

from crates import package


def main():
    template, file = map(Path, sys.argv[1:])
    own = package()
    text = template.read_text(encoding="utf-8")
    text = text.replace("@VERSION@", own["version"]).replace("@REPOSITORY@", own["repository"])

    def digest(match):
        path = file.parent / match[1]
        if not path.exists():
            sys.exit(f"{template} names {path.name}, which is not in {file.parent}")
        return hashlib.sha256(path.read_bytes()).hexdigest()

    file.write_text(re.sub(r"@SHA256:([^@]+)@", digest, text), encoding="utf-8")


if __name__ == "__main__":
    main()
