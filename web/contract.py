"""What the front end needs from an assistant, and no more.

A protocol, so that nothing here imports the pipeline; mypy checks `index.Assistant` against it in app.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol

from index.records import Answer, Article, Event, Filters, Turn

Rating = Literal["up", "down"]

MAX_TURNS = 20
"""Turns of a conversation that are kept and sent along: later questions rarely refer further back."""


class AssistantLike(Protocol):
    """The part of `Assistant` that the front end calls. Every method may block."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]: ...

    def answer(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Answer: ...

    def article(self, article_id: str) -> Article | None: ...

    def status(self) -> dict[str, Any]: ...

    def newest(self, most: int) -> list[dict[str, Any]]: ...

    def holdings(self) -> dict[str, Any]: ...

    def examples(self, n: int) -> list[str]: ...

    def add_feedback(
        self,
        question: str,
        answer: dict[str, Any],
        rating: Rating,
        comment: str,
        *,
        replaces: int | None = None,
    ) -> int: ...
