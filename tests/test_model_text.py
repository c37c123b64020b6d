"""What is made of a model's words, without a model: a follow-up reworded, an opinion, a thought that is held back."""

from __future__ import annotations

import pytest

from index.answer.followup import depends_on_history, stand_alone
from index.answer.markers import Markers, without_thoughts
from index.answer.rewriting import rewritten
from index.answer.second_opinion import doubted, opinion_prompt
from index.cite import Cited
from index.question import Background
from index.records import NOT_IN_ARTICLES, Citation, Claim, Delta, Passage

RIVER = ("Where does tubing on the Orrin river begin?", "Tubing on the Orrin river begins at Stennis. [1]")
FEE = ("How much is a tube for the river?", "A tube is nine crowns. [1]")
STANDS = "Where do visitors of the Orrin river bring a tube?"
RENTED = "Where do visitors of the Orrin river bring a rented tube?"


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (STANDS, STANDS),
        (f"Question: {STANDS}", STANDS),
        (f"Rewritten question: “{STANDS}”", STANDS),
        (f"\n  {STANDS}  \n\n", STANDS),
        (RENTED, RENTED),  # a word of its own, which names nobody
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
        ("Does the river flood them in the spring?", True),  # nobody is named whom "them" could mean
        ("Does the council of Stennis flood them in the spring?", False),
        ("Is it in the US or in the US?", True),  # countries that are spelt like words that say nothing
        ("What did Marta Dahl of Stennis say about it?", True),  # whoever is named
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
    assert stand_alone("And when?", [RIVER, FEE]).text == f"{FEE[0]} And when?"
    why = ("And why?", "For the repairs. [1]")
    assert stand_alone("And when?", [RIVER, leaning, why]).text == f"{RIVER[0]} And why? And when?"


def test_what_was_spoken_of_before_stays_in_the_background() -> None:
    asked = "When did the parliament of Carrick pass the budget?"
    background = stand_alone(asked, [RIVER]).background
    assert background == Background(RIVER[0], "Tubing on the Orrin river begins at Stennis.")
    # Where the answer was that there is none, its words tell nothing.
    declined = stand_alone(asked, [(RIVER[0], f"{NOT_IN_ARTICLES} Nothing in them is about this.")])
    assert declined.background == Background(RIVER[0], "")
    assert stand_alone(asked, [("  ", "It rained.")]).background is None


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who said so?", True),
        ("And when was it?", False),
        ("And who said that Marta Dahl crossed the Kell?", False),
        ("And who said that tubing begins at Stennis?", True),  # in the answer's own words
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
        ("<th", "<th"),  # begun as a thought, and ended as none
    ],
)
def test_markers_and_thoughts_however_they_are_cut(text: str, found: str) -> None:
    assert shown([text]) == found
    assert shown(list(text)).lstrip() == found  # white space after a thought may be shown
    assert shown([text[:5], text[5:11], text[11:]]) == found


def test_what_can_be_shown_is_shown_at_once() -> None:
    markers = Markers([])
    assert markers.add("It rained") == Delta("It rained", (), checked=False)
    assert markers.add(" [") is None
    assert Markers([]).add("[7]") is None  # nothing is left of it
    markers = Markers([])
    assert markers.add("<think>Rain?") is None
    assert markers.add("</think>It rained") == Delta("It rained", (), checked=False)


def test_thoughts_are_left_out_of_the_whole() -> None:
    assert without_thoughts("<think>no</think> Yes. <think>x</think>") == "Yes. <think>x</think>"
    assert without_thoughts("<think>no") == ""
    assert without_thoughts("Yes. <think>") == "Yes. <think>"
