"""Where HTML pages state their date of publication. Knows no format of dates.

Only what a page says of itself in its metadata counts; dates in the story, in its address or in
lists of other stories do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .dates import Stated

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "article.published",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dc.date", "pubdate",
    "publishdate", "publish-date", "publication_date", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
"""Names of `<meta>`, the most telling first."""
_DEEPEST = 6


def stated_dates(tree: HtmlElement) -> tuple[Stated, ...]:
    """The dates of publication that the page states, the most trusted first."""
    return (*_linked_data(tree), *_metas(tree), *_times(tree))


def _linked_data(tree: HtmlElement) -> Iterator[Stated]:
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            value = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for stated in _published_in(value, 0):
            yield Stated(stated, "JSON-LD datePublished")


def _published_in(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _published_in(item, depth + 1)
    elif isinstance(value, dict):
        if _is_story(value.get("@type")) and isinstance(value.get("datePublished"), str):
            yield value["datePublished"]
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _published_in(value.get(name), depth + 1)


def _is_story(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(str(name).endswith(("Article", "Posting", "WebPage", "Report")) for name in kinds)


def _metas(tree: HtmlElement) -> Iterator[Stated]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name in _NAMES and meta.get("content"):
            found.setdefault(name, meta.get("content"))
    for name in _NAMES:
        if name in found:
            yield Stated(found[name], f"meta {name}")


def _times(tree: HtmlElement) -> Iterator[Stated]:
    for element in tree.xpath("//time[@datetime and (@itemprop='datePublished' or @pubdate)]"):
        yield Stated(element.get("datetime"), "time datePublished")
