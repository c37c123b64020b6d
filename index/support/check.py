"""The check itself: a claim, or each part of it, against the sentences quoted for it. Pure.

Fails closed: what is not found to be carried is not carried, and the reason is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..language import inverse_document_frequency
from ..sentences import sentence_bounds
from . import days, figures, roles, senses
from .alike import alike, contrary
from .names import missing_name
from .reading import Reading, is_title, read

_LEAST_COVERED = 0.62
_LEAD = re.compile(
    r"^(?:(?:yes|no|indeed|in fact|also|however|accounts differ)\b[,.:;!–—-]*\s*|"
    r"(?:according to|as reported (?:in|by)|per) (?:the |this |that )?(?:articles?|passages?|reports?|"
    r"text|sources?)(?: \d+)?,?\s+|"
    r"(?:the|this) (?:articles?|passages?|text) (?:says?|states?|reports?|notes?|mentions?)(?: that)?\s+)+",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any |the |your |every)*(?:previous|prior|above|earlier|"
    r"other|instructions?|rules?)|"
    r"\bsystem prompt|\bas an ai\b|\blanguage model|\b(?:ai|chat ?bot|assistants?) (?:must|should|will|"
    r"has|have|is|are|was|were)\b|"
    r"\byou (?:must|should|are (?:now|an?)|will now|can now)\b|\b(?:i am|i'm|i’m|i cannot|i can|i will|"
    r"i have been|my instructions?)\b|"
    r"\b(?:please )?(?:visit|click|email|send|call|subscribe|download|reply|respond|transfer|log in|"
    r"enter) (?:here|now|to|us|your|at|with|this|on|the link|https?)",
    re.IGNORECASE,
)
_EXACT = (
    frozenset(
        "all every everyone everybody each entire entirely whole always both total totally fully "
        "completely unanimous unanimously any anyone".split()
    ),
    frozenset("only sole solely exclusively just alone merely".split()),
    frozenset("most majority mostly mainly largely primarily".split()),
    frozenset(
        "because cause caused causing causes due result resulted led leads owing blamed since "
        "consequence trigger triggered prompted thanks".split()
    ),
)
_SUPERLATIVE = re.compile(r"^(?:[a-z]{3,}est|best|worst|first|last|record|unprecedented|never|unique)$")
_NOT_SUPERLATIVE = frozenset(
    "west east rest test interest protest request forest arrest guest quest invest suggest honest "
    "harvest nest chest contest latest".split()
)
_PARTIAL = re.compile(
    r"\b(?:some|several|few|many|part of|partly|up to|most|nearly|almost|about half)\b", re.IGNORECASE
)
_BEYOND = {
    "more": re.compile(
        r"\b(?:more than|over|above|at least|exceed\w*|upwards of|no fewer than)\b", re.IGNORECASE
    ),
    "less": re.compile(
        r"\b(?:less than|fewer than|under|below|at most|up to|no more than|nearly|almost)\b", re.IGNORECASE
    ),
}
_ANAPHOR = re.compile(
    r"\b(?:he|she|they|it|his|her|hers|their|its|him|them|this|these|those|both|the)\b|(?<=\s)the \w+",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:he|she|they|it|his|her|their|its|him|them)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Quote:
    """Words quoted from an article, and what is known around them."""

    text: str
    article: str = ""
    """The whole text of the article: it completes names, and carries nothing else."""
    title: str = ""
    published: str | None = None
    speaker: str | None = None


@dataclass(frozen=True)
class Finding:
    """Whether a claim is carried; if not, `reason` says what is missing or against it."""

    carried: bool
    reason: str | None = None


@dataclass(frozen=True)
class _Sentence:
    reading: Reading
    before: Reading | None
    quote: Quote
    rank: int = 0


@dataclass
class _Verdict:
    covered: float
    reasons: list[str] = field(default_factory=list)


def support(claim: str, quotes: Sequence[Quote]) -> Finding:
    """Whether the quotes carry the claim.

    Args:
        claim: one statement, in plain words.
        quotes: what is quoted for it, each a run of whole sentences.
    """
    said = " ".join(claim.split())
    if not said:
        return Finding(False, "it says nothing")
    sentences = list(_sentences(quotes))
    if _is_quoted(said, quotes, sentences):
        return Finding(True)
    if _ADDRESSES.search(said):
        return Finding(False, "it speaks to the reader or of the assistant")
    if not sentences:
        return Finding(False, "nothing is quoted for it")
    plain = _LEAD.sub("", said)
    reading = read(plain, quotes[0].published)
    if len(reading.content()) + len(reading.names) + len(reading.figures) < 2:
        return Finding(False, "it says too little to be checked")
    whole = min((_held(reading, s) for s in sentences), key=lambda v: (len(v.reasons), -v.covered))
    if not whole.reasons:
        return Finding(True)
    return Finding(True) if _in_parts(reading, sentences) else Finding(False, whole.reasons[0])


def _is_quoted(said: str, quotes: Sequence[Quote], sentences: Sequence[_Sentence]) -> bool:
    """Whether the claim is one quote, or whole sentences of it, word for word."""
    flat = [" ".join(quote.text.split()) for quote in quotes]
    whole = {" ".join(sentence.reading.text.split()) for sentence in sentences}
    return said in flat or said in whole


def _sentences(quotes: Sequence[Quote]) -> Iterator[_Sentence]:
    for quote in quotes:
        before: Reading | None = None
        for text in _split(quote.text):
            reading = read(text, quote.published)
            yield _Sentence(reading, before, quote)
            before = reading


def _split(text: str) -> Iterator[str]:
    for start, end in sentence_bounds(text):
        if piece := text[start:end].strip():
            yield piece


def _held(claim: Reading, sentence: _Sentence) -> _Verdict:
    """What speaks against one sentence carrying the claim; no reasons if it does."""
    quote = sentence.reading
    pairs = _pairs(claim, quote)
    verdict = _Verdict(_covered(claim, quote, pairs, sentence))
    checks = (
        _figures(claim, quote),
        _days(claim, sentence),
        _names(claim, sentence),
        _opposites(claim, quote, pairs),
        _cues(claim, quote, pairs),
        _quantities(claim, quote, pairs),
        _speaker(claim, sentence),
        "the roles are swapped" if roles.swapped(claim, quote, pairs) else None,
        "too little of it is in the quote" if verdict.covered < _LEAST_COVERED else None,
    )
    verdict.reasons = [reason for reason in checks if reason]
    return verdict


def _pairs(claim: Reading, quote: Reading) -> dict[int, list[int]]:
    pairs: dict[int, list[int]] = {}
    for i, token in enumerate(claim.tokens):
        if token.content:
            found = [
                j
                for j, other in enumerate(quote.tokens)
                if other.stem == token.stem or (token.place and token.place == other.place)
            ]
            if not found and not token.name:
                found = [j for j, o in enumerate(quote.tokens) if o.content and alike(token.stem, o.stem)]
            if found:
                pairs[i] = found
    return pairs


def _covered(claim: Reading, quote: Reading, pairs: dict[int, list[int]], sentence: _Sentence) -> float:
    """The share of the claim's weight that the quote has in the same or like words."""
    total = held = 0.0
    around = sentence.before.stems if sentence.before else frozenset()
    title = read(sentence.quote.title).stems
    for i in claim.content():
        token = claim.tokens[i]
        if is_title(token):
            continue
        weight = min(inverse_document_frequency(token.lower, 0, 0), 5.0)
        total += weight
        if i in pairs:
            held += weight
        elif token.stem in around or token.stem in title:
            held += 0.7 * weight
    return held / total if total else 1.0


