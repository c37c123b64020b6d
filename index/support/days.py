"""Days of a text, counted from the date of publication: "Tuesday", "Aug. 16", "last month". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|march|mar\.|april|apr\.|may|june|jun\.|july|jul\.|aug(?:ust|\.)?|"
    r"sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_PATTERN = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b"
    rf"|\b(?P<month1>{_MONTH})\s(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year1>[12]\d{{3}})\b)?"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?\s(?:of\s)?(?P<month2>{_MONTH})(?![a-z])(?:,?\s(?P<year2>[12]\d{{3}})\b)?"
    rf"|\b(?P<month3>{_MONTH})(?![a-z])(?:,?\s(?:of\s)?(?P<year3>[12]\d{{3}})\b)?"
    rf"|\b(?P<weekday>{'|'.join(_WEEKDAYS)})s?\b"
    rf"|(?<![\d,.$€£])\b(?P<year4>1[5-9]\d\d|20\d\d)\b(?![,.:]?\d|\s(?:people|crowns|dollars|workers|"
    rf"tonnes|percent))"
    rf"|\b(?P<relative>today|yesterday|tomorrow|tonight|(?:last|next|this)\s(?:week|month|"
    rf"year)(?:['’]s)?)\b",
    re.IGNORECASE,
)
_MONTH_MAY = re.compile(
    r"(?:\b(?:in|of|by|since|until|from|last|next|early|late|mid|to|and|through|before|after)[ -])$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Day:
    """What is known of a day; None where it is not said. `words` as they stand."""

    words: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    at: int = field(default=0, compare=False)
    """Where the mention begins."""

    def carries(self, other: Day) -> bool:
        """Whether all that the other says of a day is true of this one."""
        for mine, theirs in ((self.year, other.year), (self.month, other.month), (self.day, other.day)):
            if theirs is not None and theirs != mine:
                return False
        if other.weekday is None or other.weekday == self.weekday:
            return True
        full = self.year and self.month and self.day
        return bool(full) and date(self.year or 1, self.month or 1, self.day or 1).weekday() == other.weekday


Mention = tuple[Day, ...]
"""What one mention can mean: "Friday" is the last or the next."""


def find_days(text: str, published: str | None) -> tuple[tuple[Mention, ...], list[tuple[int, int]]]:
    """The days that a text mentions, in order, and where they stand."""
    days: list[Mention] = []
    spans: list[tuple[int, int]] = []
    origin = _date(published)
    for match in _PATTERN.finditer(text):
        if _is_modal_may(match, text):
            continue
        found = tuple(replace(day, at=match.start()) for day in _days(match, origin))
        if found:
            days.append(found)
            spans.append(match.span())
    return tuple(days), spans


def day_of(published: str | None) -> Day | None:
    """The day of publication, if it is known."""
    on = _date(published)
    return Day(published or "", on.year, on.month, on.day, on.weekday()) if on else None


def _days(match: re.Match[str], origin: date | None) -> Iterator[Day]:
    words = " ".join(match.group().casefold().split())
    if match["iso"]:
        on = _date(match["iso"])
        if on:
            yield _exact(words, on)
    elif match["weekday"]:
        wanted = _WEEKDAYS.index(match["weekday"].casefold())
        if origin is None:
            yield Day(words, weekday=wanted)
            return
        back = (origin.weekday() - wanted) % 7
        yield _exact(words, origin - timedelta(days=back))
        yield _exact(words, origin - timedelta(days=back - 7))
    elif match["relative"]:
        yield from _relative(words.removesuffix("'s").removesuffix("’s"), origin)
    elif match["year4"]:
        yield Day(words, year=int(match["year4"]))
    else:
        yield _calendar(match, words, origin)


def _calendar(match: re.Match[str], words: str, origin: date | None) -> Day:
    number = next(n for n in "123" if match[f"month{n}"])
    month = next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(match[f"month{number}"].casefold()[:3]))
    day = int(match[f"day{number}"]) if number != "3" else None
    year = int(match[f"year{number}"]) if match[f"year{number}"] else None
    if year is None and origin is not None:
        # The nearest such month: in January, "December" is that of the year before.
        year = min(
            (origin.year + n for n in (0, -1, 1)),
            key=lambda y: abs((y - origin.year) * 12 + month - origin.month),
        )
    if day and year:
        try:
            return _exact(words, date(year, month, day))
        except ValueError:
            return Day(words, year, month, day)
    return Day(words, year, month, day)


def _relative(words: str, origin: date | None) -> Iterator[Day]:
    if origin is None:
        yield Day(words, weekday=-1)
        return
    near = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
    if words in near:
        yield _exact(words, origin + timedelta(days=near[words]))
        return
    step = {"last": -1, "next": 1, "this": 0}[words.split(maxsplit=1)[0]]
    if words.endswith("year"):
        yield Day(words, origin.year + step)
    elif words.endswith("month"):
        months = origin.year * 12 + origin.month - 1 + step
        yield Day(words, months // 12, months % 12 + 1)
    else:
        yield Day(words, origin.year)


def _exact(words: str, on: date) -> Day:
    return Day(words, on.year, on.month, on.day, on.weekday())


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _is_modal_may(match: re.Match[str], text: str) -> bool:
    if match.group().casefold() in {"mar", "jan", "dec", "nov", "oct", "feb", "sep", "sept", "aug"}:
        return True
    if (match["month3"] or "").casefold() == "march" and not match["month3"][0].isupper():
        return True
    if (match["month3"] or "").casefold() != "may":
        return False
    if not match["month3"][0].isupper():
        return True
    return not match["year3"] and not _MONTH_MAY.search(text[: match.start()])
