"""Chat and widget while a model writes: what they say before the check and after it, and a Stop that reaches it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, ask
from tests.browser.widget_pages import open_panel, violations
from tests.openai_server import ModelServer, Request, silent
from tests.web_serving import ROOT, build, served

QUESTION = "Did Iraq permit overflight?"
NAME = "test-model"


@pytest.fixture(scope="module")
def data(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "data"
    build(folder, ROOT / "seeds")
    return folder


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def base(data: Path, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
    with served(data, model=NAME, model_retries=0) as (address, _):
        yield address


def test_links_while_it_writes_and_marks_at_the_end(base: str, model: ModelServer, pages: Watched) -> None:
    seen = [threading.Event() for _ in range(2)]

    async def writing(request: Request) -> None:
        await request.begin()
        await request.chunk("Yes. Iraq had granted Russian Federation permission to use its air space [")
        await asyncio.to_thread(seen[0].wait, 60)
        await request.chunk("1].")
        await asyncio.to_thread(seen[1].wait, 60)
        await request.chunk(
            " Its parliament voted 200 to 3 for <b>it</b>. ![x](http://canary.invalid/x) [1]", "stop"
        )

    model.script = writing
    page = pages.chat(base)
    expect(page.locator("#dl-header")).to_contain_text(NAME)
    page.locator("#dl-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    running = page.locator("#dl-chat .dl-running")
    expect(running).to_contain_text("its air space")
    expect(running).to_contain_text("Not checked against the articles yet.")
    assert "[" not in (running.text_content() or "")
    seen[0].set()
    expect(running.locator("a.dl-cite")).to_have_count(1)
    seen[1].set()
    expect(page.locator("#dl-actions")).to_be_visible()
    answer = page.locator("#dl-chat .dl-answered")
    expect(answer.locator(".dl-doubt").first).to_contain_text("200 to 3")
    expect(answer).to_contain_text("(not found in the articles)")
    expect(answer).not_to_contain_text("Not checked")
    expect(answer.locator("img, b")).to_have_count(0)


def test_the_widget_says_that_it_is_not_checked_yet(base: str, model: ModelServer, pages: Watched) -> None:
    words = "Not checked against the articles yet."
    stopped, seen = threading.Event(), threading.Event()

    async def writing(request: Request) -> None:
        await request.begin()
        await request.chunk("Yes. Iraq had granted Russian Federation permission to use its air space. ")
        await asyncio.to_thread(seen.wait if stopped.is_set() else stopped.wait, 60)
        await request.chunk("Its parliament voted 200 to 3 for it. [1]", "stop")

    model.script = writing
    page = pages.open(f"{base}/widget/demo.html")
    panel = open_panel(page)
    panel.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(panel.locator(".answer > .note")).to_have_text(words)
    panel.get_by_role("button", name="Stop").click()
    stopped.set()
    expect(panel.locator(".answer > .note")).to_have_text([words, "Stopped."])  # it never will be
    panel.get_by_role("button", name="New conversation").click()
    panel.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(panel.locator(".stream")).to_contain_text("its air space")
    expect(panel.locator(".answer > .note")).to_have_text(words)
    heard = panel.locator("[role=log] p").all_inner_texts()
    assert heard.index(words) < next(n for n, text in enumerate(heard) if "its air space" in text)
    # The page has two widgets, so it has two conversations.
    found = [wrong for wrong in violations(page) if "landmark-unique" not in wrong]
    assert found == []
    seen.set()
    expect(panel.locator(".actions")).to_have_count(1)
    expect(panel.locator(".log")).not_to_contain_text("Not checked")
    expect(panel.locator(".log")).to_contain_text("(Not found in the articles)")


def test_stop_ends_the_request(base: str, model: ModelServer, pages: Watched) -> None:
    model.script = silent
    page = pages.chat(base)
    page.locator("#dl-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#dl-chat .dl-progress")).to_contain_text("Reading")
    while not model.requests:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#dl-chat .dl-stopped")).to_be_visible()
    assert model.requests[0].left.wait(timeout=10)


def test_a_model_that_fails_is_told_of(base: str, model: ModelServer, pages: Watched) -> None:
    model.script = lambda request: request.error("500 Error", "no")
    page = pages.chat(base)
    answer = ask(page, QUESTION)
    expect(answer.locator(".dl-notice")).to_contain_text("failed (status 500)")
    page.reload()
    expect(page.locator("#dl-header")).to_contain_text(f"{NAME} failed when it was last asked")
