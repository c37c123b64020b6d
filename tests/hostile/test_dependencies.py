"""What is installed is what was locked: exact versions with hashes, under licences that allow commercial use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.licences import PAGE, locked
from index.settings import ROOT

CHOSEN = {"tld": "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later"}
"""Where one of several licences may be chosen, and one of them is not fit: MPL is."""


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_version_is_exact_and_has_hashes(name: str) -> None:
    text = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text(encoding="utf-8"))
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 100
    for line in lines:
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==[^\s;]+", line), line
        assert "--hash=sha256:" in line, line
        assert "://" not in line, line


def test_the_licences_are_listed_and_fit() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| (\S+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: version for name, version, _ in rows if name != "package"}
    assert listed == locked(), "run `python -m benchmarks.licences`"
    unfit = {
        name: said
        for name, _, said in rows
        if re.search(r"GPL|SSPL|BUSL|Commons Clause|Non-?Commercial", said)
    }
    assert unfit == CHOSEN


def test_workflows_install_by_the_locks() -> None:
    makefile = Path(ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
