"""How well each sentence of the passages answers a question. Pure.

Features are few and mean something; their weights stand in `weights.json`, fitted by
`training/fit_weights.py`. Knows nothing of yes and no, of speakers, or of how an answer is worded;
how sure an answer is, `confidence.py` tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..language import Term, stem, terms
from ..question import Question
from ..records import Passage

_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tomorrow|tonight|century|"
    r"jan(?:uary|\.)|feb(?:ruary|\.)|march|april|may \d|june|july|aug(?:ust|\.)|sept(?:ember|\.)|"
    r"oct(?:ober|\.)|nov(?:ember|\.)|dec(?:ember|\.)|(?:last|next|this) (?:week|month|year|night))\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|due to|since|in order to|caused?|reason|result|owing|led to|after|so that|amid)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_HOW_MANY = re.compile(r"\bhow many (?:(?:more|other|of the) )?([\w’'-]+)", re.IGNORECASE)
_HOW_OLD = re.compile(r"\bhow old\b", re.IGNORECASE)
_AGE = re.compile(r"\b\d{1,3}[- ]years?[- ]old|\bage[ds]? (?:of )?\d{1,3}\b|, \d{1,3}[,.]", re.IGNORECASE)
_TURNING = frozenset("anti counter deputy ex former non post pre pro quasi self semi un vice".split())
"""A word that is joined to one of these is said of something else."""

HEADLINE_PENALTY = 2.5
"""Taken off the score of a line that does not end like a sentence: a headline states nothing by itself."""

REREAD = 8
"""How many of the best sentences are read by themselves: reading them costs time."""
ALONE_WEIGHT = 2.0


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage and what speaks for it. `score` orders sentences of one question."""

    passage: Passage
    number: int
    text: str
    start: int
    end: int
    features: dict[str, float]
    score: float


@dataclass(frozen=True)
class Words:
    """The stems of a text, and the countries it names in any form."""

    stems: frozenset[str]
    places: frozenset[str]

    def __or__(self, other: Words) -> Words:
        return Words(self.stems | other.stems, self.places | other.places)

    def hold(self, term: Term) -> float:
        """1 where the term's stem occurs, a little less where only its country does, else 0."""
        if term.stem in self.stems:
            return 1.0
        return 0.9 if term.place in self.places else 0.0


@lru_cache(maxsize=32_768)
def words_of(text: str) -> Words:
    """The stems and countries of a text; of "Sukhoi-34" those of its parts, too."""
    found = terms(text)
    stems = {t.stem for t in found}
    for parts in (t.word.split("-") for t in found if "-" in t.word):
        if parts[0].casefold() not in _TURNING:
            stems |= {stem(part) for part in parts}
    return Words(frozenset(stems), frozenset(t.place for t in found if t.place))


def words_about(passage: Passage) -> Words:
    """The words of what stands around a passage: its title and source."""
    return words_of(f"{passage.title}. {passage.source or ''}")


def coverage(question: Question, words: Words) -> float:
    """The share of the question's weight, 0..1, that the words hold."""
    held = (w * words.hold(t) for t, w in zip(question.terms, question.weights, strict=True))
    return min(1.0, sum(held) / question.mass)


def score_sentences(question: Question, passages: Sequence[Passage]) -> list[Sentence]:
    """All sentences of the passages, those that answer best first."""
    weights = fitted_weights()["sentence"]
    top = max((p.lexical for p in passages), default=0.0) or 1.0
    scored = []
    for passage in passages:
        title = words_about(passage)
        before = title
        for number, (start, end) in enumerate(passage.sentences):
            text = passage.text[start - passage.start : end - passage.start]
            own = words_of(text)
            features = {
                "covered": coverage(question, own),
                "covered_in_context": coverage(question, own | before | title),
                "covered_with_title": coverage(question, own | title),
                "similar": passage.sentence_scores[number] if passage.sentence_scores else passage.dense,
                "passage_similar": passage.dense,
                "passage_lexical": passage.lexical / question.mass,
                "passage_lexical_relative": passage.lexical / top,
                "answers_kind": _answers_kind(question, text),
            }
            score = sum(weights[name] * value for name, value in features.items())
            if not _SENTENCE_END.search(text):
                score -= HEADLINE_PENALTY
            scored.append(Sentence(passage, number, text, start, end, features, score))
            before = own
    return sorted(scored, key=lambda sentence: -sentence.score)


def reread(
    sentences: Sequence[Sentence], similar_alone: Callable[[Sequence[str]], list[float]]
) -> list[Sentence]:
    """The sentences with the best few scored again by what they say outside their passage.

    Args:
        sentences: from `score_sentences`.
        similar_alone: the cosine of each of some sentences, read by itself, with the question.
    """
    best = sentences[:REREAD]
    cosines = similar_alone([sentence.text for sentence in best])
    again = [replace(s, score=s.score + ALONE_WEIGHT * c) for s, c in zip(best, cosines, strict=True)]
    return [*sorted(again, key=lambda sentence: -sentence.score), *sentences[REREAD:]]


def _answers_kind(question: Question, text: str) -> float:
    """1 where the sentence has what the question asks for (a number, a day, a new name), 0 where not."""
    if question.kind == "when":
        return float(bool(_DATE.search(text)))
    if question.kind == "why":
        return float(bool(_CAUSE.search(text)))
    if question.kind == "how_many":
        return _counts(question, text)
    if question.kind in {"who", "where"}:
        return float(any(t.is_name and t.stem not in question.stems for t in terms(text)))
    return 0.5


def _counts(question: Question, text: str) -> float:
    """How well a sentence answers "how many X": 1 for a number of X, less for a number of something."""
    if _HOW_OLD.search(question.text):
        return float(bool(_AGE.search(text)))
    found = terms(text)
    numbers = [i for i, t in enumerate(found) if t.is_number and t.stem not in question.stems]
    if not numbers:
        return 0.0
    asked = _HOW_MANY.search(question.text)
    counted = {t.stem for t in terms(asked.group(1))} if asked else set()
    if not counted & {t.stem for t in found}:
        return 0.5
    return 1.0 if any(t.stem in counted for i in numbers for t in found[i + 1 : i + 4]) else 0.25


@cache
def fitted_weights() -> dict[str, Any]:
    """What `weights.json` holds."""
    weights: dict[str, Any] = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))
    return weights
