"""The chat page, put together from Gradio parts, and the events that run it.

Each handler changes the visitor's `Conversation` on the server and shows it anew. An exception in a handler
leaves Gradio's text box disabled, so all are caught here and told in words. Gradio's `gr.HTML` and `js=`
evaluate strings as code, which our Content-Security-Policy forbids: scripting is in static/chat.js instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
from fastapi import FastAPI

from .chat_events import ChatEvents
from .chat_filters import NAMES, filter_parts
from .contract import AssistantLike
from .conversation import Conversation
from .filtering import filters_of, heading
from .sessions import IDLE, Sessions

CONCURRENT_ANSWERS = 8
WAITING_QUESTIONS = 64

_HEAD = """
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/ui/chat.css">
<script src="/ui/evidence.js" defer></script>
<script src="/ui/chat.js" defer></script>
"""

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def mount_chat(app: FastAPI, assistant: AssistantLike) -> Sessions:
    """Mounts the page at `/`, with everything off that a reader does not need. Returns its sessions."""
    page = _page(ChatEvents(assistant))
    sessions = Sessions(page)  # before it is mounted: how many there may be is read then
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        favicon_path=None,
        theme=gr.themes.Base(font=_SANS, font_mono=_MONO, radius_size="sm"),
        head=_HEAD,
    )
    return sessions


def _page(events: ChatEvents) -> gr.Blocks:
    page: gr.Blocks
    with gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True) as page:
        state = gr.State(Conversation(), time_to_live=int(IDLE.total_seconds()))
        header = gr.Markdown(elem_id="dl-header", latex_delimiters=[], container=False)
        with gr.Row(elem_id="dl-columns"):
            with gr.Column(elem_id="dl-chat-column"):
                parts = _chat_column()
            with gr.Column(elem_id="dl-evidence-column"):
                gr.Markdown("", elem_id="dl-evidence-place")  # static/evidence.js puts the pane here
        _wire(page, events, state, header, parts)
    page.queue(default_concurrency_limit=CONCURRENT_ANSWERS, max_size=WAITING_QUESTIONS, api_open=False)
    return page


def _chat_column() -> dict[str, Any]:
    parts: dict[str, Any] = {
        "chat": gr.Chatbot(
            elem_id="dl-chat",
            show_label=False,
            container=False,
            height="auto",
            buttons=[],
            layout="panel",
            latex_delimiters=[],
            allow_tags=False,
            allow_file_downloads=False,
            line_breaks=False,
            feedback_options=("Like", "Dislike"),
        )
    }
    with gr.Row(elem_id="dl-comment", visible=False) as parts["comment_row"]:
        parts["comment"] = gr.Textbox(
            label="Thank you. What was good or wrong? (optional)",
            max_lines=4,
            scale=4,
            elem_id="dl-comment-box",
        )
        parts["send_comment"] = gr.Button("Send comment", scale=0, size="sm", min_width=130)
    parts["said"] = gr.Markdown("", elem_id="dl-said", visible=False)
    parts["box"] = gr.Textbox(
        label="Your question",
        placeholder="Ask the articles a question",
        lines=1,
        max_lines=6,
        submit_btn="Ask",
        stop_btn=False,
        autofocus=True,
        elem_id="dl-box",
    )
    parts |= filter_parts()
    with gr.Row(elem_id="dl-actions", visible=False) as parts["actions"]:
        for name, label in (
            ("retry", "Try again"),
            ("edit", "Edit question"),
            ("export", "Export"),
            ("clear", "Clear"),
        ):
            parts[name] = gr.Button(label, size="sm", variant="secondary", min_width=80, elem_id=f"dl-{name}")
    parts["edit_earlier"] = gr.Textbox(
        elem_id="dl-edit-earlier", show_label=False
    )  # static/chat.js writes here
    parts["file"] = gr.Markdown("", elem_id="dl-file", latex_delimiters=[])
    return parts


def _wire(
    page: gr.Blocks, events: ChatEvents, state: gr.State, header: gr.Markdown, parts: dict[str, Any]
) -> None:
    view = [parts[name] for name in ("chat", "box", "actions", "comment_row", "said")]
    chat, box = parts["chat"], parts["box"]
    limits = [parts[name] for name in NAMES]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def shown(run: Iterator[dict[str, Any]]) -> Iterator[dict[Any, Any]]:
        for update in run:
            yield {parts[name]: value for name, value in update.items()}

    def ask(question: str, conversation: Conversation, *limits: Any) -> Iterator[dict[Any, Any]]:
        yield from shown(events.ask(question, conversation, filters_of(*limits)))

    def example(conversation: Conversation, chosen: gr.SelectData, *limits: Any) -> Iterator[dict[Any, Any]]:
        value = chosen.value
        question = value.get("text", "") if isinstance(value, dict) else value
        yield from ask(question, conversation, *limits)

    def retry(conversation: Conversation, *limits: Any) -> Iterator[dict[Any, Any]]:
        yield from shown(events.retry(conversation, filters_of(*limits)))

    # "multiple": after a stop, Gradio takes a run for pending until its thread comes back, and by default
    # swallows what is asked meanwhile. `Conversation.begin` ends whatever still runs.
    asking = {**quiet, "trigger_mode": "multiple"}
    runs = [
        box.submit(ask, [box, state, *limits], view, **asking),
        chat.example_select(example, [state, *limits], view, **asking),
        parts["retry"].click(retry, [state, *limits], view, **asking),
    ]

    def on(trigger: Any, handler: Any, inputs: list[Any], outputs: list[Any], **options: Any) -> None:
        def run(*values: Any) -> dict[Any, Any]:
            return {parts[name]: value for name, value in handler(*values).items()}

        trigger(run, inputs, outputs, queue=False, **quiet, **options)

    on(box.stop, events.stop, [state], view, cancels=runs)
    on(parts["edit"].click, events.edit, [state], view)
    earlier = parts["edit_earlier"]
    on(earlier.change, events.edit_earlier, [state, earlier], view, cancels=runs)
    on(parts["clear"].click, events.clear, [state], view, cancels=runs)
    comment = [parts["comment"], parts["comment_row"], parts["said"]]
    for trigger in (parts["send_comment"].click, parts["comment"].submit):
        on(trigger, events.comment, [state, parts["comment"]], comment)

    def like(conversation: Conversation, data: gr.LikeData) -> dict[Any, Any]:
        update = events.rate(conversation, data.index, data.liked)
        return {parts[name]: value for name, value in update.items()}

    def export(conversation: Conversation, request: gr.Request) -> dict[Any, Any]:
        return {parts["file"]: events.export(conversation, request.headers.get("host", ""))}

    chat.like(like, [state], comment, queue=False, **quiet)
    parts["export"].click(export, [state], [parts["file"]], queue=False, **quiet)
    _wire_filters(page, events, parts, quiet)
    page.load(lambda: [events.header(), events.welcome()], None, [header, chat], queue=False, **quiet)


def _wire_filters(page: gr.Blocks, events: ChatEvents, parts: dict[str, Any], quiet: dict[str, Any]) -> None:
    limits = [parts[name] for name in NAMES]

    def named(*values: Any) -> Any:
        return gr.update(label=heading(filters_of(*values)))

    for part in limits:
        part.change(named, limits, parts["filters"], queue=False, **quiet)
    parts["unfilter"].click(lambda: ["", "", [], [], []], None, limits, queue=False, **quiet)
    page.load(lambda: list(events.choices().values()), None, limits[2:], queue=False, **quiet)
