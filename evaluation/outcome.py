"""What came of asking one gold question: one line of a run's `results.jsonl`. Pure.

Answers are kept as the JSON of the contract, so that a run over HTTP and one in the process are the
same. Knows no gold and no scores.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class QuoteCheck:
    """What stands in the article where a citation points to."""

    verbatim: bool
    """Whether `article.text[start:end] == quote`, by the article as the assistant gives it out."""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Outcome:
    """An answer, or the error that came instead. `quotes` belong to the answer's citations, in order."""

    id: str
    fingerprint: str
    """Of the gold question that was asked: a result is not used again for another question."""
    answer: dict[str, Any] | None = None
    ranking: tuple[str, ...] | None = None
    """Article ids in the order in which their first passage was found; None where that is not told."""
    quotes: tuple[QuoteCheck, ...] = ()
    error: str | None = None
    milliseconds: float = 0.0
    judged: dict[str, Any] | None = None
    """What a judge model said, by name of the judgement; see `judge.py`."""

    @property
    def status(self) -> str:
        """The answer's status, or `error`."""
        return str(self.answer["status"]) if self.answer is not None else "error"

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return asdict(self)

    @staticmethod
    def from_dict(record: dict[str, Any]) -> Outcome:
        """The outcome of a line that `to_dict` made.

        Raises:
            KeyError, TypeError: the line is of another shape.
        """
        quotes = tuple(QuoteCheck(**quote) for quote in record["quotes"])
        ranking = None if record["ranking"] is None else tuple(record["ranking"])
        return Outcome(**{**record, "quotes": quotes, "ranking": ranking})
