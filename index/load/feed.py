"""RSS and Atom files, read by feedparser: one article an entry, of what the feed holds of it.

Nothing is fetched: where a feed has summaries only, the summaries are the articles.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article
from .dates import Stated
from .discover import SourceFile
from .markup import plain_text

_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The article of each entry, and an `InputError` for each entry that holds none.

    Raises:
        InputError: the file is too large, or not a feed.
        OSError: it cannot be read.
    """
    import feedparser

    path = str(source.path)
    data = source.read(limits.max_bytes)
    if _ENTITY.search(data.replace(b"\0", b"")):
        raise InputError("declares entities of its own, as XML bombs do; not read", path=path)
    # A file object, never the bytes alone: those might be taken for an address to fetch.
    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=True, resolve_relative_uris=False)
    if not parsed.entries:
        reason = "is empty: the feed has no entries" if parsed.version else "is XML but no RSS or Atom feed"
        raise InputError(reason, path=path)
    notes: tuple[str, ...] = ()
    if parsed.bozo and "CharacterEncodingOverride" not in type(parsed.bozo_exception).__name__:
        notes = (f"the feed is not well formed: {str(parsed.bozo_exception)[:100]}",)
    publisher = _text(parsed.feed, "title")
    for number, entry in enumerate(parsed.entries, 1):
        try:
            yield _article(entry, source, number, publisher, notes)
        except InputError as error:
            yield InputError(f"entry {number} {error.reason}", path=path)


def _article(
    entry: Mapping[str, Any], source: SourceFile, number: int, publisher: str | None, notes: tuple[str, ...]
) -> Article:
    held = [item.get("value", "") for item in (entry.get("content", ()))]
    texts = [plain_text(markup) for markup in [*held, _text(entry, "summary") or ""]]
    text = max(texts, key=len)
    link = _text(entry, "link")
    url = link if link and re.match(r"https?://", link) else None
    if not text:
        raise InputError("has no text, neither content nor summary", path=str(source.path))
    return make_article(
        source,
        text,
        origin=_text(entry, "id") or url or f"{source.origin}#{number}",
        title=plain_text(_text(entry, "title") or "") or None,
        publisher=_text(entry.get("source", {}), "title") or publisher,
        author=_text(entry, "author"),
        url=url,
        stated=_stated(entry),
        notes=(*notes, *_updated(entry)),
        line=number,
    )


def _stated(entry: Mapping[str, Any]) -> tuple[Stated, ...]:
    published = _text(entry, "published")
    return (Stated(published, "feed published"),) if published else ()


def _updated(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """When an entry was last changed says not when it was published."""
    updated = _text(entry, "updated")
    return (f"no date of publication; last changed {updated}",) if updated and not _stated(entry) else ()


def _text(found: Mapping[str, Any], name: str) -> str | None:
    # Not `found.get`: feedparser answers some names with another field's value.
    value = dict.get(found, name) if isinstance(found, dict) else None
    return value.strip() or None if isinstance(value, str) else None
