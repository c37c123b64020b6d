"""Who did what to whom, and who said so, as far as the order of words tells. English, by rule; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..attribution import speaker
from .reading import Reading

Pairs = Mapping[int, Sequence[int]]
"""For each word of a claim, the words of the quote that mean the same: indexes of tokens."""

_BE = frozenset("is are was were be been being get gets got".split())
_PARTICIPLE = re.compile(r"(?:ed|en|wn|ght|ung|old|eld|ade|ost|ound|ent|id|uck|orn|ut)$")
_SYMMETRIC = frozenset("meet talk agre sign clash discuss marri negoti share border face".split())
SAYING = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:old|ells?)|add(?:s|ed|ing)|insist\w*|claim\w*|den(?:y|ies|ied)|"
    r"reject\w*|dismiss\w*|warn\w*|"
    r"argu\w+|explain\w*|acknowledg\w*|confirm\w*|wr(?:ote|ites?)|repl(?:y|ied|ies)|vow\w*|promis\w*|"
    r"declar\w*|call\w*|expect\w*|"
    r"believ\w*|stat(?:es?|ed|ing)|announc\w*|accus\w*|admit\w*|according to|describ\w*|estimat\w*|"
    r"report\w*|predict\w*|put|"
    r"refus\w*|declin\w*|caution\w*|disput\w*|blam\w*|ask\w*|demand\w*|note[sd]?|noting|testif\w*|"
    r"recall\w*|pledg\w*|welcom\w*|"
    r"criticiz\w*|criticis\w*|respond\w*|ruled out|agree[sd]?|welcomed|wants?|hopes?|fear(?:s|ed)?|"
    r"apologi[sz]\w*)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:the |a |an |this |one |some )?(?:articles?|reports?|passages?|sources?|text|story|news\w*|"
    r"press|media|it|he|she|they)$",
    re.IGNORECASE,
)


def swapped(claim: Reading, quote: Reading, pairs: Pairs) -> bool:
    """Whether the claim has somebody do what the quote has done to them, or by another."""
    for verb, meant in pairs.items():
        token = claim.tokens[verb]
        if token.name or token.stem in _SYMMETRIC or not _may_be_verb(claim, verb):
            continue
        if any(_same_sides(claim, verb, quote, at, pairs) for at in meant):
            continue
        if any(_turned(claim, verb, quote, at, pairs) for at in meant):
            return True
    return False


def wrong_speaker(
    claim: Reading, quote: Reading, around: str, article: str, said_by: str | None
) -> str | None:
    """The speaker whom the claim names and the quote does not, or None."""
    name = speaker(claim.text)
    if name is None or _NOBODY.match(name):
        return None
    wanted = _weighty(name)
    if not wanted:
        return None
    found = {word for who in (speaker(quote.text, article), said_by) if who for word in _weighty(who)}
    if not found:
        found |= _weighty(_before_saying(quote.text))
    if wanted & found:
        return None
    if not (wanted & _weighty(quote.text)) and not re.search(
        r"\b(?:he|she|they|it|his|her|who)\b|\bthe \w+", quote.text, re.IGNORECASE
    ):
        return name
    if wanted & _weighty(_before_saying(quote.text)):
        return None
    if not found or re.search(r"(?:^|[”\"] )(?:he|she|they|it)\b", quote.text, re.IGNORECASE):
        return None if wanted & _weighty(around) else name
    return name


def _is_known(found: set[str], quote: Reading, article: str) -> bool:
    return bool(found)


def _before_saying(text: str) -> str:
    return " ".join(text[max(0, m.start() - 60) : m.end() + 50] for m in SAYING.finditer(text))


def _weighty(words: str) -> set[str]:
    small = {
        "the",
        "a",
        "an",
        "of",
        "and",
        "for",
        "in",
        "on",
        "mr",
        "ms",
        "mrs",
        "dr",
        "who",
        "that",
        "to",
        "by",
        "at",
    }
    return {w for w in re.findall(r"[^\W\d_]{2,}", words.casefold()) if w not in small}


def _may_be_verb(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    return token.content and token.text[:1].islower()


def _passive(reading: Reading, at: int) -> bool:
    tokens = reading.tokens
    before = {t.lower for t in tokens[max(0, at - 3) : at]}
    after = [t.lower for t in tokens[at + 1 : at + 8] if t.clause == tokens[at].clause]
    return bool(before & _BE and _PARTICIPLE.search(tokens[at].lower)) or (
        bool(_PARTICIPLE.search(tokens[at].lower)) and after[:1] == ["by"]
    )


def _sides(reading: Reading, at: int) -> tuple[list[int], list[int]]:
    """The words before and after a verb in its clause, nearest first; the doer's side first."""
    tokens = reading.tokens
    before = [i for i in range(at - 1, -1, -1) if tokens[i].clause == tokens[at].clause and tokens[i].content]
    after = [
        i for i in range(at + 1, len(tokens)) if tokens[i].clause == tokens[at].clause and tokens[i].content
    ]
    return (after, before) if _passive(reading, at) else (before, after)


def _same_sides(claim: Reading, verb: int, quote: Reading, at: int, pairs: Pairs) -> bool:
    return not _turned(claim, verb, quote, at, pairs)


def _turned(claim: Reading, verb: int, quote: Reading, at: int, pairs: Pairs) -> bool:
    doers, others = _sides(claim, verb)
    quoted_doers, quoted_others = (set(side) for side in _sides(quote, at))
    doer = next(_entities(claim, doers, pairs), None)
    other = next(_entities(claim, others, pairs), None)
    if doer is None or other is None:
        return False
    a, b = set(pairs[doer]), set(pairs[other])
    return bool(a & quoted_others and b & quoted_doers and not a & quoted_doers and not b & quoted_others)


def _entities(reading: Reading, side: Sequence[int], pairs: Pairs) -> Iterator[int]:
    """The words of a side that the quote has too, names first."""
    yield from (i for i in side if reading.tokens[i].name and pairs.get(i))
    yield from (i for i in side if not reading.tokens[i].name and pairs.get(i))
