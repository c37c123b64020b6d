"""What one visitor said is told to no other: not by mistake when many ask at once, nor to one who reaches for it."""

from __future__ import annotations

import itertools
import json
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from index.catalog import Catalog
from tests import web_serving
from tests.chat_client import ChatVisitor
from tests.openai_server import ModelServer, Request, says
from tests.web_serving import ROOT, build, served

MARK = "confidentialzx81"
SECRET_QUESTION = f"Did Iraq allow {MARK} Russian planes to use its airspace?"
QUESTION = "Did Iraq allow {} Russian planes to use its airspace?"
ANOTHER = "Did Turkey permit overflight?"


async def echo(request: Request) -> None:
    """A model that says all that it was told."""
    await says(request.body["messages"][-1]["content"])(request)


@dataclass
class Place:
    """A server at which a victim has asked at every door, and what only the victim was told."""

    base: str
    data: Path
    app: FastAPI
    model: ModelServer
    logged: list[str] = field(default_factory=list)
    session: str = ""
    event: str = ""
    stream: str = ""
    receipt: str = ""
    written: list[str] = field(default_factory=list)

    @property
    def secrets(self) -> list[str]:
        return [MARK, self.session, self.event, self.stream, self.receipt]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("visitors")
    data = folder / "data"
    build(data, ROOT / "seeds")
    apps: list[FastAPI] = []
    logged: list[str] = []
    create_app = web_serving.create_app

    def noting(*arguments: Any) -> FastAPI:
        apps.append(create_app(*arguments))
        return apps[0]

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(self.format(record))

    handler = Noting(logging.WARNING)  # as app.py logs
    logging.getLogger().addHandler(handler)
    with pytest.MonkeyPatch.context() as patch, ModelServer() as model:
        model.script = echo
        patch.setattr(web_serving, "create_app", noting)
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "gradio"))
        patch.setenv("TMPDIR", str(folder))
        options = {"model": "echo", "openai_base_url": model.base_url, "answer_cache": 100}
        with served(data, **options) as (base, _):
            found = Place(base, data, apps[0], model, logged)
            _the_victim_asks(found, folder)
            yield found
    logging.getLogger().removeHandler(handler)


def _the_victim_asks(place: Place, folder: Path) -> None:
    with ChatVisitor(place.base) as victim, httpx.Client(base_url=place.base, timeout=60) as client:
        victim.load()
        told = victim.ask(SECRET_QUESTION)
        assert MARK in told
        assert MARK in victim.export()
        place.session, place.event = victim.session, json.loads(told.partition("}")[0] + "}")["event_id"]
        reply = client.post("/api/ask", json={"question": SECRET_QUESTION, "stream": True}).text
        place.stream = reply.rpartition("id: ")[2].strip()
        for question in (SECRET_QUESTION, ANOTHER):
            assert client.post("/v1/chat/completions", json=_message(question)).status_code == 200
        place.written = [
            str(path) for path in folder.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()
        ]
        rated = {"question": SECRET_QUESTION, "answer": {"text": MARK}, "rating": "up", "comment": MARK}
        place.receipt = client.post("/api/feedback", json=rated).json()["receipt"]


def _message(*said: str) -> dict[str, Any]:
    roles = itertools.cycle(["user", "assistant"])
    return {"model": "dateline", "messages": [{"role": next(roles), "content": text} for text in said]}


# Many at once


def in_the_chat(base: str, mark: str) -> str:
    with ChatVisitor(base) as visitor:
        visitor.load()
        visitor.ask(QUESTION.format(mark))
        visitor.ask(f"And {mark} Turkey?")
        visitor.export()
        return visitor.told


def by_the_api(base: str, mark: str) -> str:
    turn = (QUESTION.format(mark), f"Yes, {mark}.")
    asked = [{"question": QUESTION.format(mark)}, {"question": f"And {mark} Turkey?", "history": [turn]}]
    with httpx.Client(base_url=base, timeout=60) as client:
        return "".join(client.post("/api/ask", json=one | {"stream": True}).text for one in asked)


def by_openai(base: str, mark: str) -> str:
    said = _message(QUESTION.format(mark), f"Yes, {mark}.", f"And {mark} Turkey?")
    return httpx.post(f"{base}/v1/chat/completions", json=said, timeout=60).text


def by_mcp(base: str, mark: str) -> str:
    call = {"name": "ask", "arguments": {"question": QUESTION.format(mark)}}
    sent = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {"Accept": "application/json, text/event-stream"}
    return httpx.post(f"{base}/mcp", json=sent, headers=headers, timeout=60).text


def test_nobody_is_told_what_another_asks_at_the_same_time(place: Place) -> None:
    doors = (in_the_chat, by_the_api, by_openai, by_mcp)
    visitors = {f"mark{number}q": door for number, door in enumerate(doors * 3)}
    before = len(place.model.requests)
    with ThreadPoolExecutor(len(visitors)) as threads:
        told = dict(
            zip(
                visitors,
                threads.map(lambda mark: visitors[mark](place.base, mark), visitors),
                strict=True,
            )
        )
    for mark, text in told.items():
        assert [other for other in visitors if other in text] == [mark], visitors[mark].__name__
        assert MARK not in text
    for request in place.model.requests[before:]:
        prompt = json.dumps(request.body)
        assert sum(mark in prompt for mark in visitors) == 1


