"""Quotes are verbatim, claims are checked, and the check fails closed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cite import cite, support, with_markers
from index.records import Article, DraftClaim, Evidence

TEXT = "It rained in Holm. The river rose by two metres. Nobody was hurt."
ARTICLE = Article(id="a", origin="a", text=TEXT, title="Flood", source="Wire", published="2024-05-01")
ARTICLES = {"a": ARTICLE}


def evidence(quote: str, shift: int = 0) -> Evidence:
    start = TEXT.index(quote) + shift
    return Evidence("a", start, start + len(quote), quote, "the mayor")


def test_numbers_follow_the_order_of_appearance_and_are_shared() -> None:
    river, rain = evidence("The river rose by two metres."), evidence("It rained in Holm.")
    drafts = [
        DraftClaim(river.quote, (river,)),
        DraftClaim(rain.quote, (rain,)),
        DraftClaim(river.quote, (river,)),
    ]
    cited = cite(drafts, ARTICLES)
    assert [claim.citations for claim in cited.claims] == [(1,), (2,), (1,)]
    assert [c.quote for c in cited.citations] == [river.quote, rain.quote]
    assert all(TEXT[c.start : c.end] == c.quote for c in cited.citations)
    assert with_markers(cited.claims[1]) == "It rained in Holm. [2]"
    first = cited.citations[0]
    assert (first.title, first.source, first.published, first.speaker) == (
        "Flood",
        "Wire",
        "2024-05-01",
        "the mayor",
    )


@pytest.mark.parametrize(
    "bad",
    [
        evidence("It rained in Holm.", shift=1),
        replace(evidence("It rained in Holm."), quote="It snowed in Holm."),
        replace(evidence("It rained in Holm."), article_id="other"),
        replace(evidence("It rained in Holm."), start=-5),
        replace(evidence("It rained in Holm."), end=10_000),
        replace(evidence("It rained in Holm."), start=3, end=3, quote=""),
    ],
)
def test_evidence_that_is_not_word_for_word_carries_nothing(bad: Evidence) -> None:
    cited = cite([DraftClaim("It rained in Holm.", (bad,))], ARTICLES)
    assert cited.citations == ()
    assert cited.claims[0].citations == ()
    assert cited.claims[0].support == "unverified"


def test_a_claim_that_its_quote_does_not_say_is_unverified() -> None:
    quote = evidence("Nobody was hurt.")
    (claim,) = cite([DraftClaim("Two people were hurt.", (quote,))], ARTICLES).claims
    assert claim.support == "unverified"
    assert support(DraftClaim("", (quote,)), [quote], ARTICLES) == "unverified"
    assert support(DraftClaim("Nobody  was\nhurt.", (quote,)), [quote], ARTICLES) == "verified"


@given(st.text(min_size=1), st.data())
def test_whatever_is_cited_is_verbatim(text: str, data: st.DataObject) -> None:
    article = replace(ARTICLE, text=text)
    start = data.draw(st.integers(-3, len(text) + 3))
    end = data.draw(st.integers(-3, len(text) + 3))
    quote = data.draw(st.one_of(st.just(text[max(start, 0) : max(end, 0)]), st.text()))
    cited = cite([DraftClaim(quote, (Evidence("a", start, end, quote),))], {"a": article})
    assert all(text[c.start : c.end] == c.quote and c.quote for c in cited.citations)
    assert cited.claims[0].support == "unverified" or cited.citations
