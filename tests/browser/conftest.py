"""Servers for the browser tests: one for the chat, and a publisher's site with the widget of another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.launching import ARGUMENTS, chromium_path
from tests.browser.pages import Server
from tests.browser.widget_pages import Publisher, Visits, publishing
from tests.web_serving import ROOT, Gated, build, served, write_hostile_corpus


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serves the seed article. Asks for the browser first: no index is built for tests that are skipped."""
    data = tmp_path_factory.mktemp("chat") / "data"
    build(data, ROOT / "seeds")
    with served(data, wrap=Gated) as (base, assistant):
        yield Server(base, assistant, data)


@pytest.fixture(scope="session")
def strict_browser(browser: Browser) -> Iterator[Browser]:
    """As the other, but with third-party cookies blocked."""
    arguments = [*ARGUMENTS, "--test-third-party-cookie-phaseout"]
    running = browser.browser_type.launch(executable_path=chromium_path(), args=arguments)
    yield running
    running.close()


@pytest.fixture(scope="session")
def site(
    strict_browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Publisher, Server]]:
    """A publisher's site, and a server that it may ask, over the seed article and a hostile one."""
    folder = tmp_path_factory.mktemp("widget")
    build(folder / "data", ROOT / "seeds", write_hostile_corpus(folder))
    with (
        publishing() as publisher,
        served(folder / "data", wrap=Gated, allowed_origins=(publisher.origin,), questions_per_minute=0) as (
            base,
            assistant,
        ),
    ):
        publisher.dateline = base
        yield publisher, Server(base, assistant, folder / "data")


@pytest.fixture
def visits(strict_browser: Browser, site: tuple[Publisher, Server]) -> Iterator[Visits]:
    site[1].assistant.gate.set()
    visits = Visits(strict_browser, site[0])
    yield visits
    site[1].assistant.gate.set()
    visits.finish()
