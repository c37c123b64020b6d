"""An answer as the text of a chat message: its markers kept, nothing else of it markup, its sources below.

Chat clients show messages as Markdown. So what could become a link, an image or HTML is escaped, the
articles' words and a model's alike: only our own addresses are links.
"""

from __future__ import annotations

import re
from typing import Any

from index.records import Answer

from .export import escape_markdown
from .text import long_date, passage_address

# What begins a link, an image or HTML: but the brackets of a marker, and what would undo our own escapes.
_LIVE = re.compile(r"\[(?!\d{1,3}\])|[\\<]|(?<=\])[(:]|:(?=//)|(?<=\bwww)\.|@", re.IGNORECASE)
_LAST_WORD = re.compile(r"\S*$")
_MARKER = re.compile(r"\[(\d{1,3})\]")


class Plain:
    """Text that comes in pieces, made harmless. Holds back a word until it is seen how it ends."""

    def __init__(self) -> None:
        self.whole = ""
        self._held = ""

    def add(self, piece: str) -> str:
        text = self._held + piece
        last = _LAST_WORD.search(text)
        cut = last.start() if last else len(text)
        self._held = text[cut:]
        return self._give(text[:cut])

    def rest(self) -> str:
        held, self._held = self._held, ""
        return self._give(held)

    def _give(self, text: str) -> str:
        harmless = _LIVE.sub(r"\\\g<0>", text)
        self.whole += harmless
        return harmless


def sources(answer: Answer, base: str) -> str:
    """What follows the text: what a reader must know of it, and the list of sources."""
    cautions = [("Incomplete", answer.reason or "")] if answer.status == "incomplete" else []
    cautions += [("Not found in the articles", c.text) for c in answer.claims if c.support == "unverified"]
    cautions += [("Note", answer.notice)] if answer.notice else []
    parts = [f"\n\n{kind}: {escape_markdown(' '.join(told.split()))}" for kind, told in cautions]
    if answer.citations:
        parts.append("\n\nSources:")
    for citation in answer.citations:
        facts = [citation.title, citation.source, long_date(citation.published)]
        line = ", ".join(escape_markdown(" ".join(fact.split())) for fact in facts if fact)
        quote = escape_markdown(" ".join(citation.quote.split()))
        address = base.rstrip("/") + passage_address(citation.article_id, citation.start, citation.end)
        parts.append(f"\n[{citation.n}] {line}: “{quote}” <{address}>")
    return "".join(parts)


def url_citations(answer: Answer, text: str, base: str) -> list[dict[str, Any]]:
    """A `url_citation` for each marker of `text`, with the place of the marker."""
    by_number = {citation.n: citation for citation in answer.citations}
    found = []
    for match in _MARKER.finditer(text):
        citation = by_number.get(int(match[1]))
        if citation is None:
            continue
        address = base.rstrip("/") + passage_address(citation.article_id, citation.start, citation.end)
        place = {"start_index": match.start(), "end_index": match.end()}
        found.append(
            {"type": "url_citation", "url_citation": {"url": address, "title": citation.title} | place}
        )
    return found
