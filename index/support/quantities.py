"""Numbers, days and quantities of a claim against those of a quote. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from . import days, figures
from .alike import base
from .figures import Figure
from .matching import Pairs
from .reading import Reading
from .roles import leading_words

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
_COUNTED_ANYHOW = frozenset(
    base(word)
    for word in "year people time occasion percent old day more other further month week hour point".split()
)
_ALL = frozenset(
    "all every everyone everybody each entire entirely whole always both fully completely totally "
    "none".split()
)
_SAME_QUANTITY = {
    "both": frozenset("both two pair".split()),
    "none": frozenset("none no nobody nothing neither".split()),
}
_ONLY = frozenset("only sole solely exclusively just alone merely except".split())
_AFTER_JUST = [[word] for word in "before after short over under outside inside as".split()]
_UNANIMOUS = frozenset("unanimous unanimously".split())
_MOST = frozenset("most majority mostly mainly largely primarily".split())
_HALF = re.compile(r"\b(?:more than|over) half\b", re.IGNORECASE)
_VERBS_AFTER_ALL = frozenset("is are was were has have had will would".split())
_PRONOUNS = frozenset("he she it they his her its their".split())
_MANY = frozenset("several many multiple numerous dozens hundreds thousands countless".split())
_BEFORE_A_TIME = frozenset("on at in by from to with after before".split())
_PART = frozenset("some several few many most part half partly majority".split())
_CAUSE = re.compile(
    r"\b(?:because|(?<!was )(?<!is )(?<!are )(?<!were )due to|caused? by|caused|resulted? (?:in|from)|"
    r"(?:as )?a (?:result|consequence) of|led to|"
    r"owing to|triggered|prompted|thanks to|blamed on)\b",
    re.IGNORECASE,
)
_CAUSE_TOO = re.compile(
    r"\b(?:because|due to|caus\w+|result\w*|consequence|led to|owing|trigger\w*|prompt\w*|thanks|"
    r"blam\w+|since|after|"
    r"as|so|which|reason|in order to)\b|;|:",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(r"^(?:[a-z]{3,}est|best|worst|record|unprecedented|forever|never|ever|last)$")
_NOT_SUPERLATIVE = frozenset(
    """west east rest test interest protest request forest arrest guest quest invest suggest honest
    harvest nest chest contest latest modest manifest priest""".split()
)
_FROM_OR_TO = re.compile(r"\b(from|to)(?: (?:about|around|some|only))?\s*$", re.IGNORECASE)


def missing_figure(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """A number of the claim that the quote does not have, or None."""
    for figure in claim.figures:
        found = [other.start for other in _meant(claim, figure, quote)]
        if not any(_goes_with(claim, figure.start, quote, at, pairs) for at in found):
            return f"a number is not in the quote: {claim.text[figure.start : figure.end].strip()}"
    return None


def _meant(claim: Reading, figure: Figure, quote: Reading) -> list[Figure]:
    """The numbers of the quote that a number of the claim stands for: the same, else what it rounds."""
    found = [other for other in quote.figures if figures.same(figure, other)]
    return found or [other for other in quote.figures if figures.rounds(figure, claim.text, other)]


def counted_otherwise(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """What is wrong with numbers that the claim and the quote share, or None."""
    held = [
        (figure, found)
        for figure in claim.figures
        if (found := _meant(claim, figure, quote))
    ]
    for figure, found in held:
        if all(_turned_round(claim, figure, quote, other) for other in found):
            return "a number is on the other side of from and to"
        if not any(_counts_the_same(claim, figure, quote, other, pairs) for other in found):
            return f"the quote counts something else: {claim.text[figure.start : figure.end].strip()}"
    if any(_counts_others(claim, figure, quote, found, pairs) for figure, found in held):
        return "the number goes with something else"
    if _crossed(claim, quote, held, pairs):
        return "the numbers belong to others"
    exact = any(figures.same(figure, other) for figure, found in held for other in found)
    for kind, pattern in _BEYOND.items():
        if exact and pattern.search(claim.text) and not pattern.search(quote.text):
            return f"the quote does not say {kind} than that"
    return None


def wrong_day(
    claim: Reading, quote: Reading, pairs: Pairs, published: str | None, *, speech: bool
) -> str | None:
    """What day of the claim the quote does not have, or None.

    Args:
        claim: the claim.
        quote: the words quoted.
        pairs: the words that they share.
        published: the date of the article.
        speech: whether the claim tells what was said or reported, which was then.
    """
    on = days.day_of(published)
    always: list[days.Day] = []
    if on and speech and not quote.days:
        always.append(on)
    if on and not any(day.year and not day.month for mention in quote.days for day in mention):
        always.append(days.Day(str(on.year), on.year))
    for mention in claim.days:
        near = [
            day
            for other in quote.days
            if _goes_with(claim, mention[0].at, quote, other[0].at, pairs)
            for day in other
        ]
        if not any(mine.carries(day) for day in mention for mine in (*near, *always)):
            return f"a date is not in the quote: {mention[0].words}"
    return None


def wrong_quantity(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """A quantity, superlative or cause of the claim that the quote does not have, or None."""
    mine, theirs = (_lower(claim), _lower(quote))
    for group in (_ONLY, _UNANIMOUS, _MOST):
        if mine & group and not theirs & group and not (group is _MOST and _HALF.search(quote.text)):
            return f"the quote does not say: {', '.join(sorted(mine & group))}"
    for i, token in enumerate(claim.tokens):
        if token.lower in _ALL and not _of_the_same(claim, i, quote, pairs):
            return f"the quote does not say: {token.lower}"
    if mine & _MANY and not theirs & (_MANY | _PART) and not any(f.value > 2 for f in quote.figures):
        return f"the quote does not say: {', '.join(sorted(mine & _MANY))}"
    for word in mine:
        if _SUPERLATIVE.match(word) and word not in _NOT_SUPERLATIVE and word not in theirs:
            return f"the quote does not say: {word}"
    if (cause := _CAUSE.search(claim.text)) and not _has_cause(claim, cause.start(), quote, pairs):
        return "the quote gives no such cause"
    return _part_for_whole(claim, quote, pairs)


def _lower(reading: Reading) -> set[str]:
    """The words of a text, but for the "most" of "at most" and the "just" of "just before"."""
    words = [token.lower for token in reading.tokens]
    return {
        w
        for n, w in enumerate(words)
        if not (w in {"most", "least", "last", "first"} and n and words[n - 1] == "at")
        and not (w == "last" and n and words[n - 1] in {"to", "will", "would", "may", "could"})
        and not (w == "just" and words[n + 1 : n + 2] in _AFTER_JUST)
    }


def _has_cause(claim: Reading, at: int, quote: Reading, pairs: Pairs) -> bool:
    """Whether one sentence of the quote links something from before and from after the claim's "
    ""because"."""
    before: set[int] = set()
    after: set[int] = set()
    for i, found in pairs.items():
        side = after if claim.tokens[i].start > at else before
        side |= {quote.tokens[j].sentence for j in found}
    linked = {
        max((t.sentence for t in quote.tokens if t.start <= match.start()), default=0)
        for match in _CAUSE_TOO.finditer(quote.text)
    }
    return bool(linked & before & after) if before and after else bool(linked)


