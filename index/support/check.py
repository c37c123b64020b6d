"""The check itself: a claim, or each part of it, against the sentences quoted for it. Pure.

Fails closed: what is not found to be carried is not carried, and the reason is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import roles, senses
from .clauses import parts_of
from .counts import counted_otherwise, missing_figure
from .matching import Pairs, covered, match
from .meaning import Meaning
from .names import missing_name, missing_office
from .quantities import speaks_of_all, wrong_day, wrong_quantity
from .reading import SAYING, Reading, read
from .speech import wrong_speaker
from .units import Quote, Unit, is_addressed, is_quoted, units_of

_LEAST_ODDS = -5.75
"""Log odds by the learnt reader, below which a claim that the rules find carried is not."""
_SURE_ODDS = 1.0
"""Log odds at which the reader carries a claim that the rules find only worded otherwise,"""
_SURE_AGAINST = 2.5
"""and one that they find something against, but no number, day or name. All three: docs/decisions.md."""
_LEAST_COVERED = 0.6
_LEAST_UNANCHORED = 0.66
_LEAST_ALONE = 0.45
_WITHOUT_VERB_COUNTED = 0.5
_WITHOUT_VERB = 0.72
"""Where the quote has no word like the claim's verb, it must have so much of the rest."""
_SURELY_COVERED = 0.9
_CONTRADICTS = 0.7
"""A sentence that covers so much of a claim and speaks against it is not outvoted by parts of others."""
_LEAD = re.compile(
    r"^(?:(?:yes|no|indeed|in fact|also|however|accounts differ)\s*[,.:;!–—-]+\s*|"
    r"(?:according to|as reported (?:in|by)|per) (?:the |this |that )?"
    r"(?:articles?|passages?|text|sources?)(?: \d+)?,?\s+|"
    r"(?:the|this) (?:articles?|passages?|text) (?:says?|states?|reports?|notes?|mentions?)(?: that)?\s+)+",
    re.IGNORECASE,
)
_OTHERWISE = "read as a whole, the quote does not say so"
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 2
"""Less than that says nothing, though it be a whole sentence."""
_LEAST_READ = 4
"""Words of a claim that the reader alone may carry: it was trained on hardly any that are shorter."""
_ANYBODY = frozenset("people those persons".split())
_ONLY_SAYS = re.compile(
    r"sa(?:id|ys?)|t(?:old|ells?)|add(?:s|ed)|announc\w+|stat(?:es|ed)|note[sd]|report(?:s|ed)|explain\w*|complain\w*|"
    r"worr(?:y|ie[sd])|fear(?:s|ed)?|advis\w+|warn\w*|argu\w+|remark\w*|predict\w*"
)
"""Verbs that only tell who speaks: which of them a quote has does not matter."""
_PRONOUN = re.compile(r"(?:he|she|they|it|this|that|these|his|her|their|its)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"^(?:It|Its|This|That|These)\b|\b(?:he|she|they|his|her|their|him|them)\b|\bthe [a-z]\w+", re.I
)


@dataclass(frozen=True)
class Finding:
    """Whether a claim is carried; if not, `reason` says what is missing or against it.

    `against` tells that the quotes have most of the claim's words and speak against it; `covered`,
    0..1, how much of the claim they have.
    """

    carried: bool
    reason: str | None = None
    against: bool = False
    covered: float = 0.0


@dataclass(frozen=True)
class _Judged:
    """How a unit fares: `against` speaks against the claim, `missing` is only not there."""

    covered: float
    against: tuple[str, ...]
    missing: tuple[str, ...]
    vetoed: bool
    """Of what is missing, some is a number, a day or a name: of these the rules alone are judges."""

    @property
    def holds(self) -> bool:
        return not self.against and not self.missing


def support(
    claim: str, quotes: Sequence[Quote], meaning: Meaning | None = None, *, extracted: bool = False
) -> Finding:
    """Whether the quotes carry the claim.

    Args:
        claim: one statement, in plain words.
        quotes: what is quoted for it, each a run of whole sentences.
        meaning: what tells words of like meaning beyond the word lists; None for the rules alone.
        extracted: the claim is a quote that code took from an article; no model chose its words.
    """
    said = " ".join(claim.split())
    if not said:
        return Finding(False, "it says nothing")
    if extracted and is_quoted(said, quotes):
        return Finding(True, covered=1.0)
    quotes = [quote for quote in quotes if not quote.is_planted]
    statement = _LEAD.sub("", said)
    if len(_WORD.findall(statement)) < _LEAST_WORDS:
        return Finding(False, "it says too little to be checked")
    if is_quoted(said, quotes):
        return Finding(True, covered=1.0)
    if is_addressed(said):
        return Finding(False, "it speaks to the reader, or of the assistant")
    units = [unit for quote in quotes for unit in units_of(quote)]
    if not units:
        return Finding(False, "nothing is quoted for it")
    reading = read(statement, quotes[0].published)
    if len(reading.content()) + len(reading.names) + len(reading.figures) < 2:
        return Finding(False, "it says too little to be checked")
    judged = [_judge(reading, unit, meaning) for unit in units]
    best = min(judged, key=lambda j: (len(j.against) + len(j.missing), -j.covered))
    contradicted = any(j.against and not j.missing and j.covered >= _CONTRADICTS for j in judged)
    holds = best.holds or (not contradicted and _in_parts(reading, units, meaning))
    why = next(iter(best.against + best.missing), _OTHERWISE)
    is_read = len(_WORD.findall(reading.text)) >= _LEAST_READ
    if meaning and meaning.entailment and (holds or (is_read and not best.vetoed)):
        odds = meaning.entailment.log_odds(reading.text, quotes)
        holds = odds >= (_LEAST_ODDS if holds else _SURE_AGAINST if best.against else _SURE_ODDS)
    if holds:
        return Finding(True, covered=best.covered)
    return Finding(False, why, contradicted, best.covered)


