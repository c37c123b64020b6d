"""Did a file change, or go? Asks the system, and reads the file only where that leaves a doubt."""

from __future__ import annotations

import hashlib
import time
from io import BufferedReader
from pathlib import Path
from typing import cast

from ..catalog import FileRecord
from ..load import SourceFile, open_inside

RACE_NS = 2_000_000_000
"""A file changed so shortly before it was read may change again with no newer time to show for it."""


def look(source: SourceFile, pipeline: int) -> FileRecord:
    """What the system says of a file, without reading it."""
    checked_ns = time.time_ns()
    found = source.path.stat()
    return FileRecord(
        path=str(source.path), root=str(source.root), origin=source.origin, size=found.st_size,
        mtime_ns=found.st_mtime_ns, checked_ns=checked_ns, sha256="", pipeline=pipeline,
    )  # fmt: skip


def is_same(known: FileRecord, now: FileRecord) -> bool:
    """Whether size and time alone show that the file is the one that was read."""
    settled = known.checked_ns - known.mtime_ns >= RACE_NS
    same = (known.size, known.mtime_ns, known.pipeline) == (now.size, now.mtime_ns, now.pipeline)
    return settled and same


def is_gone(path: Path) -> bool:
    """Whether there is certainly nothing at the path: a folder that cannot be read hides, not deletes."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def content_hash(source: SourceFile) -> str:
    """A hash of what the file holds, as it lies on the disk."""
    with open_inside(source.path, source.root) as file:
        return hashlib.file_digest(cast("BufferedReader", file), "sha256").hexdigest()
