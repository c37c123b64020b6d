"""What is indexed, on a page: how much, from when to when, by source, how far embedding is, what failed and why.

Plain HTML with one stylesheet of our own, no script. Knows nothing of how the figures are found. Names of
sources and files are hostile and are escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from .article_page import PAGE_CSP, framed
from .contract import AssistantLike
from .text import escape, long_date
from .timeline import bars, svg

MOST_SOURCES = 40
MOST_FAILURES = 100


def status_routes(assistant: AssistantLike, *, names_failures: bool) -> APIRouter:
    """The page at `/status`. `names_failures`: whether readers may see which files failed."""
    router = APIRouter(include_in_schema=False)

    @router.get("/status")
    def page() -> HTMLResponse:
        html = status_html(assistant.status(), assistant.holdings(), names_failures=names_failures)
        return HTMLResponse(html, headers={"Content-Security-Policy": PAGE_CSP})

    return router


def status_html(status: dict[str, Any], holdings: dict[str, Any], *, names_failures: bool) -> str:
    """The whole page, from what `Assistant.status` and `Assistant.holdings` say."""
    count = status["articles"]
    parts = ["<h1>What is indexed</h1>", _figures(status)]
    if count:
        parts += [_timeline(holdings["by_day"], count), _sources(holdings["by_source"])]
    else:
        parts.append("<p>No articles yet. Add some: <code>python -m index build FOLDER</code></p>")
    parts.append(_failures(holdings["failures"], named=names_failures))
    return framed("What is indexed", "\n".join(parts), "/ui/status.css")


def _figures(status: dict[str, Any]) -> str:
    first, last = long_date(status["from"]), long_date(status["to"])
    dates = "no article states a date" if not first else first if first == last else f"{first} to {last}"
    copies = status.get("copies") or 0
    rows = [
        (
            "Articles",
            f"{status['articles']:,}" + (f", {copies:,} of them reprints of another" if copies else ""),
        ),
        ("Published", dates),
        ("Embedded", _embedded(status)),
        ("Answers by", _engine(str(status["engine"]))),
        ("Embedding model", str(status["embedding_model"] or "none yet")),
    ]
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in rows)
    return f'<dl class="figures">{items}</dl>{_progress(status)}'


def _embedded(status: dict[str, Any]) -> str:
    chunks, embedded = status["chunks"], status["embedded"]
    if embedded >= chunks:
        return f"all {chunks:,} passages"
    return f"{embedded:,} of {chunks:,} passages ({embedded * 100 // chunks} %); the others are found by their words"


def _progress(status: dict[str, Any]) -> str:
    if status["embedded"] >= status["chunks"]:
        return ""
    return (
        f'<progress max="{status["chunks"]}" value="{status["embedded"]}" aria-label="Passages embedded">'
        "</progress>"
    )


def _engine(engine: str) -> str:
    return (
        "quotes, in the articles’ own sentences"
        if engine == "quotes"
        else f"{engine}, checked against the articles"
    )


def _timeline(by_day: Sequence[tuple[str, int]], count: int) -> str:
    shown = bars(by_day)
    if not shown:
        return ""
    undated = count - sum(n for _, n in by_day)
    note = f'<p class="note">{undated:,} without a date are not shown.</p>' if undated else ""
    rows = "".join(
        f"<tr><td>{escape(bar.label)}</td><td>{bar.count:,}</td></tr>" for bar in shown if bar.count
    )
    table = (
        '<details><summary>As a table</summary><table><thead><tr><th scope="col">Published</th>'
        f'<th scope="col">Articles</th></tr></thead><tbody>{rows}</tbody></table></details>'
    )
    return f'<h2 id="over-time">Articles over time</h2>{svg(shown)}{note}{table}'


def _sources(by_source: Sequence[dict[str, Any]]) -> str:
    rows = []
    for entry in by_source[:MOST_SOURCES]:
        days = [f'<span class="day">{escape(day)}</span>' for day in (entry["from"], entry["to"]) if day]
        span = " to ".join(dict.fromkeys(days)) or "undated"
        name = escape(entry["source"]) if entry["source"] else "<em>no source named</em>"
        rows.append(f"<tr><td>{name}</td><td>{entry['articles']:,}</td><td>{span}</td></tr>")
    rest = by_source[MOST_SOURCES:]
    more = (
        f'<p class="note">And {len(rest):,} smaller sources with {sum(e["articles"] for e in rest):,} articles.</p>'
        if rest
        else ""
    )
    return (
        '<h2>By source</h2><table><thead><tr><th scope="col">Source</th><th scope="col">Articles</th>'
        f'<th scope="col">Published</th></tr></thead><tbody>{"".join(rows)}</tbody></table>{more}'
    )


def _failures(failures: Sequence[dict[str, Any]], *, named: bool) -> str:
    if not failures:
        return "<h2>Not indexed</h2><p>Nothing failed when it was last tried.</p>"
    inputs = "1 input" if len(failures) == 1 else f"{len(failures):,} inputs"
    said = f"<h2>Not indexed</h2><p>{inputs} could not be read when last tried; the rest is indexed."
    if not named:
        return said + " <code>python -m index status</code> says which and why.</p>"
    rows = []
    for entry in failures[:MOST_FAILURES]:
        line = f", line {entry['line']}" if entry["line"] else ""
        rows.append(
            f"<li><b>{escape(entry['name'] + line)}</b> {escape(entry['reason'])} "
            f'<span class="when">{escape(entry["at"][:16].replace("T", " "))} UTC</span></li>'
        )
    rest = len(failures) - MOST_FAILURES
    more = (
        f'<p class="note">And {rest:,} more: <code>python -m index status --json</code></p>'
        if rest > 0
        else ""
    )
    return f'{said}</p><ul class="failures">{"".join(rows)}</ul>{more}'
