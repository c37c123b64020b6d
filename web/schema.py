"""What the OpenAPI document says of answers and errors, shared by the routers. Shapes only, no behaviour."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class ErrorDetail(BaseModel):
    """What went wrong: `code` for programs, `message` for people."""

    code: str
    message: str


class ErrorBody(BaseModel):
    """Every error of every route."""

    error: ErrorDetail


class CopyBody(BaseModel):
    """Another article that prints the same words."""

    article_id: str
    title: str
    source: str | None
    published: str | None
    url: str | None


class DayBody(BaseModel):
    """What words such as "on Tuesday" in a quote mean; for display beside them, never in their place."""

    words: str
    date: str = Field(description="An ISO date, month, year, or week as `first/last`.")
    start: int
    end: int


class CitationBody(BaseModel):
    """Words of an article that back an answer; offsets in code points of its text, end exclusive."""

    n: int
    article_id: str
    title: str
    source: str | None
    published: str | None = Field(description="An ISO date, or null: never guessed.")
    url: str | None
    quote: str
    start: int
    end: int
    speaker: str | None
    also_in: list[CopyBody] = Field(description="Near-identical articles in which the quote stands too.")
    days: list[DayBody] = Field(
        description="Days named by their relation to `published`; empty where that is null, or in doubt."
    )
    said_on: str | None = Field(
        description="The ISO date on which `speaker` spoke; null unless the quote tells it."
    )


class ClaimBody(BaseModel):
    """One statement, and the numbers of the citations that carry it."""

    text: str
    citations: list[int]
    support: str = Field(description="`verified` or `unverified`.")


class RelatedBody(BaseModel):
    """What came nearest when the articles do not answer. Not evidence."""

    article_id: str
    title: str
    quote: str
    start: int
    end: int
    score: float


class UsageBody(BaseModel):
    """Tokens that a model counted for one answer, all calls together."""

    prompt_tokens: int
    completion_tokens: int


class AnswerBody(BaseModel):
    """The answer object: the same in every front end."""

    question: str
    standalone_question: str
    status: str = Field(description="`answered`, `not_in_corpus` or `incomplete`.")
    reason: str | None
    verdict: str | None
    confidence: float
    text: str = Field(description="Markers `[n]` refer to citations.")
    claims: list[ClaimBody]
    citations: list[CitationBody]
    related: list[RelatedBody]
    engine: str = Field(description="`quotes`, or the name of the model that wrote the text.")
    timings_ms: dict[str, float]
    notice: str | None = Field(description="What a reader should know of how the answer was made.")
    usage: UsageBody | None = Field(description="Null without a model, or where its endpoint counts none.")


_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_TOLD: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The request is understood, but cannot be met as it is."},
    401: {"model": ErrorBody, "description": "A bearer token or ticket is needed."},
    403: {"model": ErrorBody, "description": "Pages of this origin may not ask."},
    404: {"model": ErrorBody, "description": "There is no such thing here."},
    413: {"model": ErrorBody, "description": "The request is too large."},
    422: {"model": ErrorBody, "description": "The request is not of the shape described here."},
    429: {"model": ErrorBody, "description": "Too many questions in a minute.", "headers": _RETRY},
    503: {
        "model": ErrorBody,
        "description": "Too many questions at once; or a busy index.",
        "headers": _RETRY,
    },
    504: {"model": ErrorBody, "description": "No answer within the deadline."},
}


def _these(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: _TOLD[code] for code in (400, 401, 403, *codes)}


ERRORS: dict[int | str, dict[int | str, dict[str, Any]]] = {
    "read": _these(),
    404: _these(404, 422),
    "write": _these(413, 422, 429, 503),
    "ask": _these(404, 413, 422, 429, 503, 504),
}
"""The errors of a kind of route, for `responses=`."""

_EVENT = {
    "type": "object",
    "description": "One Server-Sent Event; `data` is JSON.",
    "properties": {name: {"type": "string"} for name in ("event", "data", "id")},
    "required": ["data"],
}
EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": _EVENT}}, "description": "The answer."}
}
