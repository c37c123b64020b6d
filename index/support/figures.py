"""Numbers of a text with what they count: "3 million", "seven", "6.8 percent", "two thirds". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_FEW_WORDS = "|".join([*_UNITS, *_TENS])
_SCALE_WORDS = "|".join(_SCALES)
_FIGURE = re.compile(
    rf"(?<![\w.,])(?P<currency>[$€£])?\s?"
    rf"(?:(?P<digits>\d+(?:[.,:]\d+)*)(?P<ordinal>st|nd|rd|th)?|"
    rf"(?P<words>(?:{_FEW_WORDS})(?:[- ](?:and )?(?:{_FEW_WORDS}|hundred))*|a (?={_SCALE_WORDS}\b)))"
    rf"(?:[- ]?(?P<scale>(?:{_SCALE_WORDS})(?: (?:{_SCALE_WORDS}))?)\b)?"
    rf"(?P<percent>\s?%|[- ]per ?cent(?:age points?)?\b)?(?![\d])",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?:(?P<times>a|one|two|three|four|five) )?(?P<part>{'|'.join(_FRACTIONS)})\b(?! round)",
    re.IGNORECASE,
)
_RANK = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_ONE_IS_NO_NUMBER = re.compile(
    r"\b(?:no|any|every|each|this|that|another|the|which) one\b|\bone (?:of|another|more|side|day)\b|"
    r"\bones\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """A number. `kind` is "plain", "percent", "rank" or the sign of a currency."""

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
    return tuple(found), [(f.start, f.end) for f in found]


def same(one: Figure, other: Figure) -> bool:
    """Whether two numbers are the same, counted in the same way."""
    return one.kind == other.kind and abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value))


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
