"""What the command line prints for people: plain text, safe on any terminal. Knows no storage.

File names and articles may hold terminal escape sequences: everything shown goes through `plain`.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from .records import Answer, Article, Citation
from .relative_days import written

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)", re.DOTALL)
# C0 (but tab and newline), DEL, C1, and what reorders text: all can make a line say what it does not.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WIDEST = 100
_MOST_FAILURES = 20
"""More are counted, not listed."""


def plain(text: str) -> str:
    """The text without control characters; a replacement for what no encoding can write."""
    return _CONTROLS.sub("", _ESCAPES.sub("", text)).encode("utf-8", "replace").decode()


def answer_text(answer: Answer) -> str:
    """An answer with its numbered quotes, or, after a refusal, the passages that came nearest."""
    parts = [_wrap(answer.text), *(_wrap(line) for line in _cautions(answer))]
    parts += [_quote(f"[{citation.n}] ", citation.quote, _origin(citation)) for citation in answer.citations]
    if answer.related:
        parts.append("Related, not evidence:")
        parts += [_quote("-   ", related.quote, related.title) for related in answer.related]
    return "\n\n".join(parts)


def _cautions(answer: Answer) -> list[str]:
    """What must be known beside the text: cut short, made otherwise than meant, not borne out."""
    lines = [f"Incomplete: {answer.reason}"] if answer.status == "incomplete" else []
    lines += [f"Note: {answer.notice}"] if answer.notice else []
    doubtful = [claim.text for claim in answer.claims if claim.support == "unverified"]
    return lines + [f"Not found in the articles: {text}" for text in doubtful]


def article_text(article: Article) -> str:
    """An article with what is known about it."""
    known = [article.source, article.author, article.published, article.url]
    if article.published_from:
        known.append(f"(date from {article.published_from})")
    lines = [article.title, " · ".join(value for value in known if value), f"{article.id} · {article.origin}"]
    lines += [f"Note: {note}" for note in article.notes]
    return plain("\n".join(line for line in lines if line) + "\n\n" + article.text)


def removed_text(article: Article) -> str:
    """The lines that were taken off an article as boilerplate."""
    lines = article.removed or ("Nothing was taken off.",)
    return plain("\n".join([article.title, "", *lines]))


def article_lines(articles: Sequence[dict[str, Any]]) -> str:
    """One line an article: id, date, title, source."""
    width = max((len(article["id"]) for article in articles), default=0)
    lines = []
    for article in articles:
        source = f" ({article['source']})" if article["source"] else ""
        copy = f" [copy of {article['copy_of']}]" if article.get("copy_of") else ""
        line = (
            f"{article['id']:<{width}}  {article['published'] or '-':<10}  {article['title']}{source}{copy}"
        )
        lines.append(plain(line).replace("\n", " "))
    return "\n".join(lines) or "No articles yet. Add some: python -m index build PATH"


def report_text(report: dict[str, Any]) -> str:
    """The counts of a build, and each input that failed."""
    names = ("added", "updated", "unchanged", "duplicates", "removed")
    lines = [", ".join(f"{report[name]} {name}" for name in names) + f", {len(report['failed'])} failed"]
    for failure in report["failed"]:
        where = failure["path"] if failure["line"] is None else f"{failure['path']}, line {failure['line']}"
        lines.append(f"failed: {where}: {failure['reason']}".replace("\n", " "))
    return plain("\n".join(lines))


def status_text(status: dict[str, Any]) -> str:
    """The status, a line each."""
    dates = f"{status['from'] or '?'} to {status['to'] or '?'}"
    lines = [
        f"articles         {status['articles']} ({dates})"
        if status["from"]
        else f"articles         {status['articles']}",
        *([f"copies           {status['copies']} near-identical to another"] if status["copies"] else []),
        f"chunks           {status['chunks']}, {status['embedded']} embedded",
        f"sources          {', '.join(status['sources']) or '-'}",
        f"engine           {status['engine']}",
        f"embedding model  {status['embedding_model'] or '-'}",
        f"healthy          {'yes' if status['healthy'] else 'no: run `python -m index verify`'}",
    ]
    if status["failed"]:
        lines.append(f"failed           {status['failed']}, when they were last tried:")
    for failure in status["failures"][:_MOST_FAILURES]:
        where = failure["path"] if failure["line"] is None else f"{failure['path']}, line {failure['line']}"
        lines.append(f"  {failure['at'][:10]}  {where}: {failure['reason']}".replace("\n", " "))
    if status["failed"] > _MOST_FAILURES:
        lines.append(f"  … and {status['failed'] - _MOST_FAILURES} more: python -m index status --json")
    return plain("\n".join(lines))


def _origin(citation: Citation) -> str:
    known = [citation.title, citation.source, citation.published]
    on = f" on {written(citation.said_on)}" if citation.said_on else ""
    said = f"said by {citation.speaker}{on}" if citation.speaker else None
    days = [f"({day.words}: {written(day.date)})" for day in citation.days]
    names = [copy.source or copy.title for copy in citation.also_in]
    also = f"also in {', '.join(dict.fromkeys(names))}" if names else None
    return " · ".join(value for value in [*known, said, *days, also] if value)


def _quote(label: str, quote: str, origin: str) -> str:
    indent = " " * len(label)
    return _wrap(f"“{quote}”", label, indent) + "\n" + _wrap(origin, indent, indent)


def _wrap(text: str, first: str = "", indent: str = "") -> str:
    width = min(max(shutil.get_terminal_size((80, 24)).columns, 30), _WIDEST)
    wrapped = [
        textwrap.fill(line, width, initial_indent=first if not number else indent, subsequent_indent=indent)
        for number, line in enumerate(plain(text).split("\n"))
    ]
    return "\n".join(wrapped)
