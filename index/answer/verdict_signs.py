"""What in a sentence speaks for yes, or for no, to a question: a few signs that mean something. English; pure but for
the reader that it is given. Knows nothing of what the signs count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language import Term, stem
from ..question import Question
from ..support import senses
from ..support.asked import (
    is_not_quite_done,
    is_so,
    is_told_of_another,
    is_what_is_asked,
    may_be_told,
)
from ..support.check import support
from ..support.counts import missing_figure
from ..support.entailment import Entailment
from ..support.matching import match
from ..support.quantities import wrong_quantity
from ..support.reading import Reading, read
from ..support.roles import BEFORE_A_NOUN
from ..support.statement import as_statement, unconditional
from ..support.units import Quote
from ..thesaurus import like, opposite
from .evidence import Sentence, words_about, words_of
from .negation import NEGATION, UNSETTLED, is_negated, sense_in
from .reading import READ

_MODAL = re.compile(r"(?:can|could|may|might|must|should|ought)\b", re.IGNORECASE)
_SAYS_WHAT_IT_IS = re.compile(r"(?i:is|are|was|were)\b(?!.*\b[a-z]+(?:ed|ing)\b)")
_LEAST_HELD = 0.5
"""Of the question's weight, that a sentence must hold to be looked at closely."""
UNREAD = "answers", "borne_out"
"""The signs that only a reader has."""


def verdict_signs(
    question: Question, sentence: Sentence, entailment: Entailment | None = None
) -> dict[str, float] | None:
    """The signs by their names, each 0 or 1 but for the reader's log odds, which are left out where nobody read.

    None where a sentence can't settle the question: it lacks a name or a number, or most of the words.

    Args:
        question: a question to be answered by yes or no.
        sentence: the sentence.
        entailment: judges claims, if there is a reader that does.
    """
    held, turned, relation = _held(question, sentence)
    modal = _MODAL.match(question.text)
    if held < _LEAST_HELD * question.mass or (modal and not _has(sentence.text, modal.group())):
        return None
    if not relation:
        # Names alone ask for nothing: "Is it the US?".
        return None
    text = unconditional(sentence.text)
    asked, said = read(question.text), read(text)
    verb, told = _told(asked, said)
    statement = as_statement(asked, verb)
    if statement is None or (told and all(is_not_quite_done(said, at) for at in told)):
        return None
    if verb is not None and told and all(is_told_of_another(asked, verb, said, at) for at in told):
        return None
    same = _is_of_the_same(asked, verb, said, told)
    quote = Quote(text, sentence.passage.text, sentence.passage.title)
    signs = {
        "held": held / question.mass,
        "carried": float(support(statement, [quote]).carried),
        "same": float(same),
        "perhaps_another": float(bool(told) and not same),
        **_senses(read(statement), said),
        **_polarity(question, text, turned, relation),
        "asks_what_it_is": float(bool(_SAYS_WHAT_IT_IS.match(question.text))),
    }
    if READ in sentence.features and entailment:
        signs["answers"] = sentence.features[READ]
        signs["borne_out"] = entailment.log_odds(statement, [quote])
    return signs


def _senses(claim: Reading, said: Reading) -> dict[str, float]:
    """How what is said turns round or weakens what is asked. Whose word it is does not matter: that is an answer."""
    pairs = match(claim, said)
    opposed = senses.opposite(claim, said, pairs)
    differs = senses.differs(claim, said, pairs, attributed=True) or ""
    otherwise = wrong_quantity(claim, said, pairs) or missing_figure(claim, said, pairs)
    return {
        "against": float(bool(opposed or differs or otherwise)),
        "opposite": float(bool(opposed)),
        "denied": float(differs.startswith("the quote denies it")),
        "weakened": float(bool(differs) and not differs.startswith("the quote denies it")),
    }


def _polarity(question: Question, text: str, turned: int, relation: Sequence[Term]) -> dict[str, float]:
    """Whether the sentence denies the words that it shares with the question, of which so many are turned round."""
    negated = is_negated(text, relation)
    asks_negated = bool(NEGATION.search(question.text))
    return {
        "negated": float((bool(negated) + turned + asks_negated) % 2),
        "negated_elsewhere": float(negated is None),
        "unsettled": float(bool(UNSETTLED.search(text))),
        "asks_negated": float(asks_negated),
    }


def _held(question: Question, sentence: Sentence) -> tuple[float, int, list[Term]]:
    """What of the question's weight a sentence holds, how many of its words it has in the opposite sense, and those
    that it has in either. 0 if it lacks a number, or a name that is not near it either."""
    found, near = words_of(sentence.text), words_of(sentence.passage.text) | words_about(sentence.passage)
    held, turned, relation = 0.0, 0, []
    for term, weight in zip(question.terms, question.weights, strict=True):
        fixed = term.is_name or term.is_number
        sense = 0 if fixed else sense_in(term, found.stems)
        if not sense and not found.hold(term):
            if term.is_number or (term.is_name and not near.hold(term)):
                return 0.0, 0, []
            held += weight if term.is_name else 0.0
            continue
        held += weight
        if sense:
            turned += sense == -1
            relation.append(term)
    return held, turned, relation


def _told(asked: Reading, said: Reading) -> tuple[int | None, list[int]]:
    """Which word of a question is what is done, and which words of the sentence tell of that, or of the opposite."""
    if _SAYS_WHAT_IT_IS.match(asked.text):
        return None, []
    for verb in [i for i, token in enumerate(asked.tokens) if token.content][1:]:
        if asked.tokens[verb - 1].lower in BEFORE_A_NOUN:
            continue
        meant = _meant(asked.tokens[verb].text)
        places = [at for at, token in enumerate(said.tokens) if stem(token.text) in meant]
        if told := [at for at in places if may_be_told(said, at)]:
            return verb, told
        if not places and not asked.tokens[verb].name:
            break
    return None, []


def _is_of_the_same(asked: Reading, verb: int | None, said: Reading, told: Sequence[int]) -> bool:
    """Whether a sentence has the same one do it to the same; or, of "Is the bridge open?", says it of the bridge."""
    if verb is None:
        return bool(_SAYS_WHAT_IT_IS.match(asked.text)) and is_so(asked, said, _meant)
    return any(is_what_is_asked(asked, verb, said, at) for at in told)


def _meant(word: str) -> frozenset[str]:
    """The stems of a word, of those of its meaning and of those of the opposite."""
    return frozenset({stem(word), *like(stem(word)), *opposite(stem(word))})


def _has(sentence: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE) is not None
