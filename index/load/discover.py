"""Paths → the files below them, each with its origin. Reads no file's content.

A symbolic link that leads out of the folder that was given is reported, not followed: an index
must not pick up files its owner did not point at. Hidden files and folders are passed over.
"""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ..errors import InputError


@dataclass(frozen=True)
class SourceFile:
    """A file to load. `origin` is its path below `root`, with forward slashes."""

    path: Path
    root: Path
    origin: str
    data: bytes | None = None
    """The content of a member of an archive, whose `path` is `…/news.zip!/member`; None: it is at `path`."""

    @property
    def suffix(self) -> str:
        """The ending that names the format, in lower case: ".jsonl" of news.jsonl and news.jsonl.gz."""
        endings = self.path.suffixes
        return (endings[-2] if self.is_gzip and len(endings) > 1 else self.path.suffix).lower()

    @property
    def is_gzip(self) -> bool:
        """Whether `open` unpacks it."""
        return self.path.suffix.lower() == ".gz"

    @property
    def stem(self) -> str:
        """The file's name without the endings that name its format."""
        return Path(self.path.stem).stem if self.is_gzip else self.path.stem

    def open(self) -> BinaryIO:
        """The content, unpacked.

        Raises:
            OSError: it cannot be read.
        """
        if self.data is not None:
            packed: BinaryIO = io.BytesIO(self.data)
            return cast("BinaryIO", gzip.open(packed)) if self.is_gzip else packed
        file = open_inside(self.path, self.root)
        return cast("BinaryIO", _Unpacked(file)) if self.is_gzip else file

    def read(self, max_bytes: int) -> bytes:
        """All of the content.

        Raises:
            InputError: it is larger than `max_bytes`.
            OSError: it cannot be read.
        """
        with self.open() as file:
            data = file.read(max_bytes + 1)
        if len(data) > max_bytes:
            limit = max_bytes // 1_000_000
            raise InputError(
                f"is larger than {limit} MB; split it, or raise DATELINE_MAX_ARTICLE_MB", path=str(self.path)
            )
        return data


class _Unpacked(gzip.GzipFile):
    """Closes the file that it unpacks, too."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        super().__init__(fileobj=packed, mode="rb")

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._packed.close()


def open_inside(path: Path, root: Path) -> BinaryIO:
    """The file, opened only if it is a regular one and still within the folder that was given.

    Between the look at a folder and this, whoever may write there can have put a link or a pipe in its place.

    Raises:
        OSError: it cannot be opened, or is not what it was.
    """
    real = path.resolve(strict=True)
    if not real.is_relative_to(root):
        raise OSError(errno.EPERM, "became a link that leads out of the folder", str(path))
    # Opening a pipe would wait for its writer; neither flag exists on Windows.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    )
    file = os.fdopen(os.open(real, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EPERM, "became a device, pipe or socket", str(path))
    return file


def discover(paths: Sequence[Path]) -> Iterator[SourceFile | InputError]:
    """Every file at or below `paths`, sorted within each folder; what cannot be used as `InputError`."""
    seen: set[Path] = set()
    for given in paths:
        if not given.exists():
            yield InputError("no such file or folder; check the path", path=str(given))
            continue
        root = given.resolve() if given.is_dir() else given.resolve().parent
        found = _walk(root, root) if given.is_dir() else _file(given.resolve(), root)
        for item in found:
            if isinstance(item, SourceFile):
                if item.path in seen:
                    continue
                seen.add(item.path)
            yield item


def _walk(folder: Path, root: Path) -> Iterator[SourceFile | InputError]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield InputError(f"folder cannot be read: {error.strerror or error}", path=str(folder))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_symlink() and not _stays_inside(path, root):
            yield InputError("is a symbolic link that leads out of the folder; not followed", path=str(path))
        elif entry.is_dir():
            # A link to a folder inside the root would show its files twice, or loop.
            if not entry.is_symlink():
                yield from _walk(path, root)
        else:
            yield from _file(path, root)


def _file(path: Path, root: Path) -> Iterator[SourceFile | InputError]:
    try:
        mode = path.stat().st_mode
        path.name.encode("utf-8")
    except OSError as error:
        yield InputError(f"cannot be read: {error.strerror or error}", path=str(path))
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        reason = "the file's name is not valid UTF-8; rename it"
        if sys.getfilesystemencoding() != "utf-8":
            reason = (
                "the locale does not know the characters of the file's name; set LC_ALL=C.UTF-8, or rename it"
            )
        yield InputError(reason, path=shown)
    else:
        if stat.S_ISREG(mode):
            yield SourceFile(path, root, path.relative_to(root).as_posix())
        else:
            yield InputError("is not a regular file (a device, pipe or socket)", path=str(path))


def _stays_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False
