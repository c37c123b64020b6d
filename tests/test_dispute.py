"""Two accounts of one matter: told as a dispute, with the words of both, and never where there is one."""

from __future__ import annotations

import pytest

from index.answer.dispute import accounts
from index.answer.evidence import Sentence
from index.question import analyse
from index.records import Passage
from tests.making import article
from tests.test_language import Corpus


def told(question: str, *sentences: str, apart: float = 1.0) -> list[str]:
    """The sentences that tell the accounts; each is an article of its own, scored so far below the one before."""
    articles = {str(n): article(str(n), text) for n, text in enumerate(sentences)}
    found = []
    for n, text in enumerate(sentences):
        passage = Passage(n, str(n), "", None, None, None, text, 0, len(text), ((0, len(text)),))
        found.append(Sentence(passage, 0, text, 0, len(text), {}, -apart * n))
    words = " ".join([question, *sentences]).split()
    return [s.text for s in accounts(analyse(question, Corpus(*words)), found, articles)]


STATES = "Warning shots were fired at the trawler on Monday, the union said."
DENIES = "No shots were fired at the trawler, the coast guard said."
REJECTS = "The coast guard rejected claims that shots were fired at the trawler."
DIFFER = "The two sides disagree on whether shots were fired at the trawler."


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([STATES, DENIES], [STATES, DENIES]),
        ([REJECTS], [REJECTS]),
        ([REJECTS, STATES], [REJECTS, STATES]),
        ([DIFFER], [DIFFER]),
        ([STATES], []),
        ([STATES, "Shots were fired at the trawler, the mayor said."], []),  # two who agree
        (["Shots were fired at the trawler.", "No shots were fired at the trawler."], []),  # nobody's word
        ([STATES, "No shots may be fired at a trawler, the coast guard said."], []),  # a rule, no account
        (["The two sides disagree on the price of fish."], []),  # another matter
        # One who says both, and one whom nobody names.
        (["Warning shots were fired at the trawler, the union said.",
          "No shots were fired at the trawler, the union said."], []),
        ([STATES, "No shots were fired at the trawler."], []),
        (["No shots were fired at the trawler.", STATES], []),
        # The word of another beside the one who tells of both, not the same one's, nor nobody's.
        ([REJECTS, "Shots were fired at the trawler."], [REJECTS]),
        ([REJECTS, "Shots were fired at the trawler on Monday, the coast guard said."], [REJECTS]),
        # What is only alleged is no account.
        (["Shots were allegedly fired at the trawler, the union said.", DENIES], []),
    ],
)  # fmt: skip
def test_a_dispute_is_one_where_two_accounts_are_told(sentences: list[str], expected: list[str]) -> None:
    assert told("Were shots fired at the trawler?", *sentences) == expected


def test_only_questions_of_yes_or_no_have_two_sides() -> None:
    assert told("Who fired shots at the trawler?", STATES, DENIES) == []
    assert told("Were shots or flares fired at the trawler?", STATES, DENIES) == []


def test_who_is_asked_about_must_be_in_the_article() -> None:
    assert told("Were shots fired at the trawler of Ann Lee?", STATES, DENIES) == []
    by_name = "Were shots fired at the trawler of Ann Lee?"
    states, denies = (text.replace("the trawler", "the trawler of Ann Lee") for text in (STATES, DENIES))
    assert told(by_name, states, denies) == [states, denies]

    # All else that is asked is there.
    states, denies = (f"{text.removesuffix('.')} on Monday morning." for text in (REJECTS, DENIES))
    assert told("Were shots fired at the trawler on Monday morning?", states, denies)
    assert told("Were shots fired at the trawler on Monday morning in Carrick?", states, denies) == []


def test_a_dispute_must_be_about_what_is_asked() -> None:
    # A few words of many are not what is asked.
    asked = "Were shots fired at the trawler before lawyers of the northern shipyard sold its crane and its docks?"
    assert told(asked, STATES, DENIES) == []


def test_a_sentence_far_below_the_best_tells_no_account() -> None:
    between = [f"The trawler sailed past buoy {n}." for n in range(1, 5)]
    assert told("Were shots fired at the trawler?", STATES, *between[:2], DENIES) == [STATES, DENIES]
    assert told("Were shots fired at the trawler?", STATES, *between, DENIES) == []
    assert told("Were shots fired at the trawler?", STATES, DENIES, apart=4.0) == [STATES, DENIES]
    assert told("Were shots fired at the trawler?", STATES, DENIES, apart=4.1) == []


def test_the_opposite_word_is_the_other_account() -> None:
    asked = "Was the port open to trawlers?"
    opened = "The port was open to trawlers, the union said."
    closed = "The port was closed to trawlers, the coast guard said."
    assert told(asked, opened, closed) == [opened, closed]
    assert told(asked, opened, closed.replace("was", "was not")) == []


def test_what_is_denied_must_be_what_is_asked() -> None:
    denied = "The coast guard rejected claims that the trawler carried shells, flares and nets."
    assert told("Did the trawler carry shells?", denied) == [denied]
    # "Rejected" is the opposite of "let", but rejects nothing of this.
    assert (
        told("Did Iraq and Iran let the trawler in?", "Iraq rejected claims that Iran sank the trawler.")
        == []
    )
