"""The chat in a real browser, on the seed article: what a reader does, by mouse, by keyboard, on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import Server, Watched, ask

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
FOLLOW_UP = "And under what conditions?"
UNANSWERED = "Did Turkey permit overflight?"
PHONE = {"viewport": {"width": 375, "height": 740}}

IN_VIEW = """node => {
  const r = node.getBoundingClientRect();
  const at = document.elementFromPoint(r.left + 5, r.top + 5);
  return r.top >= 0 && r.top < innerHeight && (node === at || node.contains(at));
}"""


def article_text(page: Page, link: Locator) -> str:
    """The passage that a citation's address names, cut from the article by code points."""
    address = urlsplit(link.get_attribute("href") or "")
    query = parse_qs(address.query)
    article = page.request.get(f"/api{address.path}").json()
    return str(article["text"][int(query["start"][0]) : int(query["end"][0])])


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.outerHTML")


def test_marker_opens_the_article_at_the_quote(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base, base_url=server.base)
    answer = ask(page, QUESTION)
    marker = answer.locator("a.dl-cite").first
    quote = article_text(page, marker)
    assert "granted Russian Federation permission" in quote
    marker.click()
    mark = page.locator("#dl-evidence mark")
    expect(mark).to_have_text(quote)
    assert mark.evaluate("node => node.textContent") == quote
    assert mark.evaluate(IN_VIEW)
    expect(page.locator("#dl-evidence h2")).to_contain_text("Russian Federation hits back")
    chat, pane = page.locator("#dl-chat").bounding_box(), page.locator("#dl-evidence").bounding_box()
    assert chat
    assert pane
    assert pane["x"] >= chat["x"] + chat["width"]
    assert page.url.rstrip("/") == server.base


def test_address_is_copied_and_leads_to_the_place(server: Server, pages: Watched) -> None:
    page = pages.chat(
        server.base, base_url=server.base, permissions=["clipboard-read", "clipboard-write"], **PHONE
    )
    marker = ask(page, QUESTION).locator("a.dl-cite").first
    quote = article_text(page, marker)
    marker.click()
    page.get_by_role("button", name="Copy address").click()
    expect(page.locator("#dl-evidence [role=status]")).to_have_text("Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{server.base}/articles/")
    alone = pages.open(address, **PHONE)
    mark = alone.locator("mark#passage")
    expect(mark).to_have_text(quote)
    assert mark.evaluate(IN_VIEW)
    assert alone.evaluate("scrollY") > 0