def _figures(claim: Reading, quote: Reading) -> str | None:
    for figure in claim.figures:
        if not any(figures.same(figure, other) for other in quote.figures):
            return f"a number is not in the quote: {claim.text[figure.start : figure.end].strip()}"
    for kind, pattern in _BEYOND.items():
        if pattern.search(claim.text) and claim.figures and not pattern.search(quote.text):
            return f"the quote does not say {kind} than that"
    return None


def _days(claim: Reading, sentence: _Sentence) -> str | None:
    said_on = days.day_of(sentence.quote.published)
    known = [day for mention in sentence.reading.days for day in mention]
    speech = bool(roles.SAYING.search(claim.text))
    if said_on and (not known or speech):
        known.append(said_on)
    elif said_on and not any(day.year for day in known if not day.month):
        known.append(days.Day(str(said_on.year), said_on.year))
    for mention in claim.days:
        if not any(mine.carries(day) for day in mention for mine in known):
            return f"a date is not in the quote: {mention[0].words}"
    return None


def _names(claim: Reading, sentence: _Sentence) -> str | None:
    quote = sentence.reading
    for run in claim.names:
        missing = missing_name(claim, run, quote, sentence.quote.article)
        if missing and sentence.before and _PERSONAL.search(quote.text):
            missing = missing_name(claim, run, sentence.before, sentence.quote.article)
        if missing:
            return f"a name is not in the quote: {missing}"
    return None


def _opposites(claim: Reading, quote: Reading, pairs: dict[int, list[int]]) -> str | None:
    for i in claim.content():
        token = claim.tokens[i]
        if any(quote.tokens[j].stem == token.stem for j in pairs.get(i, ())):
            continue
        for other in quote.tokens:
            if (
                other.content
                and contrary(token.stem, other.stem)
                and not _negated(claim, i) ^ _negated_token(quote, other.start)
            ):
                return f"the quote says the opposite: {other.text}"
    return None


