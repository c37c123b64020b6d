"""A model's text as it streams → deltas that can be shown: markers whole or not at all. Pure.

Holds back what may become a marker, renumbers markers 1.. in order of appearance and says which passage
each names; drops those that name none, and what a model thinks aloud before it answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..records import Citation, Delta, Passage

_MARKER = re.compile(r"(\s*)\[(?:passages? ?|sources? ?)?(\d[\d\s,;–-]{0,30})\]", re.IGNORECASE)
_UNFINISHED = re.compile(r"\s*\[[a-z\d\s,;–-]{0,40}$|\s+$", re.IGNORECASE)
_THOUGHT = re.compile(r"\s*<think>.*?(?:</think>\s*|\Z)", re.DOTALL)
_OPEN = "<think>"


def without_thoughts(text: str) -> str:
    """The text without what stands between `<think>` and `</think>` at its beginning."""
    return _THOUGHT.sub("", text, count=1) if text.lstrip().startswith(_OPEN) else text


class Markers:
    """Takes the pieces of one answer in order."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._numbers: dict[int, int] = {}
        self._held = ""
        self._thinking: bool | None = None
        """None until enough is read to tell."""

    def add(self, piece: str) -> Delta | None:
        """What can be shown now, or None."""
        self._held += piece
        if self._thinking is not False and not self._thought_over():
            return None
        unfinished = _UNFINISHED.search(self._held)
        cut = unfinished.start() if unfinished else len(self._held)
        return self._show(cut)

    def rest(self) -> Delta | None:
        """What was held back to the end; an unfinished marker is left out."""
        unfinished = _UNFINISHED.search(self._held)
        return None if self._thinking else self._show(unfinished.start() if unfinished else len(self._held))

    def _thought_over(self) -> bool:
        begun = self._held.lstrip()
        if not begun.startswith(_OPEN):
            self._thinking = None if _OPEN.startswith(begun) else False
            return self._thinking is False
        self._thinking = "</think>" not in begun
        if self._thinking:
            return False
        self._held = without_thoughts(self._held)
        self._thinking = False
        return True

    def _show(self, cut: int) -> Delta | None:
        text, self._held = self._held[:cut], self._held[cut:]
        cited: dict[int, Citation] = {}

        def renumbered(match: re.Match[str]) -> str:
            named = [int(n) for n in re.findall(r"\d{1,4}", match[2])]
            found = [self._citation(n) for n in dict.fromkeys(named) if 1 <= n <= len(self._passages)]
            cited.update((citation.n, citation) for citation in found)
            return match[1] + "".join(f"[{citation.n}]" for citation in found) if found else ""

        shown = _MARKER.sub(renumbered, text)
        return Delta(shown, tuple(cited.values()), checked=False) if shown else None

    def _citation(self, passage_number: int) -> Citation:
        passage = self._passages[passage_number - 1]
        n = self._numbers.setdefault(passage_number, len(self._numbers) + 1)
        return Citation(
            n=n,
            article_id=passage.article_id,
            title=passage.title,
            source=passage.source,
            published=passage.published,
            url=passage.url,
            quote=passage.text,
            start=passage.start,
            end=passage.end,
        )