def test_keyboard_alone(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#dl-chat a.dl-cite").first).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if "dl-cite" in focused(page):
            break
    assert "dl-cite" in focused(page)
    expect(page.get_by_role("tooltip")).to_be_visible()
    address = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    expect(page.locator("#dl-evidence mark")).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#dl-evidence') !== null")
    page.keyboard.press("Escape")
    expect(page.locator("#dl-evidence")).to_be_hidden()
    assert page.evaluate("document.activeElement.href") == address


def test_hovering_shows_the_quote(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base, base_url=server.base)
    marker = ask(page, QUESTION).locator("a.dl-cite").first
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_hidden()
    marker.hover()
    expect(tip).to_contain_text(article_text(page, marker))
    assert marker.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_sources_stand_below_the_answer(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    answer = ask(page, QUESTION)
    numbers = answer.locator("a.dl-cite").all_text_contents()
    listed = answer.locator(".dl-sources .dl-n").all_text_contents()
    assert numbers
    assert sorted({number.strip("[]") for number in numbers}) == sorted(listed)
    answer.locator("a.dl-source").first.click()
    expect(page.locator("#dl-evidence mark")).to_be_visible()


def test_a_refusal_looks_different(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    refusal = ask(page, UNANSWERED)
    expect(refusal.locator("a.dl-cite, .dl-sources")).to_have_count(0)
    related = refusal.locator(".dl-related")
    expect(related.locator("h3")).to_have_text("Related, not evidence")
    assert related.evaluate("node => getComputedStyle(node).borderStyle") == "dashed"
    related.locator("a").first.click()
    expect(page.locator("#dl-evidence .dl-pane-kind")).to_have_text("Related, not evidence")
    assert page.locator("#dl-evidence mark").evaluate("node => getComputedStyle(node).backgroundColor") in {
        "rgba(0, 0, 0, 0)",
        "transparent",
    }


def test_a_follow_up_carries_the_conversation(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    ask(page, QUESTION)
    ask(page, FOLLOW_UP, answers=2)
    question, history = server.assistant.asked[-1]
    assert question == FOLLOW_UP
    assert [turn[0] for turn in history] == [QUESTION]
    assert "granted Russian Federation permission" in history[0][1]


def test_an_example_starts_a_conversation(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    example = page.locator("#dl-chat .example").first
    question = example.inner_text()
    example.click()
    expect(page.locator("#dl-chat .dl-question")).to_have_text(question)
    expect(page.locator("#dl-chat .dl-answered")).to_be_visible()


def test_thumbs_and_comment_reach_the_catalog(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    ask(page, QUESTION)
    page.get_by_role("button", name="Poor answer").click()
    comment = page.get_by_label("Thank you. What was good or wrong?")
    comment.fill("<b>too</b> short 🙂")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("#dl-said")).to_contain_text("kept")
    (kept,) = server.feedback()  # the comment joined the thumb: one opinion
    assert (kept["question"], kept["rating"], kept["comment"]) == (QUESTION, "down", "<b>too</b> short 🙂")


def test_export_holds_answers_and_sources(server: Server, pages: Watched, tmp_path: Path) -> None:
    page = pages.chat(server.base, base_url=server.base)
    marker = ask(page, QUESTION).locator("a.dl-cite").first
    quote, address = article_text(page, marker), marker.get_attribute("href")
    ask(page, UNANSWERED, answers=2)
    for number in range(2):  # a second export of the same conversation works too
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Export").click()
        assert waiting.value.suggested_filename == "dateline-conversation.md"
        path = tmp_path / f"{number}.md"
        waiting.value.save_as(path)
        text = path.read_text(encoding="utf-8")
        assert f"## {QUESTION}\n" in text
        assert f"> {quote}\n" in text
        assert f"<{server.base}{address}>" in text
        assert "### Related, not evidence" in text


def test_stop_keeps_the_page_usable(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    server.assistant.gate.clear()
    try:
        page.locator("#dl-box textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#dl-chat .dl-running")).to_be_visible()
        expect(page.locator("#dl-chat .dl-running p").first).not_to_be_empty()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator("#dl-chat .dl-stopped")).to_contain_text("Stopped.")
    finally:
        server.assistant.gate.set()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(ask(page, UNANSWERED, answers=2)).to_have_class("dl-box dl-silence")
    expect(page.locator("#dl-chat .dl-stopped")).to_have_count(1)


def test_answer_appears_as_it_is_made(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    server.assistant.gate.clear()
    try:
        page.locator("#dl-box textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#dl-chat .dl-running p").first).not_to_be_empty()
        expect(page.locator("#dl-chat a.dl-cite")).to_have_count(0)
        part = page.locator("#dl-chat .dl-running").inner_text()
    finally:
        server.assistant.gate.set()
    whole = page.locator("#dl-chat .dl-answered")
    expect(whole).to_be_visible()
    assert len(whole.inner_text()) > len(part)


def test_retry_edit_and_clear(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    ask(page, QUESTION)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#dl-chat .dl-answered")).to_have_count(1)
    expect(page.locator("#dl-actions")).to_be_visible()
    page.get_by_role("button", name="Edit question").click()
    expect(page.locator("#dl-chat .dl-question")).to_have_count(0)
    expect(page.locator("#dl-box textarea")).to_have_value(QUESTION)
    ask(page, UNANSWERED)
    expect(page.locator("#dl-chat .dl-question")).to_have_text(UNANSWERED)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#dl-chat .dl-question")).to_have_count(0)
    expect(page.locator("#dl-chat .placeholder")).to_be_visible()


def test_an_earlier_question_is_edited(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    ask(page, QUESTION)
    ask(page, FOLLOW_UP, answers=2)
    for _ in range(2):  # the same one again too
        page.get_by_role("link", name=f"Edit: {QUESTION}").click()
        expect(page.locator("#dl-chat .dl-question")).to_have_count(0)  # what followed from it goes too
        expect(page.locator("#dl-box textarea")).to_have_value(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#dl-chat .dl-answered")).to_have_count(1)
        expect(page.locator("#dl-actions")).to_be_visible()
    ask(page, FOLLOW_UP, answers=2)
    page.get_by_role("link", name=f"Edit: {FOLLOW_UP}").click()
    expect(page.locator("#dl-box textarea")).to_have_value(FOLLOW_UP)
    expect(page.locator("#dl-chat .dl-question")).to_have_text([QUESTION])
    assert server.assistant.asked[-1][1][0][0] == QUESTION


@pytest.mark.parametrize("question", ["why " * 2500, "\u0000 \u202e ?", "\U0001f6a2" * 30, "'\" OR 1=1 --"])
def test_odd_questions_never_disable_the_box(server: Server, pages: Watched, question: str) -> None:
    page = pages.chat(server.base)
    ask(page, question)
    expect(page.locator("#dl-box textarea")).to_be_editable()
    expect(ask(page, QUESTION, answers=2)).to_have_class("dl-box dl-answered")


def test_an_unexpected_error_is_told_in_words(
    server: Server, pages: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    page = pages.chat(server.base)
    with monkeypatch.context() as patch:
        patch.setattr(server.assistant, "ask", broken, raising=False)
        problem = ask(page, QUESTION)
        expect(problem).to_contain_text("Something went wrong")
        expect(problem).not_to_contain_text("secret")
    expect(ask(page, QUESTION, answers=2)).to_have_class("dl-box dl-answered")


def test_two_tabs_do_not_mix(server: Server, pages: Watched) -> None:
    one, other = pages.chat(server.base), pages.chat(server.base)
    ask(one, QUESTION)
    expect(ask(other, UNANSWERED)).to_have_class("dl-box dl-silence")
    expect(other.locator("#dl-chat")).not_to_contain_text(QUESTION)
    ask(one, FOLLOW_UP, answers=2)
    assert [turn[0] for turn in server.assistant.asked[-1][1]] == [QUESTION]
    expect(other.locator("#dl-chat .dl-question")).to_have_count(1)


def test_phone(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base, **PHONE)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    answer = ask(page, QUESTION)
    assert page.evaluate(fits)
    answer.locator("a.dl-cite").first.click()
    mark = page.locator("#dl-evidence mark")
    expect(mark).to_be_visible()
    assert mark.evaluate(IN_VIEW)
    assert page.evaluate(fits)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#dl-evidence")).to_be_hidden()
    assert page.locator("#dl-box textarea").evaluate(IN_VIEW)


CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const f = (v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const under = (node) => {
    for (; node; node = node.parentElement) {
      const c = rgb(getComputedStyle(node).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.checkVisibility() || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(node.tagName)) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(rgb(style.color)), light(under(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push([node.tagName, node.className, node.textContent.slice(0, 40), ratio]);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_system_and_can_be_read(
    server: Server, pages: Watched, scheme: str
) -> None:
    page = pages.chat(server.base, color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []
    ask(page, UNANSWERED)
    ask(page, QUESTION, answers=2).locator("a.dl-cite").first.click()
    expect(page.locator("#dl-evidence mark")).to_be_visible()
    page.mouse.move(0, 0)
    assert page.evaluate(CONTRAST) == []
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]")
    assert (int(shade) < 128) == (scheme == "dark")


def test_every_control_has_a_name(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    ask(page, QUESTION).locator("a.dl-cite").first.click()
    expect(page.locator("#dl-evidence mark")).to_be_visible()
    nameless = page.evaluate("""() => [...document.querySelectorAll("a, button, textarea, input")]
        .filter((n) => n.checkVisibility())
        .filter((n) => !(n.getAttribute("aria-label") || n.textContent.trim() || (n.labels || []).length))
        .map((n) => n.outerHTML)""")
    assert nameless == []
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    for node in page.locator("#dl-chat [aria-label]").all():
        assert "<" not in (node.get_attribute("aria-label") or "")


def test_header_says_what_this_is(server: Server, pages: Watched) -> None:
    page = pages.chat(server.base)
    header = page.locator("#dl-header")
    expect(header).to_contain_text("1 article")
    expect(header).to_contain_text("quotes: answers in the articles' own sentences")
    expect(page.locator("footer")).to_be_hidden()
