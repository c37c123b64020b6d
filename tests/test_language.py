"""Words, names, places and kinds of question; and what a question becomes against a corpus."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import american, inverse_document_frequency, places, question_kind, stem, terms, words
from index.question import analyse


class Corpus:
    """A vocabulary of a few words, each in one of ten chunks."""

    def __init__(self, *known: str) -> None:
        self._known = {stem(word) for word in known}

    def chunk_count(self) -> int:
        return 10

    def document_frequency(self, words: Iterable[str]) -> dict[str, int]:
        return {word: int(stem(word) in self._known) for word in words}

    def stems(self) -> frozenset[str]:
        return frozenset(self._known)

    def examples(self, beginning: str, most: int) -> list[str]:
        return []


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Did Iraq permit overflight?", "yesno"),
        ("who said so", "who"),
        ("When will it open?", "when"),
        ("In which city did it happen?", "where"),
        ("How many people were hurt?", "how_many"),
        ("Why did they leave?", "why"),
        ("What is a quota?", "what"),
        ("larijani permanent base", "other"),
    ],
)
def test_the_kind_of_a_question_shows_in_its_first_words(question: str, kind: str) -> None:
    assert question_kind(question) == kind


def test_countries_are_known_by_people_and_capital_but_not_by_the_bird() -> None:
    text = "Did Baghdad let Moscow's bombers cross? We ate turkey and asked us; the U.S. did not. American Samoa."
    assert [name for _, _, name in places(text)][:3] == ["Iraq", "Russia", "United States"]
    assert [name for _, _, name in places("Turkey")] == ["Turkey"]
    assert places("some turkey for us") == ()


def test_terms_are_content_words_with_names_and_numbers_marked() -> None:
    found = {t.word: t for t in terms("How many of the Brannoy Line's seven ferries were in Iraq on May 5?")}
    assert "many" not in found
    assert found["Brannoy"].is_name
    assert found["seven"].is_number
    assert found["seven"].stem == "7"
    assert found["Iraq"].place == "Iraq"
    assert not found["ferries"].is_name


def test_british_and_american_spelling_meet() -> None:
    assert stem("defence") == stem("defense")
    assert stem("organised") == stem("organized")
    assert american("four") == "four"
    assert american("promised") == "promised"


def test_rare_words_weigh_more_even_in_a_corpus_of_one_article() -> None:
    assert inverse_document_frequency("Hamedan", 1, 5) > inverse_document_frequency("government", 1, 5)
    assert inverse_document_frequency("the", 5, 5) < 0.5


def test_misspelt_words_are_mended_but_real_ones_and_unknown_names_are_not() -> None:
    corpus = Corpus("resolution", "violated", "Iraq")
    assert analyse("wich resoluton was violatd", corpus).text == "which resolution was violated"
    assert analyse("Did Iraq permit overflight?", corpus).text == "Did Iraq permit overflight?"
    question = analyse("Did Zorbfang of Turkey speak?", corpus)
    assert question.text == "Did Zorbfang of Turkey speak?"
    assert question.unknown_names == ("Zorbfang", "Turkey")


def test_in_a_follow_up_its_own_words_weigh_more() -> None:
    corpus = Corpus("permit", "conditions")
    alone = analyse("And under what conditions?", corpus)
    follow_up = analyse(
        "Was there a permit? And under what conditions?", corpus, last="And under what conditions?"
    )
    weight = dict(zip([t.stem for t in follow_up.terms], follow_up.weights, strict=True))
    assert weight["condit"] == pytest.approx(alone.weights[0])
    assert weight["permit"] < weight["condit"] / 2


@given(st.text(max_size=200))
def test_any_text_is_analysed(text: str) -> None:
    question = analyse(text, Corpus("anything"))
    assert len(question.terms) == len(question.weights)
    assert question.mass >= 1
    assert all(weight > 0 for weight in question.weights)
    assert words(text) == [] or question.search_words