def _goes_with(claim: Reading, at: int, quote: Reading, there: int, pairs: Pairs) -> bool:
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


def _next_content(reading: Reading, position: int, most: int) -> list[int]:
    """The words of meaning after a place in the text, within its clause."""
    after = [i for i, token in enumerate(reading.tokens) if token.start >= position]
    before = [token for token in reading.tokens if token.start < position]
    if not after:
        return []
    clause = before[-1].clause if before else reading.tokens[after[0]].clause
    return [i for i in after if reading.tokens[i].content and reading.tokens[i].clause == clause][:most]


def _counts_the_same(claim: Reading, figure: Figure, quote: Reading, other: Figure, pairs: Pairs) -> bool:
    """Whether what is counted is not counted by another number of the quote."""
    counted = _next_content(claim, figure.end, 2)
    counted = counted[:1] if len(counted) == 2 and counted[1] != counted[0] + 1 else counted
    # "103.9 million but": the quote leaves out what everybody knows is counted.
    bare = not any(t.content and 0 <= t.start - other.end <= 2 for t in quote.tokens)
    if not counted or figure.kind != "plain" or bare:
        return True
    meant = {j for i in counted for j in pairs.get(i, ())}
    if not meant:
        adjacent = claim.tokens[counted[0]].start - figure.end <= 2
        return not adjacent or claim.tokens[counted[0]].stem in _COUNTED_ANYHOW
    if any(i in meant for i in _next_content(quote, other.end, 3)):
        return True
    return not any(
        set(_next_content(quote, third.end, 1)) & meant
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
    named = [(run, place) for run in claim.names if (place := _place_of(run, quote, pairs, around)) is not None]
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
        if figure.kind == number.kind and figure.value != number.value
        and _sentence_at(quote, figure.start) == sentence
    ]
    used = {j for found in pairs.values() for j in found}
    others = [quote.tokens[run[-1]].start for run in quote.names if not used & set(run)]
    return any(
        abs(name - rival) < abs(name - number.start) and abs(other - number.start) < abs(other - rival)
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


def _of_the_same(claim: Reading, at: int, quote: Reading, pairs: Pairs) -> bool:
    """Whether the quote says "all" of the same thing, or "no" where the claim says "none"."""
    following = _next_content(claim, claim.tokens[at].end, 2)
    wanted = next((set(pairs[i]) for i in following if i in pairs), set())
    words = _SAME_QUANTITY.get(claim.tokens[at].lower, _ALL)
    for j, token in enumerate(quote.tokens):
        if token.lower in words:
            next_words = [t.lower for t in quote.tokens[j + 1 : j + 3]]
            if next_words == ["of", "them"] or (next_words and next_words[0] in _VERBS_AFTER_ALL):
                return True
            reach = set(_next_content(quote, token.end, 4)) | set(range(max(0, j - 3), j))
            if (not wanted or wanted & reach) and _mostly_in(claim, at, quote, token.sentence, pairs):
                return True
    return False


def _mostly_in(claim: Reading, at: int, quote: Reading, sentence: int, pairs: Pairs) -> bool:
    """Whether one sentence of the quote has most of a clause of the claim."""
    clause = [i for i in pairs if claim.tokens[i].clause == claim.tokens[at].clause]
    held = [any(quote.tokens[j].sentence == sentence for j in pairs[i]) for i in clause]
    return 2 * sum(held) > len(held) or all(held)


def _is_focus(sentence: int, quote: Reading, pairs: Pairs) -> bool:
    """Whether one sentence of the quote has at least half of what it shares with the claim."""
    held = [any(quote.tokens[j].sentence == sentence for j in found) for found in pairs.values()]
    return 2 * sum(held) > len(held) or all(held)


def _part_for_whole(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """Where the quote says something of some of a group, and the claim of the group."""
    subject = {j for i in leading_words(claim) for j in pairs.get(i, ())}
    if _lower(claim) & _PART or claim.figures:
        return None
    starts = [f.end for f in quote.figures if f.kind == "plain"]
    starts += [t.end for t in quote.tokens if t.lower in _PART]
    for start in starts:
        window = [i for i, t in enumerate(quote.tokens) if t.start >= start][:5]
        lowers = [quote.tokens[i].lower for i in window]
        if "of" in lowers and _is_focus(quote.tokens[window[0]].sentence, quote, pairs):
            after = {i for i in window[lowers.index("of") + 1 :] if quote.tokens[i].content}
            heads = {i for i in window[: lowers.index("of")] if quote.tokens[i].content}
            if after & subject and not heads & subject:
                return "the quote says so of a part only"
    return None
