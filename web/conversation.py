"""One visitor's turns, kept on the server.

The history that goes with a question comes from here, never from the page: what a browser sends back
can be forged. Knows nothing of how turns are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from index.records import Answer, Citation, Filters, Turn

from .contract import MAX_TURNS, Rating

MAX_SHOWN_TURNS = 50
"""Older turns leave the page: a conversation's memory stays bounded."""


@dataclass
class Exchange:
    """A question and what came of it so far."""

    question: str
    filters: Filters | None = None
    """Which articles might be used."""
    text: str = ""
    """The answer's text as far as it has come."""
    passages: dict[int, Citation] = field(default_factory=dict)
    """Where the markers of that text lead, while it is not checked yet."""
    checked: bool = True
    """Whether that text was checked against the articles before it came."""
    progress: str = "Searching the articles…"
    answer: Answer | None = None
    problem: str | None = None
    """Why there is no whole answer, in words for the visitor."""
    stopped: bool = False
    feedback: int | None = None
    """Where the visitor's rating of this answer is kept."""
    comment: str = ""

    @property
    def running(self) -> bool:
        return self.answer is None and self.problem is None and not self.stopped


@dataclass
class Conversation:
    """The exchanges of one browser tab, oldest first."""

    exchanges: list[Exchange] = field(default_factory=list)
    rated: tuple[int, Rating] | None = None
    """Exchange and rating that the comment box belongs to."""

    def begin(self, question: str, filters: Filters | None = None) -> Exchange:
        """A new exchange. Whatever still ran is stopped: its results no longer count."""
        self.stop()
        exchange = Exchange(question, filters)
        self.exchanges.append(exchange)
        del self.exchanges[:-MAX_SHOWN_TURNS]
        self.rated = None
        return exchange

    def stop(self) -> None:
        for exchange in self.exchanges:
            if exchange.running:
                exchange.stopped = True

    def running_question(self) -> str | None:
        return next((e.question for e in self.exchanges if e.running), None)

    def take_last(self) -> str:
        """Removes the last exchange and returns its question, to be asked again or edited."""
        return self.take_from(len(self.exchanges) - 1)

    def take_from(self, number: int) -> str:
        """Removes that exchange and those after it, which follow from it, and returns its question."""
        if not 0 <= number < len(self.exchanges):
            return ""
        self.stop()
        self.rated = None
        question = self.exchanges[number].question
        del self.exchanges[number:]
        return question

    def clear(self) -> None:
        self.stop()
        self.exchanges.clear()
        self.rated = None

    def history(self) -> list[Turn]:
        """The answered turns, for the assistant to understand a follow-up by."""
        turns = [(e.question, e.answer.text) for e in self.exchanges if e.answer is not None]
        return turns[-MAX_TURNS:]
