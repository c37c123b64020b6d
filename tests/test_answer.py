"""Who speaks, yes or no, follow-ups: the rules that need no model, and their silence when unsure."""

from __future__ import annotations

import pytest

from index.answer.evidence import Sentence, fitted_weights
from index.answer.examples import example_questions, varied
from index.answer.followup import depends_on_history, stand_alone
from index.answer.reading import READ
from index.answer.verdict import says, verdict
from index.attribution import speaker
from index.question import analyse
from index.records import Passage
from index.support.entailment import Entailment
from index.support.reading import read
from index.support.statement import as_statement
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


def settle(question: str, *sentences: str, odds: float | None = None) -> str | None:
    """The verdict of the sentences, best first; `odds` is what a reader says of each, None without a reader."""
    words = " ".join([question, *sentences]).split()
    passage = Passage(1, "a", "", None, None, None, " ".join(sentences), 0, 1, ())
    features = {} if odds is None else {READ: odds}
    found = [
        Sentence(passage, n, text, 0, len(text), features, -float(n)) for n, text in enumerate(sentences)
    ]
    judge = Entailment(lambda asked, windows: [[odds or 0.0] * len(window.sentences) for window in windows])
    return verdict(analyse(question, Corpus(*words)), found, judge)


@pytest.mark.parametrize(
    ("question", "sentences", "expected"),
    [
        ("Did Iraq permit the flights?", ["Iraq permitted the flights on Tuesday."], "yes"),
        ("Did Iraq permit the flights?", ["Iraq banned the flights on Tuesday."], "no"),
        ("Did Iraq permit the flights?", ["Iraq did not allow the flights."], "no"),
        ("Didn't Iraq permit the flights?", ["Iraq permitted the flights."], None),
        ("Did Iraq permit the flights?", ["Iraq may permit the flights."], None),
        ("Did Iraq permit the flights?", ["Iraq plans to permit the flights."], None),
        ("Did Turkey permit the flights?", ["Iraq permitted the flights."], None),
        (
            "Did Iraq permit the flights?",
            ["Iraq permitted the flights, but it is not clear for how long."],
            "yes",
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
        ("Does France support the mayor?", BACKS.split(",", maxsplit=1)[0] + ".", "yes"),
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
        ("Did the council of Harsund back the bridge?", "The consul of Harsund backs the bridge, no council.", None),
        ("Did the council of Spain permit flights?", "The Council permitted flights to Spain.", None),
        ("Is the Harsund bridge open?", "The Harsund bridge is now open.", "yes"),
        ("Is the bridge to Harsund open?", "Now open, the bridge leads to Harsund.", None),
        ("Did Spain’s Council permit the flights?", "In Spain, the Council permitted the flights.", "yes"),
        ("Did Lind permit the flights?", "Yesterday Rosa Lind permitted the flights.", "yes"),
        ("Did the council approve the bridge?", "In June the council approved the bridge.", "yes"),
        ("Did Norway back Spain?", "Norway backs Sweden, though Spain backs Norway.", None),
        ("Did the town council approve the bridge?", "The town council approved the bridge.", "yes"),
        ("Did the council approve the restored bridge?", "The council approved the restored bridge.", "yes"),
        ("Did the council approve the restored bridge?", "The council restored and had the bridge approved.", None),
        ("Did the council approve the restored bridge?", "The council restored a bridge, and lost the approval.", None),

        ("Did the Rosa Permit Office back the mayor?", "The Rosa Permit Office backs the mayor.", "yes"),
        ("Did the council back the long stone bridge in June?", "In June the council backed the stone bridge.", None),
        ("Did the council of Harsund back the new bridge?", "The council of Harsund, back from the new bridge.", None),
        ("Did support for the mayor in Harsund fall?", "Support for the mayor in Harsund grew.", None),
    ],
)  # fmt: skip
def test_what_another_does_or_is_done_to_another_settles_nothing(
    question: str, sentence: str, expected: str | None
) -> None:
    assert settle(question, sentence) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Did Norway permit the flights?", "Norway will permit the flights.", None),
        ("Did Norway permit the flights?", "Norway agreed to permit the flights.", None),
        ("Did Norway permit the flights?", "Norway refused to permit the flights.", "no"),
        ("Did Norway permit the flights?", "Norway managed to permit the flights.", "yes"),
        ("Did Norway permit the flights?", "Norway has the right to permit the flights.", None),
        ("Did Norway permit the flights?", "Norway almost permitted the flights.", None),
        ("Did Norway permit the flights?", "It is false that Norway permitted the flights.", "no"),
        ("Did Norway permit the flights?", "Few believe Norway permitted the flights.", None),
        ("Did Norway permit the flights?", "Norway is said to have permitted the flights.", None),
        ("Did Norway permit all the flights?", "Norway permitted some of the flights.", None),
        ("Did Norway permit five flights?", "Norway permitted the flights.", None),
        ("Did Norway permit the flights?", "Norway permitted the flights on the condition that all land.", "yes"),
        ("Did Norway permit the flights?", "“Norway, do not permit the flights,” she said.", None),
        ("Did Norway permit the flights?", "“Do not permit the flights, Norway,” she said.", None),
        ("Did Norway permit the flights?", "The flights are what Norway did not permit.", "no"),
        ("Did the towns permit the flights?", "The towns do not permit the flights.", "no"),
        ("Will Norway permit the flights?", "Norway will permit the flights.", "yes"),
        ("Will Norway permit the flights?", "Norway permitted the flights.", None),
        ("Should Norway permit the flights?", "Norway permitted the flights.", None),
        ("Can Norway permit the flights?", "Norway can permit the flights.", None),
        ("Did Norway stop the flights that it had permitted?", "Norway had permitted the flights.", None),
    ],
)  # fmt: skip
def test_what_is_not_done_or_not_surely_done_is_not_answered_with_yes(
    question: str, sentence: str, expected: str | None
) -> None:
    assert settle(question, sentence) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Is the bridge open?", "The bridge is open.", "yes"),
        ("Is the bridge open?", "The bridge is now closed to cars.", "no"),
        ("Is the bridge open?", "The bridge is not open.", "no"),
        ("Is the bridge the oldest in Spain?", "The bridge, the oldest of three, is the pride of Spain.", None),
        ("Is the bridge the oldest in Spain?", "The stone bridge is easily the oldest in Spain.", "yes"),
        ("Is the bridge the oldest in Spain?", "The bridge is near the oldest, finest port of Spain.", None),
        ("Is the bridge the oldest in Spain?", "The oldest is the bridge in Spain.", None),
        ("Is the bridge the oldest in Spain?", "The bridge in question, of old stone, is the oldest in Spain.", "yes"),
        ("Is the bridge the oldest in Spain?", "The bridge of town, port and county is the oldest in Spain.", "yes"),
        ("Is the bridge the oldest in Spain?", "The bridge of town, port, sea and coast is the oldest in Spain.", None),
        ("Is the council open?", "The council’s bridge is open.", None),
        ("Was the bridge safe?", "The bridge seemed safe.", None),
        ("Is the council open?", "The council member is open.", None),
        ("Was the bridge in Spain?", "The bridges are in the north of Spain.", None),
        ("Was it Monday?", "It was Monday.", None),
        ("Is it the US?", "It is the US.", None),
        ("Is it the US?", "Iran denies the claim that it is the US.", None),
        ("Was Lind born in the United Kingdom?", "Lind was born in the United Kingdom.", "yes"),
    ],
)  # fmt: skip
def test_what_something_is_must_be_said_of_it(question: str, sentence: str, expected: str | None) -> None:
    assert settle(question, sentence) == expected


