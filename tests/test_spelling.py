"""What a misspelt word was meant for; and that a name the articles do not hold stays what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index import Assistant, open_assistant
from index.build import build
from index.settings import load_settings
from index.spelling import MOST_MENDED, Repair

ARTICLES = [
    "The power station near Aldmoor was closed. Its owner, Larijani, said that the power would be restored.",
    "At the resolution of the council Larijani was asked to stay. Critics say that the resolution was violated.",
    "Beyoncé sang in Aldmoor. The stadium said that Beyoncé drew forty thousand listeners.",
    "The brothers Kelvan and Kelvyn opened a bakery. Then Kelvan and Kelvyn closed it.",
    "Bakers of Aldmoor will start early. They start at four in the morning and admit no visitors.",
    "At the Visitor Centre many visitors asked which visitors the others were, for visitors had come.",
    "In Aldmoor a flat bread is called tablit. Whoever eats tablit eats it warm.",
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("spelling")
    lines = (json.dumps({"id": str(n), "title": f"Story {n}", "text": t}) for n, t in enumerate(ARTICLES))
    (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    settings = load_settings(data=folder / "data")
    build([folder / "news.jsonl"], settings)
    with open_assistant(settings) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Was the resoluton violatd?", "Was the resolution violated?"),
        ("Whta did Larijni say?", "What did Larijani say?"),
        ("what did larijni say", "what did Larijani say"),
        ("Who listened to Beyonse in the stadium?", "Who listened to Beyoncé in the stadium?"),
    ],
)
def test_misspelt_words_are_read_as_what_was_meant(assistant: Assistant, typed: str, read: str) -> None:
    assert assistant.retriever.search(typed).question.text == read


@pytest.mark.parametrize(
    "question",
    [
        "Did Poyer speak?",  # not "power"
        "Was Starz closed?",  # not "start"
        "Did Amit bake bread?",  # not "admit"
        "Did Lerijano speak?",  # two letters of a short name
        "Did Kelven bake bread?",  # Kelvan or Kelvyn?
        "When will the buyout of the veal and caribou business be complete?",  # rare words are words
        "Did Beyoncé and Beyonce sing?",  # with and without the accent
        "Did Visitar speak?",  # mostly no name there
        "Who eats tablit in Aldmoor?",  # a word of the articles, one letter from one of English
        "Did Iraq permit overflight?",
    ],
)
def test_other_names_and_rare_words_stay_what_they_are(assistant: Assistant, question: str) -> None:
    found = assistant.retriever.search(question).question
    assert found.text == question
    assert found.repairs == ()


def test_an_accent_is_no_other_name(assistant: Assistant) -> None:
    for name in ("Beyonce", "Beyoncé", "beyoncé"):
        answer = assistant.answer(f"How many listeners did {name} draw?")
        assert "Beyoncé drew forty thousand" in answer.citations[0].quote


def test_the_reader_is_told_of_what_was_read(assistant: Assistant) -> None:
    answer = assistant.answer("Who said that the powwer would be restored, Larijni?")
    assert answer.status == "answered"
    assert answer.notice == "“powwer” was read as “power”. “Larijni” was read as “Larijani”."
    assert assistant.answer("Who said that the power would be restored?").notice is None


def test_a_refusal_names_what_was_typed(assistant: Assistant) -> None:
    answer = assistant.answer("Which bishop of Antwerp baptised Larijni?")
    assert answer.status == "not_in_corpus"
    assert "Larijni" in answer.text
    answer = assistant.answer("Did bishop Poyer baptise anybody in Antwerp?")
    assert answer.status == "not_in_corpus"
    assert "Poyer" in answer.text
    assert answer.notice is None


def test_what_was_typed_before_is_not_told_again(assistant: Assistant) -> None:
    history = [("What did Larijni say?", "Larijani said that the power would be restored. [1]")]
    assert assistant.answer("And who was he?", history).notice is None


def test_only_so_many_words_are_looked_at(assistant: Assistant) -> None:
    found = assistant.retriever.search(" ".join(["resoluton"] * (MOST_MENDED + 3))).question
    assert found.repairs == (Repair("resoluton", "resolution"),) * MOST_MENDED
