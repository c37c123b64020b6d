"""The chat's filters: set, shown, obeyed, cleared; a bad date is told in words."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import Watched, ask
from tests.web_serving import Gated, build, served

QUESTION = "Why was the port of Wick closed?"
STORIES = {
    "storm": ("North Wire", "2024-01-01", "The port of Wick was closed because of a storm, Ann Lee said."),
    "strike": ("South Wire", "2024-02-01", "The port of Wick was closed because of a strike, a union said."),
    "fire": ("East Wire", "2024-03-01", "The port of Wick was closed because of a fire, the police said."),
}


@pytest.fixture(scope="module")
def base(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("filters")
    records = [
        {"id": name, "title": f"Port: {name}", "source": source, "published": day, "text": text}
        for name, (source, day, text) in STORIES.items()
    ]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    build(folder / "data", folder / "news.jsonl")
    with served(folder / "data", wrap=Gated) as (address, _):
        yield address


def fold(page: Page) -> None:
    page.locator("#dl-filters > button").click()


def pick(page: Page, part: str, option: str) -> None:
    page.locator(f"#dl-{part} input").click()
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Escape")


def heading(page: Page, said: str) -> None:
    expect(page.locator("#dl-filters > button")).to_contain_text(f"Filters: {said}")


def test_filters_are_obeyed_shown_and_cleared(base: str, pages: Watched) -> None:
    page = pages.chat(base, viewport={"width": 375, "height": 760})
    heading(page, "all articles")
    fold(page)
    page.get_by_label("From").fill("2024-01-15")
    pick(page, "exclude", "Port: fire")
    heading(page, "from 2024-01-15 · without 1 article")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    fold(page)
    box = ask(page, QUESTION)
    expect(box).to_contain_text("because of a strike")
    expect(box).not_to_contain_text("because of a storm")
    expect(box).not_to_contain_text("because of a fire")
    expect(page.locator("#dl-chat .dl-limits")).to_have_text("from 2024-01-15 · without 1 article")
    fold(page)
    page.get_by_role("button", name="Clear filters").click()
    heading(page, "all articles")
    box = ask(page, QUESTION, answers=2)
    for cause in ("storm", "strike", "fire"):
        expect(box).to_contain_text(f"because of a {cause}")
    expect(page.locator("#dl-chat .dl-limits")).to_have_count(1)


def test_sources_and_single_articles(base: str, pages: Watched) -> None:
    page = pages.chat(base)
    fold(page)
    pick(page, "sources", "North Wire")
    heading(page, "North Wire")
    expect(ask(page, QUESTION)).not_to_contain_text("strike")
    page.get_by_role("button", name="Clear filters").click()
    pick(page, "include", "Port: fire")
    heading(page, "only 1 article")
    box = ask(page, QUESTION, answers=2)
    expect(box).to_contain_text("because of a fire")
    expect(box).not_to_contain_text("storm")


def test_a_bad_date_is_told_in_words(base: str, pages: Watched) -> None:
    page = pages.chat(base)
    fold(page)
    page.get_by_label("To").fill("yesterday")
    heading(page, "to yesterday")
    expect(ask(page, QUESTION)).to_contain_text("'yesterday' is not a date; write it as 2016-08-17")


def test_an_example_obeys_the_filters(base: str, pages: Watched) -> None:
    page = pages.chat(base)
    fold(page)
    pick(page, "sources", "North Wire")
    heading(page, "North Wire")
    page.locator("#dl-chat .example").first.click()
    expect(page.locator("#dl-chat .dl-limits")).to_have_text("North Wire")
