"""Who did what to whom, as far as the order of words tells. English, by rule; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .alike import is_past
from .matching import Pairs
from .reading import SAYING, Reading, is_title

_BE = frozenset("is are was were be been being get gets got".split())
_PREPOSITIONS = frozenset("of on in at with for from between against to by near over about".split())
_RELATIVE = frozenset("who which whose where whom".split())
_ARTICLES = frozenset("the a an its his her their".split())
_HAVE = frozenset("has have had will would may might can could must do does did said says".split())
BEFORE_A_NOUN = frozenset(
    """the a an his her its their this that these those no any some of in on at for with by from to and
    or more""".split()
) - {"to", "and", "that", "or"}
_SYMMETRIC = frozenset("meet talk agre sign clash discuss marri negoti share border face".split())
_PRONOUN = re.compile(r"\b(?:he|she|they|it|his|her)\b", re.IGNORECASE)


def swapped(claim: Reading, quote: Reading, pairs: Pairs) -> bool:
    """Whether the claim has somebody do what the quote has done to them, or by another."""
    for verb, meant in pairs.items():
        if may_be_verb(claim, verb) and claim.tokens[verb].stem not in _SYMMETRIC:
            verdicts = [_turned(claim, verb, quote, at, pairs) for at in meant if not quote.tokens[at].name]
            if verdicts and all(verdicts):
                return True
    return False


def wrong_subject(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """Whom the claim has do something that the quote says of another by name, or None."""
    for verb, meant in pairs.items():
        if not may_be_verb(claim, verb) or claim.tokens[verb].stem in _SYMMETRIC:
            continue
        named = (
            _patient if is_passive(claim, verb) and all(is_passive(quote, at) for at in meant) else _subject
        )
        mine = named(claim, verb)
        if mine is None or not all(i in pairs for i in mine[-1:]):
            continue
        others = [named(quote, at) for at in meant]
        if not others or None in others:
            continue
        wanted = _places(claim, mine[-1], quote, pairs)
        if all(not set(o or ()) & wanted for o in others):
            return " ".join(claim.tokens[i].text for i in mine)
    return None


def begins_with(claim: Reading, run: Sequence[int]) -> bool:
    """Whether a name is the first thing of meaning in a claim."""
    return not any(token.content and not is_title(token) for token in claim.tokens[: run[0]])


def leading_words(claim: Reading) -> list[int]:
    """The words of meaning, names too, that a claim begins with: what it is about."""
    found: list[int] = []
    for i, token in enumerate(claim.tokens):
        if token.lower in _BE | _HAVE or (found and token.clause != claim.tokens[found[0]].clause):
            break
        if (
            token.content
            and found
            and not token.name
            and (is_past(token.lower) or SAYING.fullmatch(token.lower))
        ):
            break
        if token.content:
            found.append(i)
    return found


def _subject(reading: Reading, at: int) -> tuple[int, ...] | None:
    """The name that stands right before a verb, as the one who does it; None where a pronoun or noun "
    "does."""
    tokens = reading.tokens
    if at and tokens[at - 1].lower == "to":
        return None
    return _agent(reading, at) if is_passive(reading, at) else _patient(reading, at)


def _patient(reading: Reading, at: int) -> tuple[int, ...] | None:
    """The name that stands right before a verb, whatever its voice; None where a pronoun or noun does."""
    tokens = reading.tokens
    for i in words_before(reading, at)[:4]:
        if tokens[i].name:
            run = next(run for run in reading.names if i in run)
            return None if is_after_preposition(reading, run[0]) else run
        if tokens[i].content or _PRONOUN.fullmatch(tokens[i].lower):
            return None
    return None


def _agent(reading: Reading, at: int) -> tuple[int, ...] | None:
    """The name after "by" behind a verb in the passive."""
    after = range(at + 1, min(at + 8, len(reading.tokens)))
    by = next((i for i in after if reading.tokens[i].lower == "by"), None)
    if by is None:
        return None
    return next((run for run in reading.names if by < run[0] <= by + 3), None)


def words_before(reading: Reading, at: int) -> list[int]:
    """The words before a verb in its clause, nearest first; if there are none, those before what is put
    in between: "Iraq, which lies between Iran and Syria, had granted"."""
    tokens = reading.tokens
    for clause in range(tokens[at].clause, -1, -1):
        inside = [
            i for i in range(at) if tokens[i].clause == clause and tokens[i].sentence == tokens[at].sentence
        ]
        if not inside:
            continue
        first = tokens[inside[0]].lower
        own = clause == tokens[at].clause
        between = first in _RELATIVE or (
            first in _ARTICLES and tokens[inside[0]].text.islower() and inside[0] > 0
        )
        meaning = [i for i in inside if tokens[i].content or _PRONOUN.fullmatch(tokens[i].lower)]
        if meaning and (own or not between):
            return inside[::-1]
    return []


def main_verb(claim: Reading) -> int | None:
    """The first word of meaning after what a claim is about, if it has the form of a verb."""
    subject = leading_words(claim)
    after = [i for i in claim.content() if not subject or i > subject[-1]]
    if after and (is_past(claim.tokens[after[0]].lower) or claim.tokens[after[0] - 1].lower in _BE | _HAVE):
        return after[0]
    return None


