#!/usr/bin/env python3
"""Writes the notices of everything that is compiled into the programs: each crate with the text of its licence.

    packaging/notices.py FILE [--also "NAME" PATH]... TARGET...

Fails if a crate has no text. A crate that ships none has one in `packaging/licences`, or takes that of a crate of the same
repository (`SIBLINGS`).
"""

import html
import re
import sys
from pathlib import Path

from crates import ROOT, all_trees, metadata

TEXTS = re.compile(r"(?i)^(un)?(licen[cs]e|copying|copyright|notice|third.?party)")
# Of C sources within a crate: `aws-lc-sys` has those of AWS-LC and what that took in.
SKIPPED = {"tests", "test", "testdata", "benches", "examples", "target", ".github", "src", "docs"}
SIBLINGS = {"asn1-rs-impl": "asn1-rs"}


def main():
    file, *rest = sys.argv[1:]
    also, targets = [], []
    while rest:
        word = rest.pop(0)
        if word == "--also":
            also.append((rest.pop(0), Path(rest.pop(0))))
        else:
            targets.append(word)
    packages = {(entry["name"], entry["version"]): entry for entry in metadata()["packages"]}
    crates = [packages[crate] for crate in sorted(all_trees(targets))]
    texts = {f"{crate['name']} {crate['version']}": (crate["license"], texts_of(crate, packages)) for crate in crates}
    for name, path in also:
        texts[name] = (None, [plain(path)])
    if missing := [crate for crate, (_, found) in texts.items() if not found]:
        sys.exit(f"no text of a licence: {', '.join(missing)}; see packaging/notices.py")
    Path(file).write_text(written(texts), encoding="utf-8")
    print(f"{Path(file).name}: {len(texts)} crates and libraries, each with the text of its licence")


def texts_of(crate, packages):
    """Returns the texts that a crate ships, or those that stand in for them."""
    folder = Path(crate["manifest_path"]).parent
    if found := [plain(path) for path in sorted(license_files(folder))]:
        return found
    kept = ROOT / "packaging/licences" / f"{crate['name']}.txt"
    if kept.exists():
        return [plain(kept)]
    sibling = SIBLINGS.get(crate["name"])
    same = [entry for (name, _), entry in sorted(packages.items()) if name == sibling]
    return [plain(path) for entry in same[:1] for path in sorted(license_files(Path(entry["manifest_path"]).parent))]


def license_files(folder):
    for path in folder.iterdir():
        if path.is_dir() and path.name.lower() not in SKIPPED and not path.is_symlink():
            yield from license_files(path)
        elif path.is_file() and TEXTS.match(path.name) and path.suffix not in {".rs", ".toml", ".json", ".py", ".c", ".h"}:
            yield path


def plain(path):
    """Returns a text without the differences that do not count; of a page, what is read."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        text = re.sub(r"(?s)<(style|script|head).*?</\1>", "", text)
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").splitlines())
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def written(texts):
    """Returns the file: first who has which licence, then each text once, with those that it is for."""
    lines = [
        "Third-party notices",
        "",
        "zpakey is under MIT or Apache-2.0, at your option. Its programs for all systems contain what is listed here, each under",
        "its own licence. The texts follow, each once, below the names of those whose text it is.",
        "",
    ]
    lines += [f"{name}: {expression}" if expression else name for name, (expression, _) in texts.items()]
    owners = {}
    for name, (_, found) in texts.items():
        for text in found:
            owners.setdefault(text, []).append(name)
    for text, names in owners.items():
        lines += ["", "-" * 100, *dict.fromkeys(names), "-" * 100, "", text]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
