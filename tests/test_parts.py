"""A long question is taken apart, and each part finds the article that it means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import open_assistant
from index.build import build
from index.parts import Days, Part, parts_of
from index.records import PassagesFound
from index.settings import Settings

SOURCES = ("Harbour Times", "The Dawn | Business Pages", "Fortune")


def named(question: str) -> list[tuple[str, list[str]]]:
    return [(part.text, sorted(part.sources)) for part in parts_of(question, SOURCES)]


def test_a_comparison_has_a_part_for_each_article() -> None:
    found = named(
        "Does the Harbour Times article suggest that the bridge closed early, while The Dawn reports "
        "that the ferry fares doubled?"
    )
    assert [sources for _, sources in found] == [["Harbour Times"], ["The Dawn | Business Pages"]]
    assert "bridge closed early" in found[0][0]
    assert "ferry fares doubled" in found[1][0]
    assert "Harbour Times" not in found[0][0]
    assert "article" not in found[0][0]


def test_a_clause_without_a_source_means_the_one_before() -> None:
    found = named(
        "Did the Harbour Times say that the bridge closed early, and did the same source say that the old ferry sank?"
    )
    assert [sources for _, sources in found] == [["Harbour Times"], ["Harbour Times"]]


def test_two_sources_of_one_clause_are_looked_up_each() -> None:
    found = named("Do the Harbour Times and The Dawn both report that the old bridge closed early?")
    assert {source for _, sources in found for source in sources} == {SOURCES[0], SOURCES[1]}


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("Does the Fortune article say that the mine was sold?", {"Fortune"}),
        ("What does Fortune report about the sale of the mine?", {"Fortune"}),
        ("Did the family lose its Fortune when the mine was sold?", set()),
        ("Who made a fortune when the old mine was sold?", set()),
        ("What happened at dawn in the harbour town?", set()),
    ],
)
def test_a_common_word_is_a_source_only_where_it_is_used_as_one(question: str, sources: set[str]) -> None:
    assert set().union(*(part.sources for part in parts_of(question, SOURCES))) == sources


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("on October 22, 2023", Days("2023-10-22", "2023-10-22")),
        ("on 22 October 2023", Days("2023-10-22", "2023-10-22")),
        ("on Oct. 22nd", Days("10-22", "10-22")),
        ("at 2023-10-22T22:38:05+00:00", Days("2023-10-22", "2023-10-22")),
        ("after October 22, 2023", Days("2023-10-22", None)),
        ("before October 22, 2023", Days(None, "2023-10-22")),
    ],
)
def test_days_of_a_question(words: str, days: Days) -> None:
    (part,) = parts_of(f"What did the harbour council decide {words}?", SOURCES)
    assert part.days == (days,)


def test_days_hold_published_dates() -> None:
    assert Days("10-22", "10-22").hold("2021-10-22")
    assert Days("2023-10-22", None).hold("2023-12-01")
    assert not Days(None, "2023-10-22").hold("2023-12-01")
    assert not Days("2023-10-22", "2023-10-22").hold(None)


@pytest.mark.parametrize(
    "question", ["Who is the mayor?", "When was the bridge built and who paid?", "?", ""]
)
def test_a_short_question_is_one_part_at_the_most(question: str) -> None:
    assert len(parts_of(question, SOURCES)) <= 1


def test_hostile_questions_take_no_time() -> None:
    for question in ("while " * 2000, "a, " * 4000, "the the report " * 1000, "'" * 8000):
        assert all(isinstance(part, Part) for part in parts_of(question, SOURCES))


STORY = "The council of Aldmoor closed the bridge over the Tarn on Monday. Repairs will take four weeks."
OTHER = "Ferry fares on the Tarn doubled in spring. Passengers wrote to the ministry about it."


def ranking(settings: Settings, question: str) -> list[str]:
    with open_assistant(settings) as assistant:
        for event in assistant.ask(question):
            if isinstance(event, PassagesFound):
                return [passage.article_id for passage in event.passages]
    raise AssertionError


@pytest.fixture
def outlets(articles: Path, settings: Settings) -> Settings:
    """The same story by two outlets on two days, in other words; one of them has a long one, too."""
    records = [
        {"id": "times", "source": "Harbour Times", "published": "2024-05-01", "title": "Bridge", "text": STORY},
        {"id": "dawn", "source": "The Dawn", "published": "2024-05-03", "title": "Bridge closed",
         "text": "The bridge over the Tarn at Aldmoor was closed by the council. Repairs take four weeks, it said."},
        {"id": "ferry", "source": "The Dawn", "published": "2024-05-09", "title": "Ferry", "text": OTHER},
        {"id": "long", "source": "Gazette", "published": "2024-05-04", "title": "Bridge council Aldmoor Tarn",
         "text": "\n\n".join(
             f"The council of Aldmoor spoke about the bridge over the Tarn for hour {n}. " + "It rained. " * 80
             for n in range(14))},
    ]  # fmt: skip
    (articles / "news.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    build([articles], settings)
    return settings


def test_the_source_that_a_question_names_comes_first(outlets: Settings) -> None:
    asked = "What did {} report about the council of Aldmoor closing the bridge over the Tarn?"
    assert ranking(outlets, asked.format("Harbour Times"))[0] == "times"
    assert ranking(outlets, asked.format("The Dawn"))[0] == "dawn"


def test_the_day_that_a_question_names_comes_first(outlets: Settings) -> None:
    asked = "What was reported on {} about the council of Aldmoor closing the bridge over the Tarn?"
    assert ranking(outlets, asked.format("May 1, 2024"))[0] == "times"
    assert ranking(outlets, asked.format("3 May 2024"))[0] == "dawn"


def test_each_part_of_a_question_finds_its_article(outlets: Settings) -> None:
    found = ranking(
        outlets,
        "Does the Harbour Times article say that the bridge of Aldmoor was closed, while The Dawn "
        "reports that passengers wrote to the ministry about the fares?",
    )
    assert {"times", "ferry"} <= set(found[:3])


def test_one_long_article_does_not_fill_the_passages(outlets: Settings) -> None:
    found = ranking(outlets, "What did the council of Aldmoor say about the bridge over the Tarn?")
    assert found.count("long") > 1
    assert {"times", "dawn"} <= set(found)
    assert [article for article in found[:7] if article == "long"] != found[:7]


def test_the_subject_that_the_parts_leave_unnamed_is_favoured(articles: Path, settings: Settings) -> None:
    told = {
        "fares": "In spring Norlink doubled the fares of its ferries, the regulator found.",
        "strike": "Crews of Norlink went on strike over the length of their shifts.",
        "harbour": "For nine million crowns Norlink bought the old harbour of Stennis.",
        "mine-fares": "In spring a railway doubled the fares of its trains, the regulator found.",
        "mine-strike": "Crews of a mine went on strike over the length of their shifts.",
    }
    lines = (json.dumps({"id": name, "title": "News", "text": text}) for name, text in told.items())
    (articles / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    build([articles], settings)
    found = ranking(
        settings,
        "Which company doubled the fares in spring as the regulator found, whose crews went on strike "
        "over the length of their shifts, and which bought an old harbour for nine million crowns?",
    )
    assert found.index("strike") < found.index("mine-strike")
    assert found.index("fares") < found.index("mine-fares")