def _judge(claim: Reading, unit: Unit, meaning: Meaning | None) -> _Judged:
    """What speaks against the unit carrying the claim, and what of the claim it lacks."""
    quote = unit.reading
    pairs = match(claim, quote)
    share, alone, lacking = covered(claim, pairs, read(unit.quote.title).stems)
    speech = bool(SAYING.search(claim.text))
    said_by = _wrong_speaker(claim, unit)
    subject = roles.wrong_subject(claim, quote, pairs)
    against = (
        senses.opposite(claim, quote, pairs),
        senses.differs(claim, quote, pairs, attributed=speech),
        wrong_quantity(claim, quote, pairs),
        counted_otherwise(claim, quote, pairs),
        f"the quote has somebody else say it than {said_by}" if said_by else None,
        "the roles are swapped" if roles.swapped(claim, quote, pairs) else None,
        f"the quote says it of somebody else than {subject}" if subject else None,
    )
    missing = (
        missing_figure(claim, quote, pairs),
        wrong_day(claim, quote, pairs, unit.quote.published, speech=speech),
        _wrong_name(claim, unit),
    )
    unsaid = (
        _wrong_subject(claim, pairs, unit) if alone < _SURELY_COVERED or _PRONOUN.match(quote.text) else None,
        f"too little of it is in the quote: {', '.join(lacking)}"
        if _too_little(claim, pairs, share, alone)
        else None,
    )
    if (
        meaning
        and any(unsaid)
        and not any(against + missing)
        and not (unsaid[0] and speech)
        and not speaks_of_all(claim)
    ):
        about = roles.leading_words(claim) if unsaid[0] else []
        if meaning.is_near(claim, quote, pairs, alone=alone, subject=about):
            unsaid = (None, None)
    return _Judged(
        share,
        tuple(r for r in against if r),
        tuple(r for r in missing + unsaid if r),
        any(missing),
    )


def _too_little(claim: Reading, pairs: Pairs, share: float, alone: float) -> bool:
    verb = roles.main_verb(claim)
    if verb is not None and verb not in pairs and not _ONLY_SAYS.fullmatch(claim.tokens[verb].lower):
        return alone < (_WITHOUT_VERB_COUNTED if claim.figures else _WITHOUT_VERB)
    anchored = claim.names or claim.figures or claim.days
    return share < (_LEAST_COVERED if anchored else _LEAST_UNANCHORED) or alone < _LEAST_ALONE


def _wrong_speaker(claim: Reading, unit: Unit) -> str | None:
    focus = _focus(claim, unit)
    return wrong_speaker(claim, unit.sentences, focus, unit.quote.article, unit.quote.speaker)


def _focus(claim: Reading, unit: Unit) -> int:
    """The number of the sentence that has most of what the claim says."""
    told = next((part for part in parts_of(claim) if SAYING.search(part)), claim.text)
    own = {token.stem for token in read(told).tokens if token.content and not token.name}
    shared = [len(sentence.stems & own) for sentence in unit.sentences]
    return shared.index(max(shared))


def _wrong_subject(claim: Reading, pairs: Pairs, unit: Unit) -> str | None:
    """What the claim is about, if the quote has no word of it, nor a pronoun for it."""
    subject = [i for i in roles.leading_words(claim) if claim.tokens[i].lower not in _ANYBODY]
    around = unit.before | read(unit.quote.title).stems
    stands_for = _PRONOUN.match(unit.reading.text) and any(claim.tokens[i].stem in around for i in subject)
    if subject and not stands_for and not any(i in pairs for i in subject):
        return f"the quote is not about: {claim.tokens[subject[-1]].text}"
    return None


def _wrong_name(claim: Reading, unit: Unit) -> str | None:
    for run in claim.names:
        if missing := missing_name(claim, run, unit.reading, unit.quote.article):
            return f"a name is not in the quote: {missing}"
    if office := missing_office(claim, unit.reading, unit.quote.article):
        return f"an office is not in the quote: {office}"
    if len(unit.sentences) > 1 and claim.names and roles.begins_with(claim, claim.names[0]):
        # Whom a claim is about, the sentence that has most of it names, or leans on one that does.
        at = _focus(claim, unit)
        focus = unit.sentences[at]
        unnamed = missing_name(claim, claim.names[0], focus, unit.quote.article)
        if unnamed and not (_REFERS.search(focus.text) and _is_last_named(claim, unit, at)):
            return f"a name is not in the quote: {unnamed}"
    return None


def _is_last_named(claim: Reading, unit: Unit, at: int) -> bool:
    """Whether the nearest sentence before one that names anybody names whom the claim is about."""
    before = next((s for s in reversed(unit.sentences[:at]) if s.names), None)
    return before is None or not missing_name(claim, claim.names[0], before, unit.quote.article)


def _in_parts(claim: Reading, units: Sequence[Unit], meaning: Meaning | None) -> bool:
    """Whether each part of the claim is carried by a unit, all of them of whom the claim is about."""
    parts = list(parts_of(claim))
    if len(parts) < 2:
        return False
    subject = next(iter(claim.names), None)
    for part in parts:
        reading = read(part, units[0].quote.published)
        if not any(
            _is_about(claim, subject, unit)
            and not _wrong_speaker(claim, unit)
            and _judge(reading, unit, meaning).holds
            for unit in units
        ):
            return False
    return True


def _is_about(claim: Reading, subject: tuple[int, ...] | None, unit: Unit) -> bool:
    return subject is None or not missing_name(claim, subject, unit.reading, unit.quote.article)