@pytest.mark.parametrize(
    ("question", "sentences", "odds", "expected"),
    [
        ("Did Norway permit the flights?", ["Permission for the flights came from Norway."], None, None),
        ("Did Norway permit the flights?", ["Permission for the flights came from Norway."], 6.0, "yes"),
        ("Did Norway permit the flights?", ["Permission for the flights came from Norway."], -9.0, None),
        ("Did Norway permit the flights?", ["The envoy did not permit the flights.", "Norway met Spain."], 6.0, "no"),
        ("Did Norway permit the flights?", ["The envoy did not permit the flights.", "Sweden met Spain."], 6.0, None),
        ("Did Norway permit 5 flights?", ["It permitted flights.", "Norway met 5."], 6.0, None),
        ("Did Norway permit the flights?", ["Norway did not permit the flights."], 6.0, "no"),
        ("Did Norway permit the flights?", ["Norway will permit the flights."], 6.0, None),
        ("Did Norway permit the flights?", ["Norway not only permitted the flights, but paid."], 6.0, "yes"),
        ("Did Norway permit the flights from Spain to Kell in June?", ["Norway permitted the flights."], 6.0, None),
        ("Did Norway permit more flights than Spain?", ["Norway permitted more flights than Spain."], 6.0, None),
        ("Was it Norway that permitted the flights?", ["It was Norway that permitted the flights."], 6.0, None),
        ("Did Norway permit the flights?", ["Spain denies claims that Norway permitted the flights."], 6.0, "disputed"),
        ("Did Norway permit flights over Kell?", ["Spain denies claims that Norway permits gulls."], 6.0, None),
        ("Did Norway permit the flights?", ["Spain claims that Norway permitted the flights."], 6.0, None),
    ],
)  # fmt: skip
def test_what_a_reader_says_counts_but_not_alone(
    question: str, sentences: list[str], odds: float | None, expected: str | None
) -> None:
    assert settle(question, *sentences, odds=odds) == expected


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Did Iraq permit overflight?", "Iraq did permit overflight."),
        ("Did the town council of Harsund permit it?", "the town council of Harsund did permit it."),
        ("Do votes in Harsund count?", "votes in Harsund do count."),
        ("Did Rosa Lind stay?", "Rosa Lind did stay."),
        ("Will he resign?", "he will resign."),
        ("Is the bridge open?", "the bridge is open."),
        ("Was Rosa Lind hurt in the fire?", "Rosa Lind was hurt in the fire."),
        ("Did it?", None),
    ],
)
def test_a_question_is_put_as_a_statement(question: str, statement: str | None) -> None:
    assert as_statement(read(question)) == statement


