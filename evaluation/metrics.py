"""Marks → a metric: averages, shares and the measures over all questions. Pure.

Marks come as columns, one array a mark, NaN where a question has none. `metric_list.py` has the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import measures
from .marks import VERDICTS, Marks
from .measures import Numbers

Columns = Mapping[str, Numbers]


@dataclass(frozen=True)
class Metric:
    """A metric. `better` is 1 where more is better, -1 where less is, 0 where neither is.

    `is_share` says that it lies between 0 and 1 and is shown in percent.
    """

    name: str
    label: str
    section: str
    about: str
    """What it says, in a sentence for the report and docs/evaluation.md."""
    value: Callable[[Columns], float]
    better: int = 1
    is_share: bool = True
    is_score: bool = True
    """Whether it must come out the same when the same run is repeated: time does not."""


def columns(marks: Sequence[Marks]) -> dict[str, Numbers]:
    """The marks as columns."""
    names = dict.fromkeys(name for one in marks for name in one)
    return {name: np.array([_number(one.get(name)) for one in marks]) for name in names}


def take(table: Columns, chosen: NDArray[Any]) -> dict[str, Numbers]:
    """Some rows of the columns: by position or by mask."""
    return {name: column[chosen] for name, column in table.items()}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def mean(name: str) -> Callable[[Columns], float]:
    """The mean of a mark over the questions that have it."""
    return lambda table: measures.mean(table[name])


def ratio(part: str, whole: str) -> Callable[[Columns], float]:
    """The sum of one mark over the sum of another."""
    return lambda table: measures.ratio(table[part], table[whole])


def of_confidence(measure: Callable[[Numbers, Numbers], float]) -> Callable[[Columns], float]:
    """A measure of the confidence against what was answerable."""

    def value(table: Columns) -> float:
        done = table["finished"] == 1
        return measure(table["confidence"][done], table["answerable"][done])

    return value


def declining(part: int) -> Callable[[Columns], float]:
    """Precision (0), recall (1) or F1 (2) of declining."""

    def value(table: Columns) -> float:
        done = table["finished"] == 1
        return measures.declining(table["answered"][done], table["answerable"][done])[part]

    return value


def false_refusals(table: Columns) -> float:
    """The share of the answerable questions that were declined."""
    return measures.mean(1 - table["answered"][table["answerable"] == 1])


def aurc(table: Columns) -> float:
    """The area under risk-coverage of the answers that were given."""
    given = table["answered"] == 1
    return measures.aurc(table["confidence"][given], 1 - table["right"][given])


def verdict_given(table: Columns) -> float:
    """The share of the questions with a gold verdict that got one."""
    return measures.mean((table["verdict_given"] > 0)[~np.isnan(table["verdict_gold"])].astype(float))


def verdict_right_if_given(table: Columns) -> float:
    """The share of those verdicts that are right."""
    return measures.mean(table["verdict_right"][table["verdict_given"] > 0])


def macro_f1(table: Columns) -> float:
    """Macro-F1 of the verdicts."""
    return measures.macro_f1(measures.confusion(table["verdict_given"], table["verdict_gold"], len(VERDICTS)))


def percentile(share: float) -> Callable[[Columns], float]:
    """A percentile of the time an answer took."""
    return lambda table: measures.percentile(table["milliseconds"], share)
