"""Yes, no or disputed, where a sentence settles it plainly; None wherever that is not sure. Pure.

A wrong verdict is worse than none. How likely a sentence says yes, and how likely no, is told by two logistic
regressions over the signs of `verdict_signs.py`, with the weights in `weights.json` (`training/fit_verdict.py`).
Knows nothing of how sentences are found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..attribution import speaker
from ..question import Question
from ..records import Verdict
from ..support.entailment import Entailment
from .evidence import Sentence, fitted_weights
from .negation import ALLEGATION, DENIAL
from .verdict_signs import verdict_signs

CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_CLOSE = 4
"""Of the best sentences, how many may settle a question."""
_COMPARES = re.compile(r"\bthan\b|^(?:is|was) it\b.*\b(?:that|who|which)\b", re.IGNORECASE)
"""What no sentence settles by its words alone: "more in May than in June?", "Was it Lind who left?"."""
_LEAST_LIKELY = 0.5
_LEAST_HELD = {"yes": 0.9, "no": 0.8}
"""Of the question's weight, in the sentence. All three: docs/decisions.md."""


def verdict(
    question: Question, sentences: Sequence[Sentence], entailment: Entailment | None = None
) -> Verdict | None:
    """The verdict that the sentences, best first, carry; None for other than yes/no questions.

    Args:
        question: the question, analysed.
        sentences: best first; what the reader thinks of them is in their features, if it read them.
        entailment: the reader as a judge of claims, if there is one.
    """
    if question.kind != "yesno" or not question.terms or CHOICE.search(question.text):
        return None
    if _COMPARES.search(question.text):
        return None
    stances = [_stance(question, s, entailment) for s in sentences[:_CLOSE]]
    if "disputed" in stances:
        return "disputed"
    first = next(iter(stances), None)
    opposed = {"yes": "no", "no": "yes"}.get(first or "")
    if opposed not in stances:
        return first
    # Two sentences that disagree are two sides only where each is somebody's word.
    sides = [speaker(s.text) for s, stance in zip(sentences, stances, strict=False) if stance]
    return "disputed" if None not in sides and len(set(sides)) > 1 else None


def says(signs: Mapping[str, float], weights: Mapping[str, Any]) -> Verdict | None:
    """What a sentence with these signs says, if that is likely enough and there is a ground for it.

    For "yes", what is asked must be carried by it as a claim, or the same one do the same; for "no", it must deny
    it, or say the opposite. Where nobody read it, it must be the same one.
    """
    known = {**weights["unread"], **signs}
    likely = {verdict: _likely(known, weights[verdict]) for verdict in _LEAST_HELD}
    said: Verdict = "yes" if likely["yes"] >= likely["no"] else "no"
    if likely[said] < _LEAST_LIKELY or signs["held"] < _LEAST_HELD[said]:
        return None
    grounds = {
        "yes": signs["carried"] or (signs["same"] and not signs["against"]),
        "no": signs["negated"] or signs["opposite"] or signs["denied"],
    }
    is_read = signs.keys() == known.keys()
    return said if grounds[said] and (is_read or signs["same"]) else None


def _likely(signs: Mapping[str, float], model: Mapping[str, Any]) -> float:
    odds = model["intercept"] + sum(weight * signs[name] for name, weight in model["weights"].items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _stance(question: Question, sentence: Sentence, entailment: Entailment | None) -> Verdict | None:
    signs = verdict_signs(question, sentence, entailment)
    if signs is None:
        return None
    if ALLEGATION.search(sentence.text):
        # Two sides in one sentence, or the word of one of them.
        is_about_it = signs["held"] >= _LEAST_HELD["no"] and not signs["opposite"]
        return "disputed" if is_about_it and DENIAL.search(sentence.text) else None
    return says(signs, fitted_weights()["verdict"])