SIGNS = {
    "held": 1.0, "carried": 1.0, "same": 1.0, "perhaps_another": 0.0, "against": 0.0, "opposite": 0.0, "denied": 0.0,
    "weakened": 0.0, "negated": 0.0, "negated_elsewhere": 0.0, "unsettled": 0.0, "asks_what_it_is": 0.0,
    "asks_negated": 0.0, "answers": 6.0, "borne_out": 6.0,
}  # fmt: skip
NO = {
    "carried": 0.0,
    "same": 0.0,
    "against": 1.0,
    "opposite": 1.0,
    "denied": 1.0,
    "negated": 1.0,
    "borne_out": -6.0,
}


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({}, "yes"),
        ({"held": 0.89}, None),
        ({"carried": 0.0}, "yes"),
        ({"same": 0.0}, "yes"),
        ({"carried": 0.0, "same": 0.0}, None),
        ({"answers": -9.0, "borne_out": -9.0}, None),
        (NO, "no"),
        ({**NO, "held": 0.8}, "no"),
        ({**NO, "held": 0.79}, None),
        ({**NO, "denied": 0.0, "opposite": 0.0}, "no"),
        ({**NO, "denied": 0.0, "opposite": 0.0, "negated": 0.0}, None),
    ],
)
def test_a_verdict_needs_a_ground(signs: dict[str, float], expected: str | None) -> None:
    assert says({**SIGNS, **signs}, fitted_weights()["verdict"]) == expected
