"""Numbers of a claim against those of a quote: whether they are there, and count the same things. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from . import figures
from .alike import base, is_past
from .figures import Figure
from .matching import Pairs
from .reading import Reading

_BEYOND = {
    "more": re.compile(
        r"\b(?:more than|over|above|at least|exceed\w*|upwards of|no fewer than|as many as)\b(?= (?:\w+ "
        r")?[\d\w])",
        re.IGNORECASE,
    ),
    "less": re.compile(
        r"\b(?:less than|fewer than|under|below|at most|up to|no more than|exceed\w*|limit\w*|"
        r"cap(?:ped)?|ceiling|maximum|nearly|almost|as (?:much|many) as)\b",
        re.IGNORECASE,
    ),
}
_PASSED = re.compile(r"\b(?!few|low|small|short|light|young|cheap)\w+er than\b", re.IGNORECASE)
""" "Heavier than 7.5 tonnes"."""
_COUNTED_ANYHOW = frozenset(
    base(word)
    for word in "year people time occasion percent old day more other further month week hour point".split()
)
_PRONOUNS = frozenset("he she it they his her its their".split())
_BEFORE_A_TIME = frozenset("on at in by from to with after before".split())
_FROM_OR_TO = re.compile(r"\b(from|to)(?: (?:about|around|some|only))?\s*$", re.IGNORECASE)


def missing_figure(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """A number of the claim that the quote does not have, or None."""
    for figure in claim.figures:
        found = [other.start for other in _meant(claim, figure, quote)]
        if not any(goes_with(claim, figure.start, quote, at, pairs) for at in found):
            return f"a number is not in the quote: {claim.text[figure.start : figure.end].strip()}"
    return None


def counted_otherwise(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """What is wrong with numbers that the claim and the quote share, or None."""
    held = [(figure, found) for figure in claim.figures if (found := _meant(claim, figure, quote))]
    for figure, found in held:
        if all(_turned_round(claim, figure, quote, other) for other in found):
            return "a number is on the other side of from and to"
        if not any(_counts_the_same(claim, figure, quote, other, pairs) for other in found):
            return f"the quote counts something else: {claim.text[figure.start : figure.end].strip()}"
    if any(_counts_others(claim, figure, quote, found, pairs) for figure, found in held):
        return "the number goes with something else"
    if _crossed(claim, quote, held, pairs):
        return "the numbers belong to others"
    exact = [figure.start for figure, found in held if any(figures.same(figure, other) for other in found)]
    for kind, pattern in _BEYOND.items():
        passed = any(_is_of(match, exact, kind) for match in pattern.finditer(claim.text))
        if passed and not pattern.search(quote.text) and not (kind == "more" and _PASSED.search(quote.text)):
            return f"the quote does not say {kind} than that"
    return None


def _is_of(match: re.Match[str], starts: Sequence[int], kind: str) -> bool:
    """Whether "over" stands before one of the numbers, and not in "over the past two years"."""
    if kind == "less" and match.group().casefold().startswith(("exceed", "limit", "cap", "ceil", "max")):
        return bool(starts)
    return any(0 <= start - match.end() <= 2 for start in starts)


def _meant(claim: Reading, figure: Figure, quote: Reading) -> list[Figure]:
    """The numbers of the quote that a number of the claim stands for: the same, else what it rounds."""
    found = [other for other in quote.figures if figures.same(figure, other)]
    return found or [other for other in quote.figures if figures.rounds(figure, claim.text, other)]


def goes_with(claim: Reading, at: int, quote: Reading, there: int, pairs: Pairs) -> bool:
    """Whether the sentence of the quote in which a number or day stands has a word next to it in the "
    "claim."""
    if not quote.tokens or quote.tokens[-1].sentence == 0:
        return True
    sentence = max((t.sentence for t in quote.tokens if t.start <= there), default=0)
    before = [i for i, t in enumerate(claim.tokens) if t.start < at and t.content][-2:]
    after = [i for i, t in enumerate(claim.tokens) if t.start > at and t.content][:2]
    near = [i for i in (*before, *after) if i in pairs]
    inside = [t for t in quote.tokens if t.sentence == sentence]
    if sum(t.content for t in inside) < 2 or (sentence and inside[0].lower in _PRONOUNS):
        return True  # "He was 91." "It is expected to do so in September."
    return not near or any(quote.tokens[j].sentence == sentence for i in near for j in pairs[i])


def next_content(reading: Reading, position: int, most: int) -> list[int]:
    """The words of meaning after a place in the text, within its clause."""
    after = [i for i, token in enumerate(reading.tokens) if token.start >= position]
    before = [token for token in reading.tokens if token.start < position]
    if not after:
        return []
    clause = before[-1].clause if before else reading.tokens[after[0]].clause
    return [i for i in after if reading.tokens[i].content and reading.tokens[i].clause == clause][:most]


