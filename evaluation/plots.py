"""The report's plots, as SVG to be put into the page: drawn by matplotlib, coloured by the page's CSS.

Knows the summary, not the questions. Labels come from gold files: they are drawn as plain text.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Colours that stand for the page's own, so that a plot follows light and dark.
_INK, _SOFT, _LINE, _ACCENT, _BAD = "#010203", "#020304", "#030405", "#040506", "#050607"
_NAMES = {_INK: "--ink", _SOFT: "--soft", _LINE: "--line", _ACCENT: "--accent", _BAD: "--bad"}
_STYLE: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "dateline", "text.parse_math": False, "font.size": 9,
    "text.color": _INK, "axes.labelcolor": _SOFT, "axes.edgecolor": _LINE, "xtick.color": _LINE,
    "ytick.color": _LINE, "xtick.labelcolor": _SOFT, "ytick.labelcolor": _SOFT, "grid.color": _LINE,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.linewidth": 0.5,
    "axes.axisbelow": True, "figure.facecolor": "none", "axes.facecolor": "none",
}  # fmt: skip
_WIDTH = 4.4
_LONGEST_LABEL = 30
_SVG_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_FONT = re.compile(r"font: ([\d.]+px) [^;\"]*")
_ID = re.compile(r'(?P<before>\bid="|href="#|url\(#)(?P<id>[^")]+)')
# What XML may not hold; a group named in a gold file may.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def groups(summary: dict[str, Any]) -> str:
    """Right outcomes by group, with intervals."""
    shown = {name: group for name, group in summary["groups"].items() if group["right"]["value"] is not None}
    if not shown:
        return ""

    def draw(axes: Axes) -> None:
        at = np.arange(len(shown))[::-1]
        values = np.array([group["right"]["value"] for group in shown.values()])
        ends = [(g["right"]["low"], g["right"]["high"]) for g in shown.values()]
        low = [v - (v if end[0] is None else min(end[0], v)) for v, end in zip(values, ends, strict=True)]
        high = [(v if end[1] is None else max(end[1], v)) - v for v, end in zip(values, ends, strict=True)]
        axes.barh(at, values, color=_ACCENT, height=0.6, alpha=0.75)
        axes.errorbar(values, at, xerr=[low, high], fmt="none", ecolor=_INK, elinewidth=1, capsize=3)
        axes.set_yticks(at, [f"{_label(name)} ({group['questions']})" for name, group in shown.items()])
        axes.set_xlim(0, 1.02)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("right outcomes")

    return _svg(draw, "g", height=0.9 + 0.3 * len(shown))


def reliability(summary: dict[str, Any]) -> str:
    """How much of what got a confidence really is answerable."""
    bins = summary["reliability"]
    if not bins:
        return ""

    def draw(axes: Axes) -> None:
        most = max(one["count"] for one in bins)
        axes.plot([0, 1], [0, 1], color=_SOFT, linewidth=1, linestyle=":")
        axes.plot(
            [b["confidence"] for b in bins], [b["answerable"] for b in bins], color=_ACCENT, linewidth=1
        )
        axes.scatter(
            [b["confidence"] for b in bins],
            [b["answerable"] for b in bins],
            s=[20 + 160 * b["count"] / most for b in bins],
            color=_ACCENT,
            alpha=0.75,
            clip_on=False,
        )
        _unit(axes, "confidence", "share that is answerable")

    return _svg(draw, "r")


def risk_coverage(summary: dict[str, Any]) -> str:
    """What share is wrong, if only the surest answers are given."""
    points = summary["risk_coverage"]
    if not points:
        return ""

    def draw(axes: Axes) -> None:
        coverage, risk = [0.0, *(p[0] for p in points)], [points[0][1], *(p[1] for p in points)]
        axes.step(coverage, risk, where="pre", color=_BAD, linewidth=1.5)
        _unit(axes, "share of the answers given, surest first", "share of them wrong")
        axes.set_ylim(0, max(0.1, min(1.0, max(risk) * 1.15)))

    return _svg(draw, "c")


def latency(milliseconds: Sequence[float]) -> str:
    """How many answers took no longer than that."""
    if not milliseconds:
        return ""

    def draw(axes: Axes) -> None:
        times = np.sort(np.array(milliseconds))
        axes.step(
            times, np.arange(1, len(times) + 1) / len(times), where="post", color=_ACCENT, linewidth=1.5
        )
        for share, name in ((0.5, "p50"), (0.95, "p95")):
            at = float(np.quantile(times, share))
            axes.plot([at, at], [0, share], color=_SOFT, linewidth=1, linestyle=":")
            axes.annotate(f"{name} {at:,.0f} ms", (at, share), xytext=(6, -11), textcoords="offset points")
        axes.set_xlim(left=0)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("milliseconds")
        axes.set_ylabel("share of the answers")

    return _svg(draw, "l")


def _unit(axes: Axes, x: str, y: str) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel(x)
    axes.set_ylabel(y)


def _label(name: str) -> str:
    plain = _CONTROLS.sub("", name)
    return plain if len(plain) <= _LONGEST_LABEL else plain[: _LONGEST_LABEL - 1] + "…"


def _svg(draw: Callable[[Axes], None], prefix: str, height: float = 2.9) -> str:
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # A label in a script that matplotlib's own font lacks: the browser has fonts for it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    svg = _METADATA.sub("", _SVG_STYLE.sub("", svg[svg.index("<svg") :]))
    svg = _FONT.sub(r"font-size: \1", svg)
    svg = _ID.sub(rf"\g<before>{prefix}-\g<id>", svg)
    for colour, name in _NAMES.items():
        svg = svg.replace(colour, f"var({name})")
    # The size comes from the page; without it, only the proportions are left.
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r'\1 aria-hidden="true"', svg, count=1)
