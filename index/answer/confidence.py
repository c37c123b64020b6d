"""How sure it is that the passages answer a question: one calibrated probability. Pure.

A logistic regression over a few features that mean something, with the weights in `weights.json`
(`training/fit_weights.py`). It is calibrated to readers three of whose five questions have an answer.
Knows nothing of thresholds, nor of how an answer is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..question import Question
from .evidence import Sentence, Words, fitted_weights, words_about, words_of
from .reading import READ

_SIMILAR_ENOUGH = 0.65
"""The cosine that speaks for an answer as much as a sentence that holds all the question's words."""


FOLLOW_UP = 0.9
"""Added to the log odds: with the question before in it, a follow-up is less like any one sentence."""
_MOST_READ = 12.0
"""Log odds of the reader beyond which it is no surer."""
_LONG = 8
"""Content words of a question, beyond which it is long."""


def confidence_features(
    question: Question, sentences: Sequence[Sentence], article: Words
) -> dict[str, float]:
    """What tells whether the best sentences answer at all, or are merely near.

    Args:
        question: the question.
        sentences: all sentences of the passages, best first; at least one.
        article: the words of the whole article that the best sentence is from.
    """
    best = sentences[0]
    near = words_of(best.passage.text) | words_about(best.passage)
    anywhere = near | article
    for passage in {s.passage.chunk_id: s.passage for s in sentences}.values():
        anywhere |= words_of(passage.text) | words_about(passage)
    weighted = list(zip(question.terms, question.weights, strict=True))
    names = [(t, w) for t, w in weighted if t.is_name or t.is_number]
    exact = question.kind in {"when", "how_many"}
    read = max((s.features[READ] for s in sentences if READ in s.features), default=None)
    return {
        "similar": best.features["similar"],
        "similar_or_covered": max(
            max(s.features["similar"] / _SIMILAR_ENOUGH, s.features["covered"]) for s in sentences
        ),
        "missing_near": sum(w for t, w in weighted if not near.hold(t)) / question.mass,
        "missing_anywhere": sum(w for t, w in weighted if not anywhere.hold(t)) / question.mass,
        "missing_names": sum(w for t, w in names if not anywhere.hold(t)) / (sum(w for _, w in names) or 1.0),
        "lacks_kind": (1 - best.features["answers_kind"]) if exact else 0.0,
        # No sentence holds all of a long question: by the other features alone it would seem unanswered.
        "long": max(0.0, math.log(max(len(question.terms), 1) / _LONG)),
        # Without a reader: what says as much for an answer as against one.
        READ: _unread() if read is None else max(-_MOST_READ, min(_MOST_READ, read)),
    }


def confidence(
    question: Question, sentences: Sequence[Sentence], article: Words, *, follow_up: bool = False
) -> float:
    """The probability, 0..1, that the passages answer the question; arguments as `confidence_features`.

    `follow_up` tells that the question was made from several of a conversation.
    """
    if not sentences:
        return 0.0
    model = fitted_weights()["confidence"]
    features = confidence_features(question, sentences, article)
    total = model["intercept"] + sum(weight * features[name] for name, weight in model["weights"].items())
    total += FOLLOW_UP if follow_up else 0.0
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _unread() -> float:
    neutral: float = fitted_weights()["confidence"]["unread"]
    return neutral
