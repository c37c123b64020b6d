"""Two runs on the same questions: what differs, whether that is chance, and which questions changed. Pure.

Knows the scores of runs (`scores.json`, `baseline.json`), not their answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from index.errors import UsageError

from . import report
from .bootstrap import RESAMPLES, differences
from .marks import MARKS, VERDICTS
from .metric_list import METRICS
from .metrics import columns

Limits = dict[str, float]
"""By metric, how much worse it may become."""


def compare(
    a: dict[str, Any], b: dict[str, Any], *, names: tuple[str, str] = ("A", "B"), resamples: int = RESAMPLES
) -> dict[str, Any]:
    """{names, shared, notes, metrics, worse, better} of two runs' scores, ready for JSON.

    Only questions that both have, with the same gold, are compared. Questions that ended in an error in
    either run count in `errors` and `incomplete` alone.

    Raises:
        UsageError: the runs share no question.
    """
    before = {row["id"]: row for row in a["questions"]}
    after = {row["id"]: row for row in b["questions"]}
    shared = [i for i in before if i in after and before[i]["fingerprint"] == after[i]["fingerprint"]]
    if not shared:
        raise UsageError(f"{names[0]} and {names[1]} share no question, so they cannot be compared.")
    rows = [(before[i], after[i]) for i in shared]
    finished = [(x, y) for x, y in rows if x["marks"]["finished"] and y["marks"]["finished"]]
    metrics = _differences(rows, ("errors", "incomplete"), resamples)
    if finished:
        others = tuple(name for name in METRICS if name not in metrics)
        metrics = _differences(finished, others, resamples) | metrics
    changed = [_changed(x, y) for x, y in rows]
    return {
        "names": list(names),
        "shared": len(shared),
        "notes": _notes(before, after, len(shared), len(finished), names),
        "metrics": {name: metrics[name] for name in METRICS if name in metrics},
        "worse": sorted((c for c in changed if c["change"] < 0), key=lambda c: (c["change"], c["id"])),
        "better": sorted((c for c in changed if c["change"] > 0), key=lambda c: (-c["change"], c["id"])),
    }


def parse_limits(options: Sequence[str]) -> Limits:
    """`METRIC` or `METRIC:MARGIN`, the margin in the metric's own unit (0.02 is two percentage points).

    Raises:
        UsageError: there is no such metric, it has no better or worse, or the margin is no number.
    """
    limits: Limits = {}
    for option in options:
        name, _, margin = option.partition(":")
        metric = METRICS.get(name)
        if metric is None:
            raise UsageError(f"There is no metric {name!r}. There are: {', '.join(METRICS)}.")
        if not metric.better:
            raise UsageError(f"{name} has no better or worse, so it cannot fail.")
        try:
            limits[name] = float(margin or 0)
        except ValueError:
            raise UsageError(f"--fail-if-worse {option}: {margin!r} is not a number.") from None
        if not limits[name] >= 0:
            raise UsageError(f"--fail-if-worse {option}: the margin must be 0 or more.")
    return limits


def failures(found: dict[str, Any], limits: Limits) -> list[str]:
    """Each limit that B breaks, in words. A metric that A has and B has not is broken, too."""
    failed = []
    for name, margin in limits.items():
        row = found["metrics"].get(name)
        if row is None or row["a"] is None or row["b"] is None:
            # Fails closed: a metric that cannot be compared proves nothing.
            failed.append(f"{name} cannot be compared: it is not defined in both runs.")
        elif -row["difference"] * METRICS[name].better > margin + 1e-9:
            was, now = report.shown(row["a"], name), report.shown(row["b"], name)
            failed.append(f"{METRICS[name].label} ({name}) went from {was} to {now}; {margin:g} is allowed.")
    return failed


def compare_html(found: dict[str, Any]) -> str:
    """The comparison as a page, with the questions that changed side by side."""
    return report.page("compare.html.j2", found=found, metrics=METRICS)


def _differences(
    rows: Sequence[tuple[dict[str, Any], dict[str, Any]]], names: Sequence[str], resamples: int
) -> dict[str, Any]:
    a, b = columns([x["marks"] for x, _ in rows]), columns([y["marks"] for _, y in rows])
    # Both need every mark: one that a run has nowhere is a column of NaN.
    for name in a.keys() | b.keys() | set(MARKS):
        for table in (a, b):
            table.setdefault(name, columns([{name: None}] * len(rows))[name])
    found = differences(a, b, {name: METRICS[name] for name in names}, resamples=resamples)
    return {name: asdict(d) | {"direction": _direction(d.difference, name)} for name, d in found.items()}


def _direction(difference: float | None, name: str) -> int:
    if not difference:
        return 0
    return METRICS[name].better * (1 if difference > 0 else -1)


def _changed(x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": x["id"],
        "question": x["question"],
        "group": x["group"],
        "change": _worth(y["marks"]) - _worth(x["marks"]),
        "a": _outcome(x["marks"]),
        "b": _outcome(y["marks"]),
    }


def _worth(marks: dict[str, float]) -> float:
    """One number to order by: mostly whether it is right, then how early the answer is quoted."""
    if not marks["finished"]:
        return -2.0
    early = marks.get("answer_in_first_quote", 0.0) + marks.get("answer_in_three_quotes", 0.0)
    return 10 * marks.get("crag", 0.0) + early


def _outcome(marks: dict[str, float]) -> str:
    if not marks["finished"]:
        return "error" if marks["error"] else "incomplete"
    right = {1.0: "right", 0.0: "wrong"}.get(marks.get("right", -1.0), "not judged")
    verdict = VERDICTS[int(marks.get("verdict_given", 0))]
    said = "answered" if marks["answered"] else "declined"
    quoted = {1.0: ", answer in the first quote", 0.0: ""}[marks.get("answer_in_first_quote", 0.0)]
    return f"{right}, {said}{f' {verdict}' if verdict else ''}{quoted}, confidence {marks['confidence']:.2f}"


def _notes(
    before: dict[str, Any], after: dict[str, Any], shared: int, finished: int, names: tuple[str, str]
) -> list[str]:
    notes = []
    for name, rows in zip(names, (before, after), strict=True):
        if len(rows) > shared:
            notes.append(
                f"{len(rows) - shared} questions of {name} are left out: the other has not the same."
            )
    if finished < shared:
        notes.append(f"{shared - finished} questions ended in an error or incomplete in one of the runs.")
    return notes