def is_after_preposition(reading: Reading, at: int) -> bool:
    """Whether a word is what a preposition leads to, with at most an article or a title in between."""
    tokens = reading.tokens
    for i in range(at - 1, max(0, at - 3) - 1, -1):
        if tokens[i].clause != tokens[at].clause or (tokens[i].content and not is_title(tokens[i])):
            return False
        if tokens[i].lower in _PREPOSITIONS:
            return True
        if i and tokens[i].lower in _ARTICLES and tokens[i - 1].lower not in _PREPOSITIONS:
            return False
    return False


def may_be_verb(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    before = reading.tokens[at - 1] if at else None
    after = reading.tokens[at + 1].lower if at + 1 < len(reading.tokens) else ""
    if not token.content or not token.text[:1].islower() or before is None or before.lower in BEFORE_A_NOUN:
        return False
    if is_past(token.lower) or before.lower in _BE | _HAVE | {"to"}:
        return True
    # "He owns the yard", but not "crowns" or "votes".
    return token.lower.endswith("s") and before.content and after in _ARTICLES | {"that", "to"}


def is_passive(reading: Reading, at: int) -> bool:
    tokens = reading.tokens
    if at + 1 < len(tokens) and tokens[at + 1].lower == "by":
        return reading.text[tokens[at + 1].end :].lstrip()[:1].isalpha()
    return is_past(tokens[at].lower) and bool(_BE & {t.lower for t in tokens[max(0, at - 3) : at]})


def _sides(reading: Reading, at: int) -> tuple[list[int], list[int]]:
    """The words on the doer's side of a verb in its clause, and those on the other, nearest first."""
    tokens = reading.tokens
    before = [i for i in words_before(reading, at) if tokens[i].content]
    after = [i for i in range(at + 1, len(tokens)) if tokens[i].clause == tokens[at].clause]
    if not is_passive(reading, at):
        return before, [i for i in after if tokens[i].content]
    by = next((i for i in after if tokens[i].lower == "by"), None)
    return ([i for i in after if tokens[i].content and i > by] if by is not None else []), before


def _turned(claim: Reading, verb: int, quote: Reading, at: int, pairs: Pairs) -> bool:
    """Whether the claim has on the doer's side of a verb what the quote has on the other, or the "
    "reverse."""
    doers, others = _sides(claim, verb)
    quoted_doers, quoted_others = _sides(quote, at)
    doer, other = (next(_entities(claim, side, pairs), None) for side in (doers, others))
    a = _places(claim, doer, quote, pairs) if doer is not None else set()
    b = _places(claim, other, quote, pairs) if other is not None else set()
    if (
        a & set(quoted_others)
        and b & set(quoted_doers)
        and not a & set(quoted_doers)
        and not b & set(quoted_others)
    ):
        return True
    if is_passive(claim, verb) or is_passive(quote, at):
        return False
    if verb == main_verb(claim) and may_be_verb(quote, at):
        before = {i for i in range(at) if quote.tokens[i].sentence == quote.tokens[at].sentence}
        mine = {j for i in doers for j in pairs.get(i, ())}
        told = any(set(quoted_doers[:1]) & set(pairs.get(i, ())) for i in others)
        if doers and told and not mine & before:
            # Who does it in the quote stands behind the verb in the claim, and somebody else before it.
            return True
        told_of = {j for found in pairs.values() for j in found}
        named = any(claim.tokens[i].name for i in doers)
        if (
            doers
            and mine
            and not named
            and all(quote.tokens[j].sentence > quote.tokens[at].sentence for j in mine)
        ):
            # "The union dropped its demand. In return, the company …": it is not the company that dropped it.
            return bool(quoted_doers) and quoted_doers[0] not in told_of
        clauses = {quote.tokens[j].clause for j in mine & before}
        if (
            clauses
            and quoted_doers
            and quoted_doers[0] not in told_of
            and quote.tokens[at].clause not in clauses
        ):
            # "The bank left its rate after prices rose": it is not the bank that rose.
            return not mine & set(quoted_doers)
    if quote.tokens[at].stem != claim.tokens[verb].stem:
        return False
    head = _head(claim, doers, pairs)
    places = _places(claim, head, quote, pairs) if head is not None else set()
    mine = {j for i in doers for j in _places(claim, i, quote, pairs)}
    sentence = quote.tokens[at].sentence
    behind = {i for i in range(at + 1, len(quote.tokens)) if quote.tokens[i].sentence == sentence}
    return bool(places) and places <= behind and not mine & set(quoted_doers)


def _head(claim: Reading, doers: Sequence[int], pairs: Pairs) -> int | None:
    """The name next to the verb on the doer's side, if the quote has it."""
    plain = [i for i in doers if not is_after_preposition(claim, i)]
    return plain[0] if plain and plain[0] in pairs and claim.tokens[plain[0]].name else None


def _places(claim: Reading, at: int, quote: Reading, pairs: Pairs) -> set[int]:
    """Where the quote has a word of the claim, or the name that it is part of: the one most like it."""
    run = next((run for run in claim.names if at in run), None)
    if run is None:
        return set(pairs.get(at, ()))
    stems = {claim.tokens[i].stem for i in run}
    shared = {other: len(stems & {quote.tokens[j].stem for j in other}) for other in quote.names}
    most = max(shared.values(), default=0)
    if not most:
        return set(pairs.get(at, ()))
    return {j for other, n in shared.items() if n == most for j in other}


def _entities(reading: Reading, side: Sequence[int], pairs: Pairs) -> Iterator[int]:
    """The words of a side that the quote has too, names first."""
    yield from (i for i in side if reading.tokens[i].name and pairs.get(i))
    yield from (i for i in side if not reading.tokens[i].name and pairs.get(i))
