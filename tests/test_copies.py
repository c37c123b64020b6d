"""Reprints are recognised, kept, and count as one source: named beside the quote, never quoted twice."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from index import open_assistant
from index.build import build
from index.build.copies import signature
from index.catalog import Catalog
from index.records import Filters
from index.settings import Settings, load_settings
from index.wording import same_words, says_nothing_new, stands_in

WORDS = (
    "water bridge council minister harbour winter report market signal garden engine doctor "
    "letter border summit valley island treaty budget school planet forest camera museum station"
).split()


def prose(seed: int, sentences: int = 30) -> str:
    """A story of made-up sentences; another seed, another story."""
    pick = random.Random(seed)  # noqa: S311 - made-up text, no secret
    made = [" ".join(pick.choices(WORDS, k=12)).capitalize() + "." for _ in range(sentences)]
    return "\n\n".join(" ".join(made[at : at + 3]) for at in range(0, sentences, 3))


STORY = prose(1)
QUOTED = (
    "The harbour of Kirkwall was closed on Tuesday after a tanker lost its anchor, the port authority said."
)
WIRE = f"{QUOTED}\n\n{STORY}"


def write(folder: Path, *records: dict[str, str]) -> None:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")


def record(name: str, text: str, day: str) -> dict[str, str]:
    return {"id": name, "text": text, "title": f"Title {name}", "source": name.upper(), "published": day}


@pytest.fixture
def reprinted(articles: Path, settings: Settings) -> Settings:
    """A wire story, reprinted word for word and with small edits, and a story of its own."""
    edited = WIRE.replace("on Tuesday after", "Tuesday, after").replace("water", "waters", 3)
    write(
        articles,
        record("wire", WIRE, "2024-05-01"),
        record("same", WIRE, "2024-05-02"),
        record("edited", edited, "2024-05-03"),
        record("shorter", WIRE[: len(WIRE) * 4 // 5].rsplit("\n\n", 1)[0], "2024-05-04"),
        record("other", prose(2), "2024-05-05"),
    )
    build([articles], settings)
    return settings


def test_copies_are_kept_and_shown(reprinted: Settings) -> None:
    with Catalog.open(reprinted.data, read_only=True) as catalog:
        listed = {entry["id"]: entry["copy_of"] for entry in catalog.list_articles()}
        assert listed == {"wire": None, "same": "wire", "edited": "wire", "shorter": "wire", "other": None}
        assert catalog.status()["copies"] == 3
        assert catalog.status()["articles"] == 5
        assert catalog.copies_of("wire") == ["edited", "same", "shorter"]
        assert catalog.copies_of("other") == []


def test_an_answer_quotes_one_and_names_the_others(reprinted: Settings) -> None:
    with open_assistant(reprinted) as assistant:
        answer = assistant.answer("Why was the harbour of Kirkwall closed?")
    assert answer.status == "answered"
    tellers = [citation for citation in answer.citations if "tanker" in citation.quote]
    (citation,) = tellers
    others = {"wire", "same", "edited", "shorter"} - {citation.article_id}
    assert {copy.article_id for copy in citation.also_in} == others
    copy = answer.to_dict()["citations"][0]["also_in"][0]
    assert set(copy) == {"article_id", "title", "source", "published", "url"}


def test_a_copy_that_changes_or_goes_is_no_copy(reprinted: Settings, articles: Path) -> None:
    write(
        articles,
        record("wire", WIRE, "2024-05-01"),
        record("same", prose(3), "2024-05-02"),
        record("other", prose(2), "2024-05-05"),
    )
    build([articles], reprinted)
    with Catalog.open(reprinted.data, read_only=True) as catalog:
        assert catalog.copies_of("wire") == []
        assert catalog.status()["copies"] == 0


def test_stories_with_half_their_text_in_common_are_no_copies(articles: Path, settings: Settings) -> None:
    half = prose(1, 15)
    write(articles, *(record(f"s{n}", f"{half}\n\n{prose(50 + n, 15)}", "2024-05-01") for n in range(12)))
    build([articles], settings)
    with Catalog.open(settings.data, read_only=True) as catalog:
        assert all(catalog.copies_of(f"s{n}") == [] for n in range(12))
        assert catalog.copy_groups() == {}


def test_a_report_with_other_figures_is_not_the_same() -> None:
    one = "Shares in Acme rose 2 percent to 41.5 crowns in Oslo on Monday, the exchange said in a statement."
    assert same_words(one, one.replace("on Monday", "Monday"))
    assert same_words(one, one.replace("Shares in", "Shares  in"))
    for said in (
        one.replace("2 percent", "3 percent"),
        one.replace("41.5", "14.5"),
        one.replace("rose", "have not risen"),
        one.replace("Acme", "Apex"),
        one.replace("Shares in Acme rose", "Shares in Acme have never risen"),
    ):
        assert not same_words(one, said), said
        assert not stands_in(one, f"Before it. {said} And after it, a great many words."), said


def test_a_sentence_with_no_word_of_its_own_says_nothing_new() -> None:
    known = (
        "“We agreed to meet before the summit,” Abe told reporters in Tokyo following his call with Trump."
    )
    assert says_nothing_new(
        '"We agreed to meet before the summit," Abe said in Tokyo following a call with Trump.', known
    )
    assert (
        says_nothing_new(
            "The Court's ruling was said to be final.", "The ruling of the court is final, he said."
        )
        is False
    )
    assert says_nothing_new(
        "The court's ruling is final.", "Judges of the Court’s bench said: “The Court’s ruling is final.”"
    )
    assert says_nothing_new("The ruling of the court is final.", "The ruling of the court’s judges is final.")
    for said in (
        "“We agreed to meet before the summit,” Abe told reporters in Tokyo following his call with Moon.",
        "“We agreed to meet before the summit,” Trump told reporters in Tokyo following his call with Abe.",
        "“We agreed not to meet before the summit,” Abe told reporters in Tokyo following his call with Trump.",
        "“We refused to meet before the summit,” Abe told reporters in Tokyo following his call with Trump.",
        "“We agreed to meet before the 2 summits,” Abe told reporters in Tokyo following his call with Trump.",
        "He said so.",
    ):
        assert not says_nothing_new(said, known), said


def test_a_quote_stands_in_an_edited_copy() -> None:
    assert stands_in(QUOTED, WIRE.replace("on Tuesday after", "Tuesday, after"))
    assert not stands_in(QUOTED, STORY)
    assert not stands_in("", STORY)


def test_signatures_do_not_change_between_builds() -> None:
    # Stored ones are compared with new ones: if this fails, raise PIPELINE and put the new value here.
    assert signature("It rained in Oslo.").hex()[:32] == "62aec4ce585edcc4ec0f66ec00ae66e6"
    assert len(signature("…")) == len(signature(STORY)) == 512


def test_reprints_take_one_place_among_the_passages(articles: Path, settings: Settings) -> None:
    harbour = "The harbour of Kirkwall was closed after a tanker lost its anchor"
    reprints = [
        record(f"copy{n}", f"{harbour}, the authority said.\n\n{STORY}", "2024-05-01") for n in range(9)
    ]
    corrected = f"{harbour}, the mayor of Wick denied.\n\n{STORY}"
    write(
        articles,
        *reprints,
        record("corrected", corrected, "2024-05-02"),
        record("other", f"A tanker lost its way off Wick.\n\n{prose(2)}", "2024-05-03"),
    )
    build([articles], settings)
    with open_assistant(load_settings(data=settings.data, passages=4)) as assistant:
        found = assistant.retriever.search(
            "Why was the harbour of Kirkwall closed after a tanker lost its anchor?"
        )
        assert len(found.passages) == 4
        texts = [passage.text for passage in found.passages]
        assert len(set(texts)) == len(texts)
        assert {"corrected", "other"} <= {passage.article_id for passage in found.passages}
        one = assistant.retriever.search("Who lost an anchor?", Filters(include=("copy7",)))
        assert {passage.article_id for passage in one.passages} == {"copy7"}
        answer = assistant.answer("Why was the harbour of Kirkwall closed?")
        assert len(answer.citations[0].also_in) >= 8
