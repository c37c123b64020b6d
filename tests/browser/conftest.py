"""A server over the seed article, for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import Server
from tests.web_serving import ROOT, Gated, build, served


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serves the seed article. Asks for the browser first: no index is built for tests that are skipped."""
    data = tmp_path_factory.mktemp("chat") / "data"
    build(data, ROOT / "seeds")
    with served(data, wrap=Gated) as (base, assistant):
        yield Server(base, assistant, data)
