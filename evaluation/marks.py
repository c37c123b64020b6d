"""Gold question and outcome → marks: one number for each thing that can be right or wrong in it. Pure.

A mark is None where the question cannot tell: no gold, or nothing was shown. `metrics.py` makes
averages of marks; nothing here looks at more than one question, except the ranking library's batch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .gold import GoldQuestion
from .outcome import Outcome
from .retrieval import NAMES as RANKING_NAMES
from .retrieval import ranking_marks
from .wording import contains, exact_match, overlaps, token_f1, words

Marks = dict[str, float | None]

VERDICTS: tuple[str | None, ...] = (None, "yes", "no", "disputed")
"""A verdict's mark is its position here: 0 is "none was given"."""

_MARKER = re.compile(r"\s*\[\d{1,3}\]")
FIRST_QUOTES = 3


def mark_all(questions: Sequence[GoldQuestion], outcomes: Sequence[Outcome]) -> list[Marks]:
    """The marks of each question, in order."""
    marks = [mark(q, o) for q, o in zip(questions, outcomes, strict=True)]
    ranked = [
        at
        for at, (q, o) in enumerate(zip(questions, outcomes, strict=True))
        if q.gold_article_ids and o.ranking is not None and is_finished(o)
    ]
    rankings = [outcomes[at].ranking or () for at in ranked]
    golds = [questions[at].gold_article_ids for at in ranked]
    for at, found in zip(ranked, ranking_marks(rankings, golds) if ranked else [], strict=True):
        marks[at] |= found
    return marks


def is_finished(outcome: Outcome) -> bool:
    """Whether there is an answer to judge: neither an error nor cut off on the way."""
    return outcome.status in ("answered", "not_in_corpus")


def mark(question: GoldQuestion, outcome: Outcome) -> Marks:
    """All marks of one question but the ranking ones, which are set to None."""
    finished = is_finished(outcome)
    marks: Marks = {
        "finished": float(finished),
        "error": float(outcome.status == "error"),
        "incomplete": float(outcome.status == "incomplete"),
        "answerable": float(question.answerable),
        "milliseconds": outcome.milliseconds if outcome.answer is not None else None,
    }
    marks |= dict.fromkeys(RANKING_NAMES) | dict.fromkeys(_AFTER_FINISH)
    if not finished or outcome.answer is None:
        return marks
    answer = outcome.answer
    answered = answer["status"] == "answered"
    marks |= {
        "answered": float(answered),
        "confidence": float(answer["confidence"]),
        "answer_words": float(len(words(plain_text(answer)))) if answered else None,
    }
    marks |= _quote_marks(question, answer, answered) | _citation_marks(question, answer, answered)
    marks |= _wording_marks(question, answer, answered) | _verdict_marks(question, answer)
    marks |= _check_marks(answer, outcome) | _judged_marks(outcome)
    marks["right"] = right = is_right(question, marks)
    marks["crag"] = None if right is None else right if right else 0.0 if not answered else -1.0
    return marks


def is_right(question: GoldQuestion, marks: Marks) -> float | None:
    """1 if the outcome is right, 0 if not, None where the gold cannot tell.

    Right is to decline what has no answer. What has one is answered right if no wrong verdict is given
    and one of the first three quotes holds the answer; where the gold names no words, if the verdict
    is right; where it has no verdict either, if a gold article is cited.
    """
    if not question.answerable:
        return 1 - (marks["answered"] or 0.0)
    if not marks["answered"]:
        return 0.0
    if marks["verdict_given"] and marks["verdict_right"] == 0:
        return 0.0
    for name in ("answer_in_three_quotes", "verdict_right"):
        if marks[name] is not None:
            return marks[name]
    precision = marks["citation_article_precision"]
    return None if precision is None else float(precision > 0)


def holds_answer(quote: str, question: GoldQuestion) -> bool | None:
    """Whether a quote shows the answer; None where the gold names no words.

    With `must_cite`: one of these strings is inside the quote. Otherwise: one of the answers is, or a
    gold passage is, or the quote lies inside a gold passage.
    """
    if question.must_cite:
        return any(contains(quote, text) for text in question.must_cite)
    if not question.answers and not question.gold_passages:
        return None
    return any(contains(quote, text) for text in question.answers) or any(
        overlaps(quote, passage.text) for passage in question.gold_passages
    )


