"""What happens in the chat when someone asks, stops, edits, rates or exports: no page layout here.

Each event changes a `Conversation` and returns updates by the name of the part they are for. Nothing
raises: what goes wrong becomes words in the conversation.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import DatelineError
from index.records import AnswerReady, Delta, Event, Filters, PassagesFound

from .chat_filters import choices
from .contract import AssistantLike, Rating
from .conversation import Conversation, Exchange
from .errors import UNEXPECTED
from .export import conversation_markdown
from .render import messages
from .text import long_date, markdown_proof, storable

log = logging.getLogger("dateline.web")

Update = dict[str, Any]

EXAMPLES = 4
MAX_COMMENT = 2000

HOW_TO_INDEX = "No articles are indexed yet. Run `python -m index build FOLDER`, then reload this page."


class ChatEvents:
    """The events of the page, bound to one assistant. Holds no visitor's data."""

    def __init__(self, assistant: AssistantLike) -> None:
        self._assistant = assistant
        self._exports = itertools.count(1)
        self._drawn: tuple[object, list[str]] = (None, [])

    # Asking

    def ask(
        self, question: str, conversation: Conversation, filters: Filters | None = None
    ) -> Iterator[Update]:
        """Shows the question at once, then the answer as it is made."""
        question = storable(question if isinstance(question, str) else "").strip()
        if not question or conversation.running_question() == question:  # Enter pressed twice
            yield {"box": gr.update()}
            return
        history = conversation.history()
        exchange = conversation.begin(question, filters)
        yield {**_view(conversation), "box": _box(running=True, value="")}
        for _ in self._run(exchange, history):
            if exchange.stopped:  # stopped or overtaken by a newer question: that one has the page now
                return
            # Even if nothing is new: it lets Gradio notice that the visitor has gone.
            yield {"chat": messages(conversation)}
        if not exchange.stopped:
            yield {**_view(conversation), "box": _box(running=False)}

    def retry(self, conversation: Conversation, filters: Filters | None = None) -> Iterator[Update]:
        """Asks the last question again, in the place of the old answer."""
        yield from self.ask(conversation.take_last(), conversation, filters)

    def _run(self, exchange: Exchange, history: list[tuple[str, str]]) -> Iterator[None]:
        try:
            for event in self._assistant.ask(exchange.question, history, exchange.filters):
                _take(event, exchange)
                yield
        except DatelineError as error:
            exchange.problem = str(error)
        except Exception:
            log.exception("Unexpected error while answering in the chat")
            exchange.problem = UNEXPECTED
        if exchange.running:
            exchange.problem = "The answer ended before it was whole. Please try again."

    # The conversation

    def stop(self, conversation: Conversation) -> Update:
        conversation.stop()
        return {**_view(conversation), "box": _box(running=False)}

    def edit(self, conversation: Conversation) -> Update:
        """Takes the last question back into the text box."""
        question = conversation.take_last()
        return {**_view(conversation), "box": _box(running=False, value=question)}

    def edit_earlier(self, conversation: Conversation, wanted: str) -> Update:
        """Takes an earlier question back into the text box: `wanted` is its number, a colon, and anything."""
        number = str(wanted).partition(":")[0]
        question = conversation.take_from(int(number)) if number.isascii() and number.isdigit() else ""
        return {**_view(conversation), "box": _box(running=False, value=question)} if question else {}

    def clear(self, conversation: Conversation) -> Update:
        conversation.clear()
        return {**_view(conversation), "box": _box(running=False, value="")}

    def export(self, conversation: Conversation, host: str) -> str:
        """The file for static/chat.js to save. The count makes each export a change that it notices."""
        text = conversation_markdown(conversation, f"http://{host}")
        return f'<pre class="dl-file" id="dl-file-{next(self._exports)}">{markdown_proof(text)}</pre>'

    # Feedback

    def rate(self, conversation: Conversation, message: Any, liked: Any) -> Update:
        """Keeps a thumb at once, and offers a comment. Taking a thumb back keeps nothing more."""
        index = message[0] if isinstance(message, list | tuple) else message
        number = index // 2 if isinstance(index, int) else -1
        if not isinstance(liked, bool) or not 0 <= number < len(conversation.exchanges):
            return {"comment_row": gr.update(visible=False)}
        rating: Rating = "up" if liked else "down"
        conversation.rated = (number, rating)
        said = self._keep(conversation, "")
        if said is not None:
            return {"comment_row": gr.update(visible=False), "said": said}
        return {"comment": "", "comment_row": gr.update(visible=True), "said": gr.update(visible=False)}

    def comment(self, conversation: Conversation, comment: str) -> Update:
        """Keeps a comment with the rating it belongs to."""
        said = None
        text = storable(comment or "").strip()
        if text:
            said = self._keep(conversation, text[:MAX_COMMENT])
        thanks = gr.update(value="Thank you, your comment is kept.", visible=bool(text))
        return {"comment": "", "comment_row": gr.update(visible=False), "said": said or thanks}

    def _keep(self, conversation: Conversation, comment: str) -> Any:
        """None, or what to tell the visitor if the feedback could not be kept."""
        if conversation.rated is None or conversation.rated[0] >= len(conversation.exchanges):
            return gr.update(value="That answer is gone from the conversation.", visible=True)
        number, rating = conversation.rated
        exchange = conversation.exchanges[number]
        answer = exchange.answer.to_dict() if exchange.answer else {"text": exchange.text}
        exchange.comment = comment or exchange.comment
        try:
            exchange.feedback = self._assistant.add_feedback(
                exchange.question, answer, rating, exchange.comment, replaces=exchange.feedback
            )
        except Exception:
            log.exception("Feedback could not be kept")
            return gr.update(value="Your feedback could not be kept. Please try again later.", visible=True)
        return None

    # What stands on the page before any question

    def header(self) -> str:
        """What this is, over which articles, and what answers."""
        status = self._status()
        engine = _engine(str(status.get("engine", "")), status.get("engine_problem"))
        parts = (_coverage(status), engine)
        about = " · ".join(part for part in parts if part)
        return (
            '<div class="dl-brand"><h1>Dateline</h1><p class="dl-tagline">News answers, with '
            f'the exact words behind them</p></div><p class="dl-about">{markdown_proof(about)} · '
            '<a class="dl-status" href="/status">What is indexed</a></p>'
        )

    def welcome(self) -> Any:
        """The empty conversation: examples to start from, or how to index articles."""
        status = self._status()
        if not status.get("articles"):
            return gr.update(placeholder=HOW_TO_INDEX, examples=None)
        examples = [{"text": text} for text in self._examples(status)]
        line = '<p class="dl-welcome">What would you like to know?</p>'
        if examples:
            line += '<p class="dl-welcome-note">For example, from the articles:</p>'
        return gr.update(placeholder=line, examples=examples or None)

    def choices(self) -> dict[str, Any]:
        """What the filters offer."""
        return choices(self._assistant)

    def _status(self) -> dict[str, Any]:
        try:
            return self._assistant.status()
        except Exception:
            log.exception("The status of the index could not be read")
            return {}

    def _examples(self, status: dict[str, Any]) -> list[str]:
        """Drawn once for each state of the index: each of them costs an answer."""
        state = tuple(status.get(key) for key in ("articles", "chunks", "from", "to"))
        if self._drawn[0] != state:
            try:
                self._drawn = (state, self._assistant.examples(EXAMPLES))
            except Exception:
                log.exception("No example questions could be drawn from the index")
                return []
        return self._drawn[1]


