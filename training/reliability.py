"""Draws `docs/reliability.svg`: the share that is answerable at each confidence, before and after a change.

Reads the `scores.json` of evaluation runs, or a baseline of the same form, and pools their questions;
knows nothing of how they were answered.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evaluation.measures import BINS, expected_calibration_error
from index.settings import ROOT

Array = NDArray[np.float64]
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "dateline", "font.size": 9, "axes.axisbelow": True}


def main() -> int:
    """Draws the plot and prints the calibration errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", nargs="+", required=True, type=Path, metavar="RUN")
    parser.add_argument("--after", nargs="+", required=True, type=Path, metavar="RUN")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "reliability.svg")
    arguments = parser.parse_args()
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        panels = figure.subplots(1, 2, sharey=True)
        for axes, name in zip(panels, ("before", "after"), strict=True):
            confidence, answerable = pooled(getattr(arguments, name))
            error = expected_calibration_error(confidence, answerable)
            _draw(axes, confidence, answerable, f"{name}: calibration error {error:.3f}")
            print(
                f"{name}: {len(confidence)} questions, {answerable.mean():.3f} answerable, error {error:.3f}"
            )
        panels[0].set_ylabel("share that is answerable")
        figure.savefig(arguments.out, metadata={"Date": None, "Creator": None})
    return 0


def pooled(runs: Sequence[Path]) -> tuple[Array, Array]:
    """The confidence of each finished question of the runs, and whether it is answerable (1 or 0)."""
    questions = [
        question["marks"]
        for run in runs
        for question in json.loads(_scores(run).read_text(encoding="utf-8"))["questions"]
    ]
    finished = [marks for marks in questions if marks["finished"]]
    return (
        np.array([marks["confidence"] for marks in finished]),
        np.array([marks["answerable"] for marks in finished]),
    )


def _scores(run: Path) -> Path:
    return run / "scores.json" if run.is_dir() else run


def _draw(axes: Axes, confidence: Array, answerable: Array, title: str) -> None:
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    held = [bins == b for b in range(BINS) if (bins == b).any()]
    x, y = [confidence[b].mean() for b in held], [answerable[b].mean() for b in held]
    most = max(int(b.sum()) for b in held)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle=":")
    axes.plot(x, y, color="#2a6f97", linewidth=1)
    axes.scatter(x, y, s=[15 + 150 * int(b.sum()) / most for b in held], color="#2a6f97", alpha=0.75)
    axes.set(title=title, xlabel="confidence", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal")
    axes.grid(linewidth=0.4, color="0.85")
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    sys.exit(main())
