"""Marks of a whole run → `summary.json`: every metric with its interval, over all and by group. Pure.

Knows gold questions and marks; not where they come from nor how they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from . import measures
from .bootstrap import RESAMPLES, SEED, estimates
from .gold import GoldQuestion
from .marks import VERDICTS, Marks
from .metric_list import HEADLINES, METRICS
from .metrics import Columns, columns, take


def summarise(
    questions: Sequence[GoldQuestion], marks: Sequence[Marks], *, resamples: int = RESAMPLES
) -> dict[str, Any]:
    """{counts, metrics, groups, sets, verdicts, reliability, risk_coverage, bootstrap}, ready for JSON."""
    table = columns(marks)
    return {
        "counts": _counts(table),
        "metrics": _estimates(table, tuple(METRICS), resamples),
        "groups": _by([question.group for question in questions], table, resamples),
        "sets": _by([question.set_name for question in questions], table, resamples),
        "verdicts": _verdicts(table),
        "reliability": _reliability(table),
        "risk_coverage": _risk_coverage(table),
        "bootstrap": {"seed": SEED, "resamples": resamples, "level": 0.95},
    }


def _counts(table: Columns) -> dict[str, int]:
    answerable = table["answerable"] == 1
    finished = table["finished"] == 1
    return {
        "questions": len(finished),
        "answerable": int(answerable.sum()),
        "unanswerable": int((~answerable).sum()),
        "answered": int((table["answered"] == 1).sum()),
        "declined": int((table["answered"] == 0).sum()),
        "incomplete": int(table["incomplete"].sum()),
        "errors": int(table["error"].sum()),
    }


def _estimates(table: Columns, names: Sequence[str], resamples: int) -> dict[str, Any]:
    found = estimates(table, {name: METRICS[name] for name in names}, resamples=resamples)
    return {name: asdict(estimate) for name, estimate in found.items()}


def _by(labels: Sequence[str], table: Columns, resamples: int) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for label in sorted(set(labels)):
        rows = take(table, np.array([other == label for other in labels]))
        groups[label] = {"questions": len(rows["finished"])} | _estimates(rows, HEADLINES, resamples)
    return groups


def _verdicts(table: Columns) -> dict[str, Any]:
    matrix = measures.confusion(table["verdict_given"], table["verdict_gold"], len(VERDICTS))
    names = [verdict or "none" for verdict in VERDICTS]
    return {
        gold: dict(zip(names, map(int, row), strict=True)) for gold, row in zip(names, matrix, strict=True)
    }


def _reliability(table: Mapping[str, measures.Numbers]) -> list[dict[str, Any]]:
    done = take(table, table["finished"] == 1)
    return measures.reliability(done["confidence"], done["answerable"])


def _risk_coverage(table: Columns) -> list[list[float]]:
    given = take(table, table["answered"] == 1)
    coverage, risk = measures.risk_coverage(given["confidence"], 1 - given["right"])
    return [[round(float(c), 4), round(float(r), 4)] for c, r in zip(coverage, risk, strict=True)]
