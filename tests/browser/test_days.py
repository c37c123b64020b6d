"""What "on Tuesday" means stands beside the quote, in the chat, the pane and the article page; never within."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, ask
from tests.web_serving import build, served

TOLD = "The port of Wick was closed on Tuesday after a tanker had lost its anchor, the harbour master said."


def test_the_day_stands_beside_the_quote(browser: Browser, pages: Watched, tmp_path: Path) -> None:
    (tmp_path / "wick.md").write_text(f"---\ndate: 2016-08-17\n---\n# Port of Wick closed\n\n{TOLD}\n")
    build(tmp_path / "data", tmp_path / "wick.md")
    with served(tmp_path / "data") as (base, _):
        page = pages.chat(base, viewport={"width": 375, "height": 700})
        box = ask(page, "When was the port of Wick closed?")
        expect(box.locator(".dl-days")).to_have_text("on Tuesday: 16 August 2016")
        box.locator("a.dl-cite").click()
        expect(page.locator("#dl-evidence mark")).to_have_text(TOLD)
        expect(page.locator("#dl-evidence .dl-pane-days")).to_contain_text("on Tuesday: 16 August 2016")
        address = page.get_by_role("link", name="Open page").get_attribute("href")
        page.goto(str(address))
        expect(page.locator("#passage")).to_have_text(TOLD)
        expect(page.locator(".days")).to_have_text("In the passage, “on Tuesday” is 16 August 2016.")
