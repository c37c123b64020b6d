"""What a reader of sentences is shown, and what is asked of it. Knows no reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_WORDS = 95
"""Of a window, if it has more than one sentence: the bundled reader was trained on no longer ones."""


@dataclass(frozen=True)
class Window:
    """Sentences of one passage in their order, and their article's title."""

    title: str
    sentences: tuple[str, ...]


class ReadsWindows(Protocol):
    """Reads sentences beside a question or a claim."""

    def __call__(self, asked: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each sentence of each window, the log odds that it answers the question, or bears the claim out,
        against that none there does."""
        ...
