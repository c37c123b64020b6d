"""Which loader reads which file, and what becomes of what it raises. Runs in a child process, too.

A new format is one module with a `load` function and one line in `LOADERS`. If a parser that is not
ours reads it, name it in `FOREIGN` as well: it is then read in a child process with limits.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from ..errors import InputError
from ..records import Article
from . import archive, csv_file, docx, feed, json_file, jsonl, markdown, page, pdf, text
from .article import Limits, Loader
from .discover import SourceFile

LOADERS: dict[str, Loader] = {
    ".txt": text.load,
    ".md": markdown.load,
    ".html": page.load,
    ".htm": page.load,
    ".pdf": pdf.load,
    ".docx": docx.load,
    ".json": json_file.load,
    ".jsonl": jsonl.load,
    ".csv": csv_file.load,
    ".xml": feed.load,
    ".rss": feed.load,
    ".atom": feed.load,
}
ARCHIVE = ".zip"
LINE_FORMATS = {".txt", ".md", ".json", ".jsonl", ".csv"}
"""What may be packed with gzip: news.jsonl.gz."""
ROLLING = {".xml", ".rss", ".atom"}
"""A feed shows its newest entries only: what it shows no more is old, not gone."""
FOREIGN = {".md", ".html", ".htm", ".pdf", ".docx", ".json", ".xml", ".rss", ".atom", ".zip"}
"""What a few bytes can blow up, or crash: read in a child process."""


MOST_ERRORS = 1000
"""Errors of one file that are listed one by one."""


def is_foreign(source: SourceFile) -> bool:
    """Whether the file must be read in a child process."""
    return source.suffix in FOREIGN or source.is_gzip


def problem_with(source: SourceFile) -> InputError | None:
    """Why no loader reads files of this kind; None where one does."""
    suffix = source.suffix
    if source.is_gzip and suffix not in LINE_FORMATS:
        return InputError(
            f"is packed with gzip; that is read of {', '.join(sorted(LINE_FORMATS))} only, so unpack it",
            path=str(source.path),
        )
    if suffix in LOADERS or suffix == ARCHIVE:
        return None
    kind = f"files of type {suffix}" if suffix else "files without an ending"
    known = ", ".join(sorted([*LOADERS, ARCHIVE]))
    return InputError(f"{kind} cannot be read; these can: {known}", path=str(source.path))


def load_here(
    source: SourceFile,
    limits: Limits,
    *,
    start: int = 0,
    begin: Callable[[int, str], None] = lambda number, path: None,
) -> Iterator[Article | InputError]:
    """The articles of one file, read in this process.

    Args:
        source: the file, or a member of an archive.
        limits: how it is to be read.
        start: the member to start with, of an archive.
        begin: told the number and path of each member of an archive, before it is read.
    """
    path = str(source.path)
    if problem := problem_with(source):
        yield problem
        return
    items = (
        _members(source, limits, start, begin)
        if source.suffix == ARCHIVE
        else LOADERS[source.suffix](source, limits)
    )
    try:
        yield from _told(items, path, begun_before=start > 0)
    except InputError as error:
        yield error if error.path else InputError(error.reason, path=path)
    except (EOFError, zlib.error) as error:
        yield InputError(f"is cut off or damaged: {error}", path=path)
    except OSError as error:
        yield InputError(f"cannot be read: {error.strerror or error}", path=path)


def _told(
    items: Iterator[Article | InputError], path: str, *, begun_before: bool
) -> Iterator[Article | InputError]:
    """The items, but of a flood of errors only the first and their number: a report is read by people."""
    found, errors = begun_before, 0
    for item in items:
        found = True
        errors += isinstance(item, InputError)
        if isinstance(item, Article) or errors <= MOST_ERRORS:
            yield item
    if not found:
        yield InputError("holds no articles", path=path)
    if errors > MOST_ERRORS:
        yield InputError(f"{errors - MOST_ERRORS:,} more parts of it cannot be read; not listed", path=path)


def _members(
    source: SourceFile, limits: Limits, start: int, begin: Callable[[int, str], None]
) -> Iterator[Article | InputError]:
    for number, member in archive.members(source, limits, start=start):
        begin(number, str(source.path) if isinstance(member, InputError) else str(member.path))
        if isinstance(member, InputError):
            yield member
        else:
            yield from load_here(member, limits)
