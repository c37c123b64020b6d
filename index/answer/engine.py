"""What every engine is given and gives back; and the engine that needs no model, behind that protocol.

Knows neither retrieval nor storage: passages and articles come in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..parts import FoundPart
from ..question import Question
from ..records import Article, Delta, Draft, Passage, Turn
from ..windows import ReadsWindows
from . import followup, quotes
from .followup import StandAlone


@dataclass(frozen=True)
class Task:
    """A question with what was found for it. `articles` holds every passage's article, whole."""

    question: Question
    passages: Sequence[Passage]
    articles: dict[str, Article]
    about: StandAlone
    similar_alone: Callable[[Sequence[str]], list[float]]
    reader: ReadsWindows | None = None
    parts: Sequence[FoundPart] = ()
    """What was found for each part of a question that has several; of the same passages."""


class Work(Protocol):
    """An engine's work on one question. Closing a generator ends what it waits for."""

    def stand_alone(self, question: str, history: Sequence[Turn]) -> Generator[Delta, None, StandAlone]:
        """The question as it would be asked without the conversation before it."""
        ...

    def draft(self, task: Task) -> Generator[Delta, None, Draft]:
        """The answer's text as it comes, and at the end the draft, to be checked."""
        ...


class Engine(Protocol):
    """Passages → a draft. Threads may share it."""

    @property
    def name(self) -> str: ...

    @property
    def problem(self) -> str | None:
        """Why it failed when it was last asked, in words for users; None if it did not."""
        ...

    def begin(self) -> Work: ...

    def close(self) -> None: ...


class QuotesEngine:
    """Answers in the articles' own sentences. Needs nothing, and so does not fail."""

    name = quotes.NAME
    problem: str | None = None

    def __init__(self, *, most_quotes: int, threshold: float) -> None:
        self._most_quotes = most_quotes
        self._threshold = threshold

    def begin(self) -> Work:
        return self

    def close(self) -> None:
        """Holds nothing."""

    def stand_alone(self, question: str, history: Sequence[Turn]) -> Generator[Delta, None, StandAlone]:
        yield from ()
        return followup.stand_alone(question, history)

    def draft(self, task: Task) -> Generator[Delta, None, Draft]:
        yield from ()
        return self.quotes(task)

    def quotes(self, task: Task) -> Draft:
        """The draft at once."""
        return quotes.draft(
            task.question,
            task.passages,
            task.articles,
            about=task.about,
            similar_alone=task.similar_alone,
            most_quotes=self._most_quotes,
            threshold=self._threshold,
            reader=task.reader,
            parts=task.parts,
        )
