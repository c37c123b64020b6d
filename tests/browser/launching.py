"""The real Chromium of all browser tests, started once, and watched pages in it.

Skips with a reason if there is no browser. In CI it is installed, so its absence there is a failure, never
a skip. Holds no tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.pages import Watched

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=30_000)


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        reason = f"no Chromium or Chrome found (looked for {', '.join(NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def pages(browser: Browser) -> Iterator[Watched]:
    """After each test: nothing was asked of another host, and the browser complained of nothing."""
    watched = Watched(browser)
    yield watched
    for context in watched.contexts:
        context.close()
    assert watched.strangers == []
    assert watched.complaints == []
