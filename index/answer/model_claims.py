"""What a model wrote → draft claims with the exact sentences that carry them. Pure; no I/O.

The model's text is hostile. Its markers are hints only: where a claim stands is found by code (`carrying.py`),
with the check that `cite.py` repeats. Knows no model, and not how claims are numbered or shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..question import Question
from ..records import NOT_IN_ARTICLES, Article, DraftClaim, Passage, Verdict
from ..support import Meaning, is_addressed, senses
from ..support.matching import match
from ..support.reading import read
from .carrying import carrying, nearest
from .evidence import Sentence
from .plain import Statement, statements
from .verdict import verdict

_LEADING_VERDICT = re.compile(r"^(?P<verdict>yes|no)\b(?:\s*[,.:;!–—-]+\s*|\s*$)", re.IGNORECASE)
_SOURCES = r"(?:articles?|passages?|texts?|sources?|documents?|excerpts?|context|reports?)"
_DECLINES = re.compile(
    rf"\b(?:the |these |those |provided |given |available |supplied |news |any of |none of )*{_SOURCES}"
    r"(?: provided| given| above| available| supplied| here)? "
    r"(?:(?:do|does|did)(?: not|n['’]t)|cannot|can['’]t|fail to|contains? no|provides? no|offers? no|"
    r"gives? no|"
    r"makes? no mention|says? nothing|has no|have no)\b|"
    rf"\b(?:no|not enough|insufficient) (?:information|mention|answer|"
    rf"details?)\b.{{0,60}}\b(?:{_SOURCES}|about|on)\b|"
    rf"\b(?:not|n['’]t) (?:\w+ )?(?:mentioned|stated|said|specified|addressed|answered|discussed|"
    rf"covered) (?:in|by) (?:the |these )?(?:\w+ )?{_SOURCES}|"
    r"\bI (?:cannot|can['’]t|could not|couldn['’]t|am unable to|do not|don['’]t) (?:answer|find|"
    r"determine|know|say)|"
    r"\b(?:cannot|can['’]t) be (?:answered|determined) (?:from|based on|by)\b",
    re.IGNORECASE,
)
MOST_STATEMENTS = 40
"""Statements of an answer that are checked: checking has no deadline, and a model may write on and on."""


@dataclass(frozen=True)
class ModelDraft:
    """What a model's text comes to: its claims, its verdict if it stands, whether it declines, and how many
    of its statements are left out, being past the most that are checked."""

    claims: tuple[DraftClaim, ...]
    verdict: Verdict | None
    declined: bool
    left_out: int = 0


def model_draft(
    text: str,
    question: Question,
    passages: Sequence[Passage],
    articles: Mapping[str, Article],
    meaning: Meaning | None = None,
) -> ModelDraft:
    """The claims of a model's answer, each with the sentences that carry it, or come nearest.

    Args:
        text: what the model wrote, as it came.
        question: what was asked, analysed.
        passages: what the model was shown; markers name them from 1 on.
        articles: the passages' articles by id, whole.
        meaning: what tells words of like meaning, if there is a model that does.
    """
    written = statements(text)
    lead, said = _leading_verdict(written[:MOST_STATEMENTS])
    declined = (bool(said) and bool(_is_refusal(said[0].text))) or (not said and lead is None)
    shown = [(number, p) for number, p in enumerate(passages, 1) if _is_current(p, articles)]
    claims: list[DraftClaim] = []
    carried: list[DraftClaim] = []
    for statement in said:
        if _is_refusal(statement.text):
            continue
        claim, holds = _claim(statement, shown, articles, meaning)
        claims.append(claim)
        if holds:
            carried.append(claim)
    stands = _standing(lead, question, carried, shown, articles)
    return ModelDraft(tuple(claims), stands, declined, max(0, len(written) - MOST_STATEMENTS))


def _leading_verdict(said: list[Statement]) -> tuple[Verdict | None, list[Statement]]:
    """The verdict that the text begins with, and the statements without it."""
    match = _LEADING_VERDICT.match(said[0].text) if said else None
    if not match:
        return None, said
    found: Verdict = "yes" if match["verdict"].casefold() == "yes" else "no"
    rest = said[0].text[match.end() :]
    rest = rest[:1].upper() + rest[1:]
    first = [Statement(rest, said[0].passages, said[0].marked)] if re.search(r"\w", rest) else []
    return found, [*first, *said[1:]]


def _is_refusal(text: str) -> bool:
    return text.casefold().startswith(NOT_IN_ARTICLES.casefold().rstrip(".")) or bool(_DECLINES.search(text))


def _claim(
    statement: Statement,
    shown: Sequence[tuple[int, Passage]],
    articles: Mapping[str, Article],
    meaning: Meaning | None,
) -> tuple[DraftClaim, bool]:
    """The claim with its evidence, and whether that carries it."""
    named = [p for number, p in shown if number in statement.passages]
    if (statement.marked and not named) or is_addressed(statement.text):
        # Its markers name nothing that was shown, so there is no telling what it was taken from; or it
        # speaks to the reader, and even word for word from an article that is no answer.
        return DraftClaim(statement.text, ()), False
    others = [p for _, p in shown if p not in named]
    for places in (named, others):
        evidence = carrying(statement.text, places, [p for _, p in shown], articles, meaning)
        if evidence:
            return DraftClaim(statement.text, evidence), True
    return DraftClaim(statement.text, nearest(statement.text, named, articles)), False


def _is_current(passage: Passage, articles: Mapping[str, Article]) -> bool:
    article = articles.get(passage.article_id)
    return article is not None and article.text[passage.start : passage.end] == passage.text


def _standing(
    lead: Verdict | None,
    question: Question,
    carried: Sequence[DraftClaim],
    shown: Sequence[tuple[int, Passage]],
    articles: Mapping[str, Article],
) -> Verdict | None:
    """The verdict, if the sentences that were quoted bear it out and no shown sentence is against it."""
    if lead is None or question.kind != "yesno" or not carried:
        return None
    quoted = [e for claim in carried for e in claim.evidence]
    sentences = [
        Sentence(p, n, p.text[a - p.start : b - p.start], a, b, {}, 0.0)
        for _, p in shown
        for n, (a, b) in enumerate(p.sentences)
    ]
    mine = [
        s
        for s in sentences
        if any(e.start <= s.start and s.end <= e.end and e.article_id == s.passage.article_id for e in quoted)
    ]
    against = {verdict(question, [s]) for s in sentences} - {None}
    if against - {lead}:
        return None
    denied = any(_denies(s.text, question) for s in mine)
    return lead if verdict(question, mine) in {lead, None} and denied == (lead == "no") else None


def _denies(sentence: str, question: Question) -> bool:
    """Whether a sentence says "not", or the opposite, of what the question asks."""
    asked, said = read(question.text), read(sentence)
    pairs = match(asked, said)
    reason = senses.differs(asked, said, pairs, attributed=True) or ""
    return reason.startswith("the quote denies it") or bool(senses.opposite(asked, said, pairs))
