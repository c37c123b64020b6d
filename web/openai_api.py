"""OpenAI's chat protocol, so that any OpenAI client can ask Dateline: `/v1/models` and `/v1/chat/completions`.

Turns messages into a question with its history, and the answer into a message whose markers are also
annotations. Settings of a model (temperature, tools and so on) are taken and have no effect.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from index.errors import NotFoundError, QuestionError
from index.records import Answer, AnswerReady, Delta, Event, Turn

from .answering import Answering
from .api import LongText, Name
from .contract import MAX_TURNS
from .errors import as_error
from .leaving import while_connected
from .openai_text import Plain, sources, url_citations
from .schema import ERRORS, EVENT_STREAM

MODEL = "dateline"
_SENTENCE = re.compile(r".+?(?:[.!?\]]\s+(?!\[)|$)", re.DOTALL)
_MODEL_OBJECT = {"id": MODEL, "object": "model", "created": 0, "owned_by": "dateline"}


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: Name
    text: LongText = ""


class Message(BaseModel):
    """A message; those of roles other than user and assistant are not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: LongText | Annotated[list[Part], Field(max_length=100)] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in {"text", "input_text"})
        return self.content or ""


class ChatBody(BaseModel):
    """A chat request. Unknown fields are taken: clients send many that have no meaning here."""

    model_config = ConfigDict(extra="allow")

    model: Name
    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
    stream: bool | None = False
    n: Literal[1] | None = 1


def openai_routes(answering: Answering) -> APIRouter:
    """The routes, asking through `answering`."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])

    @router.get("/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_MODEL_OBJECT]}

    @router.get("/models/{model}", responses=ERRORS[404])
    def model(model: str) -> dict[str, Any]:
        _require_model(model)
        return dict(_MODEL_OBJECT)

    @router.post("/chat/completions", response_model=dict[str, Any], responses=ERRORS["ask"] | EVENT_STREAM)
    async def chat(body: ChatBody, request: Request) -> Response:
        _require_model(body.model)
        question, history = conversation(body.messages)
        base = str(request.base_url)
        if not body.stream:
            answer = await while_connected(request.receive, answering.answer(question, history))
            return JSONResponse(_completion(answer, base))
        events = answering.events(question, history)
        first = await anext(events, None)  # an error before any event is told by the status
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            _chunks(first, events, base), media_type="text/event-stream", headers=headers
        )

    @router.api_route("/{rest:path}", methods=["GET", "POST", "DELETE"], include_in_schema=False)
    def unknown(rest: str) -> None:
        raise NotFoundError("Of OpenAI's protocol, Dateline speaks /v1/models and /v1/chat/completions.")

    return router


def _require_model(name: str) -> None:
    if name != MODEL:
        raise NotFoundError(f"There is no model of this name here; the one there is is called {MODEL!r}.")


def conversation(messages: list[Message]) -> tuple[str, list[Turn]]:
    """The last user message as the question, and the turns before it.

    Raises:
        QuestionError: the last message of user or assistant is not the user's.
    """
    spoken = [m for m in messages if m.role in {"user", "assistant"}]
    if not spoken or spoken[-1].role != "user":
        raise QuestionError("The last message must be the user's: it is the question.")
    turns: list[Turn] = []
    asked: str | None = None
    for message in spoken[:-1]:
        if message.role == "user":
            asked = message.text()
        elif asked is not None:
            turns.append((asked, message.text()))
            asked = None
    return spoken[-1].text(), turns[-MAX_TURNS:]


def _completion(answer: Answer, base: str) -> dict[str, Any]:
    plain = Plain()
    text = plain.add(answer.text) + plain.rest()
    message = {
        "role": "assistant",
        "content": text + sources(answer, base),
        "refusal": None,
        "annotations": url_citations(answer, text, base),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer)}
    return _head("chat.completion") | {"choices": [choice], "dateline": answer.to_dict()}


def _finish(answer: Answer) -> str:
    return "length" if answer.status == "incomplete" else "stop"


def _head(kind: str) -> dict[str, Any]:
    name = f"chatcmpl-{secrets.token_urlsafe(12)}"
    return {"id": name, "object": kind, "created": int(time.time()), "model": MODEL}


async def _chunks(first: Event | None, events: AsyncIterator[Event | None], base: str) -> AsyncIterator[str]:
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps(head | {'choices': [choice]} | more)}\n\n"

    plain = Plain()
    try:
        yield chunk({"role": "assistant", "content": ""})
        async for event in _with_first(first, events):
            # Nothing sent can be taken back in this protocol, and a model's words are checked at their end.
            if event is None or isinstance(event, Delta):
                yield ": heartbeat\n\n"
            elif isinstance(event, AnswerReady):
                answer = event.answer
                for sentence in _SENTENCE.findall(answer.text):
                    yield chunk({"content": plain.add(sentence)})
                yield chunk({"content": plain.rest() + sources(answer, base)})
                noted = {"annotations": url_citations(answer, plain.whole, base)}
                yield chunk(noted, _finish(answer), dateline=answer.to_dict())
        yield "data: [DONE]\n\n"
    except Exception as error:  # noqa: BLE001 - the status is sent: the stream itself must tell of it
        _, detail = as_error(error)
        yield f"data: {json.dumps({'error': detail | {'type': 'server_error', 'param': None}})}\n\n"
    finally:
        await events.aclose()  # type: ignore[attr-defined]  # ends the answer at once


async def _with_first(
    first: Event | None, events: AsyncIterator[Event | None]
) -> AsyncIterator[Event | None]:
    if first is not None:
        yield first
    async for event in events:
        yield event
