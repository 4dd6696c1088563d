#!/usr/bin/env python3
"""Writes the software bill of materials (CycloneDX 1.6, JSON): every crate that is compiled for one of the targets.

    packaging/sbom.py FILE TARGET...
    packaging/sbom.py --check FILE UNITS...      fails unless it lists what cargo said that it compiled for each target

It is made from `cargo tree` and not by cargo-cyclonedx, which lists crates of features that are off: 16 for zpakey 0.2.0,
among them ring and quinn, which would be found by who looks for vulnerable crates.
"""

import datetime
import json
import os
import sys
import uuid
from pathlib import Path

from crates import all_trees, compiled, metadata, package, tree


def main():
    if sys.argv[1] == "--check":
        return check(sys.argv[2], sys.argv[3:])
    file, *targets = sys.argv[1:]
    Path(file).write_text(json.dumps(bill(targets), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def bill(targets):
    own = package()
    wanted = all_trees(targets)
    runtime = all_trees(targets, "normal")
    known = metadata()
    packages = {(entry["name"], entry["version"]): entry for entry in known["packages"]}
    components = [component(packages[crate], crate in runtime, targets) for crate in sorted(wanted)]
    root = {
        "type": "application",
        "bom-ref": purl(own["name"], own["version"]),
        "name": own["name"],
        "version": own["version"],
        "description": own["description"],
        "licenses": [{"expression": own["license"]}],
        "purl": purl(own["name"], own["version"]),
    }
    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    contents = json.dumps([root, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # The same contents have the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, contents)}",
        "version": 1,
        "metadata": {
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lifecycles": [{"phase": "build"}],
            "component": root,
            "properties": [{"name": "cdx:rustc:sbom:target:triple", "value": target} for target in targets],
        },
        "components": components,
        "dependencies": edges(known, wanted),
    }


def component(crate, is_runtime, targets):
    found = {
        "type": "library",
        "bom-ref": purl(crate["name"], crate["version"]),
        "name": crate["name"],
        "version": crate["version"],
        "description": " ".join((crate["description"] or "").split()),
        # What only build scripts and macros use is not in the program.
        "scope": "required" if is_runtime else "excluded",
        "licenses": [{"expression": crate["license"].replace("/", " OR ")}],
        "purl": purl(crate["name"], crate["version"]),
    }
    if crate["repository"]:
        found["externalReferences"] = [{"type": "vcs", "url": crate["repository"]}]
    return found


def edges(known, wanted):
    """Returns who depends on whom, among what is listed."""
    crates = {entry["id"]: (entry["name"], entry["version"]) for entry in known["packages"]}
    own = package()["name"]
    listed = []
    for node in known["resolve"]["nodes"]:
        crate = crates[node["id"]]
        if crate not in wanted and crate[0] != own:
            continue
        needs = [
            crates[dependency["pkg"]]
            for dependency in node["deps"]
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
        ]
        refs = sorted({purl(*needed) for needed in needs if needed in wanted})
        listed.append({"ref": purl(*crate), "dependsOn": refs})
    return sorted(listed, key=lambda entry: entry["ref"])


def purl(name, version):
    return f"pkg:cargo/{name}@{version}"


def check(file, units):
    """Compares the file with what cargo compiled, and with `cargo tree` for each of its targets."""
    read = json.loads(Path(file).read_text(encoding="utf-8"))
    listed = {(entry["name"], entry["version"]) for entry in read["components"]}
    targets = [entry["value"] for entry in read["metadata"]["properties"]]
    sources = [(f"cargo tree of {target}", tree(target)) for target in targets]
    sources += [(unit, compiled(unit)) for unit in units]
    for what, crates in sources:
        if not crates:
            sys.exit(f"{what} has no crates")
        if missing := sorted(crates - listed):
            sys.exit(f"{file} does not list what is in {what}: {missing}")
    if extra := sorted(listed - set().union(*(crates for _, crates in sources[: len(targets)]))):
        sys.exit(f"{file} lists what is not in cargo tree: {extra}")
    if units and (extra := sorted(listed - set().union(*map(compiled, units)))):
        sys.exit(f"{file} lists what was not compiled: {extra}")
    known = {entry["bom-ref"] for entry in read["components"]} | {read["metadata"]["component"]["bom-ref"]}
    if dangling := [ref for entry in read["dependencies"] for ref in [entry["ref"], *entry["dependsOn"]] if ref not in known]:
        sys.exit(f"{file} has dependencies of what it does not list: {dangling}")
    print(f"{Path(file).name}: {len(listed)} crates, as in {', '.join(Path(what).name for what, _ in sources)}")


if __name__ == "__main__":
    main()
