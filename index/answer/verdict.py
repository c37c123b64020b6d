"""Yes, no or disputed, where a sentence settles it plainly; None wherever that is not sure. Pure.

A wrong verdict is worse than none. A sentence settles a question when it holds every name, number
and nearly all else that the question asks about, its relation in the same or the opposite sense
(`relations.txt`), stated rather than planned, doubted or merely claimed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ..language import Term, stem
from ..question import Question
from ..records import Verdict
from .evidence import Sentence, words_of

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|hardly|\w+n[’']t)\b", re.IGNORECASE
)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|disput(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
_ALLEGATION = re.compile(r"\b(?:alleg\w+|claim\w*|accus\w+|charges? that|suggestions? that)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_UNSETTLED = re.compile(
    r"\b(?:may|might|could|would|should|if|whether|plans?|planned|planning|consider\w*|reportedly|expected|"
    r"likely|possibl\w*|propos\w*|hopes?|hoped|wants?|wanted|sought|seeks?|ask(?:s|ed)? for|urged|attempt\w*|"
    r"tried|unless|suspect\w*|unclear|doubt\w*)\b",
    re.IGNORECASE,
)
_SUFFICIENT = 0.8
_CLOSE = 4


def verdict(question: Question, sentences: Sequence[Sentence]) -> Verdict | None:
    """The verdict that the sentences, best first, carry; None for other than yes/no questions."""
    if question.kind != "yesno" or not question.terms or _CHOICE.search(question.text):
        return None
    stances = [_stance(question, s.text) for s in sentences[:_CLOSE]]
    if "disputed" in stances or {"yes", "no"} <= set(stances):
        return "disputed"
    return stances[0] if stances else None


def _stance(question: Question, sentence: str) -> Verdict | None:
    """What one sentence says to the question; None where it does not settle it."""
    words = words_of(sentence)
    relation, opposite, held = 0.0, 0, 0.0
    for term, weight in zip(question.terms, question.weights, strict=True):
        sense = _sense(term, words.stems)
        if words.hold(term) or sense:
            held += weight
        elif term.is_name or term.is_number:
            return None
        if sense or (words.hold(term) and not term.is_name and not term.is_number):
            relation += weight
        opposite += sense == -1
    if held < _SUFFICIENT * question.mass or not relation:
        return None
    alleged = bool(_ALLEGATION.search(sentence))
    if _DENIAL.search(sentence) or alleged or _UNSETTLED.search(sentence):
        return "disputed" if _DENIAL.search(sentence) and alleged else None
    negations = len(_NEGATION.findall(sentence)) + len(_NEGATION.findall(question.text)) + opposite
    return "no" if negations % 2 else "yes"


def _sense(term: Term, stems: frozenset[str]) -> int:
    """1 where the sentence has a word of the term's meaning, -1 where of the opposite, else 0."""
    for same, against in _relations():
        for near, far in ((same, against), (against, same)):
            if term.stem in near:
                if near & stems:
                    return 1
                if far & stems:
                    return -1
    return 0


@cache
def _relations() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    found = []
    for line in (Path(__file__).parent / "relations.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            same, _, against = line.partition("|")
            found.append((_stems(same), _stems(against)))
    return tuple(found)


def _stems(line: str) -> frozenset[str]:
    return frozenset(stem(word) for word in line.split())
