"""Who speaks, yes or no, follow-ups: the rules that need no model, and their silence when unsure."""

from __future__ import annotations

import pytest

from index.answer.evidence import Sentence
from index.answer.examples import example_questions, varied
from index.answer.followup import depends_on_history, stand_alone
from index.answer.verdict import verdict
from index.attribution import speaker
from index.question import analyse
from index.records import Passage
from tests.test_language import Corpus


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Iraqi Prime Minister Haider al-Abadi said on Tuesday that it was granted.", "Haider al-Abadi"),
        ("Ali Larijani, the speaker of parliament, insisted on Wednesday that it was not.", "Ali Larijani"),
        (
            "The jets took off, the defense ministry said in a statement, calling it a success.",
            "the defense ministry",
        ),
        ("Warplanes used the base for the first time, TASS reported.", "TASS"),
        ("According to USA officials, the decision came as a surprise.", "USA officials"),
        ("“We are gratified,” said Andrew Crocker, a staff attorney.", "Andrew Crocker"),
        ("“Mistakes were made,” Wray said.", "Christopher Wray"),
        ("The mayor rejected the plan.", "the mayor"),
        ("He said that it was over.", None),
        ("His comments were geared at easing concerns.", None),
        ("The company’s reported net income was $1 billion.", None),
        ("Davila, a student, told VOA that she was afraid.", "Davila"),
        ("“It is over.”", None),
        ("The United States borders Canada.", None),
    ],
)
def test_the_speaker_is_named_only_where_the_sentence_names_one(sentence: str, who: str | None) -> None:
    assert speaker(sentence, "FBI Director Christopher Wray spoke. " + sentence) == who


def settle(question: str, *sentences: str) -> str | None:
    words = " ".join([question, *sentences]).split()
    passage = Passage(1, "a", "", None, None, None, " ".join(sentences), 0, 1, ())
    found = [Sentence(passage, n, text, 0, len(text), {}, -float(n)) for n, text in enumerate(sentences)]
    return verdict(analyse(question, Corpus(*words)), found)


@pytest.mark.parametrize(
    ("question", "sentences", "expected"),
    [
        ("Did Iraq permit the flights?", ["Iraq permitted the flights on Tuesday."], "yes"),
        ("Did Iraq permit the flights?", ["Iraq banned the flights on Tuesday."], "no"),
        ("Did Iraq permit the flights?", ["Iraq did not allow the flights."], "no"),
        ("Didn't Iraq permit the flights?", ["Iraq permitted the flights."], "no"),
        ("Did Iraq permit the flights?", ["Iraq may permit the flights."], None),
        ("Did Iraq permit the flights?", ["Iraq plans to permit the flights."], None),
        ("Did Turkey permit the flights?", ["Iraq permitted the flights."], None),
        (
            "Did Iraq permit the flights?",
            ["Iraq permitted the flights, but it is not clear for how long."],
            None,
        ),
        ("Did Iraq permit the flights?", ["The flights passed over Iraq."], None),
        ("Did Iraq permit or ban the flights?", ["Iraq permitted the flights."], None),
        ("Who permitted the flights?", ["Iraq permitted the flights."], None),
        ("Did Iraq permit flights?", ["Iraq rejected claims that it permitted flights."], "disputed"),
        (
            "Did Iraq permit the flights?",
            ["Iraq permitted the flights, Ana Holt said.", "Iraq did not permit the flights, Ben Roth said."],
            "disputed",
        ),
        (
            "Did Iraq permit the flights?",
            ["Iraq permitted the flights.", "Iraq did not permit the flights."],
            None,
        ),
    ],
)
def test_a_verdict_is_given_only_where_a_sentence_settles_it(
    question: str, sentences: list[str], expected: str | None
) -> None:
    assert settle(question, *sentences) == expected


def test_questions_that_lean_on_the_conversation_are_told_from_others() -> None:
    assert depends_on_history("And under what conditions?")
    assert depends_on_history("Who said so?")
    assert depends_on_history("When did he leave?")
    assert depends_on_history("Why?")
    assert not depends_on_history("Did Iraq permit overflight?")
    assert not depends_on_history("How many civilians were killed in Aleppo?")
    assert not depends_on_history("What did the minister say about the deal that Iran signed?")


def test_a_follow_up_carries_what_it_is_about() -> None:
    history = [("Did Iraq permit overflight?", "Yes. It did. [1]"), ("And when?", "On Tuesday. [1] [2]")]
    about = stand_alone("Who said so?", history)
    assert about.text == "Did Iraq permit overflight? And when? Who said so?"
    assert about.last == "Who said so?"
    assert about.quoted_before == "On Tuesday."
    assert about.asks_who_said
    assert stand_alone("Did Iraq permit overflight?", history).last is None
    assert stand_alone("And when?", []).text == "And when?"


