#!/usr/bin/env python3
"""Unpacks the image of one architecture as a runtime does, checking every digest, and lists what is in it.

    packaging/unpack_image.py IMAGE.tar ARCHITECTURE FOLDER      prints the configuration as JSON
"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path


def main():
    file, architecture, folder = sys.argv[1:]
    with tarfile.open(file) as layout:
        files = {member.name: layout.extractfile(member).read() for member in layout if member.isfile()}
    if json.loads(files["oci-layout"]) != {"imageLayoutVersion": "1.0.0"}:
        sys.exit(f"{file} is not of OCI layout 1.0.0")

    def blob(descriptor):
        algorithm, _, digest = descriptor["digest"].partition(":")
        data = files[f"blobs/{algorithm}/{digest}"]
        if hashlib.sha256(data).hexdigest() != digest or len(data) != descriptor["size"]:
            sys.exit(f"{file}: the blob {digest} is not what its descriptor says")
        return data

    (top,) = json.loads(files["index.json"])["manifests"]
    index = json.loads(blob(top))
    (found,) = [entry for entry in index["manifests"] if entry["platform"] == {"os": "linux", "architecture": architecture}]
    manifest = json.loads(blob(found))
    config = json.loads(blob(manifest["config"]))
    layers = [gzip.decompress(blob(layer)) for layer in manifest["layers"]]
    digests = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    if digests != config["rootfs"]["diff_ids"] or config["architecture"] != architecture:
        sys.exit(f"{file}: the configuration of {architecture} does not fit its layers")
    for layer in layers:
        with tarfile.open(fileobj=io.BytesIO(layer)) as contents:
            contents.extractall(Path(folder), numeric_owner=True)
    print(json.dumps(config["config"], indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
