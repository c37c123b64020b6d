"""`baseline.json`, what CI holds a change against, and the tables that are generated from it.

The tables stand between markers in README.md and docs/evaluation.md; a test compares them. Knows the
scores of a run, not how they came about.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.settings import ROOT

from .folder import read_json, read_scores, write_whole
from .metric_list import METRICS
from .report import shown

BASELINE = Path(__file__).parent / "baseline.json"
_BEGIN, _END = "<!-- {}:begin (python -m evaluation scores-table) -->", "<!-- {}:end -->"
_SHORT = ("answer_in_first_quote", "answer_in_three_quotes", "decline_recall", "false_refusals",
          "verdict_right_if_given", "verdict_given", "hit@1", "ndcg@10", "verbatim")  # fmt: skip
_TIMES = ("latency_p50", "latency_p95")


def write(run: Path, path: Path = BASELINE) -> None:
    """Make a run the baseline. Times are left out: they are the machine's, not the change's.

    Raises:
        UsageError: it is no finished run, or questions ended in an error.
    """
    scores = read_scores(run)
    counts = scores["summary"]["counts"]
    if counts["errors"] or counts["incomplete"]:
        raise UsageError(f"{run} has errors or incomplete answers; a baseline must have none.")
    about = read_json(run / "run.json")
    for name in _TIMES:
        scores["summary"]["metrics"].pop(name, None)
    for row in scores["questions"]:
        row["marks"].pop("milliseconds", None)
    kept = {
        "about": {
            "started": about["started"],
            "gold": about["gold"],
            "corpus": about["corpus"]["fingerprint"],
        },
        "summary": scores["summary"],
    }
    head = json.dumps(kept, indent=1, ensure_ascii=False)[:-2]
    # A line a question, so that a diff shows which changed.
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in scores["questions"])
    write_whole(path, f'{head},\n "questions": [\n{rows}\n ]\n}}\n')


def tables(baseline: dict[str, Any]) -> dict[Path, dict[str, str]]:
    """By file, what stands between the markers of each name."""
    return {
        ROOT / "README.md": {"scores": _table(baseline, _SHORT, intervals=False)},
        ROOT / "docs" / "evaluation.md": {
            "scores": _table(baseline, tuple(METRICS), intervals=True),
            "metrics": metrics_table(),
        },
    }


def update_tables(path: Path = BASELINE, *, only_check: bool = False) -> list[Path]:
    """Renew the tables; the files that were (or would have to be) changed. Files without markers are left.

    Raises:
        UsageError: there is no baseline.
    """
    changed = []
    for file, parts in tables(read_json(path)).items():
        if not file.exists():
            continue
        before = file.read_text(encoding="utf-8")
        after = before
        for name, content in parts.items():
            after = _replaced(after, name, content)
        if after != before:
            changed.append(file)
            if not only_check:
                write_whole(file, after)
    return changed


def metrics_table() -> str:
    """What each metric says, as Markdown."""
    lines = ["| Metric | Name | Better | What it says |", "| --- | --- | --- | --- |"]
    for name, metric in METRICS.items():
        better = {1: "higher", -1: "lower", 0: "–"}[metric.better]
        lines.append(f"| {metric.label} | `{name}` | {better} | {metric.about} |")
    return "\n".join(lines)


def _table(baseline: dict[str, Any], names: tuple[str, ...], *, intervals: bool) -> str:
    sets, metrics = baseline["summary"]["sets"], baseline["summary"]["metrics"]
    counts = baseline["summary"]["counts"]
    columns = list(sets) if len(sets) > 1 else []
    heads = [f"All ({counts['questions']})", *(f"{name} ({sets[name]['questions']})" for name in columns)]
    lines = ["| | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(heads)]
    for name in names:
        estimate = metrics.get(name)
        if estimate and estimate["value"] is not None:
            cells = [_cell(estimate, name, intervals), *(_of_set(sets[c], name) for c in columns)]
            lines.append(f"| {METRICS[name].label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _of_set(group: dict[str, Any], name: str) -> str:
    return shown(group[name]["value"], name) if name in group else ""


def _cell(estimate: dict[str, Any], name: str, intervals: bool) -> str:
    value = shown(estimate["value"], name)
    if not intervals or estimate["low"] is None or estimate["low"] == estimate["high"]:
        return value
    return f"{value} ({shown(estimate['low'], name)} to {shown(estimate['high'], name)})"


def _replaced(text: str, name: str, content: str) -> str:
    begin, end = _BEGIN.format(name), _END.format(name)
    if begin not in text or end not in text:
        return text
    head, rest = text.split(begin, 1)
    return f"{head}{begin}\n{content}\n{end}{rest.split(end, 1)[1]}"
