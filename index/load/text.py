"""Plain text files: one article a file. The headline is the title where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article
from .decode import decode, encoding_note
from .discover import SourceFile


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The one article of the file.

    Raises:
        InputError: the file is empty, too large, or not text.
        OSError: it cannot be read.
    """
    text, encoding = decode(source.read(limits.max_bytes), path=str(source.path))
    yield make_article(source, text, notes=encoding_note(encoding))
