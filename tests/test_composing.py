"""A draft's way to the answer object: what is said of it, what stays unsaid, and what stands beside its quotes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.build.copies import signature
from index.catalog import Catalog
from index.composing import Asked, compose, pieces
from index.question import Question
from index.records import NOT_IN_ARTICLES, Answer, Draft, DraftClaim, Evidence, Related
from index.spelling import Repair
from tests.making import article, chunks, put

SENTENCE = "Marta Dahl said on Tuesday that the bridge at Lindholm will open in May."
OTHER = "The ferries cross twice a day."
TEXT = f"{SENTENCE} {OTHER}"
RELATED = Related("a", "a", OTHER, 73, 103, 0.4)
CARRIED = DraftClaim(SENTENCE, (Evidence("a", 0, len(SENTENCE), SENTENCE, "Marta Dahl"),), extracted=True)
INVENTED = DraftClaim("The bridge at Lindholm was sold.", CARRIED.evidence)
QUESTION = Question("When will the bridge open?", "other", (), (), (), ())  # type: ignore[arg-type]
ASKED = Asked("When will the bridge open?", "When will the bridge open?", QUESTION)


@pytest.fixture
def kept(catalog: Catalog) -> Catalog:
    put(catalog, "a", TEXT, published="2024-05-01")  # a Wednesday
    return catalog


def test_what_is_carried_is_answered(kept: Catalog) -> None:
    answer = compose(ASKED, Draft(0.81239, "yes", (CARRIED,), "related_only", (RELATED,)), kept)
    assert (answer.status, answer.reason, answer.verdict, answer.confidence) == (
        "answered",
        None,
        "yes",
        0.8124,
    )
    assert answer.text == f"Yes. {SENTENCE} [1]"
    assert [claim.support for claim in answer.claims] == ["verified"]
    assert [citation.quote for citation in answer.citations] == [SENTENCE]
    assert answer.related == ()
    assert answer.notice is None


def test_without_a_verdict_none_is_said(kept: Catalog) -> None:
    assert compose(ASKED, Draft(0.8, None, (CARRIED,)), kept).text == f"{SENTENCE} [1]"


@pytest.mark.parametrize("reason", ["nothing_found", None])
def test_what_nothing_carries_is_not_said(kept: Catalog, reason: str | None) -> None:
    answer = compose(ASKED, Draft(0.8, "yes", (INVENTED,), reason, (RELATED,)), kept)
    assert (answer.status, answer.reason, answer.verdict) == ("not_in_corpus", reason or "related_only", None)
    assert answer.text.startswith(NOT_IN_ARTICLES)
    assert "sold" not in answer.text
    assert (answer.claims, answer.citations, answer.related) == ((), (), (RELATED,))


def test_an_answer_that_was_cut_says_what_there_is_and_why_it_is_cut(kept: Catalog) -> None:
    whole = compose(ASKED, Draft(0.8, "yes", (CARRIED,), cut="Time was up."), kept)
    assert (whole.status, whole.reason, whole.verdict) == ("incomplete", "Time was up.", "yes")
    half = compose(ASKED, Draft(0.8, "yes", (INVENTED,), cut="Time was up.", related=(RELATED,)), kept)
    assert (half.status, half.reason, half.verdict) == ("incomplete", "Time was up.", None)
    assert half.text == f"{INVENTED.text} [1]"
    assert [claim.support for claim in half.claims] == ["unverified"]
    assert half.citations
    assert half.related == ()


def test_an_answer_that_was_cut_before_a_claim_is_silence(kept: Catalog) -> None:
    answer = compose(ASKED, Draft(0.8, cut="Time was up.", related=(RELATED,)), kept)
    assert (answer.status, answer.reason, answer.related) == ("not_in_corpus", "related_only", (RELATED,))


def test_an_article_that_is_gone_carries_nothing(catalog: Catalog) -> None:
    assert compose(ASKED, Draft(0.8, None, (CARRIED,)), catalog).status == "not_in_corpus"


def test_names_that_no_article_has_are_told(kept: Catalog) -> None:
    names = replace(QUESTION, unknown_names=("Ito", "Voss", "Lund", "Berg"))
    answer = compose(replace(ASKED, question=names), Draft(0.1), kept)
    assert "They do not mention Ito or Voss or Lund." in answer.text
    assert "mention" not in compose(ASKED, Draft(0.1), kept).text


def test_words_that_were_read_as_others_are_told(kept: Catalog) -> None:
    repairs = (Repair("brigde", "bridge"), Repair("Wen", "When"), Repair("Lindhlom", "Lindholm"))
    typed = Asked("Wen will the brigde open?", "", replace(QUESTION, repairs=repairs))
    answer = compose(typed, Draft(0.8, None, (CARRIED,), notice="The model was busy."), kept)
    # Not that of a word without meaning, nor of one from earlier in the conversation.
    assert answer.notice == "The model was busy. “brigde” was read as “bridge”."


def test_the_speaker_s_day_stands_with_a_speaker_only(kept: Catalog) -> None:
    (spoken,) = compose(ASKED, Draft(0.8, None, (CARRIED,)), kept).citations
    assert (spoken.speaker, spoken.said_on) == ("Marta Dahl", "2024-04-30")
    unnamed = replace(CARRIED, evidence=(replace(CARRIED.evidence[0], speaker=None),))
    (unspoken,) = compose(ASKED, Draft(0.8, None, (unnamed,)), kept).citations
    assert (unspoken.speaker, unspoken.said_on) == (None, None)


def test_copies_that_have_the_quote_stand_beside_it(kept: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    story = " ".join(f"The council of Lindholm voted on matter number {n} of the year." for n in range(40))
    for name, text in (("a", f"{TEXT} {story}"), ("b", f"{TEXT} {story}"), ("c", f"{OTHER} {story}")):
        made = article(name, text)
        kept.put_article(made, chunks(made), signature=signature(text))
    assert kept.copies_of("a") == ["b", "c"]
    (cited,) = compose(ASKED, Draft(0.8, None, (CARRIED,)), kept).citations
    assert [copy.article_id for copy in cited.also_in] == ["b"]
    # One that is removed between its being found and its being read.
    monkeypatch.setattr(kept, "copies_of", lambda _: ["gone", "b"])
    (cited,) = compose(ASKED, Draft(0.8, None, (CARRIED,)), kept).citations
    assert [copy.article_id for copy in cited.also_in] == ["b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. [1]", ["It rained. [1]"]),
        ("It rained. [1] [2] It was cold. [1]", ["It rained. [1] [2]", " It was cold. [1]"]),
        ("It rained. [1] Perhaps.", ["It rained. [1]", " Perhaps."]),
        ("Nothing.", ["Nothing."]),
    ],
)
def test_pieces_end_after_their_citations(text: str, expected: list[str]) -> None:
    assert list(pieces(Answer("q", "q", "answered", None, None, 0.5, text))) == expected
