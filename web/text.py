"""Small pieces of text that several pages share: escaping, dates, addresses.

Knows nothing of answers or routes.
"""

from __future__ import annotations

import html
from datetime import date
from urllib.parse import quote, urlsplit


def escape(text: str) -> str:
    """Text for HTML, in content and in quoted attributes."""
    return html.escape(text, quote=True)


def markdown_proof(text: str) -> str:
    """Text for Gradio's message renderer: neither HTML, Markdown, LaTeX nor bare links survive in it.

    Every character but letters, digits, marks and spaces becomes a numeric reference. The renderer looks for
    syntax in the source and decodes references afterwards, so none of them can act as syntax. The controls from
    128 to 159 go as they are: as references, HTML would read them as other characters.
    """
    return "".join(c if _is_inert(c) else f"&#{ord(c)};" for c in text)


def _is_inert(c: str) -> bool:
    return c == " " or "\x80" <= c <= "\x9f" or (c.isalnum() and not c.isspace())


def storable(text: str) -> str:
    """Text that can be encoded: a lone surrogate, which JSON allows, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def long_date(iso: str | None) -> str | None:
    """`2016-08-17` as `17 August 2016`; None for none, and the text itself where it is no date."""
    if not iso:
        return None
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B} {day.year}"


def passage_address(article_id: str, start: int, end: int) -> str:
    """The stable address of a passage, relative to the server's root."""
    return f"/articles/{quote(article_id, safe='')}?start={start}&end={end}"


def web_address(url: str | None) -> str | None:
    """The URL if a reader may safely follow it: http and https only, never `javascript:`."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and parts.netloc else None