def _counts_the_same(claim: Reading, figure: Figure, quote: Reading, other: Figure, pairs: Pairs) -> bool:
    """Whether what is counted is not counted by another number of the quote."""
    counted = next_content(claim, figure.end, 2)
    counted = counted[:1] if len(counted) == 2 and counted[1] != counted[0] + 1 else counted
    # "103.9 million but": the quote leaves out what everybody knows is counted.
    bare = not any(t.content and 0 <= t.start - other.end <= 2 for t in quote.tokens)
    # "Seven lost their lives": nothing is counted by name.
    if not counted or figure.kind != "plain" or bare or is_past(claim.tokens[counted[0]].lower):
        return True
    meant = {j for i in counted for j in pairs.get(i, ())}
    if not meant:
        adjacent = claim.tokens[counted[0]].start - figure.end <= 2
        return not adjacent or claim.tokens[counted[0]].stem in _COUNTED_ANYHOW
    if any(i in meant for i in next_content(quote, other.end, 3)):
        return True
    return not any(
        set(next_content(quote, third.end, 1)) & meant
        and third.kind == "plain"
        and not figures.same(other, third)
        for third in quote.figures
    )


def _counts_others(
    claim: Reading, figure: Figure, quote: Reading, meant: Sequence[Figure], pairs: Pairs
) -> bool:
    """Whether all that the claim tells after a number comes in the quote after another number."""
    if figure.kind != "plain":
        return False
    end = min((f.start for f in claim.figures if f.start > figure.start), default=len(claim.text))
    behind = [i for i, t in enumerate(claim.tokens) if figure.end <= t.start < end]
    clause = next((t.clause for t in claim.tokens if t.end >= figure.end), None)
    if not behind or claim.tokens[behind[0]].lower in _BEFORE_A_TIME:
        return False
    after = [i for i in behind if i in pairs and claim.tokens[i].clause == clause]
    values = {other.start for other in meant}
    led = [{_led_by(quote, j) for j in pairs[i]} for i in after if not claim.tokens[i].name]
    return bool(led) and all(None not in starts and not starts & values for starts in led)


def _led_by(quote: Reading, at: int) -> int | None:
    """Where the plain number stands that comes last before a word, in its sentence."""
    token = quote.tokens[at]
    before = [f.start for f in quote.figures if f.kind == "plain" and f.start < token.start]
    same = [start for start in before if _sentence_at(quote, start) == token.sentence]
    return same[-1] if same else None


def _turned_round(claim: Reading, figure: Figure, quote: Reading, other: Figure) -> bool:
    mine = _FROM_OR_TO.search(claim.text[: figure.start])
    theirs = _FROM_OR_TO.search(quote.text[: other.start])
    return bool(mine and theirs and mine[1].casefold() != theirs[1].casefold())


def _crossed(claim: Reading, quote: Reading, held: list[tuple[Figure, list[Figure]]], pairs: Pairs) -> bool:
    """Whether two numbers of the claim go with each other's names in the quote."""
    single = [(figure, found[0]) for figure, found in held if len(found) == 1]
    around = [found.start for _, found in single]
    named = [
        (run, place) for run in claim.names if (place := _place_of(run, quote, pairs, around)) is not None
    ]
    places = [(claim.tokens[run[-1]].start, place) for run, place in named]
    if len(single) == 1 and places and _is_of_another(claim, quote, single[0][1], places[0][1], pairs):
        return True
    for (f1, q1), (f2, q2) in combinations(single, 2):
        if f1.kind == "rank" or f2.kind == "rank":
            continue
        if re.fullmatch(r"\s(?:of|out of)\s", claim.text[f1.end : f2.start]) and q2.start < q1.start:
            return True
        if len(single) == len(places) == 2:
            (n1, m1), (n2, m2) = places
            if ((f1.start < f2.start) == (n1 < n2)) != ((q1.start < q2.start) == (m1 < m2)):
                return True
        elif len(places) > 2:
            mine = [min(places, key=lambda p: abs(p[0] - f.start)) for f in (f1, f2)]
            theirs = [min(places, key=lambda p: abs(p[1] - q.start)) for q in (q1, q2)]
            if mine[0] != mine[1] and mine == theirs[::-1]:
                return True
    return False


def _is_of_another(claim: Reading, quote: Reading, number: Figure, name: int, pairs: Pairs) -> bool:
    """Whether a number of the quote stands by a name that the claim leaves out, and the claim's name by
    another number of the kind: "Velmora gets 60 percent and Karsany 40 percent"."""
    sentence = _sentence_at(quote, name)
    rivals = [
        figure.start
        for figure in quote.figures
        if figure.kind == number.kind
        and figure.value != number.value
        and _sentence_at(quote, figure.start) == sentence
    ]
    used = {j for found in pairs.values() for j in found}
    others = [quote.tokens[run[-1]].start for run in quote.names if not used & set(run)]
    return any(
        abs(name - rival) < abs(name - number.start)
        and abs(other - number.start) < abs(other - rival)
        and abs(other - number.start) < abs(name - number.start)
        for rival in rivals
        for other in others
        if _sentence_at(quote, other) == sentence
    )


def _sentence_at(reading: Reading, position: int) -> int:
    return max((token.sentence for token in reading.tokens if token.start <= position), default=0)


def _place_of(run: tuple[int, ...], quote: Reading, pairs: Pairs, around: Sequence[int]) -> int | None:
    """Where the quote has a name: of several places the one that is nearest to the numbers."""
    found = [quote.tokens[j].start for j in pairs.get(run[-1], ()) if quote.tokens[j].name]
    return min(found, key=lambda at: min((abs(at - n) for n in around), default=0), default=None)
