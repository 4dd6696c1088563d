"""The crates that are in the programs, as cargo resolves them."""

import json
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def cargo(*arguments):
    command = ["cargo", *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def package():
    """Returns `[package]` of Cargo.toml."""
    return tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]


def metadata():
    """Returns what cargo knows about all packages of the lock file."""
    return json.loads(cargo("metadata", "--format-version", "1"))


def tree(target, edges="normal,build"):
    """Returns the names and versions of what is compiled for a target. `cargo metadata` lists more: crates that only a
    feature that is off would bring."""
    shown = cargo("tree", "--target", target, "--edges", edges, "--prefix", "none", "--no-dedupe", "--format", "{p}")
    found = {tuple(line.split()[:2]) for line in shown.splitlines() if line}
    own = package()["name"]
    return {(name, version.removeprefix("v")) for name, version in found if name != own}


def all_trees(targets, edges="normal,build"):
    return set().union(*(tree(target, edges) for target in targets))


def compiled(messages):
    """Returns the names and versions of what cargo said that it compiled (`--message-format json`)."""
    found = set()
    for line in Path(messages).read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message["package_id"].startswith("registry+"):
            name, _, version = message["package_id"].rpartition("#")[2].partition("@")
            found.add((name, version))
    return found
