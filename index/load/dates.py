"""A publication date as a source states it → ISO date, or None. Never guesses.

The time of a file, a crawl or a PDF's making is not a date of publication, and `05/06/2024` is one
day in London and another in New York: neither is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
)
_MONTH += r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_WRITTEN = (
    re.compile(rf"(?:[a-z]{{3,9}}\.?,? )?{_DAY} {_MONTH},? {_YEAR}", re.IGNORECASE),
    re.compile(rf"(?:[a-z]{{3,9}}\.?,? )?{_MONTH} {_DAY},? {_YEAR}", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})[/.](?P<number>\d{1,2})[/.](?P<day>\d{1,2})(?!\d)"),
    # ISO in all but detail: "2024-05-01 10:00:00 UTC", "2024-05-01T10:00:00.000+0200".
    re.compile(r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?=[T ]\d{2}:)"),
)


@dataclass(frozen=True)
class Stated:
    """A date in the source's own words, and where in the source it stands."""

    value: str
    where: str


def parse_stated(stated: Sequence[Stated]) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The first date that is understood: its ISO form, where it stands and how, and notes on the others."""
    notes: list[str] = []
    for candidate in stated:
        found, problem = parse_date(candidate.value)
        if found:
            return found, f"{candidate.where}: {candidate.value[:60]}", ()
        notes += problem
    return None, None, tuple(notes)


def parse_date(stated: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The ISO date of a date as machines or people write it, and a note where it was not understood."""
    if stated is None:
        return None, ()
    flat = " ".join(stated.split())
    readers: tuple[Callable[[str], date], ...] = (
        date.fromisoformat, datetime.fromisoformat, parsedate_to_datetime, _written,
    )  # fmt: skip
    for read in readers:
        try:
            found = read(flat)
        except (ValueError, IndexError, OverflowError):
            continue
        return found.strftime("%Y-%m-%d") if found.year >= 1000 else None, ()
    return None, (f"date not understood: {stated[:60]}",)


def _written(stated: str) -> date:
    for pattern in _WRITTEN:
        if match := pattern.match(stated):
            parts = match.groupdict()
            month = parts.get("number") or _MONTHS.index(parts["month"][:3].lower()) + 1
            return date(int(parts["year"]), int(month), int(parts["day"]))
    raise ValueError(stated)
