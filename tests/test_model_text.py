"""What is made of a model's words, without a model: a follow-up reworded, an opinion, a thought that is held back."""

from __future__ import annotations

import pytest

from index.answer.followup import depends_on_history, stand_alone
from index.answer.markers import Markers, without_thoughts
from index.answer.rewriting import rewritten
from index.answer.second_opinion import doubted, opinion_prompt
from index.cite import Cited
from index.records import Citation, Claim, Passage

RIVER = ("Where does tubing on the Orrin river begin?", "Tubing on the Orrin river begins at Stennis. [1]")
FEE = ("How much is a tube for the river?", "A tube is nine crowns. [1]")
STANDS = "Where do visitors of the Orrin river bring a tube?"


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (STANDS, STANDS),
        (f"Question: {STANDS}", STANDS),
        (f"Rewritten question: “{STANDS}”", STANDS),
        (f"\n  {STANDS}  \n\n", STANDS),
        ("", None),
        ("... ?!", None),  # no word
        (f"{STANDS}\nIt begins at Stennis.", None),  # two lines
        ("Where does tubing on the Orrin river begin? " * 10, None),  # too long
        ("Where does tubing on the Orrin \u202eriver begin?", None),  # turns what follows round
        ("Where does tubing on the Kell river begin?", None),  # a name that nobody said
        ("Where does tubing on the Orrin river begin for 12 crowns?", None),  # a number that nobody said
        ("How about pancakes with maple syrup, butter and the river?", None),  # hardly a word was said
    ],
)
def test_a_rewording_is_one_question_of_the_conversation(reply: str, found: str | None) -> None:
    assert rewritten(reply, "Where do visitors bring a tube?", [RIVER]) == found


def test_a_name_of_the_follow_up_itself_may_be_in_its_rewording() -> None:
    asked = "Where does tubing on the Orrin river and the Kell begin?"
    assert rewritten(asked, "And on the Kell?", [RIVER]) == asked
    assert rewritten(asked, "And there?", [RIVER]) is None


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("And on the Kell river at noon?", True),
        ("What about the ferries of the Kell?", True),
        ("Andrew crossed the river when?", False),  # no "and"
        ("Why?", True),
        ("Did he cross the river by ferry?", True),
        ("Where do they rent a tube for the river?", True),
        ("Where did Marta Dahl say it begins?", False),  # named: "it" is hers
        ("Did she meet Marta Dahl at the river?", True),  # before anybody is named
        ("Which report says that tubing begins at noon?", False),  # "that" leads on
        ("Which report says that?", True),
        ("Where does tubing on the Orrin river begin?", False),
    ],
)
def test_what_leans_on_the_conversation(question: str, leans: bool) -> None:
    assert depends_on_history(question) is leans


def test_a_question_alone_is_left_alone() -> None:
    about = stand_alone("And why?", [])
    assert (about.text, about.last, about.background) == ("And why?", None, None)
    about = stand_alone("When did the parliament of Carrick pass the budget?", [RIVER])
    assert (about.text, about.last) == ("When did the parliament of Carrick pass the budget?", None)


def test_a_follow_up_is_led_by_what_it_leans_on() -> None:
    about = stand_alone("And when?", [RIVER])
    assert (about.text, about.last) == (f"{RIVER[0]} And when?", "And when?")
    assert about.quoted_before == "Tubing on the Orrin river begins at Stennis."
    # A follow-up to a follow-up: the question that stood alone leads them all.
    leaning = ("How much is it?", "It is nine crowns. [1]")
    assert stand_alone("And when?", [RIVER, leaning]).text == f"{RIVER[0]} How much is it? And when?"
    assert stand_alone("And when?", [RIVER, FEE, leaning]).text == f"{FEE[0]} How much is it? And when?"
    assert stand_alone("And when?", [leaning]).text == "How much is it? And when?"
    assert stand_alone("And when?", [leaning, leaning]).text == "How much is it? How much is it? And when?"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who said so?", True),
        ("And when was it?", False),
        ("And who said that Marta Dahl crossed the Kell?", False),
    ],
)
def test_who_said_so_is_heard(question: str, asks: bool) -> None:
    assert stand_alone(question, [RIVER]).asks_who_said is asks


def cited(*supports: str) -> Cited:
    claims = tuple(Claim(f"claim {n}", (n,), s) for n, s in enumerate(supports, start=1))  # type: ignore[arg-type]
    quotes = tuple(
        Citation(n, "a", "A", None, None, None, f"quote {n}", 0, 7) for n, _ in enumerate(supports, start=1)
    )
    return Cited(claims, quotes)


@pytest.mark.parametrize(
    ("reply", "doubts"),
    [
        ("1 yes\n2 yes", set()),
        ("1. YES\n- 2) no", {2}),
        ("1 no\n2 yes\n1 yes", {0}),  # the first word counts
        ("1 yes", {2}),  # no word is doubt
        ("yes to all", {0, 2}),
        ("", {0, 2}),
        ("1 yes\n2 yesterday", {2}),
    ],
)
def test_a_second_opinion_says_yes_or_doubts(reply: str, doubts: set[int]) -> None:
    assert doubted(reply, cited("verified", "unverified", "verified")) == doubts


def test_only_verified_claims_are_asked_about() -> None:
    prompt = opinion_prompt(cited("unverified", "verified"))
    assert prompt is not None
    assert "claim 2" in prompt.user
    assert "quote 2" in prompt.user
    assert "claim 1" not in prompt.user
    assert opinion_prompt(cited("unverified")) is None
    assert opinion_prompt(cited()) is None


def shown(pieces: list[str], passages: int = 3) -> str:
    made = [
        Passage(n, f"a{n}", f"A{n}", None, None, None, f"Text {n}.", 0, 7, ()) for n in range(1, passages + 1)
    ]
    markers = Markers(made)
    deltas = [*(markers.add(piece) for piece in pieces), markers.rest()]
    return "".join(delta.text for delta in deltas if delta)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It rained. [2] It snowed. [1]", "It rained. [1] It snowed. [2]"),
        ("It rained. [2][2, 3]", "It rained. [1][1][2]"),
        ("It rained. [0] [4]", "It rained."),
        ("It rained. [Passage 3]", "It rained. [1]"),
        ("It rained. [1", "It rained."),
        ("It [really] rained.", "It [really] rained."),
        ("<think>1 or 2? [1]</think> It rained. [2]", "It rained. [1]"),
        ("<think>for ever [1]", ""),
        ("<thin> ice. [1]", "<thin> ice. [1]"),
        ("  <think>hm</think>It rained.", "It rained."),
        ("It <think>rained</think>.", "It <think>rained</think>."),
    ],
)
def test_markers_and_thoughts_however_they_are_cut(text: str, found: str) -> None:
    assert shown([text]) == found
    assert shown(list(text)).lstrip() == found  # white space after a thought may be shown
    assert shown([text[:5], text[5:11], text[11:]]) == found


def test_thoughts_are_left_out_of_the_whole() -> None:
    assert without_thoughts("<think>no</think> Yes. <think>x</think>") == "Yes. <think>x</think>"
    assert without_thoughts("<think>no") == ""
    assert without_thoughts("Yes. <think>") == "Yes. <think>"
