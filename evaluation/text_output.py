"""Summaries and comparisons as text for a terminal. Knows no files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .metric_list import METRICS
from .report import sections, shown

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MOST_QUESTIONS = 15


def plain(text: str) -> str:
    """The text without what a terminal would obey: gold and articles may hold anything."""
    return _CONTROLS.sub("", text).encode("utf-8", "replace").decode()


def summary_text(summary: dict[str, Any], path: Path) -> str:
    """All scores with their intervals."""
    counts = summary["counts"]
    lines = [", ".join(f"{count} {name}" for name, count in counts.items())]
    for section, rows in sections(summary["metrics"]).items():
        lines += ["", section]
        for row in rows:
            name = row["metric"].name
            value = shown(row["value"], name)
            lines.append(
                f"  {row['metric'].label:<40} {value:>8}  {_interval(row, name):<18}  {name}".rstrip()
            )
    return "\n".join([*lines, "", f"Report: {path / 'report.html'}"])


def comparison_text(found: dict[str, Any]) -> str:
    """The differences, and the questions that got better or worse."""
    lines = [f"{found['shared']} questions in both (A: {found['names'][0]}, B: {found['names'][1]})"]
    lines += [f"Note: {note}" for note in found["notes"]]
    lines += ["", f"  {'':<40} {'A':>8} {'B':>8} {'B - A':>8}  {'95% interval':<20} {'p':>6}"]
    for name, row in found["metrics"].items():
        if row["difference"] is not None:
            lines.append(_difference_line(name, row))
    lines += ["", "* unlikely to be chance: p below 0.05 after correcting for how many metrics are compared"]
    for title, key in (("Got worse", "worse"), ("Got better", "better")):
        questions = found[key]
        if questions:
            lines += ["", f"{title}: {len(questions)}"]
            for question in questions[:_MOST_QUESTIONS]:
                lines.append(f"  {question['id']}: {question['question'][:90]}")
                lines.append(f"      A: {question['a']}; B: {question['b']}")
            if len(questions) > _MOST_QUESTIONS:
                lines.append(f"  … and {len(questions) - _MOST_QUESTIONS} more; --html FILE shows all")
    return plain("\n".join(lines))


def _difference_line(name: str, row: dict[str, Any]) -> str:
    metric = METRICS[name]
    interval = f"{signed(row['low'], name)} to {signed(row['high'], name)}" if row["low"] is not None else ""
    star = "*" if row["q"] is not None and row["q"] < 0.05 else ""
    p = "" if row["p"] is None else f"{row['p']:.3f}{star}"
    change = signed(row["difference"], name)
    verdict = {1: "better", -1: "worse", 0: ""}[row["direction"]] if row["difference"] else ""
    return (
        f"  {metric.label:<40} {shown(row['a'], name):>8} {shown(row['b'], name):>8} {change:>8}  "
        f"{interval:<20} {p:>6}  {verdict}"
    ).rstrip()


def signed(value: float, name: str) -> str:
    """A difference with its sign."""
    text = shown(value, name).removesuffix("%")
    return text if text.startswith("-") else f"+{text}"


def _interval(row: dict[str, Any], name: str) -> str:
    if row["low"] is None or row["low"] == row["high"]:
        return ""
    return f"{shown(row['low'], name)} to {shown(row['high'], name)}"
