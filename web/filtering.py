"""Filters as a browser sends them, and in words. Pure.

Values are bounded here and checked by the assistant, whose words about a bad date the conversation shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.records import Filters

from .text import storable

_MOST_VALUES = 200
_LONGEST_VALUE = 500


def filters_of(after: Any, before: Any, *lists: Any) -> Filters | None:
    """The filters that the controls hold, whatever a browser sent; None where none is set."""
    days = [
        storable(value).strip()[:_LONGEST_VALUE] or None if isinstance(value, str) else None
        for value in (after, before)
    ]
    sources, include, exclude = (_names(values) for values in lists)
    return Filters(days[0], days[1], sources, include, exclude) or None


def heading(filters: Filters | None) -> str:
    """The heading of the fold: what is set, in a few words."""
    said = in_words(filters)
    return f"Filters: {said}" if said else "Filters: all articles"


def in_words(filters: Filters | None) -> str:
    """What is set, for people; "" where nothing is."""
    if not filters:
        return ""
    parts = [f"from {filters.after}"] if filters.after else []
    parts += [f"to {filters.before}"] if filters.before else []
    parts += (
        [", ".join(filters.sources[:2]) + (" …" if len(filters.sources) > 2 else "")]
        if filters.sources
        else []
    )
    parts += [f"only {_count(filters.include)}"] if filters.include else []
    parts += [f"without {_count(filters.exclude)}"] if filters.exclude else []
    return " · ".join(parts)


def _names(values: Any) -> tuple[str, ...]:
    given: Sequence[Any] = values if isinstance(values, list) else []
    said = [
        storable(value).strip()[:_LONGEST_VALUE] for value in given[:_MOST_VALUES] if isinstance(value, str)
    ]
    return tuple(value for value in said if value)


def _count(names: Sequence[str]) -> str:
    return "1 article" if len(names) == 1 else f"{len(names)} articles"
