"""How well each sentence of the passages answers a question, and how sure that is. Pure.

Features are few and mean something; their weights stand in `weights.json`, fitted by
`training/fit_weights.py`. Knows nothing of yes and no, of speakers, or of how an answer is worded.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ..language import Term, terms
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
        return 0.9 if term.place and term.place in self.places else 0.0


@lru_cache(maxsize=32_768)
def words_of(text: str) -> Words:
    """The stems and countries of a text."""
    found = terms(text)
    return Words(frozenset(t.stem for t in found), frozenset(t.place for t in found if t.place))


def coverage(question: Question, words: Words) -> float:
    """The share of the question's weight, 0..1, that the words hold."""
    held = (w * words.hold(t) for t, w in zip(question.terms, question.weights, strict=True))
    return min(1.0, sum(held) / question.mass)


def score_sentences(question: Question, passages: Sequence[Passage]) -> list[Sentence]:
    """All sentences of the passages, those that answer best first."""
    weights = _weights()["sentence"]
    top = max((p.lexical for p in passages), default=0.0) or 1.0
    scored = []
    for rank, passage in enumerate(passages):
        title = words_of(passage.title)
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
                "passage_rank": 1 / (1 + rank),
                "word_pairs": _pairs(question, text),
                "answers_kind": _answers_kind(question, text),
                "headline": 0.0 if _SENTENCE_END.search(text) else 1.0,
            }
            score = sum(weights[name] * value for name, value in features.items())
            scored.append(Sentence(passage, number, text, start, end, features, score))
            before = own
    return sorted(scored, key=lambda sentence: -sentence.score)


def confidence_features(question: Question, sentences: Sequence[Sentence]) -> dict[str, float]:
    """What tells whether the best sentences answer at all, or are merely near."""
    best = sentences[0]
    held = words_of(best.passage.text) | words_of(best.passage.title)
    names = [
        (t, w) for t, w in zip(question.terms, question.weights, strict=True) if t.is_name or t.is_number
    ]
    missing = [w for t, w in zip(question.terms, question.weights, strict=True) if not held.hold(t)]
    named = sum(w for _, w in names) or 1.0
    return {
        "score": best.score,
        "margin": best.score - sentences[min(3, len(sentences) - 1)].score,
        "similar": best.features["similar"],
        "most_similar": max(s.features["similar"] for s in sentences),
        "passage_similar": best.features["passage_similar"],
        "covered": best.features["covered"],
        "most_covered": max(s.features["covered"] for s in sentences),
        "covered_in_context": best.features["covered_in_context"],
        "most_covered_in_context": max(s.features["covered_in_context"] for s in sentences),
        "word_pairs": best.features["word_pairs"],
        "missing_share": sum(missing) / question.mass,
        "missing_names": sum(w for t, w in names if not held.hold(t)) / named,
        "unknown_names": min(len(question.unknown_names), 2) / 2,
    }


def confidence(question: Question, sentences: Sequence[Sentence]) -> float:
    """The probability, 0..1, that the passages answer the question (logistic regression)."""
    if not sentences:
        return 0.0
    model = _weights()["confidence"]
    features = confidence_features(question, sentences)
    total = model["intercept"] + sum(weight * features[name] for name, weight in model["weights"].items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _pairs(question: Question, text: str) -> float:
    asked = {(a.stem, b.stem) for a, b in zip(question.terms, question.terms[1:], strict=False)}
    found = [term.stem for term in terms(text)]
    return len(asked & set(zip(found, found[1:], strict=False))) / len(asked) if asked else 0.0


def _answers_kind(question: Question, text: str) -> float:
    """1 where the sentence has what the question asks for (a number, a day, a new name), 0 where not."""
    if question.kind == "when":
        return float(bool(_DATE.search(text)))
    if question.kind == "why":
        return float(bool(_CAUSE.search(text)))
    if question.kind == "how_many":
        return float(any(t.is_number and t.stem not in question.stems for t in terms(text)))
    if question.kind in {"who", "where"}:
        return float(any(t.is_name and t.stem not in question.stems for t in terms(text)))
    return 0.5


@cache
def _weights() -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = json.loads(
        (Path(__file__).parent / "weights.json").read_text(encoding="utf-8")
    )
    return weights