def _take(event: Event, exchange: Exchange) -> None:
    match event:
        case PassagesFound(passages):
            noun = "passage" if len(passages) == 1 else "passages"
            exchange.progress = f"Reading {len(passages)} {noun}…"
        case Delta(text, citations, checked):
            exchange.text += text
            exchange.checked = exchange.checked and checked
            exchange.passages.update((citation.n, citation) for citation in citations)
        case AnswerReady(answer):
            if not exchange.stopped:
                exchange.answer = answer


def _view(conversation: Conversation) -> Update:
    """The conversation as it stands, and the buttons that fit it."""
    exchanges = conversation.exchanges
    idle = bool(exchanges) and not exchanges[-1].running
    return {
        "chat": messages(conversation),
        "actions": gr.update(visible=idle),
        "comment_row": gr.update(visible=False),
        "said": gr.update(visible=False),
    }


def _box(*, running: bool, value: str | None = None) -> Any:
    buttons = gr.update(submit_btn=not running and "Ask", stop_btn=running and "Stop")
    return buttons if value is None else {**buttons, "value": value}


def _coverage(status: dict[str, Any]) -> str:
    count = status.get("articles") or 0
    if not count:
        return "No articles yet"
    first, last = long_date(status.get("from")), long_date(status.get("to"))
    span = "undated"
    if first and last:
        span = first if first == last else f"{first} to {last}"
    return f"{count:,} {'article' if count == 1 else 'articles'}, {span}"


def _engine(engine: str, problem: str | None) -> str:
    if engine == "quotes":
        return "quotes: answers in the articles' own sentences"
    if problem:
        return f"{engine} failed when it was last asked: quotes answer in its place"
    return f"{engine}: a model writes the answers, checked against the articles" if engine else ""