def test_examples_are_questions_about_the_article() -> None:
    text = "Seven people were killed in Holm. Mayor Ana Holt said it was over."
    passage = Passage(
        1, "a", "Fire in Holm", None, None, None, text, 0, len(text), ((0, 33), (34, len(text)))
    )
    found = list(example_questions([passage]))
    assert "What did Ana Holt say?" in found
    assert "How many people were killed in Holm?" in found
    assert "What happened in Holm?" not in found, "too broad where there is something better to ask"


def test_an_example_about_a_place_where_nobody_speaks() -> None:
    text = "The bridge in Holm was closed."
    passage = Passage(1, "a", "Bridge", None, None, None, text, 0, len(text), ((0, len(text)),))
    assert list(example_questions([passage])) == ["What happened in Holm?"]


def test_an_example_asks_what_was_said_about_the_subject_of_the_title() -> None:
    text = "On Sunday’s eve the Wick Line met. Ana Holt said that the Wick Line would pay."
    passage = Passage(
        1, "a", "Holt: Wick Line pays", None, None, None, text, 0, len(text), ((0, 34), (35, len(text)))
    )
    assert list(example_questions([passage])) == ["What did Ana Holt say about the Wick Line?"]


def test_examples_of_several_articles_are_of_several_kinds() -> None:
    two = [["What did Ana say?", "How many fell?"], ["What did Ben say?", "How many fell?", "What happened?"]]
    assert list(varied(two)) == ["What did Ana say?", "How many fell?", "What did Ben say?", "What happened?"]


BACKS = "France backs the mayor, while Spain says he must resign and is supporting the strikers."
GRANTED = (
    "The minister said that Spain, which lies beside France, had granted Norway permission to use its ports."
)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Does France support the mayor?", BACKS, "yes"),
        ("Does Spain support the mayor?", BACKS, None),
        ("Does France support the strikers?", BACKS, None),
        ("Did Spain permit Norway to use its ports?", GRANTED, "yes"),
        ("Did France permit Norway to use its ports?", GRANTED, None),
        ("Did Norway permit Spain to use its ports?", GRANTED, None),
        ("Did Norway permit the flights?", "Norway did not permit the flights.", "no"),
        ("Did Spain permit the flights?", "The flights to Spain were permitted by Norway.", None),
        ("Did the council approve the bridge?", "The council approved the bridge on Tuesday.", "yes"),
        ("Did the council approve the bridge?", "The council's drivers said workers approved the bridge.", None),
        ("Did the council approve the bridge?", "The council narrowly approved the bridge on Tuesday.", "yes"),
        ("Were the flights permitted by Norway?", "Norway permitted the flights.", None),
        ("Did Norway back Spain?", "Norway was backed by Spain.", None),
        ("Does France support Lind?", "France backs Lind.", "yes"),
        ("Did Norway permit the flights?", "Norway didn’t permit the flights.", "no"),
        ("Did Norway permit the flights?", "The consul in Norway permitted the flights.", None),
        ("Did Russia permit the flights?", "The Russians permitted the flights.", "yes"),
        ("Did Spain’s Council permit the flights?", "The Norwegian Council permitted the flights to Spain.", None),
        ("Did the council of Harsund approve the bridge?", "The council of Harsund approved the bridge.", "yes"),
        ("Did the council of Harsund approve the bridge?", "The consul of Harsund approved the bridge, no council.", None),
        ("Did the council of Spain permit flights?", "The Council permitted flights to Spain.", None),
        ("Is the bridge to Harsund open?", "The bridge to Harsund is now open.", "yes"),
        ("Is the bridge to Harsund open?", "Now open, the bridge leads to Harsund.", None),
        ("Did Spain’s Council permit the flights?", "In Spain, the Council permitted the flights.", "yes"),
        ("Did Lind permit the flights?", "Yesterday Rosa Lind permitted the flights.", "yes"),
        ("Did the town council approve the bridge?", "The town council approved the bridge.", "yes"),
        ("Did the council approve the restored bridge?", "The council approved the restored bridge.", "yes"),
        ("Did the council approve the restored bridge?", "The council restored and had the bridge approved.", None),
        ("Did the council approve the restored bridge?", "The council restored a bridge, and lost the approval.", None),

        ("Did the Rosa Permit Office back the mayor?", "The Rosa Permit Office backs the mayor.", "yes"),
        ("Did the council of Harsund approve the long stone bridge over the river Aune in June?", "In June the council of Harsund approved the stone bridge over the river Aune.", "yes"),
        ("Did the council of Harsund back the new bridge?", "The council of Harsund, back from the new bridge.", None),
        ("Did support for the mayor, the bridge and the ferry in Harsund fall?", "Support for the mayor, the bridge and the ferry in Harsund grew.", None),
    ],
)  # fmt: skip
def test_what_another_does_or_is_done_to_another_settles_nothing(
    question: str, sentence: str, expected: str | None
) -> None:
    assert settle(question, sentence) == expected
