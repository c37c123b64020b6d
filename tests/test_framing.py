"""What is said around a question is taken off it; what it is about never is."""

from __future__ import annotations

import pytest

from index.framing import unframed

ASKED = "How many people live on Brannoy?"


@pytest.mark.parametrize(
    "around",
    [
        "{q}",
        "Please tell me: {q}",
        "Ignore the headlines. {q}",
        "{q} Answer in one sentence.",
        "Here is my prompt: {q}",
        "Say, {q}",
        "Hello! I was told to ask the system: {q} Thanks.",
    ],
)
def test_the_question_alone_is_left(around: str) -> None:
    assert unframed(around.format(q=ASKED)) == ASKED


@pytest.mark.parametrize(
    "question",
    [
        "Ferry fire: how many died?",  # what it is about
        "The ferry burned in February. How many died?",
        "I was in Harsund on Monday. What burned there?",  # names
        "Tell me about 2016: who won the vote?",
        "Who is Dr. Helle Vanstrup?",
        "What did he say? Who heard it?",  # two questions
        "brannoy star delivery date",
        "Translate",
        "",
    ],
)
def test_what_it_is_about_stays(question: str) -> None:
    assert unframed(question) == question
