"""What every loader ends with: a text and what its file says about it → an `Article`, cleaned.

Also the `Limits` that every loader is given. Knows no format.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..errors import InputError
from ..records import Article
from .clean import clean, split_title
from .dates import Stated, parse_stated
from .decode import composed
from .discover import SourceFile

MOST_LINES = 300_000
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}")
# What no article means to say, and what XML and some terminals cannot carry.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Limits:
    """How a file is to be read.

    `max_bytes` is the largest article. `fields` are the user's names for the fields of a record, as
    (our name, the file's name) pairs.
    """

    max_bytes: int
    fields: tuple[tuple[str, str], ...] = ()


Loader = Callable[[SourceFile, Limits], Iterator[Article | InputError]]


def make_article(
    source: SourceFile,
    text: str,
    *,
    origin: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    author: str | None = None,
    url: str | None = None,
    stated: tuple[Stated, ...] = (),
    notes: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
    line: int | None = None,
) -> Article:
    """The article, without boilerplate; its title from the first line where none is given.

    Args:
        source: the file it comes from.
        text: the whole text, in any Unicode; it is stored in NFC, without lone surrogates.
        origin: what names the article for ever; default the file's.
        title, publisher, author, url: as the file states them, if it does.
        stated: dates of publication as the file states them, the most trusted first.
        notes: what a reader should know about the loading.
        removed: what the loader itself took off, such as running heads.
        line: the record's line, for the message.

    Raises:
        InputError: there is no text in it, or no text that is an article's.
    """
    if text.count("\n") > MOST_LINES:
        raise InputError(
            f"has more than {MOST_LINES:,} lines, which is no article; split it",
            path=str(source.path),
            line=line,
        )
    body, furniture = clean(valid(text))
    title = one_line(title)
    if title is None:
        title, body = split_title(body)
    elif body.partition("\n")[0].strip() == title:
        # Pages repeat their title above the story; a page of nothing else keeps it.
        body = body.partition("\n")[2].strip() or body
    if not body:
        raise InputError("has an empty text" if line else "is empty", path=str(source.path), line=line)
    origin = origin or source.origin
    published, published_from, date_notes = parse_stated(stated)
    return Article(
        id=article_id(origin, named=origin != source.origin),
        origin=origin,
        text=body,
        title=title or (opening(body) if line else valid(source.stem)),
        source=one_line(publisher),
        author=one_line(author),
        url=one_line(url),
        published=published,
        published_from=published_from,
        removed=(*removed, *furniture),
        notes=(*notes, *date_notes),
    )


def article_id(origin: str, *, named: bool) -> str:
    """The origin itself where its source chose it (`named`) and it is fit for an address; else its hash."""
    if named and _SAFE_ID.fullmatch(origin):
        return origin
    return hashlib.sha256(origin.encode()).hexdigest()[:16]


def valid(text: str) -> str:
    """NFC, and without lone surrogates: escapes in JSON and HTML can spell both after decoding."""
    return composed(text.encode("utf-8", "replace").decode("utf-8"))


def printable(text: str) -> str:
    """The text without control characters, which parsers of foreign formats stumble over."""
    return _CONTROL.sub("", text)


def one_line(value: str | None) -> str | None:
    """The value on one line; None where there is nothing in it."""
    return " ".join(valid(value).split()) or None if value else None


def opening(text: str) -> str:
    """The first words of a text, to name an article that has no title."""
    words = text[:80].split()
    return " ".join(words[:8]) + " …" if len(words) > 8 else " ".join(words)
