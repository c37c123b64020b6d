"""An assistant that says nothing but hostile strings, in every field that an answer has. Holds no tests.

Stands where the real one does, so that all of the front end is the real one. Asked for `answer 3`,
`silence 3` or `error 3` it speaks batch 3; anything else gets a harmless answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from index.errors import DatelineError
from index.records import (
    Answer,
    AnswerReady,
    Article,
    Citation,
    Claim,
    Copy,
    Delta,
    Event,
    Filters,
    Passage,
    PassagesFound,
    Related,
    Turn,
)

HARMLESS = "All is quiet. [1]"
ARTICLE = "batch-"


class Parrot:
    """Speaks these batches of strings."""

    def __init__(self, batches: Sequence[Sequence[str]]) -> None:
        self._batches = batches
        self.kept: list[Any] = []

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        kind, _, number = question.partition(" ")
        if not number.isdigit():
            yield AnswerReady(replace(answer_of(["quiet"]), question=question, text=HARMLESS))
            return
        strings = self._batches[int(number)]
        if kind == "error":
            raise DatelineError("\n".join(strings))
        yield PassagesFound(tuple(_passage(s) for s in strings))
        for string in strings:
            yield Delta(f"{string}\n\n")
        whole = answer_of(strings, article_id=f"{ARTICLE}{number}")
        yield AnswerReady(_declined(whole) if kind == "silence" else whole)

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        *_, last = self.ask(question, history, filters)
        assert isinstance(last, AnswerReady)
        return last.answer

    def article(self, article_id: str) -> Article | None:
        number = article_id.removeprefix(ARTICLE)
        if number.isdigit():
            strings, line = self._batches[int(number)], " ".join(self._batches[int(number)])
            return Article(article_id, line, "\n".join(strings), line, line, line, line, line)
        found = [s for batch in self._batches for s in batch if s == article_id]
        return Article(found[0], *found * 4, url=found[0]) if found else None  # type: ignore[misc]

    def status(self) -> dict[str, Any]:
        line = " ".join(s for batch in self._batches for s in batch)
        return {"articles": 1, "from": line, "to": line, "engine": line, "sources": [line]}

    def examples(self, n: int) -> list[str]:
        return [" ".join(batch) for batch in self._batches[:n]]

    def add_feedback(self, question: str, answer: dict[str, Any], rating: str, comment: str | None) -> int:
        self.kept.append((question, answer, rating, comment))
        return len(self.kept)


def answer_of(strings: Sequence[str], *, article_id: str = "") -> Answer:
    """An answer with each of the strings in each of its fields."""
    return Answer(
        question="\n".join(strings), standalone_question=" ".join(strings), status="incomplete",
        reason="\n".join(strings), verdict=None, confidence=0.5, text="\n\n".join(strings),
        claims=tuple(Claim(s, (), "unverified") for s in strings),
        citations=tuple(_citation(n, s, article_id or s) for n, s in enumerate(strings, 1)),
        related=tuple(Related(s, s, s, 0, 1, 0.5) for s in strings), engine=" ".join(strings),
    )  # fmt: skip


def _declined(answer: Answer) -> Answer:
    return replace(answer, status="not_in_corpus", claims=(), citations=())


def _citation(number: int, string: str, article_id: str) -> Citation:
    return Citation(
        number, article_id, string, string, string, string, string, 0, len(string), string,
        (Copy(string, string, string, string, string),),
    )  # fmt: skip


def _passage(string: str) -> Passage:
    return Passage(0, string, string, string, string, string, string, 0, len(string), ())
