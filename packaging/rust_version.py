#!/usr/bin/env python3
"""Checks that `rust-version` in Cargo.toml is what the dependencies ask for: packaging/rust_version.py

That zpakey itself asks for no more is held by clippy's `incompatible_msrv`, and by `packaging/release-check`, which compiles it.
"""

import sys

from crates import all_trees, metadata, package

TARGETS = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"]


def main():
    own = package()["rust-version"]
    wanted = all_trees(TARGETS)
    packages = [entry for entry in metadata()["packages"] if (entry["name"], entry["version"]) in wanted]
    needs = {entry["name"]: entry["rust_version"] for entry in packages if entry["rust_version"]}
    name = max(needs, key=lambda crate: number(needs[crate]))
    if number(own) != number(needs[name]):
        sys.exit(f"Cargo.toml says rust-version {own}, and {name} needs {needs[name]}")
    print(f"rust-version: {own}, as {name} needs it")


def number(version):
    return [int(part) for part in (version.split(".") + ["0", "0"])[:3]]


if __name__ == "__main__":
    main()
