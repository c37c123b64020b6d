"""docs/widget.md and docs/operations.md name what there is: attributes, settings, events, routes, limits."""

from __future__ import annotations

import re

import pytest

from index.settings import Settings
from tests.web_serving import ROOT
from web.contract import MAX_TURNS
from web.guard import MAX_BODY_BYTES
from web.streams import KEPT_SECONDS
from web.tickets import LONGEST_SECONDS, MIN_SECRET
from web.widget import PARTS, WIDGET, widget_script

DOCS = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("widget.md", "operations.md")}
GUIDE = DOCS["widget.md"]


def attributes_of_the_code() -> set[str]:
    source = "".join((WIDGET / part).read_text(encoding="utf-8") for part in PARTS)
    names = set(re.findall(r"\bdata\.(\w+)", source)) - {"error", "text"}  # those of an event's data
    return {"data-" + re.sub(r"[A-Z]", lambda m: "-" + m[0].lower(), name) for name in names}


def test_the_table_has_every_attribute_that_the_code_reads() -> None:
    table = GUIDE.split("## Settings of the tag")[1].split("\nAs part of a page")[0]
    rows = re.findall(r"^\| (`data-.*?) \|", table, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"data-[\w-]+", row)} == attributes_of_the_code()


def test_the_recipes_use_attributes_that_there_are() -> None:
    used = set(re.findall(r"\b(data-[a-z-]+)", GUIDE + (WIDGET / "demo.html").read_text(encoding="utf-8")))
    assert used - {"data-dateline"} <= attributes_of_the_code()  # the mark by which React knows its script
    (dataset,) = re.findall(r"Object\.assign\(script\.dataset, \{(.*?)\}\)", GUIDE)
    given = {f"data-{name}" for name in re.findall(r"(\w+):", dataset)}
    assert given - {"data-dateline"} <= attributes_of_the_code()


@pytest.mark.parametrize("name", DOCS)
def test_settings_that_are_named_exist(name: str) -> None:
    known = {f"DATELINE_{field.upper()}" for field in Settings.model_fields}
    named = set(re.findall(r"DATELINE_[A-Z_]+[A-Z]", DOCS[name]))
    assert named
    assert named <= known
    for file in ("Dockerfile", "compose.yaml"):
        found = set(re.findall(r"DATELINE_[A-Z_]+[A-Z]", (ROOT / file).read_text(encoding="utf-8")))
        assert found <= known, file


def test_events_and_functions_that_are_named_exist() -> None:
    script = widget_script()
    for event in re.findall(r"dateline:(\w+)", GUIDE):
        assert f'emit("{event}"' in script, event
    for function in re.findall(r"Dateline\.(\w+)\(", GUIDE):
        assert re.search(rf"^\s+{function}: \(", script, re.MULTILINE), function


def test_figures_are_those_of_the_code() -> None:
    assert f"a request of {MAX_BODY_BYTES // 10**6} MB" in GUIDE
    assert f"{MAX_TURNS} turns of history" in GUIDE
    assert f"{MIN_SECRET} characters or more" in GUIDE
    assert f"valid for {LONGEST_SECONDS // 60} minutes" in GUIDE
    assert (KEPT_SECONDS, "within two minutes" in GUIDE) == (120, True)


def test_the_containers_copy_all_that_the_server_needs() -> None:
    copied = set(
        re.findall(r"^COPY (?!--)(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line[0] == "!"
    }
    assert copied == kept == {"app.py", "index", "prompts", "seeds", "web", "widget", "requirements.lock"}
