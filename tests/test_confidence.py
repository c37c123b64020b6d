"""How sure an answer is: what the evidence lacks lowers it, and by sense, not by accident of the fit."""

from __future__ import annotations

import pytest

from index.answer.confidence import confidence, confidence_features
from index.answer.evidence import fitted_weights, score_sentences, words_of
from index.language import terms
from index.question import Question, analyse
from index.records import Passage
from tests.test_language import Corpus

TEXT = "The ferry Morning Tern caught fire off Harsund on Tuesday. It carried 186 passengers and 28 crew."
SPANS = ((0, 58), (59, len(TEXT)))


def passage(similar: float) -> Passage:
    return Passage(
        1, "a", "", None, None, None, TEXT, 0, len(TEXT), SPANS,
        score=1.0, lexical=5.0, dense=similar, sentence_scores=(similar, similar / 2),
    )  # fmt: skip


def asked(text: str) -> Question:
    return analyse(text, Corpus(*TEXT.split(), *text.split()))


def sure(question: str, *, similar: float = 0.6, follow_up: bool = False) -> float:
    analysed = asked(question)
    sentences = score_sentences(analysed, [passage(similar)])
    return confidence(analysed, sentences, words_of(TEXT), follow_up=follow_up)


def test_nothing_found_is_no_confidence() -> None:
    assert confidence(asked("Who?"), [], words_of("")) == 0.0


@pytest.mark.parametrize(
    ("answered", "not_answered"),
    [
        ("Where did the Morning Tern catch fire?", "Where did the Evening Gull catch fire?"),
        ("Did the ferry carry 186 passengers?", "Did the ferry carry 250 passengers?"),
        ("When did the ferry catch fire?", "When did the ferry catch fire off Orrenstad?"),
        ("When did the ferry catch fire?", "When was the ferry insured and inspected?"),
    ],
)
def test_what_the_evidence_lacks_makes_less_sure(answered: str, not_answered: str) -> None:
    assert sure(not_answered) < sure(answered)


def test_a_likeness_makes_surer() -> None:
    question = "Where did the Morning Tern catch fire?"
    assert sure(question, similar=0.3) < sure(question, similar=0.7)


def test_a_follow_up_is_held_to_less() -> None:
    question = "Where did the Morning Tern catch fire?"
    assert sure(question) < sure(question, follow_up=True) < 1


def test_weights_are_of_the_features_and_have_the_signs_that_sense_demands() -> None:
    analysed = asked("When did the ferry catch fire?")
    features = confidence_features(analysed, score_sentences(analysed, [passage(0.5)]), words_of(TEXT))
    weights = fitted_weights()["confidence"]["weights"]
    assert weights.keys() == features.keys()
    against = {"missing_near", "missing_anywhere", "missing_names", "lacks_kind"}
    assert all((weight <= 0) if name in against else (weight >= 0) for name, weight in weights.items())


def test_a_text_holds_a_word_or_else_its_country() -> None:
    (bridge, iraq), text = terms("bridge Iraq"), words_of("The bridge was shown to Iraqi ministers.")
    assert (text.hold(bridge), text.hold(iraq)) == (1.0, 0.9)
    assert (words_of("It rained.").hold(bridge), words_of("It rained.").hold(iraq)) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "word", "held"),
    [
        ("Sukhoi-34 jets took off.", "Sukhoi", 1.0),
        ("A ferry-borne crew, a four-year term.", "ferry", 1.0),
        ("A ferry-borne crew, a four-year term.", "year", 1.0),
        ("An anti-government march.", "government", 0.0),
        ("The non-executive and the ex-minister.", "minister", 0.0),
    ],
)
def test_a_joined_word_holds_its_parts_unless_the_first_turns_the_other(
    text: str, word: str, held: float
) -> None:
    assert words_of(text).hold(terms(word)[0]) == held
