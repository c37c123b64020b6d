"""The page that says what is indexed: figures, a plot that no policy stops, and what failed."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from index.settings import ROOT
from tests.web_serving import served
from web.timeline import bars, svg

HOSTILE = '<script>alert(1)</script>"&'


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("status")
    records = [
        {"id": f"a{n}", "text": f"Story {n}.", "source": "Nordic Wire", "published": f"2024-0{n}-01"}
        for n in (1, 2, 5)
    ]
    records.append({"id": "x", "text": "Undated.", "source": HOSTILE})
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, records)) + "\nnot json\n", encoding="utf-8")
    (folder / f"{HOSTILE.replace('/', '')}.pdf").write_bytes(b"no pdf")
    build_with_failures(folder / "data", folder)
    return folder / "data"


def build_with_failures(data: Path, folder: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "index", "build", "--data", str(data), str(folder)]
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 3


def test_the_page_says_what_is_indexed(data: Path) -> None:
    with served(data) as (base, _):
        response = httpx.get(f"{base}/status")
    page = response.text
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    for said in (
        "1 January 2024 to 1 May 2024",
        "all 4 passages",
        "Nordic Wire",
        "quotes, in the articles",
        "1 without",
    ):
        assert said in page, said
    assert page.count('<rect class="bar"') == 5, "a bar a month, empty ones too"
    assert "Jan 2024: 1 article" in page
    assert "news.jsonl, line 5" in page
    assert "is not valid JSON" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert str(data.parent) not in page, "where files lie on the server is no reader's business"
    assert ' style="' not in page, "the policy would refuse it"


def test_a_published_server_counts_failures_and_names_none(data: Path) -> None:
    with served(data, allowed_origins=("https://news.example",)) as (base, _):
        page = httpx.get(f"{base}/status").text
    assert "2 inputs could not be read" in page
    assert "news.jsonl" not in page


def test_without_the_chat_there_is_no_page(data: Path) -> None:
    with served(data, chat=False) as (base, _):
        assert httpx.get(f"{base}/status").status_code == 404


@pytest.mark.parametrize(
    ("days", "count", "first", "last"),
    [
        ([("2016-08-17", 2), ("2016-08-19", 1)], 3, "17 Aug 2016", "19 Aug 2016"),
        ([("2016-01-17", 2), ("2020-08-19", 1)], 56, "Jan 2016", "Aug 2020"),
        ([("1980-01-17", 2), ("2020-08-19", 1)], 41, "1980", "2020"),
        ([("1900-01-17", 2), ("2020-08-19", 1)], 13, "1900s", "2020s"),
        ([("9999-12-31", 3), ("no date", 1)], 1, "31 Dec 9999", "31 Dec 9999"),
    ],
)
def test_bars_of_fitting_width(days: list[tuple[str, int]], count: int, first: str, last: str) -> None:
    shown = bars(days)
    assert (len(shown), shown[0].label, shown[-1].label) == (count, first, last)
    assert sum(bar.count for bar in shown) == sum(n for day, n in days if day != "no date")
    assert svg(shown).count("<rect") == count


def test_nothing_to_plot() -> None:
    assert bars([]) == []
    assert svg([]) == ""
