"""An article whose every part tries to become markup, in a real browser: it stays text, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import Watched, ask
from tests.web_serving import (
    HOSTILE_QUESTION,
    HOSTILE_SENTENCE,
    PAYLOADS,
    build,
    served,
    write_hostile_corpus,
)

OURS = """() => [...document.querySelectorAll(
  "#dl-chat .dl-box *, #dl-chat .dl-question *, #dl-evidence *, #dl-tip *, body > main *")]
  .map((node) => node.tagName).filter((tag) =>
  !["A","P","DIV","SPAN","H1","H2","H3","OL","UL","LI","Q","BR","MARK","BUTTON","TIME"].includes(tag))"""


@pytest.fixture(scope="module")
def base(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    build(folder / "data", write_hostile_corpus(folder))
    with served(folder / "data") as (address, _):
        yield address


def assert_only_text(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(OURS) == []
    assert page.evaluate("[...document.links].filter((a) => /^javascript/.test(a.href)).length") == 0


def test_answer_tooltip_and_pane(base: str, pages: Watched) -> None:
    page = pages.chat(base)
    answer = ask(page, HOSTILE_QUESTION)
    for payload in PAYLOADS[:4]:  # the sentence splitter ends the quote at some point after these
        expect(answer).to_contain_text(payload)
    assert_only_text(page)
    for marker in answer.locator("a.dl-cite").all():  # some cite a harmless sentence
        marker.hover()
        expect(page.get_by_role("tooltip")).to_be_visible()
        if PAYLOADS[0] in page.get_by_role("tooltip").inner_text():
            break
    expect(page.get_by_role("tooltip")).to_contain_text(PAYLOADS[0])
    marker.click()
    mark = page.locator("#dl-evidence mark")
    assert mark.evaluate("node => node.textContent") in HOSTILE_SENTENCE
    expect(page.locator("#dl-evidence h2")).to_contain_text(PAYLOADS[0])
    for payload in PAYLOADS:
        expect(page.locator("#dl-evidence .dl-pane-text")).to_contain_text(payload)
    assert_only_text(page)


def test_article_page(base: str, pages: Watched) -> None:
    page = pages.chat(base)
    address = ask(page, HOSTILE_QUESTION).locator("a.dl-cite").first.get_attribute("href")
    alone = pages.open(f"{base}{address}")
    expect(alone.locator("mark")).to_be_visible()
    assert_only_text(alone)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_questions_stay_text(base: str, pages: Watched, payload: str) -> None:
    page = pages.chat(base)
    ask(page, f"{payload} and the ferries?")
    expect(page.locator("#dl-chat .dl-question")).to_have_text(f"{payload} and the ferries?")
    assert_only_text(page)


def test_export_stays_text(base: str, pages: Watched, tmp_path: Path) -> None:
    from markdown_it import MarkdownIt

    page = pages.chat(base)
    ask(page, HOSTILE_QUESTION)
    ask(page, PAYLOADS[2], answers=2)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    path = tmp_path / "export.md"
    waiting.value.save_as(path)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(path.read_text(encoding="utf-8"))
    inline = [child for token in tokens for child in token.children or []]
    assert not [
        t for t in [*tokens, *inline] if t.type in {"image", "html_inline", "html_block", "code_inline"}
    ]
    addresses = [str(t.attrs["href"]) for t in inline if t.type == "link_open"]
    assert addresses
    assert all(address.startswith(f"{base}/articles/") for address in addresses)
