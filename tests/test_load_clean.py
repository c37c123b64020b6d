"""Boilerplate is taken off, what is learnt and what is known; a sentence of the story never is."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import chunk
from index.build import build, files, furniture, verify
from index.build.furniture import learnable_keys, repeated_lines
from index.catalog import Catalog
from index.chunk import TokenCounter
from index.load.clean import clean, learnable
from index.records import Article, Chunk
from index.settings import ROOT, Settings
from tests.conftest import Run
from tests.test_copies import prose

PLEA = "Sign up for our newsletter and get the day's news."
FOOT = "Nordic Wire Media Group"
BACKGROUND = "The war has killed more than 20,000 people since it began."


def story(number: int, *lines: str) -> dict[str, str]:
    text = "\n\n".join([prose(100 + number, 6), *lines, prose(500 + number, 6)])
    return {"id": f"s{number}", "title": f"Title {number}", "source": "Nordic Wire", "text": text}


def write(folder: Path, name: str, records: list[dict[str, str]]) -> None:
    (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def stored(settings: Settings) -> dict[str, Article]:
    with Catalog.open(settings.data, read_only=True) as catalog:
        found = [catalog.article(entry["id"]) for entry in catalog.list_articles()]
    return {article.id: article for article in found if article is not None}


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Oslo airport opens again",
        "SEE ALSO: What we know",
        "(AP Photo/Ola Hansen)",
        "Photo: Getty Images",
        "Image credit: Ola Hansen / Reuters",
        "© Nordic Wire 2024",
        "Ola Hansen/Getty Images",
    ],
)
def test_credits_and_pointers_alone_on_a_line_go(line: str) -> None:
    text, removed = clean(f"It rained.\n\n{line}\n\nIt stopped.")
    assert (text, removed) == ("It rained.\n\nIt stopped.", (line,))


@pytest.mark.parametrize(
    "line",
    [
        "Read more books, the minister said.",
        "Photo: a word that he never used, he said.",
        "AP photographers were beaten, and one was held for three days.",
        "Image is everything in politics",
        "Share prices fell",
    ],
)
def test_sentences_that_resemble_them_stay(line: str) -> None:
    text = f"It rained.\n\n{line}\n\nIt stopped."
    assert clean(text) == (text, ())


def test_the_middle_of_a_wrapped_sentence_stays() -> None:
    text = "The picture was, as the museum wrote in its catalogue below\nPhoto: Ola Hansen\nof great worth."
    assert clean(text) == (text, ())


def test_lines_of_many_stories_are_learnt_and_can_be_seen(
    articles: Path, settings: Settings, run: Run
) -> None:
    records = [story(n, PLEA, BACKGROUND, FOOT) for n in range(6)] + [story(6, "A line of its own")]
    write(articles, "a.jsonl", records)
    build([articles], settings)
    found = stored(settings)
    for number in range(6):
        assert found[f"s{number}"].removed == (PLEA, FOOT)
        assert BACKGROUND in found[f"s{number}"].text, "a sentence stays, however often it stands"
        assert PLEA not in found[f"s{number}"].text
    assert found["s6"].removed == ()
    assert verify(settings) == []
    shown = run("show", "s0", "--removed")
    assert shown.stdout.splitlines() == ["Title 0", "", PLEA, FOOT]


def test_updates_are_cleaned_of_what_was_learnt_and_nothing_flips(articles: Path, settings: Settings) -> None:
    write(articles, "a.jsonl", [story(n, FOOT, PLEA) for n in range(4)])
    build([articles], settings)
    assert all(FOOT in article.text for article in stored(settings).values()), "four are too few"
    assert not any(PLEA in article.text for article in stored(settings).values())
    write(articles, "b.jsonl", [story(n, FOOT, PLEA) for n in range(4, 6)])
    build([articles], settings)
    assert not any(FOOT in article.text for article in stored(settings).values())
    write(articles, "c.jsonl", [story(9, FOOT, PLEA)])
    build([articles], settings)
    assert stored(settings)["s9"].removed == (FOOT, PLEA)
    with (articles / "a.jsonl").open("a") as file:
        file.write("\n")
    report = build([articles], settings)
    assert (report.unchanged, report.updated, report.embedded) == (7, 0, 0), "read again, it is the same"


def test_the_order_of_articles_changes_nothing(tmp_path: Path) -> None:
    records = [story(n, PLEA, FOOT, BACKGROUND) for n in range(8)]
    texts = []
    for run_ in range(2):
        folder = tmp_path / f"in{run_}"
        folder.mkdir()
        random.Random(run_).shuffle(records)  # noqa: S311 - as it comes
        write(folder, "a.jsonl", records)
        settings = Settings(data=tmp_path / f"data{run_}")
        build([folder], settings)
        texts.append({name: (a.text, a.removed) for name, a in stored(settings).items()})
    assert texts[0] == texts[1]


def test_what_stands_out_is_learnt_before_all_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_whole: list[list[str]] = []
    texts = []
    for early in (5, 1000):
        monkeypatch.setattr(furniture, "EARLY", early)
        folder, settings = tmp_path / f"in{early}", Settings(data=tmp_path / f"data{early}")
        folder.mkdir()
        write(folder, "a.jsonl", [story(n, PLEA, FOOT, BACKGROUND) for n in range(12)])
        cut = cut_texts(monkeypatch)
        build([folder], settings)
        stored_whole.append([text for text in cut if FOOT in text])
        texts.append({name: (a.text, a.removed) for name, a in stored(settings).items()})
    assert texts[0] == texts[1]
    assert [len(whole) for whole in stored_whole] == [5, 12]


def cut_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that a build cuts from now on."""
    cut: list[str] = []

    def chunk_article(article: Article, count_tokens: TokenCounter) -> list[Chunk]:
        cut.append(article.text)
        return chunk.chunk_article(article, count_tokens)

    monkeypatch.setattr(files, "chunk_article", chunk_article)
    return cut


