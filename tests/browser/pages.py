"""What the browser tests share: pages that are watched, and asking a question. Holds no tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from index.catalog import Catalog
from tests.web_serving import Gated


@dataclass
class Server:
    """A running server over the seed article, and what lies behind it."""

    base: str
    assistant: Gated
    data: Path

    def feedback(self) -> list[dict[str, Any]]:
        with Catalog.open(self.data, read_only=True) as catalog:
            return catalog.feedback()


@dataclass
class Watched:
    """Pages that note every request to elsewhere and every complaint of the browser."""

    browser: Browser
    contexts: list[Any] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str, **options: Any) -> Page:
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        host = urlsplit(address).netloc
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda request: self._note(request.url, host))
        page.on("console", self._complain)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.goto(address)
        return page

    def chat(self, base: str, **options: Any) -> Page:
        page = self.open(base, **{"viewport": {"width": 1280, "height": 800}} | options)
        expect(page.locator("#dl-chat .placeholder")).to_be_visible()
        return page

    def _note(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != host:
            self.strangers.append(url)

    def _complain(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


def ask(page: Page, question: str, *, answers: int = 1) -> Locator:
    """Types a question and waits for the whole answer, the `answers`-th of the conversation."""
    page.locator("#dl-box textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#dl-chat .dl-box")).to_have_count(answers)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("#dl-actions")).to_be_visible()
    return page.locator("#dl-chat .dl-box").last
