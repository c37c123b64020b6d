"""The HTTP API of the contract: ask, articles, status, feedback, health, and the article page.

Turns requests into calls of the assistant and its answers and errors into JSON. Blocking calls run in
threads. What a client sends, its history included, is bounded and checked before it reaches the assistant.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.errors import NotFoundError
from index.records import Event, Filters

from .answering import Answering
from .article_page import PAGE_CSP, article_html, missing_html
from .contract import MAX_TURNS, AssistantLike, Rating
from .leaving import while_connected
from .receipts import Receipts
from .schema import ERRORS, EVENT_STREAM, AnswerBody
from .streams import Streams

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
    receipt: Annotated[
        Name | None,
        Field(description="Of earlier feedback on the same answer, which this takes the place of."),
    ] = None


class KeptFeedback(BaseModel):
    """The feedback's number, and what to show to change it; it fits until the server starts anew."""

    id: int
    receipt: str


_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_MISSING_PAGE: dict[int | str, dict[str, Any]] = {
    404: {"content": {"text/html": {}}, "description": "There is no such article; a page that says so."}
}


def api_routes(assistant: AssistantLike, answering: Answering) -> APIRouter:
    """All routes, bound to `assistant`."""
    router = APIRouter()
    streams = Streams()
    receipts = Receipts()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/api/status", responses=ERRORS["read"])
    def status() -> dict[str, Any]:
        return assistant.status()

    @router.post("/api/ask", response_model=AnswerBody, responses=ERRORS["ask"] | EVENT_STREAM)
    async def ask(body: AskBody, request: Request) -> Response:
        filters = body.filters.to_filters() if body.filters else None
        if body.stream:
            events = answering.events(body.question, body.history, filters)
            return await _stream(streams, events, body, request.headers.get("last-event-id"))
        answer = answering.answer(body.question, body.history, filters)
        return JSONResponse((await while_connected(request.receive, answer)).to_dict())

    @router.get("/api/articles/{article_id:path}", responses=ERRORS[404])
    def article(article_id: str) -> dict[str, Any]:
        found = assistant.article(article_id)
        if found is None:
            raise NotFoundError("No article has this id.")
        record = asdict(found)
        del record["origin"]  # where a file lay on the server is no reader's business
        return record

    @router.post("/api/feedback", responses=ERRORS["write"])
    def feedback(body: FeedbackBody) -> KeptFeedback:
        earlier = receipts.number(body.receipt)
        number = assistant.add_feedback(
            body.question, body.answer, body.rating, body.comment, replaces=earlier
        )
        return KeptFeedback(id=number, receipt=receipts.receipt(number))

    @router.get("/articles/{article_id:path}", response_class=HTMLResponse, responses=_MISSING_PAGE)
    def article_page(article_id: str, request: Request) -> HTMLResponse:
        found = assistant.article(article_id)
        headers = {"Content-Security-Policy": PAGE_CSP}
        if found is None:
            return HTMLResponse(missing_html(), status_code=404, headers=headers)
        query = request.query_params
        return HTMLResponse(article_html(found, query.get("start"), query.get("end")), headers=headers)

    @router.api_route("/api/{rest:path}", methods=_METHODS, include_in_schema=False)
    def unknown(rest: str) -> None:
        raise NotFoundError("There is nothing at this address.")  # not Gradio's page instead of an error

    return router


async def _stream(
    streams: Streams, events: AsyncIterator[Event | None], body: AskBody, last_id: str | None
) -> Response:
    """The events as Server-Sent Events. What is wrong with the question is told by the status, before any."""
    asked = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    rest = streams.rest(last_id, asked) if last_id else None
    if rest is not None:
        return _sse(_replayed(rest))
    first = await anext(events, None)
    return _sse(streams.frames(first, events, asked, again=last_id is not None))


async def _replayed(frames: list[str]) -> AsyncIterator[str]:
    for frame in frames:
        yield frame


def _sse(frames: AsyncIterator[str]) -> StreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(frames, media_type="text/event-stream", headers=headers)
