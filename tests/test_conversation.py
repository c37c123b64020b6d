"""What was spoken of before helps to find what is meant, and a change of subject is followed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index import Assistant, open_assistant
from index.answer.followup import depends_on_history, stand_alone
from index.build import build
from index.records import NOT_IN_ARTICLES, PassagesFound, Turn
from index.settings import load_settings

ARTICLES = {
    "river": "Tubing on the Orrin river begins at Stennis. Visitors rent a tube for nine crowns and bring a dry bag.",
    "cave": "Tours of the Aldmoor cave begin at noon. Visitors rent a helmet for nine crowns and bring warm clothes.",
    "law": "Judge Pell spoke for an hour. His ruling says that Article 146 prohibits open fires on the pier.",
    "vote": "The parliament of Carrick passed the budget on Monday with a majority of four votes.",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("conversation")
    lines = (json.dumps({"id": name, "title": name.title(), "text": text}) for name, text in ARTICLES.items())
    (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    settings = load_settings(data=folder / "data")
    build([folder / "news.jsonl"], settings)
    with open_assistant(settings) as opened:
        yield opened


def first(assistant: Assistant, question: str, history: list[Turn]) -> str:
    for event in assistant.ask(question, history):
        if isinstance(event, PassagesFound):
            return event.passages[0].article_id
    raise AssertionError


RIVER = ("Where does tubing on the Orrin river begin?", "Tubing on the Orrin river begins at Stennis. [1]")
CAVE = ("When do tours of the Aldmoor cave begin?", "Tours of the Aldmoor cave begin at noon. [1]")


@pytest.mark.parametrize(
    "question", ["What do visitors bring and rent?", "And what do they bring?", "How much is it?"]
)
def test_the_conversation_tells_which_is_meant(assistant: Assistant, question: str) -> None:
    assert first(assistant, question, [RIVER]) == "river"
    assert first(assistant, question, [CAVE]) == "cave"


def test_a_change_of_subject_is_followed(assistant: Assistant) -> None:
    question = "By how many votes did the parliament of Carrick pass the budget?"
    for history in ([], [RIVER], [CAVE], [RIVER, CAVE]):
        assert first(assistant, question, history) == "vote"


@pytest.mark.parametrize(
    "question",
    [
        "And in 2015?",
        "What about Iran?",
        "Why?",
        "Who said so?",
        "How do we know that?",
        "Does she have a family?",
        "What did Lavrov say about it?",
        "Did the president of Karsany resign after that?",
        "Which other accidents happened that year?",
        "Oops, I meant the Kell Bridge in Dunmarrow.",
        "No, I meant the one in Vasselby. Who owns the building?",
    ],
)
def test_follow_ups(question: str) -> None:
    assert depends_on_history(question)
    assert stand_alone(question, [RIVER]).text == f"{RIVER[0]} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of France?",
        "Did Tarrent speak to the police?",
        "Tell me about the Kell Bridge",
        "what is the inflation in velmora",
        "Did Lavrov say that the flights would go on?",
        "Did the minister promise that wages would rise?",
        "Was there a ferry from Wick?",
    ],
)
def test_questions_of_their_own(question: str) -> None:
    assert not depends_on_history(question)
    assert stand_alone(question, [RIVER]).text == question


@pytest.mark.parametrize("question", ["Who said so?", "How do we know that?"])
def test_who_said_so_is_answered_by_the_quote_itself(assistant: Assistant, question: str) -> None:
    said = "Judge Pell said that open fires on the pier were prohibited."
    before = ("Are open fires allowed on the pier?", f"No. {said} [1]")
    assert stand_alone(question, [before]).asks_who_said
    assert not stand_alone("Who said that the pier was closed?", [before]).asks_who_said


def test_a_refusal_tells_nothing_of_the_subject() -> None:
    about = stand_alone(
        "What do visitors bring?", [(RIVER[0], f"{NOT_IN_ARTICLES} Nothing in them is about this.")]
    )
    assert about.background is not None
    assert about.background.question == RIVER[0]
    assert about.background.answer == ""


def test_markers_and_length_of_an_answer_are_left_out() -> None:
    about = stand_alone(
        "What do visitors bring?", [(RIVER[0], f"It begins at Stennis. [12] {'word ' * 500}")]
    )
    assert about.background is not None
    assert "[12]" not in about.background.answer
    assert len(about.background.answer) <= 300
    assert stand_alone("What do visitors bring?", []).background is None
    assert stand_alone("What do visitors bring?", [(" ", "")]).background is None


def test_a_sentence_that_is_clear_by_itself_is_quoted_alone(assistant: Assistant) -> None:
    law = assistant.answer("What does Article 146 prohibit on the pier?").citations[0].quote
    assert law == "His ruling says that Article 146 prohibits open fires on the pier."
