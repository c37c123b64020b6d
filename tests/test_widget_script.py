"""The widget's script as it is served: small, cacheable, without what a strict policy forbids."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.web_serving import ROOT, build, served
from web.widget import PARTS, WIDGET, widget_script

LARGEST = 20_000
"""Bytes, compressed: what a reader's phone has to fetch."""


def node(script: str) -> str:
    """What the script prints, run by node."""
    found = shutil.which("node")
    if found is None:
        assert not os.environ.get("CI"), "in CI nothing is skipped: .ci/run installs node"
        pytest.skip("no node to run the script with")
    return subprocess.run([found, "-e", script], capture_output=True, text=True, check=True).stdout


def test_it_is_small() -> None:
    assert len(gzip.compress(widget_script().encode(), 9)) < LARGEST


def test_every_part_is_served() -> None:
    assert sorted(PARTS) == sorted(path.name for path in WIDGET.glob("*.js"))


def test_it_uses_nothing_that_makes_markup_or_code_of_text() -> None:
    for forbidden in (
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc",
        "DOMParser", "createContextualFragment", "document.cookie", "localStorage", "import(", "setHTMLUnsafe",
    ):  # fmt: skip
        assert forbidden not in widget_script(), forbidden


def test_it_names_no_other_host() -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", widget_script()))
    assert hosts == {"www.w3.org"}  # the name of SVG's namespace; nothing is fetched from it


def test_every_language_has_every_word() -> None:
    source = (WIDGET / "strings.js").read_text(encoding="utf-8")
    tables = json.loads(node(f"{source}; console.log(JSON.stringify(STRINGS))"))
    assert set(tables) == {"en", "de", "fr", "es", "ar"}
    for name, table in tables.items():
        assert set(table) == set(tables["en"]), name
        for key, words in table.items():
            assert set(re.findall(r"\{\w\}", words)) == set(re.findall(r"\{\w\}", tables["en"][key])), (
                name,
                key,
            )


DATES = {
    "en": ["August 17, 2016", "August 2016", "2016", "August 8 – 14, 2016", "undated", "soon", "2016-13-40"],
    "de": [
        "17. August 2016",
        "August 2016",
        "2016",
        "8.–14. August 2016",
        "ohne Datum",
        "soon",
        "2016-13-40",
    ],
}


@pytest.mark.parametrize("language", DATES)
def test_dates_follow_the_language(language: str) -> None:
    dates = ["2016-08-17", "2016-08", "2016", "2016-08-08/2016-08-14", None, "soon", "2016-13-40"]
    source = (WIDGET / "strings.js").read_text(encoding="utf-8")
    written = "{}; const words = wordsOf({}); console.log(JSON.stringify({}.map(words.date)))"
    script = written.format(source, json.dumps(language), json.dumps(dates))
    assert [" ".join(date.split()) for date in json.loads(node(script))] == DATES[language]


def test_it_is_served_compressed_and_cached(tmp_path: Path) -> None:
    build(tmp_path / "data", ROOT / "seeds")
    with served(tmp_path / "data") as (base, _), httpx.Client(base_url=base) as client:
        full = client.get("/widget.js")
        assert full.headers["content-encoding"] == "gzip"
        assert full.text == widget_script()
        assert full.headers["access-control-allow-origin"] == "*"
        assert "Accept-Encoding" in full.headers["vary"]
        again = client.get("/widget.js", headers={"If-None-Match": full.headers["etag"]})
        assert again.status_code == 304
        plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
        assert plain.text == widget_script()
