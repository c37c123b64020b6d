"""What day "on Tuesday" was: said only where it is certain, and never within the quote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import open_assistant
from index.build import build
from index.cli_output import answer_text
from index.records import Day
from index.relative_days import relative_days
from index.settings import ROOT, Settings

WEDNESDAY = "2016-08-17"


def days(text: str, published: str | None = WEDNESDAY) -> list[tuple[str, str]]:
    return [(day.words, day.date) for day in relative_days(text, 0, len(text), published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al-Abadi said on Tuesday that Iraq had allowed it.", [("on Tuesday", "2016-08-16")]),
        ("The court ruled Monday.", [("Monday", "2016-08-15")]),
        ("Officials said late Tuesday that three were dead.", [("Tuesday", "2016-08-16")]),
        ("He spoke on Wednesday.", [("on Wednesday", "2016-08-17")]),
        ("On Thursday, the bank raised rates.", [("On Thursday", "2016-08-11")]),
        ("It burned last Saturday.", [("last Saturday", "2016-08-13")]),
        ("The vote is due next Monday.", [("next Monday", "2016-08-22")]),
        ("It was made this Friday.", [("this Friday", "2016-08-19")]),
        ("Prices fell yesterday and rise tomorrow.", [("yesterday", "2016-08-16"), ("tomorrow", "2016-08-18")]),
        ("They met last week in Oslo.", [("last week", "2016-08-08/2016-08-14")]),
        ("It rose last month, and next month it falls.", [("last month", "2016-07"), ("next month", "2016-09")]),
        ("Thousands fled last year.", [("last year", "2015")]),
        ("“We leave on Tuesday,” he said on Monday.", [("on Monday", "2016-08-15")]),
        ('"I go tomorrow," she said today.', [("today", "2016-08-17")]),
        ("The bill passed on Monday. The king will sign it on Thursday.", [("on Monday", "2016-08-15")]),
    ],
)  # fmt: skip
def test_days_that_are_certain(text: str, expected: list[tuple[str, str]]) -> None:
    assert days(text) == expected
    assert days(text, None) == [], "nothing is guessed where no date is known"
    assert days(text, "about 2016") == []


@pytest.mark.parametrize(
    "text",
    [
        "He will meet her on Friday.",
        "The committee meets on Friday.",
        "He was expected to arrive on Tuesday.",
        "It happened last Tuesday.",  # yesterday, or eight days ago?
        "Shops closed on Black Friday.",
        "Every Friday they prayed.",
        "They prayed on Fridays.",
        "It opened on Tuesday, Aug. 16.",
        "Trains ran Monday to Friday.",
        "It was open on Monday and Tuesday.",
        "The Sunday Times reported it.",
        "The premier declared Friday a day of mourning.",
        "The union dropped its demand for a shorter Friday shift.",
        "By Friday the city had fallen.",
        "He left the following Monday.",
        "Yesterday’s men were forgotten.",
        "In the last year it grew.",
        "“It burned yesterday, and on Monday they came",
    ],
)
def test_days_that_could_be_others(text: str) -> None:
    assert days(text) == []


def test_where_weeks_begin_is_not_known_of_a_sunday() -> None:
    assert days("They met last week.", "2016-08-21") == []


def test_speech_that_was_opened_before_the_quote_is_seen() -> None:
    text = "He shrugged.\n\n“It rained. It rained yesterday, too,” he said.\n\nIt rained yesterday."
    start = text.index("It rained yesterday")
    assert relative_days(text, start, start + 20, WEDNESDAY) == ()
    (day,) = relative_days(text, text.rindex("It"), len(text), WEDNESDAY)
    assert text[day.start : day.end] == day.words == "yesterday"


@given(
    st.lists(st.sampled_from([*' \n.,“”"’aAz1', "on ", "Tuesday", "last ", "week", "said ", "😀"])).map(
        "".join
    ),
    st.dates(),
)
def test_any_text_has_days_at_their_place_or_none(text: str, published: object) -> None:
    for day in relative_days(text, 0, len(text), str(published)):
        assert text[day.start : day.end] == day.words


def test_weekdays_fall_on_their_day_in_every_story() -> None:
    from datetime import date

    found = 0
    for line in (ROOT / "evaluation/corpus/articles.jsonl").read_text("utf-8").splitlines():
        article = json.loads(line)
        for day in relative_days(article["text"], 0, len(article["text"]), article.get("published")):
            if day.words.endswith("day") and day.words not in {"today", "yesterday"}:
                found += 1
                when = date.fromisoformat(day.date)
                assert f"{when:%A}" in day.words
                assert abs((when - date.fromisoformat(article["published"])).days) < 8
    assert found > 30


def test_the_day_stands_beside_the_quote(articles: Path, settings: Settings) -> None:
    told = "The port of Wick was closed on Tuesday, its master said."
    record = {"id": "wick", "text": told, "title": "Port", "published": WEDNESDAY}
    (articles / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    build([articles], settings)
    with open_assistant(settings) as assistant:
        answer = assistant.answer("When was the port of Wick closed?")
    (citation,) = answer.citations
    start = told.index("on Tuesday")
    assert citation.days == (Day("on Tuesday", "2016-08-16", start, start + len("on Tuesday")),)
    assert citation.quote == told
    assert "(on Tuesday: 16 August 2016)" in answer_text(answer)
