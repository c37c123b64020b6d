"""Each way in which an endpoint can fail, over real sockets: a sentence for users, in time, without the key."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator

import pytest

from index.answer.endpoint import Address, Endpoint, Reply
from index.answer.prompt import Prompt
from index.records import Usage
from tests.model_faults import (
    DEADLINE,
    FAULTS,
    KEY,
    after,
    cuts,
    endless_comments,
    endless_text,
    reset,
    status,
)  # fmt: skip
from tests.openai_server import ModelServer, Request, Script, in_turn, says, silent

PROMPT = Prompt("Rules", "Question")
CUTS = cuts("It rained")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def ask(
    server: ModelServer, script: Script, *, seconds: float = 20, retries: int = 0, base_url: str | None = None
) -> tuple[list[str], Reply]:
    """The pieces that came, and the reply."""
    server.script = script
    endpoint = Endpoint(
        Address("m", base_url or server.base_url, KEY, 4096), seconds=seconds, retries=retries
    )
    try:
        pieces: list[str] = []
        running = endpoint.stream(PROMPT, most_tokens=50, until=time.monotonic() + seconds)
        while True:
            try:
                pieces.append(next(running))
            except StopIteration as end:
                return [piece for piece in pieces if piece], end.value
    finally:
        endpoint.close()


def test_a_whole_answer_comes_piece_by_piece(server: ModelServer) -> None:
    pieces, reply = ask(server, says("It ", "rained.", " [1]"))
    assert ("".join(pieces), reply.text, reply.failure) == ("It rained. [1]", "It rained. [1]", None)
    assert reply.usage == Usage(100, 7)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["stream"] is True
    assert request.body["temperature"] == 0
    assert request.body["max_tokens"] == 50
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]


@pytest.mark.parametrize("name", FAULTS)
def test_before_a_word_is_said(server: ModelServer, name: str, caplog: pytest.LogCaptureFixture) -> None:
    script, words = FAULTS[name]
    caplog.set_level(logging.DEBUG, logger="dateline")
    pieces, reply = ask(server, script, seconds=1 if words == DEADLINE else 20)
    assert (pieces, reply.text.strip()) == ([], "")
    assert reply.failure is not None
    assert words in reply.failure.words
    assert KEY not in caplog.text + reply.failure.words
    assert len(server.requests) == 1


def test_words_are_passed_on_as_they_come(server: ModelServer) -> None:
    passed_on = threading.Event()

    async def waiting(request: Request) -> None:
        await request.begin()
        await request.chunk("It ")
        await asyncio.to_thread(passed_on.wait, 20)
        await request.chunk("rained.", "stop")

    server.script = waiting
    endpoint = Endpoint(Address("m", server.base_url, KEY, 4096), seconds=30, retries=0)
    try:
        running = endpoint.stream(PROMPT, most_tokens=50, until=time.monotonic() + 30)
        assert next(piece for piece in running if piece) == "It "
        passed_on.set()
        assert next(piece for piece in running if piece) == "rained."
    finally:
        endpoint.close()


@pytest.mark.parametrize("name", CUTS)
def test_what_was_said_before_a_cut_is_kept(server: ModelServer, name: str) -> None:
    script, words = CUTS[name]
    pieces, reply = ask(server, script, seconds=1 if words == DEADLINE else 20, retries=2)
    assert (pieces, reply.text) == (["It rained"], "It rained")
    assert reply.failure is not None
    assert words in reply.failure.words
    assert len(server.requests) == 1  # asked again, its words would come twice


def test_an_endless_text_is_cut(server: ModelServer) -> None:
    _, reply = ask(server, endless_text)
    assert reply.failure is not None
    assert reply.failure.kind == "too_much"
    assert len(reply.text) < 200_000


@pytest.mark.parametrize(
    ("script", "words"),
    [(silent, "not done within 1 seconds"), (says("It rained", finish="length"), "limit of 50 tokens")],
    ids=["seconds", "tokens"],
)
def test_the_words_name_the_limit(server: ModelServer, script: Script, words: str) -> None:
    _, reply = ask(server, script, seconds=1)
    assert reply.failure is not None
    assert words in reply.failure.words


def test_nobody_there(server: ModelServer) -> None:
    _, reply = ask(server, silent, base_url="http://127.0.0.1:9/v1")
    assert reply.failure is not None
    assert reply.failure.words.startswith("The model cannot be reached.")


@pytest.mark.parametrize(
    "fault", [status("503 Busy"), status("429 Limit", Retry_After="0"), reset], ids=["503", "429", "reset"]
)
def test_what_may_pass_is_tried_again(server: ModelServer, fault: Script) -> None:
    _, reply = ask(server, in_turn(fault, says("It rained.")), retries=2)
    assert (reply.text, reply.failure, len(server.requests)) == ("It rained.", None, 2)


@pytest.mark.parametrize("name", ["401", "404", "context", "no quota", "html", "empty"])
def test_what_cannot_pass_is_not(server: ModelServer, name: str) -> None:
    _, reply = ask(server, FAULTS[name][0], retries=2)
    assert reply.failure is not None
    assert len(server.requests) == 1


def test_retry_after_beyond_the_deadline_is_not_waited_for(server: ModelServer) -> None:
    began = time.monotonic()
    _, reply = ask(server, status("429 Limit", Retry_After="600"), retries=2)
    assert reply.failure is not None
    assert "Try again in 600 s" in reply.failure.words
    assert time.monotonic() - began < 15  # of 20: not the deadline ended it
    assert len(server.requests) == 1


def test_the_tries_end_with_the_deadline(server: ModelServer) -> None:
    _, reply = ask(server, status("500 Error"), seconds=1, retries=10)
    assert reply.failure is not None
    assert 1 <= len(server.requests) < 4


def test_options_that_a_model_does_not_take_are_left_out(server: ModelServer) -> None:
    async def choosy(request: Request) -> None:
        for name in ("max_tokens", "temperature"):
            if name in request.body:
                await request.error("400 Bad Request", f"Unsupported parameter: '{name}'", "unsupported")
                return
        await says("It rained.")(request)

    _, reply = ask(server, choosy)
    assert (reply.text, reply.failure) == ("It rained.", None)
    assert server.requests[-1].body["max_completion_tokens"] == 50


def test_a_stream_that_does_not_end_after_the_answer_is_left(server: ModelServer) -> None:
    async def chatty(request: Request) -> None:
        await says("It rained.", usage=None)(request)
        await endless_comments(request)

    async def without_done(request: Request) -> None:
        await request.begin()
        await request.chunk("It rained.")
        await request.chunk(finish="stop")
        await silent(request)

    for script in (chatty, without_done):
        _, reply = ask(server, script)
        assert (reply.text, reply.failure) == ("It rained.", None)


@pytest.mark.parametrize("said", [True, False], ids=["in mid-answer", "before the first word"])
def test_closing_ends_the_request(server: ModelServer, said: bool) -> None:
    server.script = after("It rained", silent) if said else silent
    endpoint = Endpoint(Address("m", server.base_url, KEY, 4096), seconds=60, retries=0)
    try:
        running = endpoint.stream(PROMPT, most_tokens=50, until=time.monotonic() + 60)
        piece = next(running)
        while said and not piece:
            piece = next(running)
        while not server.requests:
            next(running)
        running.close()
        assert server.requests[0].left.wait(timeout=10)
    finally:
        endpoint.close()


def test_the_key_is_in_no_representation() -> None:
    address = Address("m", "http://127.0.0.1:9/v1", KEY, 4096)
    endpoint = Endpoint(address, seconds=1, retries=0)
    try:
        assert KEY not in repr(address) + repr(endpoint) + str(vars(endpoint))
    finally:
        endpoint.close()
