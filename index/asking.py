"""What was asked, checked and bounded before anything is looked up. Pure.

Everything here comes from outside and may be hostile: no control characters, no endless history.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from .errors import FilterError, QuestionError
from .records import Filters, Turn

_HISTORY_TURNS = 6
_HISTORY_CHARACTERS = 4000


def checked_question(question: str, most: int) -> str:
    """The question on one line.

    Raises:
        QuestionError: it is empty, or has more than `most` characters.
    """
    # What is far too long is not even looked at: combining marks in a row take the square of their number.
    flat = _readable(question) if len(question) <= 4 * most else question
    if not flat:
        raise QuestionError("The question is empty. Ask something about the articles.")
    if len(flat) > most:
        raise QuestionError(
            f"The question has {len(flat):,} characters; at most {most:,} are read. Please shorten it."
        )
    return flat


def bounded_history(history: Sequence[Turn]) -> list[Turn]:
    """The last turns of the conversation, each cut to a length that can be read."""
    return [
        (_readable(question[:_HISTORY_CHARACTERS]), _readable(answer[:_HISTORY_CHARACTERS]))
        for question, answer in list(history)[-_HISTORY_TURNS:]
    ]


def checked_filters(filters: Filters | None) -> Filters | None:
    """The filters with their dates written in full, or None where they let everything pass.

    Raises:
        FilterError: a date is none, or the range is empty.
    """
    if not filters:
        return None
    checked = replace(filters, after=_day("after", filters.after), before=_day("before", filters.before))
    if checked.after and checked.before and checked.after > checked.before:
        raise FilterError(f"after ({checked.after}) is later than before ({checked.before}).")
    return checked


def _readable(typed: str) -> str:
    """The text on one line, without what is no character: lone surrogates, control characters."""
    valid = unicodedata.normalize("NFC", typed.encode("utf-8", "replace").decode("utf-8"))
    return " ".join("".join(c if c.isprintable() else " " for c in valid).split())


def _day(name: str, value: str | None) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError:
        raise FilterError(f"{name}: {value!r} is not a date; write it as 2016-08-17.") from None
