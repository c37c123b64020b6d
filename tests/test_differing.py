"""Where articles give different answers, the reader is shown each; never where one updates the other."""

from __future__ import annotations

import pytest

from index.answer.differing import differing
from index.answer.evidence import Sentence
from index.question import analyse
from index.records import Passage
from tests.making import article
from tests.test_language import Corpus

ASKED = "How many people died in the Lindmoor fire?"
FIRST = "In the Lindmoor fire 41 people died."
OTHER = "The fire in Lindmoor left 14 people dead; they died at once."


def told(question: str, *said: str, days: tuple[str | None, ...] = ()) -> list[str]:
    """The sentences that tell the accounts; each is an article of its own."""
    published = (*days, *[None] * len(said))
    articles = {str(n): article(str(n), text, published=published[n]) for n, text in enumerate(said)}
    found = []
    for n, text in enumerate(said):
        passage = Passage(n, str(n), "", None, published[n], None, text, 0, len(text), ((0, len(text)),))
        found.append(Sentence(passage, 0, text, 0, len(text), {}, -float(n)))
    words = " ".join([question, *said]).split()
    return [s.text for s in differing(analyse(question, Corpus(*words)), found, articles)]


def test_each_account_is_told_once_however_many_agree() -> None:
    agreeing = "Lindmoor: 41 people died in the fire."
    assert told(ASKED, FIRST, OTHER) == [FIRST, OTHER]
    assert told(ASKED, FIRST, FIRST, agreeing, OTHER) == [FIRST, OTHER]
    assert told(ASKED, FIRST, agreeing) == []


@pytest.mark.parametrize(
    ("question", "first", "other"),
    [
        ("When did the fire start?", "The Lindmoor fire started on March 2.", "Lindmoor: the fire started May 4."),
        ("Who heads the Lindmoor council?", "Ann Lee heads the Lindmoor council.", "Ivo Marr heads Lindmoor council."),
        ("Did the Lindmoor bridge burn?", "The Lindmoor bridge burned.", "The Lindmoor bridge did not burn."),
    ],
)  # fmt: skip
def test_days_names_and_denials_differ_too(question: str, first: str, other: str) -> None:
    assert told(question, first, other) == [first, other]


@pytest.mark.parametrize(
    "other",
    [
        "The fire in Lindmoor left 14 firefighters hurt, and some died.",  # others are counted
        f"{OTHER} Others spoke of 41.",  # it knows the other number
        "In the Brindle fire 14 people died.",  # another fire
        "In the Lindmoor fire some people died.",
    ],
)
def test_what_is_no_other_answer_does_not_differ(other: str) -> None:
    assert told(ASKED, FIRST, other) == []


def test_an_update_is_no_dispute() -> None:
    climbed = "The toll of the Lindmoor fire rose: 52 people died in it."
    assert told(ASKED, FIRST, climbed, days=("2024-03-02", "2024-03-04")) == []
    at_least = "At least 14 people died in the fire of Lindmoor."
    assert told(ASKED, FIRST, at_least, days=("2024-03-02", "2024-03-04")) == []
    assert told(ASKED, FIRST, OTHER, days=("2024-03-02", "2024-03-04")) == [FIRST, OTHER]
    assert told(ASKED, FIRST, OTHER, days=("2024-03-02", "2024-09-04")) == []
    assert told("How many people had died in the Lindmoor fire at first?", FIRST, OTHER) == []
