"""Chunks are whole sentences of the article with exact offsets, none lost, none twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.chunk import CHUNK_TOKENS, chunk_article
from index.embed import MINILM_TOKENS, embedding_text, token_counter
from index.load import SourceFile, discover, load_file
from index.records import Article
from index.settings import ROOT


def count(texts: Sequence[str]) -> list[int]:
    return [len(text) // 4 + 1 for text in texts]


def article(text: str, title: str = "A title") -> Article:
    return Article(id="a", origin="a.txt", text=text, title=title, published="2024-05-01")


def seed() -> Article:
    (source,) = discover([ROOT / "seeds"])
    assert isinstance(source, SourceFile)
    (found,) = load_file(source, max_bytes=1_000_000)
    assert isinstance(found, Article)
    return found


def test_the_seed_is_cut_at_sentences_and_paragraphs() -> None:
    whole = seed()
    counter = token_counter()
    chunks = chunk_article(whole, counter)
    sentences = [whole.text[a:b] for chunk in chunks for a, b in chunk.sentences]
    assert len(sentences) == 18
    assert sentences[0].startswith("The Russian foreign minister is rejecting")
    assert all(sentence[-1] in ".”" for sentence in sentences[:-1])
    assert any(s.startswith("His comments were geared") for s in sentences)
    for chunk in chunks:
        body = whole.text[chunk.start : chunk.end]
        assert whole.title not in body, "the title is embedded but not quoted"
        assert counter([embedding_text(chunk.heading, body)])[0] < MINILM_TOKENS
    for before, after in pairwise(chunks):
        assert "\n\n" in whole.text[before.end : after.start], "no paragraph needed to be cut"


def test_title_and_date_are_embedded() -> None:
    (chunk,) = chunk_article(article("It rained."), count)
    assert chunk.heading == "A title (2024-05-01)"


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "Mr. Smith met Gen. J. R. Miller of the U.S. Army. “It is over,” she said."
    (chunk,) = chunk_article(article(text), count)
    assert [text[a:b] for a, b in chunk.sentences] == [
        "Mr. Smith met Gen. J. R. Miller of the U.S. Army.",
        "“It is over,” she said.",
    ]


def test_lines_are_paragraphs_unless_the_text_is_wrapped() -> None:
    lines = "A heading without a stop\nThe first sentence is here.\nThe second one too."
    (chunk,) = chunk_article(article(lines), count)
    assert lines[slice(*chunk.sentences[0])] == "A heading without a stop"
    wrapped = (
        "The mayor of the town said on Monday that the bridge would stay\nclosed until the spring, and that the "
        "works\nwould cost more than had been planned."
    )
    (chunk,) = chunk_article(article(wrapped), count)
    assert len(chunk.sentences) == 1


def check(text: str) -> None:
    chunks = chunk_article(article(text), count)
    covered = [False] * len(text)
    last = 0
    for position, chunk in enumerate(chunks):
        assert chunk.position == position
        assert (chunk.start, chunk.end) == (chunk.sentences[0][0], chunk.sentences[-1][1])
        for start, end in chunk.sentences:
            assert last <= start < end
            sentence = text[start:end]
            assert sentence == sentence.strip()
            assert count([sentence])[0] <= CHUNK_TOKENS
            covered[start:end] = [True] * (end - start)
            last = end
    assert all(seen or character.isspace() for seen, character in zip(covered, text, strict=True))


@given(st.text())
def test_every_character_stands_in_exactly_one_chunk(text: str) -> None:
    check(text)


def test_long_runs_are_cut_and_emoji_keep_their_places() -> None:
    check("a" * 100_000)
    check(". " * 50_000)
    check("One 😀 two. Three 👩‍👩‍👧 four! " * 50 + "\r\n\r\n" + "x y " * 5000)
