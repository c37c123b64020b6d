"""Yes, no or disputed, where a sentence settles it plainly; None wherever that is not sure. Pure.

A wrong verdict is worse than none. A sentence settles a question when it holds every name, number
and nearly all else that the question asks about, its relation in the same or the opposite sense
(`thesaurus.txt`), of the same one who does it, stated rather than planned, doubted or merely claimed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..attribution import speaker
from ..language import Term, stem
from ..question import Question
from ..records import Verdict
from ..support.asked import as_statement, is_so, is_what_is_asked, may_be_told, speaks_against
from ..support.reading import read
from ..support.roles import BEFORE_A_NOUN
from ..thesaurus import like, opposite
from .evidence import Sentence, words_of

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|hardly|\w+n[’']t)\b", re.IGNORECASE
)
_REFUSAL = re.compile(r"(?:refus|fail|declin)\w* to", re.IGNORECASE)
DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|disput(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
ALLEGATION = re.compile(r"\b(?:alleg\w+|claim\w*|accus\w+|charges? that|suggestions? that)\b", re.IGNORECASE)
CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
UNSETTLED = re.compile(
    r"\b(?:may|might|could|would|should|if|whether|plans?|planned|planning|consider\w*|reportedly|expected|"
    r"likely|possibl\w*|propos\w*|hopes?|hoped|wants?|wanted|sought|seeks?|ask(?:s|ed)? for|urged|attempt\w*|"
    r"tried|unless|suspect\w*|unclear|doubt\w*|said to|thought to)\b",
    re.IGNORECASE,
)
_SUFFICIENT = 0.8
_CLOSE = 4
_MODAL = re.compile(r"(?:can|could|may|might|must|should|ought)\b", re.IGNORECASE)
_SAYS_WHAT_IT_IS = re.compile(r"(?i:is|are|was|were)\b(?!.*\b[a-z]+(?:ed|ing)\b)")
_REACH = 5
"""Words between a negation and what it negates, at the most."""


def verdict(question: Question, sentences: Sequence[Sentence]) -> Verdict | None:
    """The verdict that the sentences, best first, carry; None for other than yes/no questions."""
    if question.kind != "yesno" or not question.terms or CHOICE.search(question.text):
        return None
    stances = [_stance(question, s.text) for s in sentences[:_CLOSE]]
    if "disputed" in stances:
        return "disputed"
    first = next(iter(stances), None)
    opposed = {"yes": "no", "no": "yes"}.get(first or "")
    if opposed not in stances:
        return first
    # Two sentences that disagree are two sides only where each is somebody's word.
    sides = [speaker(s.text) for s, stance in zip(sentences, stances, strict=False) if stance]
    return "disputed" if None not in sides and len(set(sides)) > 1 else None


def _stance(question: Question, sentence: str) -> Verdict | None:
    """What one sentence says to the question; None where it does not settle it."""
    found = words_of(sentence)
    relations: list[tuple[Term, int]] = []
    held = 0.0
    for term, weight in zip(question.terms, question.weights, strict=True):
        fixed = term.is_name or term.is_number
        sense = 0 if fixed else sense_in(term, found.stems)
        if found.hold(term) or sense:
            held += weight
        elif fixed:
            return None
        if sense:
            relations.append((term, sense))
    if held < _SUFFICIENT * question.mass or not relations:
        return None
    modal = _MODAL.match(question.text)
    if modal and not re.search(rf"\b{modal.group()}\b", sentence, re.IGNORECASE):
        return None
    statement = _statement(question, sentence, [term for term, _ in relations])
    if statement is None:
        return None
    alleged = bool(ALLEGATION.search(sentence))
    if DENIAL.search(sentence) or alleged or UNSETTLED.search(sentence):
        return "disputed" if DENIAL.search(sentence) and alleged else None
    negated = is_negated(sentence, [term for term, _ in relations])
    if negated is None:
        return None
    reversals = sum(sense == -1 for _, sense in relations) + bool(_NEGATION.search(question.text))
    stance: Verdict = "no" if (negated + reversals) % 2 else "yes"
    return None if statement and speaks_against(statement, sentence) != (stance == "no") else stance


def _statement(question: Question, sentence: str, relations: Sequence[Term]) -> str | None:
    """What a question asks, put as a statement, where the sentence has the one do it of whom the question asks: that A
    does says nothing of B. None where it does not; empty if what is asked is what something is."""
    asked, said = read(question.text), read(sentence)
    if _SAYS_WHAT_IT_IS.match(question.text):
        return "" if is_so(asked, said, _meant) else None
    stems = {term.stem for term in relations}
    for verb in [i for i, token in enumerate(asked.tokens) if token.content][1:]:
        if asked.tokens[verb - 1].lower in BEFORE_A_NOUN:
            continue
        meant = _meant(asked.tokens[verb].text)
        places = [at for at, token in enumerate(said.tokens) if stem(token.text) in meant]
        told = [at for at in places if may_be_told(said, at)]
        if stem(asked.tokens[verb].text) in stems and told:
            same = any(is_what_is_asked(asked, verb, said, at) for at in told)
            return as_statement(asked, verb) if same else None
        if not places and not asked.tokens[verb].name:
            return None
    return None


def _meant(word: str) -> frozenset[str]:
    """The stems of a word, of those of its meaning and of those of the opposite."""
    return frozenset({stem(word), *like(stem(word)), *opposite(stem(word))})


def is_negated(sentence: str, relations: Sequence[Term]) -> bool | None:
    """Whether a negation stands shortly before a word of the relation; None where it stands elsewhere."""
    tokens = re.findall(rf"{_REFUSAL.pattern}\b|[\w’'-]+", sentence, re.IGNORECASE)
    negations = [
        i for i, token in enumerate(tokens) if _NEGATION.fullmatch(token) or _REFUSAL.fullmatch(token)
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