def _negated(reading: Reading, i: int) -> bool:
    return any(cue.kind in {"not", "deny"} and i in cue.scope for cue in senses.cues(reading))


def _negated_token(reading: Reading, start: int) -> bool:
    return any(
        cue.kind in {"not", "deny"} and any(reading.tokens[i].start == start for i in cue.scope)
        for cue in senses.cues(reading)
    )


def _cues(claim: Reading, quote: Reading, pairs: dict[int, list[int]]) -> str | None:
    mine, theirs = senses.kinds(claim), senses.kinds(quote)
    attributed = bool(roles.SAYING.search(claim.text))
    said = {j: i for i, js in pairs.items() for j in js}
    for cue in senses.cues(quote):
        near = [said[j] for j in cue.scope if j in said]
        reaches = bool(cue.scope) and (cue.scope[0] in said or len(near) * 2 >= len(cue.scope))
        if not reaches:
            continue
        if (
            cue.kind == "not"
            and not any(_negated(claim, i) for i in near)
            and "not" not in mine
            and "deny" not in mine
        ):
            return f"the quote denies it: {cue.word}"
        if cue.kind == "deny" and "deny" not in mine and "not" not in mine:
            return f"the quote denies it: {cue.word}"
        if cue.kind in {"may", "plan"} and not mine & {"may", "plan"}:
            return f"the quote does not state it plainly: {cue.word}"
        if cue.kind == "alleged" and not attributed and "alleged" not in mine:
            return f"the quote only has somebody say so: {cue.word}"
        if cue.kind == "if" and "if" not in mine:
            return f"the quote sets a condition: {cue.word}"
    for cue in senses.cues(claim):
        opposed = any(contrary(claim.tokens[i].stem, t.stem) for i in cue.scope for t in quote.tokens)
        if cue.kind in {"not", "deny"} and not theirs & {"not", "deny"} and not opposed:
            return f"the quote does not deny it: {cue.word}"
        if cue.kind in {"may", "plan"} and not theirs & {"may", "plan"}:
            return f"the quote states it plainly: {cue.word}"
        if cue.kind == "if" and "if" not in theirs:
            return f"the quote sets no condition: {cue.word}"
    return None


def _quantities(claim: Reading, quote: Reading, pairs: dict[int, list[int]]) -> str | None:
    mine, theirs = ({t.lower for t in r.tokens} for r in (claim, quote))
    for group in _EXACT:
        if mine & group and not theirs & group:
            return f"the quote does not say: {', '.join(sorted(mine & group))}"
    for word in mine:
        if _SUPERLATIVE.match(word) and word not in _NOT_SUPERLATIVE and word not in theirs:
            return f"the quote does not say: {word}"
    return None


def _speaker(claim: Reading, sentence: _Sentence) -> str | None:
    around = f"{sentence.before.text if sentence.before else ''} {sentence.quote.speaker or ''}"
    wrong = roles.wrong_speaker(
        claim, sentence.reading, around, sentence.quote.article, sentence.quote.speaker
    )
    return f"the quote has somebody else say it than {wrong}" if wrong else None


def _in_parts(claim: Reading, sentences: Sequence[_Sentence]) -> bool:
    """Whether each part of the claim is carried by a sentence, all of them of what the claim is about."""
    parts = list(_parts(claim))
    if len(parts) < 2:
        return False
    subject = next(iter(claim.names), None)
    for part in parts:
        reading = read(part, sentences[0].quote.published)
        if not any(not _held(reading, s).reasons and _is_about(claim, subject, s) for s in sentences):
            return False
    return True


def _is_about(claim: Reading, subject: tuple[int, ...] | None, sentence: _Sentence) -> bool:
    if subject is None:
        return True
    quote, article = sentence.reading, sentence.quote.article
    if not missing_name(claim, subject, quote, article):
        return True
    before = sentence.before
    return bool(before and _PERSONAL.search(quote.text) and not missing_name(claim, subject, before, article))


def _parts(claim: Reading) -> Iterator[str]:
    """The claim cut at its clauses and at "and"; pieces of less than two words of meaning join the next."""
    cuts = [0]
    for before, token in pairwise(claim.tokens):
        if token.clause != before.clause or token.lower == "and":
            cuts.append(token.start)
    cuts.append(len(claim.text))
    piece = ""
    for start, end in pairwise(cuts):
        piece += claim.text[start:end]
        reading = read(piece.strip())
        if len(reading.content()) + len(reading.names) + len(reading.figures) >= 2:
            yield piece.strip(" ,;:")
            piece = ""
    if piece.strip():
        yield piece.strip(" ,;:")
