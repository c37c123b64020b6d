"""HTML pages: the story as trafilatura finds it, and what the page states about it.

Scripts, menus, comments and hidden text stay behind. The date is the one the page states in its
metadata (`page_date`); trafilatura's own search, which guesses from addresses and text, is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article, printable
from .decode import decode, encoding_note
from .discover import SourceFile
from .page_date import stated_dates

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNREAD = {"script", "style", "noscript", "template", "iframe", "object", "svg"}
_NEVER_HIDDEN = {"html", "body", "main", "article"}
"""A page may hide itself until its scripts have run."""


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The one article of the page.

    Raises:
        InputError: the page is too large, not text, or holds no story.
        OSError: it cannot be read.
    """
    import trafilatura

    data = source.read(limits.max_bytes)
    html, encoding = _decode(data, str(source.path))
    tree = trafilatura.load_html(printable(html))
    if tree is None:
        raise InputError("holds no HTML that could be read", path=str(source.path))
    stated = stated_dates(tree)
    known = trafilatura.extract_metadata(tree, date_config={"url": None, "extensive_search": False})
    body = story(tree)
    if not body:
        raise InputError("has no story that could be found in the page", path=str(source.path))
    url = _canonical(tree)
    yield make_article(
        source,
        body,
        origin=url,
        title=known.title,
        publisher=known.sitename,
        author=known.author,
        url=url,
        stated=stated,
        notes=encoding_note(encoding),
    )


def story(tree: HtmlElement) -> str:
    """The paragraphs of the story, with a blank line between; "" where none is found. Changes the tree."""
    import trafilatura

    _drop_hidden(tree)
    text = trafilatura.extract(tree, output_format="txt", include_comments=False, include_tables=True)
    return "\n\n".join(line.strip() for line in (text or "").split("\n") if line.strip())


def _drop_hidden(tree: HtmlElement) -> None:
    hidden = [
        element
        for element in tree.iter()
        if isinstance(element.tag, str) and element.tag not in _NEVER_HIDDEN and _is_hidden(element)
    ]
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    return (
        element.tag in _UNREAD
        or "hidden" in element.attrib
        or bool(_HIDING_STYLE.search(element.get("style", "")))
    )


def _canonical(tree: HtmlElement) -> str | None:
    """The page's own address, if it states an absolute one."""
    found = tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    for address in found:
        if re.match(r"https?://[^/\s]+/\S", str(address).strip()):
            return str(address).strip()
    return None


def _decode(data: bytes, path: str) -> tuple[str, str]:
    try:
        return decode(data, path=path) if not _charset(data) else _declared(data, path)
    except LookupError:
        return decode(data, path=path)


def _declared(data: bytes, path: str) -> tuple[str, str]:
    """By the encoding that the page names, if it is not UTF-8 and that fits; pages often lie."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        name = str(_charset(data))
        try:
            return decode(data.decode(name).encode("utf-8", "replace"), path=path)[0], name
        except UnicodeDecodeError:
            pass
    return decode(data, path=path)


def _charset(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4096])
    name = found[1].decode().lower() if found else None
    # Browsers, too, read Latin-1 as Windows' extension of it.
    return "cp1252" if name in {"iso-8859-1", "latin1", "us-ascii"} else name
