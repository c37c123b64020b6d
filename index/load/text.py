"""Plain text files: one article a file. The headline is the title where there is one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..errors import InputError
from ..records import Article
from .clean import clean, split_title
from .decode import decode
from .discover import SourceFile


def load(source: SourceFile, *, max_bytes: int) -> Iterator[Article | InputError]:
    """The one article of the file.

    Raises:
        InputError: the file is empty, too large, or not text.
        OSError: it cannot be read.
    """
    path = str(source.path)
    with source.path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        limit = max_bytes // 1_000_000
        raise InputError(f"is larger than {limit} MB; split it, or raise DATELINE_MAX_ARTICLE_MB", path=path)
    text, encoding = decode(data, path=path)
    body, removed = clean(text)
    title, body = split_title(body)
    if not body:
        raise InputError("is empty", path=path)
    yield Article(
        id=hashlib.sha256(source.origin.encode()).hexdigest()[:16],
        origin=source.origin,
        text=body,
        title=title or source.path.stem,
        removed=removed,
        notes=() if encoding == "utf-8" else (f"read as {encoding}",),
    )
