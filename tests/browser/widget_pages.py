"""A publisher's page on an origin of its own, under a strict policy, with the widget in it. Holds no tests."""

from __future__ import annotations

import contextlib
import html
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 740}}

HOST_STYLE = """
html { font-size: 40px; } * { letter-spacing: 3px; } button { background: #800 !important; color: yellow; }
p { color: rgb(1, 2, 3); } h1 { overflow-wrap: anywhere; }
"""
HOST_SCRIPT = """
window.heard = [];
for (const name of ["answer", "citation", "feedback"]) {
  document.addEventListener(`dateline:${name}`, (event) => window.heard.push([name, event.detail]));
}
const own = document.getElementById("own");
own.addEventListener("click", () => Dateline.open({ question: "From the page's own button" }));
"""


@dataclass
class Publisher:
    """A running site whose pages carry the widget of `dateline`, set up by the query of their address."""

    origin: str
    dateline: str = ""
    extra: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Further answers of the site: path to (content type, body)."""

    def policy(self) -> str:
        return (
            f"default-src 'none'; script-src 'self' {self.dateline}; style-src 'self'; "
            f"connect-src 'self' {self.dateline}; base-uri 'none'; form-action 'none'; "
            "require-trusted-types-for 'script'"
        )

    def page(self, query: str) -> str:
        given = dict(parse_qsl(query))
        before = '<script src="/before.js"></script>' if given.pop("before", "") else ""
        inline = "<dateline-chat inline></dateline-chat>" if given.pop("inline", "") else ""
        attributes = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in given.items())
        return (
            '<!doctype html><html lang="en"><head><title>The Example Gazette</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="/host.css">{before}'
            f'<script src="{self.dateline}/widget.js" {attributes} async></script></head>'
            '<body><main><h1>The Example Gazette</h1><p id="text">The publisher\'s own text.</p>'
            f'<button id="own">Ask</button>{inline}</main><script src="/host.js"></script></body></html>'
        )


@contextlib.contextmanager
def publishing() -> Iterator[Publisher]:
    """On `localhost`, while Dateline is on 127.0.0.1: another origin, and another site for cookies."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            kind, body = {
                "/host.css": ("text/css", HOST_STYLE),
                "/host.js": ("text/javascript", HOST_SCRIPT),
                **publisher.extra,
            }.get(path, ("text/html; charset=utf-8", publisher.page(query)))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", publisher.policy())
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    publisher = Publisher(f"http://localhost:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Visits:
    """Pages of the publisher that note every request to elsewhere and every complaint of the browser."""

    browser: Browser
    publisher: Publisher
    contexts: list[Any] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """What a test brings about on purpose: parts of complaints that are none."""

    def visit(self, query: str = "", **options: Any) -> Page:
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        ours = {urlsplit(self.publisher.origin).netloc, urlsplit(self.publisher.dateline).netloc}
        context.on(
            "request",
            lambda request: urlsplit(request.url).netloc in ours or self.strangers.append(request.url),
        )
        page.on("console", self._complain)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.publisher.origin}/?{query}")
        return page

    def _complain(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def finish(self) -> None:
        cookies = [cookie for context in self.contexts for cookie in context.cookies()]
        for context in self.contexts:
            context.close()
        assert self.strangers == []
        told = [text for text in self.complaints if not any(part in text for part in self.expected)]
        assert told == []
        assert cookies == []


def open_panel(page: Page) -> Locator:
    page.locator("dateline-chat .launcher").click()
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    return panel


def ask(page: Page, question: str, *, answers: int = 1) -> Locator:
    """Types a question and waits for the whole answer, the `answers`-th of the conversation."""
    box = page.locator("dateline-chat textarea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("dateline-chat .actions")).to_have_count(answers)
    return page.locator("dateline-chat .turn").last


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page, shadow roots included."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]
    ]
