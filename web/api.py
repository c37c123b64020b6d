"""The HTTP API of the contract: ask, articles, status, feedback, health, and the article page.

Turns requests into calls of the assistant and its answers and errors into JSON. Blocking calls run in
threads. What a client sends, its history included, is bounded and checked before it reaches the assistant.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Request
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.errors import DatelineError, NotFoundError
from index.records import AnswerReady, Delta, Event, Filters, PassagesFound

from .article_page import PAGE_CSP, article_html, missing_html
from .contract import MAX_TURNS, AssistantLike, Rating
from .errors import as_error, error_response

log = logging.getLogger("dateline.web")


def _encodable(text: str) -> str:
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("holds half of a surrogate pair, which is no character")
    return text


Text = Annotated[str, AfterValidator(_encodable)]
LongText = Annotated[Text, Field(max_length=20_000)]
Name = Annotated[Text, Field(max_length=500)]
Names = Annotated[list[Name], Field(max_length=1000)]


class _Body(BaseModel):
    # A misspelt field is an error: silently ignored filters would give wrong answers.
    model_config = ConfigDict(extra="forbid")


class FilterBody(_Body):
    """Which articles may be used; dates are ISO dates, inclusive."""

    after: Name | None = None
    before: Name | None = None
    sources: Names = []
    include: Names = []
    exclude: Names = []

    def to_filters(self) -> Filters:
        return Filters(self.after, self.before, tuple(self.sources), tuple(self.include), tuple(self.exclude))


class AskBody(_Body):
    """A question, the conversation before it, and whether to stream."""

    question: LongText
    history: Annotated[list[tuple[LongText, LongText]], Field(max_length=MAX_TURNS)] = []
    filters: FilterBody | None = None
    stream: bool = False


class FeedbackBody(_Body):
    """A reader's verdict on one answer object."""

    question: LongText
    answer: dict[str, Any]
    rating: Rating
    comment: Annotated[Text, Field(max_length=4000)] = ""


def api_routes(assistant: AssistantLike) -> APIRouter:
    """All routes, bound to `assistant`."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/api/status")
    def status() -> dict[str, Any]:
        return assistant.status()

    @router.post("/api/ask", response_model=None)
    async def ask(body: AskBody) -> Response:
        filters = body.filters.to_filters() if body.filters else None
        if not body.stream:
            answer = await run_in_threadpool(assistant.answer, body.question, body.history, filters)
            return JSONResponse(answer.to_dict())
        return await _stream(assistant.ask(body.question, body.history, filters))

    @router.get("/api/articles/{article_id:path}")
    def article(article_id: str) -> dict[str, Any]:
        found = assistant.article(article_id)
        if found is None:
            raise NotFoundError("No article has this id.")
        record = asdict(found)
        del record["origin"]  # where a file lay on the server is no reader's business
        return record

    @router.post("/api/feedback")
    def feedback(body: FeedbackBody) -> dict[str, int]:
        return {"id": assistant.add_feedback(body.question, body.answer, body.rating, body.comment)}

    @router.get("/articles/{article_id:path}", response_class=HTMLResponse)
    def article_page(article_id: str, request: Request) -> HTMLResponse:
        found = assistant.article(article_id)
        headers = {"Content-Security-Policy": PAGE_CSP}
        if found is None:
            return HTMLResponse(missing_html(), status_code=404, headers=headers)
        query = request.query_params
        return HTMLResponse(article_html(found, query.get("start"), query.get("end")), headers=headers)

    @router.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def unknown(rest: str) -> None:
        raise NotFoundError("There is nothing at this address.")  # not Gradio's page instead of an error

    return router


async def _stream(events: Iterator[Event]) -> Response:
    """The events as Server-Sent Events. What is wrong with the question is told by the status, before any."""
    try:
        first = await run_in_threadpool(next, events, None)
    except DatelineError as error:
        return error_response(error)
    return StreamingResponse(
        _sse(first, events),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _sse(first: Event | None, events: Iterator[Event]) -> AsyncIterator[str]:
    try:
        if first is not None:
            yield _frame(first)
        async for event in iterate_in_threadpool(events):
            yield _frame(event)
    except Exception as error:  # noqa: BLE001 - the status is sent: the stream itself must tell of the error
        _, detail = as_error(error)
        yield f"event: error\ndata: {json.dumps({'error': detail})}\n\n"
    finally:
        close = getattr(events, "close", None)
        if close is not None:  # a reader who left must not leave the answer running
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(close)


def _frame(event: Event) -> str:
    name, data = _event_data(event)
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _event_data(event: Event) -> tuple[str, Any]:
    match event:
        case PassagesFound(passages):
            keys = ("article_id", "title", "source", "published", "url", "text", "start", "end", "score")
            return "passages", [{key: getattr(passage, key) for key in keys} for passage in passages]
        case Delta(text):
            return "delta", {"text": text}
        case AnswerReady(answer):
            return "answer", answer.to_dict()
