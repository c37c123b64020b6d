"""`report.html`: one file with scores, plots and every question, worst first. Works offline.

Articles, answers and gold are hostile text here: Jinja escapes all of it, and the page's policy allows
no script, style or address but its own. Knows no folder and no assistant.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import plots, problems
from .gold import GoldQuestion
from .marks import Marks
from .metric_list import HEADLINES, METRICS
from .outcome import Outcome

_HERE = Path(__file__).parent


def render(
    run: dict[str, Any],
    summary: dict[str, Any],
    questions: Sequence[GoldQuestion],
    outcomes: Sequence[Outcome],
    marks: Sequence[Marks],
) -> str:
    """The report of a run as HTML."""
    cards = [_card(q, o, m) for q, o, m in zip(questions, outcomes, marks, strict=True)]
    cards.sort(key=lambda card: -card["finding"].severity)
    times = [m["milliseconds"] for m in marks if m["milliseconds"] is not None]
    drawn = {
        "Right outcomes by kind": plots.groups(summary),
        "Is the confidence honest?": plots.reliability(summary),
        "Risk if only the surest answer": plots.risk_coverage(summary),
        "Latency": plots.latency(times),
    }
    return page(
        "report.html.j2",
        run=run,
        summary=summary,
        sections=sections(summary["metrics"]),
        headlines=[METRICS[name] for name in HEADLINES],
        plots={title: Markup(svg) for title, svg in drawn.items() if svg},  # noqa: S704 - matplotlib escapes
        cards=cards,
        labels=_counted(card["finding"].label for card in cards),
        groups=_counted(card["question"].group for card in cards),
        title=" + ".join(summary["sets"]),
    )


def page(template: str, **values: Any) -> str:
    """A page from one of the templates, with our style and script, and a policy that allows only them."""
    style, script = (_read(name) for name in ("report.css", "report.js"))
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["metric"] = shown
    trusted = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - our own files
    return environment.get_template(template).render(policy=policy, **trusted, **values)


def sections(metrics: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The metrics that are defined, by section, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, metric in METRICS.items():
        estimate = metrics.get(name)
        if estimate and estimate["value"] is not None:
            found.setdefault(metric.section, []).append({"metric": metric, **estimate})
    return found


def shown(value: float | None, name: str) -> str:
    """A metric's value as people read it: 93.1%, 0.87, 1,204 ms."""
    if value is None:
        return "–"
    metric = METRICS[name]
    if metric.is_share:
        return f"{value * 100:.1f}%"
    return f"{value:,.0f}" if metric.section == METRICS["errors"].section else f"{value:.3f}"


def _card(question: GoldQuestion, outcome: Outcome, marks: Marks) -> dict[str, Any]:
    answer = outcome.answer or {}
    quotes = [
        {
            "citation": citation,
            "check": check,
            "is_gold": citation["article_id"] in question.gold_article_ids
            if question.gold_article_ids
            else None,
        }
        for citation, check in zip(answer.get("citations", ()), outcome.quotes, strict=False)
    ]
    ranking = [(key, key in question.gold_article_ids) for key in outcome.ranking or ()]
    return {
        "question": question,
        "outcome": outcome,
        "answer": answer,
        "marks": marks,
        "quotes": quotes,
        "ranking": ranking,
        "finding": problems.find(question, outcome, marks),
    }


def _counted(labels: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return counts


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