# One who reaches for it


def test_no_address_there_is_tells_it(place: Place) -> None:
    """Every route of the server and of Gradio in it, with every guess for each of its parameters."""
    guesses = ["null", "0", "%", place.session[:-1], place.session.upper(), place.event]
    reached = set()
    with httpx.Client(base_url=place.base, timeout=0.4) as client:
        for (path, methods), guess in itertools.product(sorted(routes(place.app)), guesses):
            asked = dict.fromkeys(("session_hash", "event_id", "id", "api_name", "receipt"), guess)
            for method in methods:
                body = {"json": asked | {"data": [], "fn_index": 13}} if method == "POST" else {}
                told = told_by(client, method, filled(path, guess), params=asked, **body)
                given = [secret for secret in place.secrets if secret in told and secret not in guesses]
                assert not given, (method, path, guess)
                reached.add(path)
    assert len(reached) > 90
    assert {"/api/ask", "/gradio_api/queue/data", "/gradio_api/call/{api_name}/{event_id}"} <= reached


def routes(part: Any, under: str = "") -> set[tuple[str, tuple[str, ...]]]:
    """(path, methods) of all routes, those of what is included or mounted too."""
    found = set()
    for route in part.routes:
        path = under + getattr(route, "path", "")
        inner = getattr(route, "original_router", route)
        if getattr(inner, "routes", None):
            found |= routes(inner, path.rstrip("/"))
        else:
            methods = getattr(route, "methods", None) or {"GET", "POST"}
            found.add((path, tuple(sorted(methods - {"HEAD"}))))
    return found


def filled(path: str, guess: str) -> str:
    parts = [part if not part.startswith("{") else guess.replace("%", "%25") for part in path.split("/")]
    return "/".join(part.split("{")[0] + guess if "{" in part else part for part in parts) or "/"


def told_by(client: httpx.Client, method: str, path: str, **options: Any) -> str:
    """What comes within a moment: some of them never end."""
    told = b""
    try:
        with client.stream(method, path, **options) as reply:
            for part in reply.iter_raw():
                told += part
    except httpx.TransportError:
        pass
    return told.decode("utf-8", "replace")


def test_no_event_of_the_chat_tells_it_to_another_page(place: Place) -> None:
    for session in ("", "null", place.session[:-1], place.session + " ", place.session.upper(), place.event):
        with ChatVisitor(place.base, session) as stranger:
            for event in stranger.events:
                if not event["queue"]:
                    stranger.run(event)
            assert not re.search(rf"{MARK}|mark\d+q", stranger.told)
            assert "Conversation with Dateline" in stranger.told  # the file of a conversation: an empty one


def test_a_page_cannot_bring_a_conversation_of_its_own(place: Place) -> None:
    forged = {
        "exchanges": [{"question": "forgedzx82", "text": "forgedzx82", "answer": {"text": "forgedzx82"}}]
    }
    with ChatVisitor(place.base) as stranger:
        before = len(place.model.requests)
        (submit,) = (e for e in stranger.events if e["targets"][0][1] == "submit" and e["queue"])
        told = stranger.queued(submit, ["And Turkey?", forged, "", "", [], [], []])
    assert "process_completed" in told
    assert "forgedzx82" not in told + str([r.body for r in place.model.requests[before:]])


@pytest.mark.parametrize("change", ["another question", "another name", "the number alone"])
def test_a_stream_of_another_cannot_be_taken_up(place: Place, change: str) -> None:
    question = ANOTHER if change == "another question" else SECRET_QUESTION
    name, number = place.stream.split("-")[0], place.stream.rpartition("-")[2]
    wanted = {
        "another question": place.stream.replace(f"-{number}", "-0"),
        "another name": f"{name[:-1]}{'A' if name[-1] != 'A' else 'B'}-0",
        "the number alone": "0",
    }[change]
    body = {"question": question, "stream": True}
    headers = {"Last-Event-ID": wanted}
    told = httpx.post(f"{place.base}/api/ask", json=body, headers=headers, timeout=60).text
    assert told.startswith("event: reset")  # made anew, for whoever asks
    assert name not in told


def test_feedback_of_another_is_neither_read_nor_changed(place: Place) -> None:
    number, _, signature = place.receipt.partition(".")
    with Catalog.open(place.data, read_only=True) as catalog:
        before = catalog.feedback()
    with httpx.Client(base_url=place.base, timeout=60) as client:
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            for path in ("/api/feedback", f"/api/feedback/{number}", f"/api/feedback?id={number}"):
                assert MARK not in client.request(method, path).text
        for guess in (number, f"{number}.", f"{number}.{'0' * 64}", f"{int(number) + 1}.{signature}"):
            body = {"question": "x", "answer": {}, "rating": "down", "receipt": guess}
            assert MARK not in client.post("/api/feedback", json=body).text
    with Catalog.open(place.data, read_only=True) as catalog:
        assert catalog.feedback()[: len(before)] == before


def test_nothing_said_is_logged(place: Place) -> None:
    assert not [line for line in place.logged if any(secret in line for secret in place.secrets)]


def test_a_conversation_without_feedback_is_written_nowhere(place: Place) -> None:
    assert place.written == []
