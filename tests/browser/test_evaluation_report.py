"""The report in a real browser: hostile text stays text, filters work, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from evaluation import problems, report
from evaluation.gold import GoldPassage, GoldQuestion
from evaluation.marks import mark_all
from evaluation.outcome import Outcome, QuoteCheck
from evaluation.summary import summarise

EVIL = (
    "<script>document.title='owned'</script>"
    "<img src=http://evil.example/x onerror=\"document.title='owned'\">"
    "</textarea></style></script><svg onload=\"document.title='owned'\">{{ 7*7 }} $x^{$ \u202e 北京"
)


def answer(text: str, **fields: Any) -> dict[str, Any]:
    citation = {"n": 1, "article_id": text, "title": text, "source": text, "published": "2024-01-01",
                "quote": text, "start": 0, "end": 1, "speaker": text}  # fmt: skip
    return {
        "status": "answered", "reason": None, "verdict": None, "confidence": 0.9, "text": text,
        "standalone_question": text, "claims": [], "citations": [citation],
        "related": [{"article_id": text, "title": text, "quote": text}], **fields,
    }  # fmt: skip


def cases() -> tuple[list[GoldQuestion], list[Outcome]]:
    questions = [
        GoldQuestion("evil", EVIL, EVIL, True, EVIL, history=((EVIL, EVIL),), answers=(EVIL,),
                     must_cite=(EVIL,), gold_article_ids=(EVIL,), gold_passages=(GoldPassage(EVIL, EVIL),),
                     set_name=EVIL),
        GoldQuestion("fine", "When did it rain?", "span", True, "span", answers=("Monday",), set_name="s"),
        GoldQuestion("bad", "Who sang?", "unanswerable", False, "unanswerable", set_name="s"),
        GoldQuestion("broken", "What broke?", "span", True, "span", answers=("it",), set_name="s"),
    ]  # fmt: skip
    check = (QuoteCheck(True, EVIL, EVIL),)
    outcomes = [
        Outcome("evil", "", answer(EVIL), (EVIL,), check, None, 9, {"correct_reason": EVIL}),
        Outcome("fine", "", answer("It rained on Monday."), ("a",), check, None, 9),
        Outcome("bad", "", answer("She sang.", confidence=0.8), ("a",), check, None, 9),
        Outcome("broken", "", error=EVIL),
    ]
    return questions, outcomes


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    questions, outcomes = cases()
    marks = mark_all(questions, outcomes)
    run = {
        "started": "2024-01-01T00:00",
        "corpus": {"articles": 1, "sources": [EVIL]},
        "settings": {EVIL: EVIL},
    }
    html = report.render(run, summarise(questions, marks, resamples=20), questions, outcomes, marks)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, page_file: Path) -> Iterator[Page]:
    opened = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(page_file.as_uri())
    yield opened
    assert asked == [page_file.as_uri()]
    assert complaints == []
    opened.close()


def test_hostile_text_stays_text(page: Page) -> None:
    for card in page.locator("details.question").all():
        card.locator("summary").click()
    assert page.title().startswith("Dateline evaluation")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert "document.title='owned'" in page.locator("details.question[data-group*=script]").inner_text()
    assert "49" not in page.locator("details.question[data-group*=script] .asked").inner_text()


def test_the_policy_would_stop_a_script_that_got_in(page: Page, page_file: Path, browser: Browser) -> None:
    html = page_file.read_text(encoding="utf-8").replace(
        "</main>", "<script>document.title='owned'</script></main>"
    )
    forged = page_file.with_name("forged.html")
    forged.write_text(html, encoding="utf-8")
    opened = browser.new_page()
    opened.goto(forged.as_uri())
    assert opened.title().startswith("Dateline evaluation")
    opened.close()


def test_worst_first_and_filters(page: Page) -> None:
    labels = page.locator(".label").all_inner_texts()
    assert labels[0] == "error"
    assert labels[-1] == "right"
    page.get_by_label("What went wrong").select_option("answered, has no answer")
    assert page.locator("details.question:visible .asked").all_inner_texts() == ["Who sang?"]
    assert page.locator("#shown").inner_text() == "1 of 4 questions"
    page.get_by_label("What went wrong").select_option("")
    page.get_by_label("With these words").fill("RAINED on")
    assert page.locator("details.question:visible .asked").all_inner_texts() == ["When did it rain?"]


def test_quotes_are_marked_in_their_context(page: Page) -> None:
    card = page.locator("details.question", has_text="When did it rain?")
    card.locator("summary").click()
    assert card.locator("mark").inner_text() == "It rained on Monday."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_it_fits_the_window_and_can_be_read(
    browser: Browser, page_file: Path, width: int, scheme: Any
) -> None:
    opened = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened.goto(page_file.as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    colours = opened.evaluate(
        "[...document.querySelectorAll('body, .label.good, .label.bad, figure svg text')].map(e => "
        "getComputedStyle(e)[e.tagName == 'text' ? 'fill' : 'color'])"
    )
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert all(_contrast(colour, ground) >= 4.5 for colour in colours)
    opened.close()


def _contrast(one: str, other: str) -> float:
    """WCAG 2's contrast of two CSS rgb() colours."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_what_went_wrong_is_said() -> None:
    question = GoldQuestion("q", "Who?", "span", True, "span", answers=("she",), gold_article_ids=("b",))
    quotes = (QuoteCheck(True),)
    missed = Outcome("q", "", answer("He did.", citations=[{"n": 1, "article_id": "a", "quote": "He did."}]),
                     ("a", "b"), quotes, None, 1)  # fmt: skip
    declined = Outcome(
        "q", "", answer("", status="not_in_corpus", citations=[], confidence=0.3), ("a",), (), None, 1
    )
    altered = Outcome("q", "", missed.answer, ("a",), (QuoteCheck(False),), None, 1)
    outcomes = [missed, declined, altered]
    marks = mark_all([question] * 3, outcomes)
    found = [problems.find(question, o, m) for o, m in zip(outcomes, marks, strict=True)]
    assert [one.label for one in found] == ["wrong", "declined, has an answer", "quote altered"]
    assert "A gold article was found, at rank 2." in found[0].reasons
    assert "No gold article was among those found." in found[1].reasons
    assert found[2].severity > found[0].severity > found[1].severity
