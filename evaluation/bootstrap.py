"""How sure the numbers are: bootstrap intervals, and tests of a paired difference. Pure and seeded.

Questions are what is drawn: each draw takes whole questions with all their marks, so metrics that are
no averages (AUROC, macro-F1 …) get intervals in the same way. Knows no metric by name.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control

from .metrics import Columns, Metric, take

SEED = 20160817
RESAMPLES = 1000
SWAPS = 3000
"""Draws of the test: more, as the smallest p is 1 / (SWAPS + 1), and is corrected for many metrics."""
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value with its interval, and over how many questions. None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Difference:
    """B minus A on the same questions, its interval, and how likely so large a one is by chance."""

    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    q: float | None = None
    """p after Benjamini and Hochberg, over all metrics compared at once."""


def estimates(
    table: Columns, metrics: Mapping[str, Metric], *, resamples: int = RESAMPLES, seed: int = SEED
) -> dict[str, Estimate]:
    """Each metric with its 95% interval: the percentile bootstrap (Efron and Tibshirani 1993, ch. 13).

    The same seed gives the same intervals. An interval of no width says that nothing went wrong in
    these questions, not that nothing can: of n, up to 3 / n may.
    """
    values = {name: metric.value(table) for name, metric in metrics.items()}
    n = len(table["finished"])
    drawn: dict[str, list[float]] = {name: [] for name in metrics}
    generator = np.random.default_rng(seed)
    for _ in range(resamples if n > 1 else 0):
        sample = take(table, generator.integers(0, n, n))
        for name, metric in metrics.items():
            if not math.isnan(values[name]):
                drawn[name].append(metric.value(sample))
    return {name: Estimate(_known(values[name]), *_interval(drawn[name])) for name in metrics}


def differences(
    a: Columns,
    b: Columns,
    metrics: Mapping[str, Metric],
    *,
    resamples: int = RESAMPLES,
    swaps: int = SWAPS,
    seed: int = SEED,
) -> dict[str, Difference]:
    """Each metric of B minus A, row by row the same questions.

    The interval is the paired percentile bootstrap; p the two-sided approximate randomisation test,
    which swaps A and B question by question (Noreen 1989; Smucker et al. 2007 for retrieval).
    """
    n = len(a["finished"])
    shared = [name for name in a if name in b]
    a, b = {name: a[name] for name in shared}, {name: b[name] for name in shared}
    before = {name: metric.value(a) for name, metric in metrics.items()}
    after = {name: metric.value(b) for name, metric in metrics.items()}
    observed = {name: after[name] - before[name] for name in metrics}
    live = {name: metrics[name] for name in metrics if not math.isnan(observed[name])}
    drawn: dict[str, list[float]] = {name: [] for name in live}
    generator = np.random.default_rng(seed)
    for _ in range(resamples):
        rows = generator.integers(0, n, n)
        a_drawn, b_drawn = take(a, rows), take(b, rows)
        for name, metric in live.items():
            drawn[name].append(metric.value(b_drawn) - metric.value(a_drawn))
    # Where nothing differs, no swap can: p is 1.
    p = dict.fromkeys(live, 1.0) | _randomised(
        a, b, {k: live[k] for k in live if observed[k]}, swaps, generator
    )
    q = dict(zip(p, false_discovery_control(list(p.values())), strict=True)) if p else {}
    return {
        name: Difference(
            _known(before[name]),
            _known(after[name]),
            _known(observed[name]),
            *_interval(drawn.get(name, [])),
            p.get(name),
            float(q[name]) if name in q else None,
        )
        for name in metrics
    }


def _randomised(
    a: Columns, b: Columns, metrics: Mapping[str, Metric], swaps: int, generator: np.random.Generator
) -> dict[str, float]:
    """How often a difference at least as large comes from swapping A and B at random, by question."""
    observed = {name: abs(metric.value(b) - metric.value(a)) for name, metric in metrics.items()}
    as_large = dict.fromkeys(metrics, 0)
    n = len(a["finished"])
    for _ in range(swaps if metrics else 0):
        swap = generator.random(n) < 0.5
        a_mixed = {name: np.where(swap, b[name], a[name]) for name in a}
        b_mixed = {name: np.where(swap, a[name], b[name]) for name in a}
        for name, metric in metrics.items():
            by_chance = abs(metric.value(b_mixed) - metric.value(a_mixed))
            as_large[name] += not by_chance < observed[name] - 1e-12
    return {name: (count + 1) / (swaps + 1) for name, count in as_large.items()}


def _interval(drawn: list[float]) -> tuple[float | None, float | None]:
    if not drawn:
        return None, None
    with warnings.catch_warnings():
        # Some draws may have none of a rare kind; if all have none, the interval is not defined.
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return _known(low), _known(high)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)
