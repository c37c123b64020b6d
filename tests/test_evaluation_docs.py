"""What the documents say is what the code and the baseline say."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from evaluation import baseline
from evaluation.cli import _parser, main
from evaluation.folder import read_json
from evaluation.gold import GoldRow, read_gold
from evaluation.metric_list import METRICS
from index.errors import UsageError
from index.settings import ROOT

DOCS = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_baseline() -> None:
    assert baseline.update_tables(only_check=True) == []
    for name in ("scores", "metrics"):
        assert re.search(rf"<!-- {name}:begin .*-->\n\|", DOCS), name


def test_an_outdated_table_is_found_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    copy = tmp_path / "docs" / "evaluation.md"
    copy.write_text(DOCS.replace("| Hit@1 |", "| Hit at one |"), encoding="utf-8")
    monkeypatch.setattr(baseline, "ROOT", tmp_path)
    assert main(["scores-table", "--check"]) == 1
    assert "Hit at one" in copy.read_text(encoding="utf-8")
    assert main(["scores-table"]) == 0
    assert copy.read_text(encoding="utf-8") == DOCS
    assert main(["scores-table", "--check"]) == 0


def test_the_baseline_is_of_the_gold_as_it_stands() -> None:
    content = read_json(baseline.BASELINE)
    gold = read_gold([ROOT / path for path in ("evaluation/gold/seed.jsonl", "evaluation/gold/corpus.jsonl")])
    kept = {row["id"]: row["fingerprint"] for row in content["questions"]}
    assert kept == {question.id: question.fingerprint for question in gold}
    assert content["summary"]["metrics"]["verbatim"]["value"] == 1
    assert "latency_p50" not in content["summary"]["metrics"]


def test_a_run_with_errors_becomes_no_baseline(tmp_path: Path) -> None:
    scores = {"summary": {"counts": {"errors": 1, "incomplete": 0}}, "questions": []}
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    with pytest.raises(UsageError, match="errors"):
        baseline.write(tmp_path, tmp_path / "baseline.json")
    assert not (tmp_path / "baseline.json").exists()
    shutil.rmtree(tmp_path)


def test_every_option_command_metric_and_field_is_explained() -> None:
    parser = _parser()
    options = {option for action in parser._actions for option in action.option_strings}
    for option in options - {"-h", "--help", "--debug"}:
        assert f"`{option}" in DOCS, option
    [commands] = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    for command in commands:
        assert f"python -m evaluation {command}" in DOCS, command
    for name in METRICS:
        assert f"| `{name}` |" in DOCS, name
    for field in GoldRow.model_fields.keys() - {"draft"}:
        assert f"`{field}`" in DOCS, field
    assert '"draft": true' in DOCS
