"""What went wrong with a question, in words, and how bad it is: what the report sorts and shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .gold import GoldQuestion
from .marks import FIRST_QUOTES, Marks
from .outcome import Outcome


@dataclass(frozen=True)
class Finding:
    """`label` is one of few, to filter by; `reasons` say more; a higher `severity` is worse."""

    label: str
    severity: float
    reasons: tuple[str, ...] = ()


def find(question: GoldQuestion, outcome: Outcome, marks: Marks) -> Finding:
    """The finding of one question. Among equals, the surer answer is worse, or the surer refusal."""
    if outcome.error is not None:
        return Finding("error", 8, (outcome.error,))
    if not marks["finished"]:
        reason = str((outcome.answer or {}).get("reason") or "")
        return Finding("incomplete", 7, (f"The answer was not finished. {reason}".strip(),))
    confidence = marks["confidence"] or 0.0
    if any(not quote.verbatim for quote in outcome.quotes):
        return Finding("quote altered", 9, ("A quote does not stand in its article as it is shown.",))
    if not question.answerable:
        if marks["answered"]:
            said = f"Answered, with confidence {confidence:.2f}, though the articles do not say."
            return Finding("answered, has no answer", 5 + confidence, (said,))
        return Finding("right", 0)
    if not marks["answered"]:
        said = f"Declined, with confidence {confidence:.2f}, though the articles answer."
        return Finding("declined, has an answer", 3 + (1 - confidence), (said, *_found(question, outcome)))
    reasons = _wrong(question, outcome, marks)
    if marks["right"] == 0:
        return Finding("wrong", 4 + confidence, reasons)
    if marks["right"] is None:
        return Finding("not judged", 1, ("The gold does not say what a right answer would be.",))
    return Finding("right", 0.5 if reasons else 0, reasons)


def _wrong(question: GoldQuestion, outcome: Outcome, marks: Marks) -> tuple[str, ...]:
    answer = outcome.answer or {}
    reasons = []
    if marks["verdict_right"] == 0:
        given = answer["verdict"]
        reasons.append(
            f"The verdict is {given}; it should be {question.verdict}."
            if given
            else f"No verdict is given; it should be {question.verdict}."
        )
    if marks["answer_in_three_quotes"] == 0:
        reasons.append(f"None of the first {FIRST_QUOTES} quotes holds the answer.")
        reasons += _found(question, outcome)
    elif marks["answer_in_first_quote"] == 0:
        reasons.append("The first quote does not hold the answer; a later one does.")
    if marks["citation_article_precision"] == 0:
        reasons.append("No gold article is cited.")
    return tuple(reasons)


def _found(question: GoldQuestion, outcome: Outcome) -> tuple[str, ...]:
    """Whether retrieval or the answer is to blame."""
    if not question.gold_article_ids or outcome.ranking is None:
        return ()
    ranks = [at for at, key in enumerate(outcome.ranking, 1) if key in question.gold_article_ids]
    if not ranks:
        return ("No gold article was among those found.",)
    return (f"A gold article was found, at rank {ranks[0]}.",)