def plain_text(answer: dict[str, Any]) -> str:
    """The answer's text without its citation markers."""
    return _MARKER.sub("", str(answer["text"]))


def _quote_marks(question: GoldQuestion, answer: dict[str, Any], answered: bool) -> Marks:
    held = [holds_answer(citation["quote"], question) for citation in answer["citations"][:FIRST_QUOTES]]
    if not question.answerable or holds_answer("", question) is None:
        return {}
    first, three = float(bool(held and held[0])), float(any(held))
    return {
        "answer_in_first_quote": first if answered else 0.0,
        "answer_in_three_quotes": three if answered else 0.0,
        "answer_in_first_quote_if_answered": first if answered else None,
        "answer_in_three_quotes_if_answered": three if answered else None,
    }


def _citation_marks(question: GoldQuestion, answer: dict[str, Any], answered: bool) -> Marks:
    if not question.answerable or not answered:
        return {}
    marks: Marks = {}
    citations = answer["citations"]
    if question.gold_article_ids:
        good = [citation["article_id"] in question.gold_article_ids for citation in citations]
        marks["citation_article_precision"] = _share(good)
    quotes = [str(citation["quote"]) for citation in citations]
    # Each passage is wanted; of the strings in `must_cite`, any one is enough.
    if question.gold_passages:
        backs = [[overlaps(quote, passage.text) for quote in quotes] for passage in question.gold_passages]
    elif question.must_cite:
        backs = [[any(contains(quote, text) for text in question.must_cite) for quote in quotes]]
    else:
        return marks
    marks["citation_precision"] = _share([any(column) for column in zip(*backs, strict=True)])
    marks["citation_recall"] = _share([any(row) for row in backs])
    return marks


def _share(good: Sequence[bool]) -> float:
    return sum(good) / len(good) if good else 0.0


def _wording_marks(question: GoldQuestion, answer: dict[str, Any], answered: bool) -> Marks:
    if not question.answers:
        return {}
    said = plain_text(answer) if answered else ""
    return {
        "exact_match": exact_match(said, question.answers),
        "token_f1": token_f1(said, question.answers),
        "contains_answer": float(any(contains(said, gold) for gold in question.answers)),
    }


def _verdict_marks(question: GoldQuestion, answer: dict[str, Any]) -> Marks:
    given = answer["verdict"]
    marks: Marks = {"verdict_given": float(VERDICTS.index(given))}
    if question.verdict:
        marks["verdict_gold"] = float(VERDICTS.index(question.verdict))
        marks["verdict_right"] = float(given == question.verdict)
    return marks


def _check_marks(answer: dict[str, Any], outcome: Outcome) -> Marks:
    numbers = {citation["n"] for citation in answer["citations"]}
    claims = answer["claims"]
    cited = [bool(claim["citations"]) and set(claim["citations"]) <= numbers for claim in claims]
    return {
        "quotes": float(len(answer["citations"])),
        "quotes_verbatim": float(sum(quote.verbatim for quote in outcome.quotes)),
        "claims": float(len(claims)),
        "claims_verified": float(sum(claim["support"] == "verified" for claim in claims)),
        "claims_cited": float(sum(cited)),
    }


def _judged_marks(outcome: Outcome) -> Marks:
    judged = outcome.judged or {}
    return {f"judged_{name}": judged.get(name) for name in ("faithful", "correct")}


_AFTER_FINISH = (
    "answered", "confidence", "answer_words", "right", "crag",
    "answer_in_first_quote", "answer_in_three_quotes",
    "answer_in_first_quote_if_answered", "answer_in_three_quotes_if_answered",
    "citation_article_precision", "citation_precision", "citation_recall",
    "exact_match", "token_f1", "contains_answer",
    "verdict_given", "verdict_gold", "verdict_right",
    "quotes", "quotes_verbatim", "claims", "claims_verified", "claims_cited",
    "judged_faithful", "judged_correct",
)  # fmt: skip

MARKS = (
    "finished", "error", "incomplete", "answerable", "milliseconds", *_AFTER_FINISH, *RANKING_NAMES,
)  # fmt: skip
"""Every mark there is."""