def test_only_the_record_that_changed_is_cut_again(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(articles, "a.jsonl", [story(n) for n in range(4)])
    build([articles], settings)
    cut = cut_texts(monkeypatch)
    write(articles, "a.jsonl", [story(n, "A new sentence.") if n == 2 else story(n) for n in range(4)])
    report = build([articles], settings)
    assert (report.unchanged, report.updated) == (3, 1)
    assert len(cut) == 1
    assert "A new sentence." in stored(settings)["s2"].text


def test_reprints_do_not_make_a_line_furniture(articles: Path, settings: Settings) -> None:
    one = story(1, "A heading of the wire story")
    write(articles, "a.jsonl", [one | {"id": f"copy{n}"} for n in range(8)])
    build([articles], settings)
    assert all("A heading" in article.text for article in stored(settings).values())


def test_another_outlet_keeps_its_lines(articles: Path, settings: Settings) -> None:
    records = [story(n, FOOT) for n in range(6)] + [story(7, FOOT) | {"source": "Another"}]
    write(articles, "a.jsonl", records)
    build([articles], settings)
    assert FOOT in stored(settings)["s7"].text


@given(st.text(min_size=1).map(lambda text: " ".join(text.split()) + "."))
def test_what_ends_like_a_sentence_is_learnt_only_if_it_invites(line: str) -> None:
    assert learnable(line) in (None, "invites")


@given(st.text(), st.frozensets(st.text(max_size=5), max_size=3))
def test_what_stays_is_unaltered(text: str, learnt: frozenset[str]) -> None:
    kept, removed = clean(text, learnt)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    stays = [line.strip() for line in kept.splitlines() if line.strip()]
    assert sorted(stays + [line for line in removed if line]) == sorted(lines)


def test_no_sentence_of_fifty_stories_is_taken() -> None:
    lines = (ROOT / "evaluation/corpus/articles.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        text, removed = clean(record["text"])
        assert set(removed) <= {"Advertisement", "Share", "Read more", "Subscribe"}, record["id"]
        assert [
            line for line in record["text"].splitlines() if line.strip() and line.strip() not in removed
        ] == [line for line in text.splitlines() if line.strip()]
    for source in {record.get("source") for record in records}:
        keys = {r["id"]: learnable_keys(clean(r["text"])[0]) for r in records if r.get("source") == source}
        assert repeated_lines(keys, {}) == frozenset(), source
