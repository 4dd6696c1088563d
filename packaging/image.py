#!/usr/bin/env python3
"""Writes a container image for all architectures as a tar of OCI layout, without a daemon.

    packaging/image.py FILE CERTIFICATES ARCHITECTURE=PROGRAM...      ARCHITECTURE as OCI names it: amd64, arm64

The image has the program, the certificates of public authorities and an empty home, which is a volume: so it runs as a
user without rights and with a root that nothing can write to.
"""

import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
from datetime import datetime, timezone
from pathlib import Path

from archive import entry
from crates import package

USER = 65532
HOME = "/home/zpakey"
# Where the crate that finds the platform's certificates looks first.
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def main():
    file, certificates, *programs = sys.argv[1:]
    blobs = {}
    manifests = []
    for given in programs:
        architecture, _, program = given.partition("=")
        layer = layer_of(Path(program).read_bytes(), Path(certificates).read_bytes())
        manifests.append(manifest(blobs, architecture, layer))
    index = put(blobs, INDEX, encoded({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}))
    index["annotations"] = {"org.opencontainers.image.ref.name": package()["version"]}
    write(Path(file), blobs, {"schemaVersion": 2, "mediaType": INDEX, "manifests": [index]})


def layer_of(program, certificates):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as layer:
        for name in ("etc", "etc/ssl", "etc/ssl/certs", "home", "usr", "usr/bin"):
            layer.addfile(entry(name, tarfile.DIRTYPE, 0o755))
        layer.addfile(entry(HOME[1:], tarfile.DIRTYPE, 0o700, owner=USER))
        for name, mode, data in ((CERTIFICATES, 0o644, certificates), ("usr/bin/zpakey", 0o755, program)):
            layer.addfile(entry(name, tarfile.REGTYPE, mode, len(data)), io.BytesIO(data))
    return buffer.getvalue()


def manifest(blobs, architecture, layer):
    """Adds an image of one architecture, and returns what the index says of it."""
    own = package()
    labels = {
        "org.opencontainers.image.title": own["name"],
        "org.opencontainers.image.description": own["description"],
        "org.opencontainers.image.version": own["version"],
        "org.opencontainers.image.licenses": own["license"],
        "org.opencontainers.image.source": own["repository"],
    }
    made = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = {
        "created": made,
        "architecture": architecture,
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "Entrypoint": ["/usr/bin/zpakey"],
            "Env": ["PATH=/usr/bin", f"HOME={HOME}", f"TMPDIR={HOME}"],
            "WorkingDir": HOME,
            "Volumes": {HOME: {}},
            "Labels": labels,
        },
        "rootfs": {"type": "layers", "diff_ids": [digest(layer)]},
        "history": [{"created": made, "created_by": "packaging/image.py"}],
    }
    said = put(
        blobs,
        MANIFEST,
        encoded(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": put(blobs, CONFIG, encoded(config)),
                "layers": [put(blobs, LAYER, gzip.compress(layer, compresslevel=9, mtime=0))],
                "annotations": labels,
            }
        ),
    )
    return said | {"platform": {"architecture": architecture, "os": "linux"}}


def put(blobs, media_type, data):
    blobs[digest(data)] = data
    return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


def digest(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def encoded(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def write(file, blobs, index):
    files = {"oci-layout": encoded({"imageLayoutVersion": "1.0.0"}), "index.json": encoded(index)}
    files |= {f"blobs/{name.replace(':', '/')}": data for name, data in sorted(blobs.items())}
    with tarfile.open(file, mode="w", format=tarfile.USTAR_FORMAT) as layout:
        for name in ("blobs", "blobs/sha256"):
            layout.addfile(entry(name, tarfile.DIRTYPE, 0o755))
        for name, data in files.items():
            layout.addfile(entry(name, tarfile.REGTYPE, 0o644, len(data)), io.BytesIO(data))


if __name__ == "__main__":
    main()
