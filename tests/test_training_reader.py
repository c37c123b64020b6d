"""The learnt reader's training data: what is left out, how questions read, what the model's input looks like.

The rules over parses need spaCy, which is not installed here; what surrounds them does not.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.reader import Reader
from index.windows import Window
from training.reader.articles import read_articles
from training.reader.encoding import MOST_QUESTION_TOKENS, MOST_TOKENS, encode, encode_example, tokenizer
from training.reader.examples import MOST_WORDS, Example, is_question, read_examples, trimmed, write_examples
from training.reader.light_claims import ALTERED, BORNE_OUT, light_claims
from training.reader.wording import Word, Wording, joined, read_synonyms
from training.reader.written import (
    CONTEXT,
    STORIES,
    WRITTEN_FOLDER,
    flat_sentences,
    is_held_out,
    make_examples,
    read_all,
)

EXAMPLE = Example(
    kind="time",
    question="When did the Sant Valley co-operative open its mill?",
    title="A mill for the valley",
    sentences=[
        "The valley had no mill.",
        "The co-operative opened one in March 1931.",
        "It burnt down later.",
    ],
    gold=1,
    answer=(28, 41),
)


def test_articles_of_even_numbered_questions_are_left_out(tmp_path: Path) -> None:
    articles, gold = tmp_path / "articles.jsonl", tmp_path / "gold.jsonl"
    articles.write_text("".join(json.dumps({"id": n, "title": None, "text": n}) + "\n" for n in "abcd"))
    asked = [
        {"gold_article_ids": ["a"]},
        {"gold_article_ids": ["b"]},
        {"gold_article_ids": ["c"]},
        {"gold_article_ids": None, "distractor_article_ids": ["d"]},
    ]
    gold.write_text("".join(json.dumps(question) + "\n" for question in asked))
    assert [article.text for article in read_articles(f"{articles}:{gold}")] == ["a", "c"]
    assert [article.text for article in read_articles(str(articles))] == ["a", "b", "c", "d"]


def test_what_is_no_question_is_told_from_one() -> None:
    assert is_question("In what year did the mill open?")
    assert is_question("by whom was the mill built")
    assert not is_question("Did the mill open in 1931?")
    assert not is_question("What did it say?")
    assert not is_question("Whatever was built there is gone")


def test_examples_are_read_as_written(tmp_path: Path) -> None:
    unanswered = Example("removed", "Who built the old mill?", "", ["Nobody knows."], gold=None)
    write_examples(tmp_path / "examples.jsonl", [EXAMPLE, unanswered])
    read = read_examples(tmp_path / "examples.jsonl")
    assert [example.question for example in read] == [EXAMPLE.question, unanswered.question]
    assert [example.gold for example in read] == [1, None]
    assert tuple(read[0].answer or ()) == EXAMPLE.answer


@given(st.lists(st.integers(1, 60), min_size=1, max_size=9), st.data())
def test_a_long_window_is_cut_and_keeps_the_sentence_that_answers(
    lengths: list[int], data: st.DataObject
) -> None:
    sentences = [" ".join([f"s{n}"] * length) for n, length in enumerate(lengths)]
    gold = data.draw(st.none() | st.integers(0, len(sentences) - 1))
    rng = random.Random(data.draw(st.integers()))  # noqa: S311
    cut = trimmed(Example("time", "When was that then?", "", sentences, gold), rng)
    assert len(cut.sentences) <= 2 or sum(len(s.split()) for s in cut.sentences) <= MOST_WORDS
    first = sentences.index(cut.sentences[0])
    assert cut.sentences == sentences[first : first + len(cut.sentences)]
    if gold is not None:
        assert cut.gold is not None
        assert cut.sentences[cut.gold] == sentences[gold]


def test_what_was_written_about_the_stories_is_of_their_sentences() -> None:
    articles = read_all([STORIES])
    seen = set()
    for name in ("questions", "claims", "verdicts"):
        for line in (WRITTEN_FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["article"] not in articles:
                continue
            _, sentences = articles[row["article"]]
            seen.add(name)
            assert all(1 <= number <= len(sentences) for number in row["sentences"]), row
            if row.get("answer"):
                start, end = row["answer"]
                assert sentences[row["sentences"][0] - 1][start:end].strip(), row
    assert seen == {"questions", "claims", "verdicts"}


def test_windows_hold_what_answers_and_claims_what_stands_before() -> None:
    articles = read_all([STORIES])
    examples = list(make_examples(articles, random.Random(1)))  # noqa: S311
    kinds = {example.kind for example in examples}
    assert {"written question", "written near miss", "written elsewhere", "written claim: borne out"} <= kinds
    assert {"written claim: contradicted", "written claim: unsaid", "written verdict: no"} <= kinds
    for made in examples:
        assert sum(len(s.split()) for s in made.sentences) <= MOST_WORDS or len(made.sentences) <= 6
        answers = made.kind == "written question" or "borne out" in made.kind or made.verdict
        assert bool(made.golds) == bool(answers), made
        assert all(0 <= n < len(made.sentences) for n in made.golds)
        if made.answer:
            start, end = made.answer
            assert made.sentences[made.golds[0]][start:end].strip()
    (claim,) = [e for e in examples if e.kind == "written claim: borne out"][:1]
    assert claim.golds[0] <= CONTEXT


def test_light_claims_keep_the_articles_words_or_alter_one_thing() -> None:
    sentences = [
        "The Brannoy Line is the oldest in Harsund.",
        "On Monday 12 people were killed there, officials said.",
        "Ana Holt may close the pier in 2031, according to the council.",
        "It was not the first fire at the Tolvik yard, which opened in 1998, this year.",
    ]
    found = [
        claim
        for seed in range(60)
        for claim in light_claims("Fire", sentences, random.Random(seed))  # noqa: S311
    ]
    kinds = {claim.kind for claim in found}
    assert kinds == {BORNE_OUT, ALTERED}
    for claim in found:
        first = sentences.index(claim.sentences[0])
        assert claim.sentences == sentences[first : first + len(claim.sentences)]
        assert len(claim.sentences) <= CONTEXT + 1
        assert (claim.gold is None) == (claim.kind == ALTERED)
        if claim.kind == ALTERED:
            assert claim.question not in sentences
        else:
            assert claim.golds == (len(claim.sentences) - 1,)
    said = {claim.question for claim in found if claim.kind == BORNE_OUT}
    assert "On Monday 12 people were killed there." in said
    altered = " ".join(claim.question for claim in found if claim.kind == ALTERED)
    assert "may not close" in altered or "will close" in altered
    assert "It was the first fire" in altered


def test_one_article_in_ten_is_held_out() -> None:
    held_out = sum(is_held_out(str(n)) for n in range(2000))
    assert 150 < held_out < 250


def test_sentences_are_counted_in_flat_text() -> None:
    assert flat_sentences("One came.\n\n  Two\tcame. ") == ["One came.", "Two came."]


def test_words_are_joined_as_english_is_written() -> None:
    words = [
        "who",
        "did",
        "n't",
        "read",
        "``",
        "The",
        "Valley",
        "''",
        ",",
        "Lee",
        "'s",
        "book",
        "(",
        "1931",
        ")",
    ]
    assert joined(words) == "who didn't read \"The Valley\", Lee's book (1931)"


def test_a_finished_question_keeps_its_question_words() -> None:
    rng = random.Random(1)  # noqa: S311
    wording = Wording(rng, {}, stop_words={"did", "the", "in", "what", "its"})
    words = [Word(text) for text in "in what year did the valley open its mill".split()]
    typed = {wording.finished(words).lower().rstrip("?") for _ in range(300)}
    assert typed == {"in what year did the valley open its mill", "in what year valley open mill"}


def test_words_of_many_meanings_have_no_synonyms() -> None:
    synonyms = read_synonyms()
    assert synonyms["house"] == ["firm"]
    assert "rise" not in synonyms
    assert all("_" not in word and word != "|" for words in synonyms.values() for word in words)


def test_the_input_holds_question_title_and_sentences_in_order() -> None:
    row = encode_example(EXAMPLE)
    text = tokenizer().decode(row.ids, skip_special_tokens=False)
    assert text.startswith("[CLS] when did the sant valley co - operative open its mill? [SEP] a mill for")
    assert text.endswith("[SEP]")
    first_separator = row.ids.index(102)
    assert row.types == [0] * (first_separator + 1) + [1] * (len(row.ids) - first_separator - 1)
    first, second, third = (tokenizer().decode(row.ids[slice(*span)]) for span in row.spans if span)
    assert first == "the valley had no mill."
    assert second.startswith("the co - operative opened one")
    assert third == "it burnt down later."
    assert row.answer is not None
    assert tokenizer().decode(row.ids[row.answer[0] : row.answer[1] + 1]) == "in march 1931"


def test_what_has_no_room_is_left_out() -> None:
    row = encode("Who built the old mill?", "", ["mill " * 300, "Lee built it."])
    assert len(row.ids) == len(row.types) == MOST_TOKENS
    assert row.spans[1] is None
    lost = Example(
        "subject", "Who built the old mill?", "", ["mill " * 300, "Lee built it."], gold=1, answer=(0, 3)
    )
    assert encode_example(lost).golds == ()


_WORDS = st.text(alphabet="aé .,?9’中", max_size=60) | st.just("word " * 90)


@settings(max_examples=60, deadline=None)
@example(question="Who came?", title=" ", sentences=["Ana Holt came."])
@given(question=_WORDS, title=_WORDS, sentences=st.lists(_WORDS, min_size=1, max_size=5))
def test_it_is_asked_in_the_form_in_which_it_was_trained(
    question: str, title: str, sentences: list[str]
) -> None:
    class Seen(Reader):
        """Keeps the sequence; the model itself is not needed."""

        def __init__(self) -> None:
            self._tokenizer = tokenizer()

    reader = Seen()
    asked = reader._pieces(question)[:MOST_QUESTION_TOKENS]
    row = reader._sequence(asked, Window(title, tuple(sentences)))
    trained = encode(question, title, sentences)
    assert (row.ids, row.types) == (trained.ids, trained.types)
    told = [span if span[0] < span[1] else None for span in row.spans]
    assert told == [span if span and span[0] < span[1] else None for span in trained.spans]
