"""Days, quantities and causes of a claim against those of a quote. Pure."""

from __future__ import annotations

import re

from . import days
from .counts import goes_with, next_content
from .matching import Pairs
from .reading import Reading
from .roles import leading_words

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
_MANY = frozenset("several many multiple numerous dozens hundreds thousands countless".split())
_PART = frozenset("some several few many most part half partly majority".split())
_CAUSE = re.compile(
    r"\b(?:because|(?<!was )(?<!is )(?<!are )(?<!were )due to(?! (?:be|begin|start|open|end|"
    r"close|vote|meet|take|return|decide|last|run|go|arrive|resume|face|leave|make|give|appear|become|finish|get|move|sail)\b)|"
    r"caused? by|caused|resulted? (?:in|from)|"
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
            if goes_with(claim, mention[0].at, quote, other[0].at, pairs)
            for day in other
        ]
        if not any(mine.carries(day) for day in mention for mine in (*near, *always)):
            return f"a date is not in the quote: {mention[0].words}"
    return None


def wrong_quantity(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """A quantity, superlative or cause of the claim that the quote does not have, or None."""
    mine, theirs = _lower(claim), _lower(quote) | (_ONLY & {token.lower for token in quote.tokens})
    for group in (_ONLY, _UNANIMOUS, _MOST):
        if mine & group and not theirs & group and not (group is _MOST and _HALF.search(quote.text)):
            return f"the quote does not say: {', '.join(sorted(mine & group))}"
    for i, token in enumerate(claim.tokens):
        if token.lower in _ALL and not (_of_the_same(claim, i, quote, pairs) or _for_each(claim, i, quote)):
            return f"the quote does not say: {token.lower}"
    if mine & _MANY and not theirs & (_MANY | _PART) and not any(f.value > 2 for f in quote.figures):
        return f"the quote does not say: {', '.join(sorted(mine & _MANY))}"
    for word in mine:
        if _SUPERLATIVE.match(word) and word not in _NOT_SUPERLATIVE and word not in theirs:
            return f"the quote does not say: {word}"
    if (cause := _CAUSE.search(claim.text)) and not _has_cause(claim, cause.start(), quote, pairs):
        return "the quote gives no such cause"
    return _part_for_whole(claim, quote, pairs)


def speaks_of_all(claim: Reading) -> bool:
    """Whether a claim says something of all of a group."""
    return any(token.lower in _ALL for token in claim.tokens)


def _lower(reading: Reading) -> set[str]:
    """The words of a text, but for the "most" of "at most", the "just" of "just before" and the "only" of
    "only 11 minutes", which is no more than a remark."""
    numbers = {figure.start for figure in reading.figures}
    starts = [token.start for token in reading.tokens]
    words = [token.lower for token in reading.tokens]
    return {
        w
        for n, w in enumerate(words)
        if not (w in {"most", "least", "last", "first"} and n and words[n - 1] == "at")
        and not (w == "last" and n and words[n - 1] in {"to", "will", "would", "may", "could"})
        and not (w == "just" and words[n + 1 : n + 2] in _AFTER_JUST)
        and not (w in {"only", "just"} and numbers & set(starts[n + 1 : n + 2]))
        and not (w == "only" and words[n + 1 : n + 2] in [["after"], ["when"], ["once"]])
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


def _of_the_same(claim: Reading, at: int, quote: Reading, pairs: Pairs) -> bool:
    """Whether the quote says "all" of the same thing, or "no" where the claim says "none"."""
    following = next_content(claim, claim.tokens[at].end, 2)
    wanted = next((set(pairs[i]) for i in following if i in pairs), set())
    words = _SAME_QUANTITY.get(claim.tokens[at].lower, _ALL)
    for j, token in enumerate(quote.tokens):
        if token.lower in words:
            next_words = [t.lower for t in quote.tokens[j + 1 : j + 3]]
            if next_words == ["of", "them"] or (next_words and next_words[0] in _VERBS_AFTER_ALL):
                return True
            reach = set(next_content(quote, token.end, 4)) | set(range(max(0, j - 3), j))
            if token.lower in {"everyone", "everybody"}:
                reach |= set(range(j, j + 6))  # "everyone who was reported missing"
            if (not wanted or wanted & reach) and _mostly_in(claim, at, quote, token.sentence, pairs):
                return True
    return False


def _for_each(claim: Reading, at: int, quote: Reading) -> bool:
    """Whether the quote has "a day", "per day" or "for each day" for the claim's "every day"."""
    after = claim.tokens[at + 1 : at + 2]
    if claim.tokens[at].lower not in {"every", "each"} or not after:
        return False
    return bool(
        re.search(rf"\b(?:an?|per|each|every) {re.escape(after[0].lower)}\b", quote.text, re.IGNORECASE)
    )


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
