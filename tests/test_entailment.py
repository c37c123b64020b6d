"""A claim beside its quotes as the learnt reader reads them, and what the rules keep to themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.records import Passage
from index.support import Entailment, Meaning, Quote, support
from index.windows import Window

ARTICLE = (
    "The Brannoy Line is the oldest in Harsund. Casper Ilding has led it since 2015. "
    "He told reporters that the ship had sailed with too few lifeboats. Divers found 9 bodies on Wednesday."
)
SAID = "He told reporters that the ship had sailed with too few lifeboats."
FOUND = "Divers found 9 bodies on Wednesday."


def quote(text: str) -> Quote:
    return Quote(text, ARTICLE, "Ferry toll climbs", "2024-02-14", None, ARTICLE.index(text))


class Says:
    """A reader with one opinion; keeps what it was given."""

    def __init__(self, odds: float) -> None:
        self.odds = odds
        self.read: list[tuple[str, Window]] = []

    def __call__(self, asked: str, windows: Sequence[Window]) -> list[list[float]]:
        self.read += [(asked, window) for window in windows]
        return [[self.odds for _ in window.sentences] for window in windows]


def judged_by(reader: Says) -> Meaning:
    return Meaning(None, Entailment(reader))


OTHER_WORDS = "There were not enough boats aboard for saving people."


def test_what_is_said_in_other_words_is_carried_if_the_reader_is_sure() -> None:
    assert support(OTHER_WORDS, [quote(SAID)], judged_by(Says(9.0))).carried
    assert not support(OTHER_WORDS, [quote(SAID)], judged_by(Says(-1.0))).carried
    assert not support(OTHER_WORDS, [quote(SAID)]).carried


def test_what_the_rules_find_carried_is_not_if_the_reader_reads_otherwise() -> None:
    claim = "The ship had sailed with too few lifeboats, he told reporters."
    assert support(claim, [quote(SAID)], judged_by(Says(9.0))).carried
    denied = support(claim, [quote(SAID)], judged_by(Says(-9.0)))
    assert not denied.carried
    assert denied.reason


@pytest.mark.parametrize(
    "claim",
    [
        "Divers recovered the corpses of 10 victims on Wednesday.",
        "Divers recovered the corpses of 9 victims on Thursday.",
        "Divers recovered the corpses of 9 victims near Tolvik on Wednesday.",
    ],
)
def test_no_reader_puts_a_number_a_day_or_a_name_into_a_quote(claim: str) -> None:
    assert not support(claim, [quote(FOUND)], judged_by(Says(99.0))).carried


def test_a_claim_of_a_few_words_is_for_the_rules_alone() -> None:
    assert not support("Lifeboats were scarce.", [quote(SAID)], judged_by(Says(99.0))).carried
    assert support("Boats for survivors were scarce.", [quote(SAID)], judged_by(Says(99.0))).carried


def test_a_verdict_before_a_bare_word_makes_no_statement_of_it() -> None:
    assert (
        support("No. zq9x", [quote(FOUND)], judged_by(Says(99.0))).reason
        == "it says too little to be checked"
    )


def test_a_sentence_word_for_word_needs_no_reader() -> None:
    reader = Says(-99.0)
    assert support(FOUND, [quote(FOUND)], judged_by(reader)).carried
    assert reader.read == []


def test_what_stands_before_a_quote_is_read_with_it_but_bears_nothing_out() -> None:
    class Before:
        """Finds all in what stands before the quote."""

        def __call__(self, asked: str, windows: Sequence[Window]) -> list[list[float]]:
            return [[-9.0 if s == SAID else 9.0 for s in window.sentences] for window in windows]

    reader = Says(1.0)
    Entailment(reader).log_odds(OTHER_WORDS, [quote(SAID)])
    ((_, window),) = reader.read
    assert window == Window(
        "Ferry toll climbs",
        ("The Brannoy Line is the oldest in Harsund.", "Casper Ilding has led it since 2015.", SAID),
    )
    assert Entailment(Before()).log_odds(OTHER_WORDS, [quote(SAID)]) == pytest.approx(-9.0)


def test_a_passage_is_read_in_windows_that_the_reader_takes() -> None:
    sentences = [f"Sentence {n} " + "tells " * 40 + "it." for n in range(5)]
    text, spans, at = " ".join(sentences), [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    passage = Passage(1, "a", "Title", None, None, None, text, 0, len(text), tuple(spans))
    reader = Says(2.0)
    assert Entailment(reader).of_each("It tells.", passage) == [2.0] * 5
    assert [s for _, window in reader.read for s in window.sentences] == sentences
    assert all(len(" ".join(window.sentences).split()) <= 95 for _, window in reader.read)


def test_a_claim_that_is_checked_twice_is_read_once() -> None:
    reader = Says(2.0)
    judge = Entailment(reader)
    assert judge.log_odds(OTHER_WORDS, [quote(SAID)]) == judge.log_odds(OTHER_WORDS, [quote(SAID)])
    assert len(reader.read) == 1
