"""Which words of a quote mean the same as those of a claim, and how much of it they cover. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..language import inverse_document_frequency, is_english
from .alike import alike
from .reading import SAYING, Reading, Token, is_title

Pairs = Mapping[int, Sequence[int]]
"""For each word of a claim, the words of the quote that mean the same: indexes of tokens."""

_PARTICLES = frozenset("up down out off on over away back in through".split())
HEAVIEST = 5.0
"""Nats: a rare word counts no more than this, or one paraphrased word would decide."""
_ANCHOR = 3.0
"""Nats: what a name, a number or a day counts; all of them must be in the quote anyway."""
_NEARBY = 0.6
"""What a word counts that only the title, or the sentence before, has."""


def match(claim: Reading, quote: Reading) -> dict[int, list[int]]:
    """The words of the quote that mean the same as each word of the claim; the same word before a like one."""
    pairs: dict[int, list[int]] = {}
    for i, token in enumerate(claim.tokens):
        if not token.content:
            continue
        found = [j for j, other in enumerate(quote.tokens) if other.content and _is_same(token, other)]
        if not found and not token.name:
            mine = _forms(claim, i)
            found = [
                j
                for j, other in enumerate(quote.tokens)
                if (other.content or _phrase(quote, j))
                and (not other.name or is_english(other.lower))
                and _alike(mine, _forms(quote, j))
            ]
        if found:
            pairs[i] = found
    return pairs


def covered(claim: Reading, pairs: Pairs, around: frozenset[str]) -> tuple[float, float, list[str]]:
    """The share of the claim's weight that the quote has, with its names and numbers counted and
    without them, and the words that it does not have.

    Args:
        claim: the claim.
        pairs: from `match`.
        around: stems of the title and of the sentence before.
    """
    total = held = 0.0
    missing = []
    for i in claim.content():
        token = claim.tokens[i]
        if is_title(token) or SAYING.fullmatch(token.lower):
            continue
        weight = min(inverse_document_frequency(token.lower, 0, 0), HEAVIEST)
        total += weight
        if i in pairs:
            held += weight
        elif token.stem in around:
            held += _NEARBY * weight
        else:
            missing.append(token.lower)
    anchors = _ANCHOR * (len(claim.names) + len(claim.figures) + len(claim.days))
    alone = held / total if total else 1.0
    return (held + anchors) / ((total + anchors) or 1.0), alone, missing


def _is_same(one: Token, other: Token) -> bool:
    return one.stem == other.stem or (one.place is not None and one.place == other.place)


def _forms(reading: Reading, at: int) -> tuple[str, ...]:
    phrase = _phrase(reading, at)
    return (reading.tokens[at].stem, phrase) if phrase else (reading.tokens[at].stem,)


def _phrase(reading: Reading, at: int) -> str | None:
    """The verb with its particle, "turn_down"."""
    tokens = reading.tokens
    for step in (1, 2):
        if at + step < len(tokens) and tokens[at + step].lower in _PARTICLES:
            return f"{tokens[at].stem}_{tokens[at + step].lower}"
    return None


def _alike(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    return any(alike(one, other) for one in mine for other in theirs)
