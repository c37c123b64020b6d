"""Whether two texts say a thing in the same words: reprints are one source, not two. Pure."""

from __future__ import annotations

import re

from .language import STOP_WORDS

_WORD = re.compile(r"\w+(?:[.,:]\d+)*(?:[’']\w+)?")
_DENIES = re.compile(r"^(?:not?|never|none|neither|nor|without|cannot)$|n[’']t$")
_DECIDES = re.compile(rf"\d|^[^\W\d_a-z]|{_DENIES.pattern}")
"""Numbers, names, denials: where one of them differs, something else is said."""
_LEAST_ALIKE = 92
"""Of 100: a word or two of a long sentence may differ, as editors leave them."""


def stands_in(quote: str, text: str) -> bool:
    """Whether the text has the quote, but for a word or two, with every number, name and "not" of it."""
    said, whole = _words(quote), _words(text)
    if f" {' '.join(said)} ".casefold() in f" {' '.join(whole)} ".casefold():
        return bool(said)
    # Late: only where there are copies at all.
    from rapidfuzz.fuzz import partial_ratio_alignment

    short, long = " ".join(said), " ".join(whole)
    if not short or len(short) > len(long):
        return False
    found = partial_ratio_alignment(short, long, score_cutoff=_LEAST_ALIKE)
    if found is None:
        return False
    # The words that the window begins and ends in are whole.
    begin = long.rfind(" ", 0, found.dest_start + 1) + 1
    end = long.find(" ", found.dest_end - 1)
    return _deciding(said) == _deciding(long[begin : end if end >= 0 else None].split())


def same_words(one: str, other: str) -> bool:
    """Whether two sentences are the same, but for a word or two that change no number, name or denial."""
    if " ".join(_words(one)).casefold() == " ".join(_words(other)).casefold():
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(longer) < len(shorter) * 1.3 and stands_in(shorter, longer) and _same_decision(one, other)


def says_nothing_new(one: str, other: str) -> bool:
    """Whether each word of meaning in the first sentence is in the other, in the same order, and as many denials."""
    from rapidfuzz.distance import LCSseq

    said, known = (_words(text.casefold().replace("’", "'").replace("'s", "")) for text in (one, other))
    mine, theirs = ([word for word in words if word not in STOP_WORDS] for words in (said, known))
    return bool(mine) and LCSseq.similarity(mine, theirs) == len(mine) and _denials(said) == _denials(known)


def _denials(words: list[str]) -> int:
    return sum(bool(_DENIES.search(word)) for word in words)


def _same_decision(one: str, other: str) -> bool:
    return _deciding(_words(one)) == _deciding(_words(other))


def _deciding(words: list[str]) -> list[str]:
    return sorted(word for word in words if _DECIDES.search(word))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
