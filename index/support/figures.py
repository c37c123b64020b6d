"""Numbers of a text with what they count: "3 million", "seven", "6.8 percent", "two thirds". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_UNITS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: float(10 * number)
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "mn": 1e6, "bn": 1e9, "m": 1e6, "k": 1e3,
}  # fmt: skip
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25, "fifth": 0.2}
_ORDINALS = {
    word: float(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
_FEW_WORDS = rf"(?:{'|'.join([*_UNITS, *_TENS])})\b"
_SCALE_WORDS = "|".join(_SCALES)
_FIGURE = re.compile(
    rf"(?<![\w.,])(?P<currency>[$€£])?\s?"
    rf"(?:(?P<digits>\d+(?:[.,:]\d+)*)(?P<ordinal>st|nd|rd|th)?|"
    rf"(?P<words>(?:{_FEW_WORDS})(?:[- ](?:and )?(?:{_FEW_WORDS}|hundred))*|a (?=(?:{_SCALE_WORDS})\b)))"
    rf"(?:[- ]?(?P<scale>(?:{_SCALE_WORDS})(?: (?:{_SCALE_WORDS}))?)\b)?"
    rf"(?P<percent>\s?%|[- ]per ?cent(?:age points?)?\b)?(?![\d])",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?P<times>a|one|two|three|four|five) )?(?P<part>half|thirds|quarters|"
    r"(?:third|quarter|fifth)(?=(?: of|-| point)\b))\b",
    re.IGNORECASE,
)
_RANK = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_ONE_IS_NO_NUMBER = re.compile(
    r"\b(?:no|any|every|each|this|that|another|the|which) one\b|\bone (?:of|another|more|side|day)\b|"
    r"\bones\b|(?<![-\w])one(?=-[a-z]|[.,;!?]|$| another\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """A number. `kind` is "plain", "percent" or "rank"; "either" after "from 9 percent to" and the like."""

    value: float
    kind: str
    start: int
    end: int


def find_figures(text: str, taken: list[tuple[int, int]]) -> tuple[tuple[Figure, ...], list[tuple[int, int]]]:
    """The numbers of a text outside the spans that are taken, in order, and where they stand."""
    found: list[Figure] = []
    no_numbers = [match.span() for match in _ONE_IS_NO_NUMBER.finditer(text)]

    def free(start: int, end: int) -> bool:
        spans = [*taken, *no_numbers, *((f.start, f.end) for f in found)]
        return not any(a < end and start < b for a, b in spans)

    for match in _FIGURE.finditer(text):
        start, end = match.span()
        if free(start, end) and (value := _value(match)) is not None:
            kind = "percent" if match["percent"] else "rank" if match["ordinal"] else "plain"
            found.append(Figure(value, kind, start, end))
    for match in _PART.finditer(text):
        times, part = (match["times"] or "a").casefold(), match["part"].casefold()
        if free(*match.span()) and (match["times"] or part == "half"):
            found.append(Figure(_UNITS.get(times, 1.0) * _FRACTIONS[part], "plain", *match.span()))
    for match in _RANK.finditer(text):
        if free(*match.span()):
            found.append(Figure(_ORDINALS[match.group().casefold()], "rank", *match.span()))
    found.sort(key=lambda figure: figure.start)
    found = list(_with_either(found, text))
    return tuple(found), [(f.start, f.end) for f in found]


def _with_either(found: list[Figure], text: str) -> Iterator[Figure]:
    """The numbers, those that share a "percent" with their neighbour marked: "from 9 percent to 7.5"."""
    for n, figure in enumerate(found):
        before = found[n - 1] if n else None
        after = found[n + 1] if n + 1 < len(found) else None
        shares = (before and _shares(before, before, figure, text)) or (
            after and _shares(after, figure, after, text)
        )
        yield replace(figure, kind="either") if figure.kind == "plain" and shares else figure


def _shares(percent: Figure, first: Figure, second: Figure, text: str) -> bool:
    between = text[first.end : second.start]
    joined = re.search(r"\b(?:to|from|and|or|against)\s*$", between)
    return percent.kind == "percent" and len(between) < 60 and bool(joined)


def same(one: Figure, other: Figure) -> bool:
    """Whether two numbers are the same, counted in the same way."""
    kinds = {one.kind, other.kind}
    fit = len(kinds) == 1 or ("either" in kinds and "rank" not in kinds)
    return fit and abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value))


_ROUNDED = (
    (re.compile(r"\b(?:more than|over|above|upwards of)\s*$", re.IGNORECASE), 1.0, 1.1),
    (
        re.compile(r"\b(?:nearly|almost|just under|close to|less than|fewer than)\s*$", re.IGNORECASE),
        0.9,
        1.0,
    ),
    (re.compile(r"\b(?:about|around|roughly|approximately|some)\s*$", re.IGNORECASE), 0.95, 1.05),
)
"""What tells that a number is rounded, and the least and the most that may stand for it, as shares of it."""


def rounds(one: Figure, text: str, other: Figure) -> bool:
    """Whether a number of a text is another number, rounded, and the text says so: "over 180" for 186."""
    if one.kind != other.kind or one.kind == "rank" or _digits(one.value) >= _digits(other.value):
        return False
    return any(
        pattern.search(text[: one.start].rstrip()) and low < other.value / one.value < high
        for pattern, low, high in _ROUNDED
        if one.value
    )


def _digits(value: float) -> int:
    """How many digits a number has without the zeros at its ends."""
    return (
        len(f"{value:.10g}".replace(".", "").strip("0")) if value < 1e10 else len(f"{value:.0f}".strip("0"))
    )


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        digits = match["digits"].rstrip(".,:")
        if ":" in digits:
            hours, _, rest = digits.partition(":")
            if (
                not hours.isdecimal()
            ):  # an address, as 127.0.0.1:80: all its digits, so that it is like itself only
                return float(re.sub(r"\D", "", digits))
            return float(hours) + float(re.sub(r"\D.*", "", rest) or 0) / 10_000
        plain = digits.replace(",", "")
        value = float(plain) if plain.count(".") <= 1 else float(plain.replace(".", ""))
    else:
        value = _from_words(match["words"].casefold())
    for scale in (match["scale"] or "").casefold().split():
        value *= _SCALES[scale]
    return value


def _from_words(words: str) -> float:
    total = 0.0
    for word in re.split(r"[- ]+", words.strip()):
        if word == "hundred":
            total = max(total, 1.0) * 100
        elif word in _UNITS or word in _TENS:
            total += _UNITS.get(word, _TENS.get(word, 0.0))
    return total or (1.0 if words.strip() == "a" else 0.0)
