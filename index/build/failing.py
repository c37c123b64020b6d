"""What a build could not index is kept until it can be, or is gone: the status says what and why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..catalog import Catalog, FailureRecord
from .report import BuildReport


def keep_failures(catalog: Catalog, paths: Sequence[Path], report: BuildReport) -> None:
    """Put the failures of a build in place of those that an earlier one had below the same paths."""
    roots = [os.fspath(path.resolve()) for path in paths] + [os.fspath(path) for path in paths]
    before = catalog.failures()
    settled = [failure.path for failure in before if _root_of(failure.path, roots) is not None]
    if not settled and not report.failed:
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = [
        FailureRecord(failure.path, _name(failure.path, roots), failure.line, failure.reason, now)
        for failure in report.failed
    ]
    catalog.replace_failures([*settled, *(failure.path for failure in new)], new)


def _root_of(path: str, roots: Sequence[str]) -> str | None:
    """The path that the build was given and that this one is, or is below; `!` leads into an archive."""
    return next((r for r in roots if path == r or path.startswith((r + os.sep, r + "!"))), None)


def _name(path: str, roots: Sequence[str]) -> str:
    root = _root_of(path, roots)
    below = path[len(root) :].lstrip(os.sep) if root else ""
    return below if below and not below.startswith("!") else Path(path.partition("!")[0]).name + below
