"""Numbers over many questions that are more than an average: declining, calibration, verdicts. Pure.

Each takes arrays of equal length, one element a question, and returns NaN where it is not defined (no
answerable questions, nothing declined …): never an error, never a made-up 0. Knows no gold.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Numbers = NDArray[np.float64]
BINS = 10


def mean(values: Numbers) -> float:
    """The mean of what is not NaN."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def ratio(parts: Numbers, wholes: Numbers) -> float:
    """The sum of the parts over the sum of the wholes: a share over quotes or claims, not over questions."""
    total = float(np.nansum(wholes))
    return float(np.nansum(parts)) / total if total else math.nan


def percentile(values: Numbers, share: float) -> float:
    """The value below which that share of the values lies (linear interpolation)."""
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if known.size else math.nan


def auroc(confidence: Numbers, answerable: Numbers) -> float:
    """How often an answerable question has a higher confidence than an unanswerable one; ties count half.

    The area under the ROC curve, by the Mann-Whitney statistic (Hanley and McNeil 1982). 0.5 is chance.
    """
    positive = answerable == 1
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return math.nan
    ranks = rankdata(confidence)
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def recall_at_false_refusals(confidence: Numbers, answerable: Numbers, allowed: float = 0.1) -> float:
    """The share of unanswerable questions that could be declined while refusing at most `allowed` of the
    answerable ones: with the best threshold on confidence, declining whatever is below it.

    The true-positive rate at a fixed false-positive rate, of declining; no interpolation.
    """
    good, bad = confidence[answerable == 1], confidence[answerable != 1]
    if not good.size or not bad.size:
        return math.nan
    # The rounding guards against 0.1 * 30 = 3.0000000000000004 and its kin.
    may_refuse = math.floor(round(allowed * good.size, 9))
    if may_refuse >= good.size:
        return 1.0
    threshold = np.sort(good)[may_refuse]
    return float((bad < threshold).mean())


def declining(answered: Numbers, answerable: Numbers) -> tuple[float, float, float]:
    """Precision, recall and F1 of declining, at the threshold the assistant really uses.

    Precision: share of the declined questions that have no answer. Recall: share of the questions
    without an answer that were declined. F1 is 0 where there was something to decline and none was.
    """
    declined, wanted = answered == 0, answerable == 0
    both = float((declined & wanted).sum())
    precision = both / declined.sum() if declined.any() else math.nan
    recall = both / wanted.sum() if wanted.any() else math.nan
    total = declined.sum() + wanted.sum()
    f1 = 2 * both / total if wanted.any() and total else math.nan
    return float(precision), float(recall), float(f1)


def risk_coverage(confidence: Numbers, wrong: Numbers) -> tuple[Numbers, Numbers]:
    """Coverage and risk, if only the surest answers were given: (share answered, share of them wrong).

    Source: selective prediction, Geifman and El-Yaniv 2017 (arXiv:1705.08500). Only answers that were
    given have a risk: what was declined was never written. Answers of equal confidence are given together.
    """
    known = ~np.isnan(confidence) & ~np.isnan(wrong)
    order = np.argsort(-confidence[known], kind="stable")
    sure, risk = confidence[known][order], wrong[known][order]
    if not sure.size:
        return np.empty(0), np.empty(0)
    last_of_tie = np.append(sure[1:] != sure[:-1], True)
    counts = np.arange(1, sure.size + 1)
    return (counts / sure.size)[last_of_tie], (np.cumsum(risk) / counts)[last_of_tie]


def aurc(confidence: Numbers, wrong: Numbers) -> float:
    """The area under that curve, as steps: the mean risk over all coverages. Lower is better."""
    coverage, risk = risk_coverage(confidence, wrong)
    return float(np.sum(np.diff(coverage, prepend=0.0) * risk)) if coverage.size else math.nan


def brier(confidence: Numbers, answerable: Numbers) -> float:
    """Mean squared distance of the confidence to what was so, 1 or 0 (Brier 1950). 0.25 is "always 0.5"."""
    return mean((confidence - answerable) ** 2)


def reliability(confidence: Numbers, answerable: Numbers) -> list[dict[str, Any]]:
    """By tenth of confidence: {low, high, count, confidence, answerable}, the last two as means."""
    at = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "low": b / BINS,
            "high": (b + 1) / BINS,
            "count": int((at == b).sum()),
            "confidence": float(confidence[at == b].mean()),
            "answerable": float(answerable[at == b].mean()),
        }
        for b in range(BINS)
        if (at == b).any()
    ]


def expected_calibration_error(confidence: Numbers, answerable: Numbers) -> float:
    """How far confidence and the share that is answerable lie apart, on average over ten equal bins.

    Source: Guo et al. 2017 (arXiv:1706.04599). 0 is perfect; says nothing about telling apart.
    """
    if not confidence.size:
        return math.nan
    at = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(at, weights=confidence - answerable, minlength=BINS)
    return float(np.abs(gaps).sum() / confidence.size)


def confusion(given: Numbers, gold: Numbers, classes: int) -> NDArray[np.int64]:
    """`matrix[gold, given]`: how often each verdict was given for each; pairs without gold are left out."""
    known = ~np.isnan(gold) & ~np.isnan(given)
    pairs = gold[known].astype(int) * classes + given[known].astype(int)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def macro_f1(matrix: NDArray[np.int64]) -> float:
    """The mean F1 of the verdicts that occur in the gold, each counting the same (Sokolova and Lapalme 2009).

    Row and column 0 are "no verdict": giving none is an error of recall, not a class of its own.
    """
    hits, gold, given = np.diag(matrix)[1:], matrix.sum(axis=1)[1:], matrix.sum(axis=0)[1:]
    scores = [2 * h / (g + s) for h, g, s in zip(hits, gold, given, strict=True) if g]
    return float(np.mean(scores)) if scores else math.nan
