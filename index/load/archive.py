"""Zip archives: each member is read as the file it is. Nothing is ever unpacked onto the disk.

A member's origin is the archive's, `!/`, and its name. Names that would lead out of the archive,
links and archives within archives are refused; a member is read no further than it may be large.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .article import Limits
from .discover import SourceFile

MOST_MEMBERS = 100_000
MOST_EXPANSION = 100
"""Articles pack to a fifth or so; what unpacks to more than this many times its size is a bomb."""
_FREE_BYTES = 50_000_000
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_MANY = 50
"""A member of many articles (JSON Lines, CSV) may be this many times as large as an article."""


def members(
    source: SourceFile, limits: Limits, *, start: int = 0
) -> Iterator[tuple[int, SourceFile | InputError]]:
    """The members by number, from number `start`, each with its content; what cannot be used as an error.

    Raises:
        InputError: the archive is damaged, or a bomb.
        OSError: it cannot be read.
    """
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_bomb(source, entries)
            for number, entry in enumerate(entries):
                if number >= start and not _is_hidden(entry.filename):
                    yield number, _member(source, archive, entry, limits)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"is not a zip archive that can be read: {error}", path=str(source.path)) from None


def _refuse_bomb(source: SourceFile, entries: list[zipfile.ZipInfo]) -> None:
    packed = source.path.stat().st_size if source.data is None else len(source.data)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_MEMBERS:
        reason = f"has {len(entries)} members; at most {MOST_MEMBERS} are read, so split it"
    elif unpacked > MOST_EXPANSION * packed + _FREE_BYTES:
        reason = f"would unpack to {unpacked // 1_000_000} MB, far too many for its size; not read"
    else:
        return
    raise InputError(reason, path=str(source.path))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part not in {".", ".."} for part in name.split("/")) or (
        name.startswith("__MACOSX/")
    )


def _member(
    source: SourceFile, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits
) -> SourceFile | InputError:
    path = Path(f"{source.path}!") / entry.filename.lstrip("/\\")
    if problem := _problem(entry):
        return InputError(problem, path=str(path))
    most = limits.max_bytes * _MANY if path.suffix in {".jsonl", ".csv", ".json"} else limits.max_bytes
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        return InputError(f"cannot be unpacked: {error}", path=str(path))
    if len(data) > most:
        return InputError(f"is larger than {most // 1_000_000} MB; split it", path=str(path))
    return SourceFile(path, source.root, f"{source.origin}!/{entry.filename}", data)


def _problem(entry: zipfile.ZipInfo) -> str | None:
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", entry.filename):
        return "has a name that leads out of the archive; not read"
    if any(_DEVICE.fullmatch(part) for part in parts):
        return "has the name of a device; not read"
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "is a link or a device, not a file; not read"
    if entry.flag_bits & 1:
        return "is locked with a password; unpack it"
    if entry.filename.lower().endswith((".zip", ".docx.zip")):
        return "is an archive within an archive; unpack it"
    return None
