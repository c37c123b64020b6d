"""The status page in a real browser: reached from the chat, drawn under its policy, fit for a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Server, Watched
from tests.web_serving import build, served


@pytest.fixture(scope="module")
def dated(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serves two articles with dates. Asks for the browser first, as `server` does."""
    folder = tmp_path_factory.mktemp("dated")
    for number in (1, 3):
        day = f"2024-0{number}-01"
        (folder / f"{number}.md").write_text(
            f"---\ndate: {day}\nsource: Nordic Wire\n---\n# Rain\n\nIt rained.\n"
        )
    build(folder / "data", folder)
    with served(folder / "data") as (base, _):
        yield base


@pytest.mark.parametrize(
    ("width", "scheme"), [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")]
)
def test_the_status_page(dated: str, pages: Watched, width: int, scheme: str) -> None:
    page = pages.open(f"{dated}/status", viewport={"width": width, "height": 700}, color_scheme=scheme)
    expect(page.get_by_role("heading", name="What is indexed")).to_be_visible()
    plot = page.get_by_role("img", name="Articles over time")
    expect(plot).to_be_visible()
    bar = plot.locator("rect")
    expect(bar).to_have_count(61)
    assert bar.first.bounding_box()["height"] > 100  # type: ignore[index]
    fills = page.evaluate(
        "[getComputedStyle(document.querySelector('.bar')).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert fills[0] == ("rgb(143, 207, 219)" if scheme == "dark" else "rgb(20, 80, 92)"), (
        "the stylesheet is read"
    )
    assert fills[0] != fills[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_reached_from_the_chat(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    link = page.get_by_role("link", name="What is indexed")
    expect(link).to_be_visible()
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", name="What is indexed")).to_be_visible()
    expect(page.locator("#dl-chat .placeholder")).to_be_visible()  # the conversation stays where it is
