"""The widget in a publisher's page: another origin, a strict policy, third-party cookies blocked.

Each test ends with: nothing was asked of a third host, the browser complained of nothing, no cookie was set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from index.records import AnswerReady, Copy, Event
from tests.browser.pages import Server
from tests.browser.widget_pages import PHONE, Publisher, Visits, ask, open_panel, violations
from tests.web_serving import HOSTILE_QUESTION, PAYLOADS

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
FOLLOW_UP = "And under what conditions?"
UNANSWERED = "Did Turkey permit overflight?"
ACTIVE = """() => { let a = document.activeElement; while (a.shadowRoot?.activeElement) a = a.shadowRoot.activeElement;
  return a.className || a.tagName; }"""


def quote_of(page: Page, server: Server, card: Locator) -> tuple[str, str]:
    """The quote that a card shows, and the same words cut from the article at the address it gives."""
    href = card.locator(".ways a").first.get_attribute("href") or ""
    path, _, query = href.removeprefix(server.base).partition("?")
    start, end = (int(part.split("=")[1]) for part in query.split("&"))
    article = page.request.get(f"{server.base}/api{path}").json()
    return card.locator("blockquote").evaluate("n => n.textContent"), article["text"][start:end]


def test_launcher_costs_the_page_nothing(visits: Visits) -> None:
    page = visits.visit("title=Ask our archive")
    launcher = page.locator("dateline-chat .launcher")
    expect(launcher).to_have_text("Ask our archive")
    assert page.evaluate("document.querySelector('dateline-chat').shadowRoot.querySelector('.panel')") is None
    assert page.evaluate("getComputedStyle(document.getElementById('text')).color") == "rgb(1, 2, 3)"
    assert page.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 1
    assert launcher.evaluate("n => getComputedStyle(n).letterSpacing") == "normal"
    assert launcher.evaluate("n => getComputedStyle(n).fontSize") == "15px"
    added = page.evaluate(
        """() => { const frame = document.createElement("iframe"); document.body.append(frame);
        const mine = new Set(Object.getOwnPropertyNames(frame.contentWindow)); frame.remove();
        return Object.getOwnPropertyNames(window).filter((n) => !mine.has(n)); }"""
    )
    assert set(added) - {"heard", "0"} == {"Dateline"}


def test_asking_with_sources_and_follow_up(visits: Visits, site: tuple[Publisher, Server]) -> None:
    page = visits.visit()
    open_panel(page)
    turn = ask(page, QUESTION)
    expect(turn.locator(".answer")).to_contain_text("granted Russian Federation permission")
    turn.locator(".marker").first.click()
    card = turn.locator(".card:visible")
    expect(card).to_have_count(1)
    shown, cut = quote_of(page, site[1], card)
    assert shown == cut
    assert "granted Russian Federation permission" in shown
    expect(turn.locator(".source").first).to_contain_text("Russian Federation hits back")
    ask(page, FOLLOW_UP, answers=2)
    question, history = site[1].assistant.asked[-1]
    assert question == FOLLOW_UP
    assert [turn[0] for turn in history] == [QUESTION]
    heard = page.evaluate("window.heard")
    assert [name for name, _ in heard] == ["answer", "citation", "answer"]
    assert heard[0][1]["answer"]["status"] == "answered"
    assert heard[1][1]["citation"]["quote"] == shown


def test_a_reprint_is_named(
    visits: Visits, site: tuple[Publisher, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = site[1].assistant.ask

    def reprinted(*arguments: Any) -> Iterator[Event]:
        copy = Copy("other", "The <b>same</b> report", "Other Times", "2016-08-18", None)
        for event in asking(*arguments):
            if isinstance(event, AnswerReady):
                cited = tuple(replace(c, also_in=(copy,)) for c in event.answer.citations)
                yield AnswerReady(replace(event.answer, citations=cited))
            else:
                yield event

    monkeypatch.setattr(site[1].assistant, "ask", reprinted)
    page = visits.visit()
    open_panel(page)
    turn = ask(page, QUESTION)
    turn.locator(".marker").first.click()
    expect(turn.locator(".card:visible .note")).to_have_text("Also in: The <b>same</b> report, Other Times")


def test_read_in_the_article_leads_to_the_place(visits: Visits) -> None:
    page = visits.visit()
    open_panel(page)
    turn = ask(page, QUESTION)
    turn.locator(".source").first.click()
    quote = turn.locator(".card blockquote").first.evaluate("n => n.textContent")
    with page.context.expect_page() as opened:
        turn.locator(".card .ways a").first.click()
    article = opened.value
    assert article.locator("mark#passage").evaluate("n => n.textContent") == quote
    assert article.evaluate("window.opener") is None


def test_a_refusal_shows_related_passages(visits: Visits) -> None:
    page = visits.visit("lang=de")
    open_panel(page)
    turn = ask(page, UNANSWERED)
    expect(turn.locator(".marker, .sources")).to_have_count(0)
    expect(turn.locator(".answer > p").first).to_contain_text("Die Artikel sagen dazu nichts")
    expect(turn.locator(".related h4")).to_have_text("Verwandt, kein Beleg")
    assert turn.locator(".related").evaluate("n => getComputedStyle(n).borderStyle") == "dashed"


def test_examples_and_new_conversation(visits: Visits) -> None:
    page = visits.visit(f"examples={QUESTION}|{UNANSWERED}")
    open_panel(page)
    expect(page.locator(".example")).to_have_text([QUESTION, UNANSWERED])
    page.locator(".example").first.click()
    expect(page.locator(".actions")).to_have_count(1)
    assert page.evaluate(ACTIVE) == "TEXTAREA"
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".example")).to_have_count(2)


def test_stop_keeps_what_was_read(visits: Visits, site: tuple[Publisher, Server]) -> None:
    page = visits.visit()
    open_panel(page)
    site[1].assistant.gate.clear()
    page.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".stream")).to_contain_text("granted")
    assert (
        "[1]" not in page.locator(".stream").inner_text()
    )  # nothing is shown as supported before it is checked
    expect(page.locator("[role=log] p").last).to_contain_text("granted")  # a screen reader hears it meanwhile
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn .note")).to_have_text("Stopped.")
    expect(page.locator(".stream")).to_contain_text("granted")
    site[1].assistant.gate.set()
    ask(page, UNANSWERED)
    assert site[1].assistant.asked[-1][1] == []  # half an answer is no history


def test_a_broken_connection_is_taken_up_again(visits: Visits, site: tuple[Publisher, Server]) -> None:
    visits.expected = ("ERR_",)
    page = visits.visit()
    seen: list[str | None] = []

    def cut_first(route: Any) -> None:
        seen.append(route.request.headers.get("last-event-id"))
        if len(seen) > 1:
            route.continue_()
            return
        response = route.fetch()
        text = response.text()
        route.fulfill(response=response, body=text[: text.index("event: answer")])

    page.route("**/api/ask", cut_first)
    open_panel(page)
    turn = ask(page, QUESTION)
    assert seen[0] is None
    assert seen[1]
    assert len(seen) == 2
    expect(turn.locator(".marker").first).to_be_visible()
    asked = [question for question, _ in site[1].assistant.asked]
    assert asked.count(QUESTION) >= 1


def test_errors_are_told_and_can_be_retried(visits: Visits) -> None:
    visits.expected = ("Failed to load resource",)
    page = visits.visit()
    answers = [
        lambda route: route.fulfill(
            status=429,
            headers={
                "Retry-After": "7",
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Expose-Headers": "*",
            },
            body='{"error": {"code": "rate_limited", "message": "x"}}',
        ),
        lambda route: route.abort(),
        lambda route: route.fulfill(status=500, headers={"Access-Control-Allow-Origin": "*"}, body="<html>"),
    ]
    page.route("**/api/ask", lambda route: answers.pop(0)(route) if answers else route.continue_())
    open_panel(page)
    page.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    for told in ("try again in 7 s", "cannot be reached", "Something went wrong"):
        expect(page.locator(".turn .note.warn")).to_contain_text(told)
        assert violations(page) == []
        page.get_by_role("button", name="Try again").click()
    expect(page.locator(".actions")).to_have_count(1)
    expect(page.locator(".turn")).to_have_count(1)


def test_thumbs_and_copy(visits: Visits, site: tuple[Publisher, Server]) -> None:
    page = visits.visit(permissions=["clipboard-read", "clipboard-write"])
    open_panel(page)
    turn = ask(page, QUESTION)
    bad = turn.get_by_role("button", name="Bad answer")
    bad.click()
    expect(turn.get_by_role("status")).to_have_text("Thank you.")
    assert bad.get_attribute("aria-pressed") == "true"
    assert [row["rating"] for row in site[1].feedback()] == ["down"]
    assert page.evaluate("window.heard.at(-1)[0]") == "feedback"
    good = turn.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    assert bad.get_attribute("aria-pressed") == "false"
    assert [row["rating"] for row in site[1].feedback()] == ["up"]  # a changed mind is one opinion, not two
    turn.get_by_role("button", name="Copy answer with sources").click()
    expect(turn.get_by_role("status")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(QUESTION)
    assert "[1] Russian Federation hits back" in text
    assert f"{site[1].base}/articles/" in text


def test_keyboard_alone(visits: Visits) -> None:
    page = visits.visit(f"examples={QUESTION}")
    launcher = page.locator(".launcher")
    expect(launcher).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate(ACTIVE) == "launcher":
            break
    page.keyboard.press("Enter")
    assert page.evaluate(ACTIVE) == "TEXTAREA"
    seen = set()
    for _ in range(20):  # round and round inside the panel, never out into the page
        page.keyboard.press("Tab")
        seen.add(page.evaluate(ACTIVE))
    assert seen == {"TEXTAREA", "send", "tool", "log", "grip", "example"}
    while page.evaluate(ACTIVE) != "TEXTAREA":
        page.keyboard.press("Shift+Tab")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".actions")).to_be_visible()
    while page.evaluate(ACTIVE) != "marker":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(ACTIVE) == "card"
    page.keyboard.press("Escape")
    expect(page.locator(".card:visible")).to_have_count(0)
    assert page.evaluate(ACTIVE) == "marker"
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    assert page.evaluate(ACTIVE) == "launcher"


def test_size_by_dragging_keys_and_click(visits: Visits) -> None:
    page = visits.visit()
    panel = open_panel(page)
    grip = page.locator(".grip")

    def width() -> float:
        box = panel.bounding_box()
        assert box
        return box["width"]

    assert width() == 400
    grip.press("ArrowLeft")
    assert width() == 424
    box = grip.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] - 95, box["y"] + 5, steps=3)
    page.mouse.up()
    assert width() == 524
    grip.click()
    assert width() == 400


def test_script_interface(visits: Visits) -> None:
    page = visits.visit()
    expect(page.locator(".launcher")).to_be_visible()
    page.locator("#own").click()
    expect(page.locator("textarea")).to_have_value("From the page's own button")
    expect(page.locator(".turn")).to_have_count(0)
    page.evaluate("Dateline.close()")
    expect(page.locator(".panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "own"
    answer = page.evaluate("question => Dateline.ask(question)", QUESTION)
    assert answer["status"] == "answered"
    submitted = page.evaluate("q => Dateline.open({question: q, submit: true})", UNANSWERED)
    assert submitted["status"] == "not_in_corpus"


def test_inline_without_launcher(visits: Visits) -> None:
    page = visits.visit("inline=1&launcher=none")
    expect(page.locator("dateline-chat")).to_have_count(1)
    expect(page.locator(".launcher, .grip")).to_have_count(0)
    ask(page, QUESTION)
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("kept", [True, False])
def test_the_conversation_is_kept_only_if_asked(visits: Visits, kept: bool) -> None:
    page = visits.visit("store=session" if kept else "")
    open_panel(page)
    ask(page, QUESTION)
    page.reload()
    open_panel(page)
    expect(page.locator(".turn")).to_have_count(1 if kept else 0)
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("sessionStorage.length") == (1 if kept else 0)


def test_a_language_of_the_sites_own(visits: Visits) -> None:
    script = 'window.Dateline = { strings: { pt: { send: "Perguntar", title: "Arquivo" } } };'
    visits.publisher.extra["/before.js"] = ("text/javascript", script)
    page = visits.visit("lang=pt&before=1")
    open_panel(page)
    expect(page.get_by_role("button", name="Perguntar")).to_be_visible()
    expect(page.get_by_role("heading", name="Arquivo")).to_be_visible()


def test_hostile_article_stays_text(visits: Visits) -> None:
    page = visits.visit()
    open_panel(page)
    turn = ask(page, HOSTILE_QUESTION)
    for marker in turn.locator(".marker").all():
        marker.click()
    expect(turn.locator(".card", has_text=PAYLOADS[0])).to_be_visible()
    tags = turn.evaluate("node => [...node.querySelectorAll('*')].map((n) => n.tagName.toLowerCase())")
    known = {"h3", "h4", "span", "div", "p", "button", "ol", "li", "b", "blockquote", "a", "svg", "path"}
    assert set(tags) <= known
    assert page.evaluate("window.hacked") is None
    links = turn.locator("a").evaluate_all("nodes => nodes.map((n) => n.href)")
    assert all(link.startswith(site_origin(page, links)) for link in links)


def site_origin(page: Page, links: list[str]) -> str:
    assert links
    return str(page.evaluate("document.querySelector('script[src*=\"widget.js\"]').src")).removesuffix(
        "widget.js"
    )


def test_the_demo_page(visits: Visits, site: tuple[Publisher, Server]) -> None:
    page = visits.visit()
    page.goto(f"{site[1].base}/widget/demo.html")
    expect(page.locator(".launcher")).to_be_visible()
    expect(page.locator("dateline-chat[inline] .panel")).to_be_visible()
    assert violations(page) == []
    page.locator(".launcher").click()
    page.locator("[role=dialog] textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("[role=dialog] .marker").first).to_be_visible()


DRAWING = {
    "", "TAG", "start", "draw", "<instance_members_initializer>", "connectedCallback", "settingsOf", "wordsOf", "list",
    "h", "accentProperties", "parseColour", "luminance", "contrast", "readable", "css", "#launcher", "fill", "icon",
}  # fmt: skip
"""Functions that draw the launcher."""


def test_before_a_click_nothing_runs_but_what_draws_the_launcher(visits: Visits) -> None:
    """So what a page pays does not grow with the panel; benchmarks/widget.py says what it is in milliseconds."""
    page = visits.visit()
    session = page.context.new_cdp_session(page)
    session.send("Profiler.enable")
    session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
    page.goto(f"{visits.publisher.origin}/?lang=de&accent=%230a5&examples=a|b&store=session")
    expect(page.locator(".launcher")).to_be_visible()

    def ran() -> set[str]:
        scripts = session.send("Profiler.takePreciseCoverage")["result"]
        (widget,) = (script for script in scripts if script["url"].endswith("/widget.js"))
        return {f["functionName"] for f in widget["functions"] if any(r["count"] for r in f["ranges"])}

    assert ran() <= DRAWING
    asked = page.evaluate("performance.getEntriesByType('resource').map((e) => new URL(e.name).pathname)")
    assert sorted(asked) == ["/host.css", "/host.js", "/widget.js"]  # nothing is fetched before it is wanted
    open_panel(page)
    assert "#build" in ran()  # it is there, and it was seen


LOOKS = [
    ("accent=%230a5", {}),
    ("accent=gold&lang=fr", PHONE),
    ("accent=white&lang=ar&position=left", {"color_scheme": "dark"}),
    ("accent=%23111&lang=ar", {**PHONE, "color_scheme": "dark"}),
    ("accent=oklch(0.7 0.2 300)&lang=es&theme=dark", {"reduced_motion": "reduce"}),
    ("accent=nonsense&lang=de&theme=light", {"color_scheme": "dark"}),
]


@pytest.mark.parametrize(("query", "options"), LOOKS)
def test_axe_finds_nothing_in_any_state(
    visits: Visits, site: tuple[Publisher, Server], query: str, options: dict[str, Any]
) -> None:
    page = visits.visit(f"{query}&examples={QUESTION}", **options)
    expect(page.locator(".launcher")).to_be_visible()
    assert violations(page) == []
    panel = open_panel(page)
    if options.get("viewport"):
        assert panel.bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 740}
    assert violations(page) == []
    site[1].assistant.gate.clear()
    page.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".stream")).to_contain_text("granted")
    assert violations(page) == []
    site[1].assistant.gate.set()
    expect(page.locator(".actions")).to_have_count(1)
    page.locator(".marker").first.click()
    page.locator(".actions .tool").first.click()
    expect(page.locator(".actions .note")).not_to_be_empty()
    assert violations(page) == []
    ask(page, UNANSWERED, answers=2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") or not options.get("viewport")
