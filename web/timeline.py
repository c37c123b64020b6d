"""How many articles a day, month or year has, as an inline SVG that our strictest policy allows. Pure.

No scripts, no styles within: colours come from static/status.css, widths are shares of the page's, so that
it fits a phone and its letters keep their size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .text import escape

MOST_BARS = 120
_HEIGHT = 132
"""Pixels of the tallest bar."""
_TOP = 22
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True)
class Bar:
    """A stretch of time and how many articles were published in it."""

    label: str
    count: int


def bars(by_day: Sequence[tuple[str, int]]) -> list[Bar]:
    """A bar for each day, month, year or decade from the first to the last, whichever is fine enough to
    show and no more than `MOST_BARS`. What is no date of the calendar is left out."""
    counts: Counter[date] = Counter()
    for iso, count in by_day:
        try:
            counts[date.fromisoformat(iso)] += count
        except ValueError:
            continue
    if not counts:
        return []
    first, last = min(counts), max(counts)
    for steps in (_days, _months, _years):
        labels = steps(first, last)
        if len(labels) <= MOST_BARS:
            break
    else:
        labels = _decades(first, last)
    found: Counter[str] = Counter()
    for day, count in counts.items():
        found[labels.get(_key(day, len(next(iter(labels)))), "")] += count
    return [Bar(label, found[label]) for label in labels.values()]


def svg(shown: Sequence[Bar]) -> str:
    """The plot; "" where there is nothing to plot."""
    if not shown:
        return ""
    most = max(bar.count for bar in shown)
    share = 100 / len(shown)
    drawn = []
    for number, bar in enumerate(shown):
        height = round(_HEIGHT * bar.count / most, 1)
        said = f"{bar.label}: {bar.count:,} {'article' if bar.count == 1 else 'articles'}"
        drawn.append(
            f'<rect class="bar" x="{number * share + share * 0.1:.3f}%" width="{share * 0.8:.3f}%" '
            f'y="{_TOP + _HEIGHT - height}" height="{height}"><title>{escape(said)}</title></rect>'
        )
    base = _TOP + _HEIGHT
    return (
        f'<svg class="timeline" role="img" aria-labelledby="over-time" width="100%" height="{base + 26}">'
        f'<text class="most" x="0" y="13">{most:,}</text>'
        f'<line class="rule" x1="0" x2="100%" y1="{_TOP}" y2="{_TOP}"/>{"".join(drawn)}'
        f'<line class="axis" x1="0" x2="100%" y1="{base}" y2="{base}"/>{_labels(shown, base + 19)}</svg>'
    )


def _labels(shown: Sequence[Bar], y: int) -> str:
    first = f'<text x="0" y="{y}">{escape(shown[0].label)}</text>'
    if len(shown) == 1:
        return first
    return first + f'<text x="100%" y="{y}" text-anchor="end">{escape(shown[-1].label)}</text>'


def _key(day: date, length: int) -> str:
    return day.isoformat()[:length]


def _days(first: date, last: date) -> dict[str, str]:
    days = [
        date.fromordinal(n)
        for n in range(first.toordinal(), min(last.toordinal(), first.toordinal() + MOST_BARS) + 1)
    ]
    return {day.isoformat(): f"{day.day} {_MONTHS[day.month - 1]} {day.year}" for day in days}


def _months(first: date, last: date) -> dict[str, str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return {f"{n // 12:04}-{n % 12 + 1:02}": f"{_MONTHS[n % 12]} {n // 12}" for n in numbers}


def _years(first: date, last: date) -> dict[str, str]:
    return {f"{year:04}": str(year) for year in range(first.year, last.year + 1)}


def _decades(first: date, last: date) -> dict[str, str]:
    return {f"{n:03}": f"{n}0s" for n in range(first.year // 10, last.year // 10 + 1)}
