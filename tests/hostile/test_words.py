"""Words that no reader of words expected: what reads claims and questions never raises, whatever they hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.attribution import speaker
from index.sentences import sentence_bounds
from index.support.reading import read
from tests.hostile.strings import hostile_strings

_PIECES = (
    "127.0.0.1:80", "1,234:5", "12:30:45.6", "9" * 400, "1.2.3.4.5", "$1,5:3bn", "twenty-hundred", "a million billion",
    "٣٤:٥", "²³", "½", "1e999", "30 February 2021", "99/99/9999", "yesterday", "A\u00a0.", "“", "’s", "not",
    "of", "the", "U.S.", "per cent", "-", "—", "0", ".", ":", ",", "%", "st", "\U000e0041", "ﷺ", "\ud7ff", " ", "\n",
)  # fmt: skip


def holds(text: str) -> None:
    read(text, "2021-05-03")
    read(text, None)
    ends = [0]
    for start, end in sentence_bounds(text):
        assert ends[-1] <= start <= end <= len(text)
        ends.append(end)


def test_hostile_strings_can_be_read() -> None:
    for string in hostile_strings("http://127.0.0.1:39393"):
        holds(string)


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=12).map("".join))
def test_odd_pieces_in_any_order_can_be_read(text: str) -> None:
    holds(text)


def test_runs_of_capitals_are_no_maze() -> None:
    """A pattern could cut a run of n capitals into names in 2 to the n ways, and an answer never ended."""
    for run in (
        "A" * 400,
        "Aa" * 200,
        "A." * 200,
        "A-" * 200,
        "A'" * 200,
        "Aa " * 130,
        "IGNORE_ALL_" * 30,
        "A, " * 130,
    ):
        speaker(f"{run} who would not say.")
        speaker(f"{run}, he said on Monday.", run * 500)
    assert speaker("The bridge is open, Oak said.", "A" * 300_000 + " Ann Oak came.") == "Ann Oak"
    assert speaker("Ann Oak, the mayor, who said it was open, left.") is not None
