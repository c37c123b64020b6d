"""The page behind a citation's stable address: the whole article, the passage marked and scrolled to.

Plain HTML with one stylesheet and one small script of our own, no Gradio. Knows nothing of how the article
was found. Every part of an article is hostile and is escaped here.
"""

from __future__ import annotations

from index.records import Article, Span
from index.relative_days import relative_days, written

from .text import escape, long_date, web_address

PAGE_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} · Dateline</title>
<link rel="icon" href="/ui/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/ui/article.css">
{extra}
</head>
<body>
<header><a href="/">Dateline</a></header>
<main>
{body}
</main>
</body>
</html>
"""


def passage_span(start: str | None, end: str | None, length: int) -> Span | None:
    """The span that an address asks for, or None if it asks for none that exists.

    Addresses are typed, cut and pasted: reversed offsets are turned round, those beyond the text are cut.
    """
    try:
        low, high = sorted((int(start or ""), int(end or "")))
    except ValueError:
        return None
    low, high = max(low, 0), min(high, length)
    return (low, high) if low < high else None


def article_html(article: Article, start: str | None, end: str | None) -> str:
    """The whole page."""
    span = passage_span(start, end, len(article.text))
    notice = ""
    if span is None and (start is not None or end is not None):
        notice = '<p class="notice">The address names no passage of this article, so none is marked.</p>'
    head = f"<h1>{escape(article.title)}</h1>\n{_byline(article)}{notice}{_days(article, span)}"
    body = f"{head}\n{_text(article.text, span)}"
    return framed(article.title, body, "/ui/article.js")


def missing_html() -> str:
    """The page for an article that is not there."""
    body = (
        "<h1>No such article</h1>\n"
        "<p>It may have been removed from the index since this address was made.</p>\n"
        '<p><a href="/">Ask Dateline</a></p>'
    )
    return framed("No such article", body)


def framed(title: str, body: str, extra: str = "") -> str:
    """A page of ours around HTML that is safe already, with one more stylesheet or script of ours."""
    loads = {
        ".js": f'<script src="{extra}" defer></script>',
        "css": f'<link rel="stylesheet" href="{extra}">',
    }
    return _FRAME.format(title=escape(title), body=body, extra=loads.get(extra[-3:], ""))


def _byline(article: Article) -> str:
    parts = [escape(part) for part in (article.source, article.author) if part]
    day = long_date(article.published)
    if day:
        parts.append(f'<time datetime="{escape(article.published or "")}">{escape(day)}</time>')
    url = web_address(article.url)
    if url:
        parts.append(f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">Original</a>')
    return f'<p class="byline">{" · ".join(parts)}</p>\n' if parts else ""


def _days(article: Article, span: Span | None) -> str:
    """What "on Tuesday" in the passage means: beside it, never within."""
    days = relative_days(article.text, *span, article.published) if span else ()
    said = "; ".join(f"“{day.words}” is {written(day.date)}" for day in days)
    return f'<p class="days">In the passage, {escape(said)}.</p>' if said else ""


def _text(text: str, span: Span | None) -> str:
    if span is None:
        inner = escape(text)
    else:
        start, end = span
        marked = f'<mark id="passage" tabindex="-1">{escape(text[start:end])}</mark>'
        inner = escape(text[:start]) + marked + escape(text[end:])
    # One run of preserved text, not paragraphs: a passage may cross them, and nothing of it may change.
    return f'<div class="article-text">{inner}</div>'
