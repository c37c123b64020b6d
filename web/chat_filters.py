"""The controls that say which articles the chat may answer from.

They stand folded below the text box; their heading tells what is set (`filtering`).
"""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from .contract import AssistantLike
from .filtering import heading

log = logging.getLogger("dateline.web")

NAMES = ("after", "before", "sources", "include", "exclude")
MOST_CHOICES = 1000
"""Articles that can be picked by their title: the newest. The API and the command line know them all."""


def filter_parts() -> dict[str, Any]:
    """The controls, by name; `filters` is the fold around them."""
    parts: dict[str, Any] = {}
    with gr.Accordion(heading(None), open=False, elem_id="dl-filters") as parts["filters"]:
        with gr.Row(elem_id="dl-filter-dates"):
            for name, label in (("after", "From"), ("before", "To")):
                parts[name] = gr.Textbox(
                    label=label, placeholder="2016-08-17", max_lines=1, min_width=110, elem_id=f"dl-{name}"
                )
            parts["unfilter"] = gr.Button("Clear filters", size="sm", scale=0, min_width=110)
        for name, label in (
            ("sources", "Sources"), ("include", "Only these articles"), ("exclude", "Not these articles"),
        ):  # fmt: skip
            parts[name] = gr.Dropdown([], label=label, multiselect=True, elem_id=f"dl-{name}")
    return parts


def choices(assistant: AssistantLike) -> dict[str, Any]:
    """What can be picked: sources, and the newest articles by title."""
    try:
        sources = assistant.status().get("sources", [])
        titles = [(_label(entry), entry["id"]) for entry in assistant.newest(MOST_CHOICES)]
    except Exception:
        log.exception("The choices of the filters could not be read from the index")
        return {name: gr.update() for name in ("sources", "include", "exclude")}
    return {
        "sources": gr.update(choices=sources),
        "include": gr.update(choices=titles),
        "exclude": gr.update(choices=titles),
    }


def _label(entry: dict[str, Any]) -> str:
    return " · ".join(part for part in (entry["title"], entry["source"], entry["published"]) if part)
