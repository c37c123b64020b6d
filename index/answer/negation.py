"""Words that deny, doubt or allege, and in which sense a sentence has a word of a question. English; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language import Term, stem
from ..thesaurus import like, opposite

NEGATION = re.compile(
    r"\b(?:not(?! only)|no|never|none|neither|nor|without|cannot|nobody|nothing|hardly|\w+n[’']t)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"(?:refus|fail|declin)\w* to", re.IGNORECASE)
DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|disput(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
ALLEGATION = re.compile(r"\b(?:alleg\w+|claim\w*|accus\w+|charges? that|suggestions? that)\b", re.IGNORECASE)
UNSETTLED = re.compile(
    r"\b(?:may|might|could|would|should|if|whether|plans?|planned|planning|consider\w*|reportedly|expected|"
    r"likely|possibl\w*|propos\w*|hopes?|hoped|wants?|wanted|sought|seeks?|ask(?:s|ed)? for|urged|attempt\w*|"
    r"tried|unless|suspect\w*|unclear|doubt\w*|said to|thought to)\b",
    re.IGNORECASE,
)
_REACH = 5
"""Words between a negation and what it negates, at the most."""


def is_negated(sentence: str, relations: Sequence[Term]) -> bool | None:
    """Whether a negation stands shortly before a word of the relation; None where it stands elsewhere."""
    tokens = re.findall(rf"{_REFUSAL.pattern}\b|not only\b|[\w’'-]+", sentence, re.IGNORECASE)
    negations = [
        i for i, token in enumerate(tokens) if NEGATION.fullmatch(token) or _REFUSAL.fullmatch(token)
    ]
    if not negations:
        return False
    meant = {s for term in relations for s in (term.stem, *like(term.stem), *opposite(term.stem))}
    places = [i for i, token in enumerate(tokens) if stem(token) in meant]
    near = [n for n in negations if any(0 < p - n <= _REACH for p in places)]
    return True if len(near) == len(negations) == 1 else None


def sense_in(term: Term, stems: frozenset[str]) -> int:
    """1 where the sentence has a word of the term's meaning, -1 where of the opposite, else 0."""
    if term.stem in stems or like(term.stem) & stems:
        return 1
    return -1 if opposite(term.stem) & stems else 0
