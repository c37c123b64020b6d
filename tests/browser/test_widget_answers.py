"""Answers that need a warning: incomplete ones, statements that no article bears out, notices of the server.

The server here is real, and what its assistant answers is changed: so the widget meets them as a model would
make them, in each of its languages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from index.records import Answer, AnswerReady, Claim, Event
from tests.browser.pages import Server
from tests.browser.widget_pages import PHONE, Publisher, Visits, ask, open_panel, violations

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
DOUBTFUL = "The <b>planes</b> were painted green."
LOST = "They flew at night."
NOT_FOUND = {
    "en": "Not found in the articles",
    "de": "In den Artikeln nicht gefunden",
    "fr": "Introuvable dans les articles",
    "es": "No se encontró en los artículos",
    "ar": "غير موجود في المقالات",
}
Change = Callable[[Answer], Answer]


@pytest.fixture
def answering(site: tuple[Publisher, Server], monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Changes every answer of the server from now on."""
    asking = site[1].assistant.ask

    def use(change: Change) -> None:
        def changed(*arguments: Any) -> Iterator[Event]:
            for event in asking(*arguments):
                yield AnswerReady(change(event.answer)) if isinstance(event, AnswerReady) else event

        monkeypatch.setattr(site[1].assistant, "ask", changed)

    return use


def with_doubts(answer: Answer) -> Answer:
    """A claim in the text that is not borne out, and one that the text has in other words."""
    doubtful = (Claim(DOUBTFUL, (), "unverified"), Claim(LOST, (), "unverified"))
    return replace(answer, text=f"{answer.text} {DOUBTFUL}", claims=(*answer.claims, *doubtful))


@pytest.mark.parametrize("language", NOT_FOUND)
def test_what_no_article_bears_out_is_marked_in_words(
    visits: Visits, answering: Callable[[Change], None], language: str
) -> None:
    answering(with_doubts)
    page = visits.visit(f"lang={language}", **(PHONE if language in {"ar", "de"} else {}))
    open_panel(page)
    turn = ask(page, QUESTION)
    words = NOT_FOUND[language]
    expect(turn.locator(".doubt")).to_have_text([DOUBTFUL])
    expect(turn.locator(".doubt + .note")).to_have_text(f"({words})")
    expect(turn.locator("h4.warn")).to_have_text(words)
    expect(turn.locator("h4.warn + ul li")).to_have_text([LOST])
    heard = page.locator("[role=log] p").last
    expect(heard).to_contain_text(f"{words}: {DOUBTFUL}")
    expect(heard).to_contain_text(f"{words}: {LOST}")
    assert violations(page) == []


def test_doubts_go_along_when_an_answer_is_copied(
    visits: Visits, answering: Callable[[Change], None]
) -> None:
    answering(with_doubts)
    page = visits.visit(permissions=["clipboard-read", "clipboard-write"])
    open_panel(page)
    ask(page, QUESTION).get_by_role("button", name="Copy answer with sources").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"Not found in the articles: {DOUBTFUL}" in copied
    assert f"Not found in the articles: {LOST}" in copied


def test_an_incomplete_answer_says_so_and_can_be_asked_again(
    visits: Visits, site: tuple[Publisher, Server], answering: Callable[[Change], None]
) -> None:
    reason = "The model stopped in mid-sentence."
    answering(lambda answer: replace(answer, status="incomplete", reason=reason))
    page = visits.visit("lang=de")
    open_panel(page)
    turn = ask(page, QUESTION)
    told = turn.locator(".note.warn", has_text=reason)
    expect(told).to_have_text(f"Unvollständig: {reason}")
    expect(told.locator("[lang=en]")).to_have_text(reason)
    expect(page.locator("[role=log] p").last).to_have_text(f"Unvollständig: {reason}")
    expect(turn.locator(".answer")).not_to_have_class("silence")
    expect(turn.locator(".marker").first).to_be_visible()
    assert violations(page) == []
    answering(lambda answer: replace(answer, status="answered", reason=None))
    turn.get_by_role("button", name="Erneut versuchen").click()
    expect(page.locator(".note.warn")).to_have_count(0)
    expect(page.locator(".actions")).to_have_count(1)
    assert site[1].assistant.asked[-1][1] == []  # the half answer is no history


def test_what_the_check_replaced_is_heard_anew(visits: Visits, answering: Callable[[Change], None]) -> None:
    answering(lambda answer: replace(answer, text="Only this was borne out. [1]", notice="It was checked."))
    page = visits.visit()
    open_panel(page)
    turn = ask(page, QUESTION)
    expect(turn.locator(".answer > p").first).to_contain_text("Only this was borne out.")
    expect(turn.locator(".note.warn")).to_have_text("It was checked.")
    heard = page.locator("[role=log] p").all_text_contents()
    assert heard[-2].strip() == "Only this was borne out."
    assert heard[-1] == "Answer complete. Sources: 1. It was checked."
    assert violations(page) == []


def test_what_on_tuesday_means_stands_beside_the_quote(visits: Visits) -> None:
    page = visits.visit("lang=fr")

    def with_days(route: Route) -> None:
        response = route.fetch()
        head, _, data = response.text().partition("event: answer\ndata: ")
        answer = json.loads(data.split("\n")[0])
        answer["citations"][0]["days"] = [
            {"words": "on Tuesday", "date": "2016-08-16", "start": 0, "end": 10}
        ]
        rest = data.partition("\n")[2]
        route.fulfill(response=response, body=f"{head}event: answer\ndata: {json.dumps(answer)}\n{rest}")

    page.route("**/api/ask", with_days)
    open_panel(page)
    turn = ask(page, QUESTION)
    turn.locator(".source").first.click()
    expect(turn.locator(".card:visible .note")).to_have_text("on Tuesday: 16 août 2016")


def test_an_accented_dispute_is_told(visits: Visits, answering: Callable[[Change], None]) -> None:
    answering(lambda answer: replace(answer, verdict="disputed"))
    page = visits.visit("lang=fr")
    open_panel(page)
    turn: Locator = ask(page, QUESTION)
    expect(turn.locator(".note.warn").first).to_have_text(
        "Les récits divergent ; les articles ne tranchent pas."
    )
