"""The judge and the drafting model, against a local server that speaks the protocol, rightly and wrongly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evaluation.draft import _by_model
from evaluation.gold import GoldQuestion
from evaluation.judge import ModelJudge
from evaluation.model import JsonModel, fill, first_object
from evaluation.outcome import Outcome
from index.errors import ModelError, UsageError
from index.records import Passage
from index.settings import load_settings

Reply = Callable[[dict[str, Any]], tuple[str, str]]


class _Endpoint(ThreadingHTTPServer):
    """Replies with what `reply` makes of a request: (content type, body); keeps the requests."""

    reply: Reply
    requests: list[dict[str, Any]]


class _Handler(BaseHTTPRequestHandler):
    server: _Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        kind, said = self.server.reply(body)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(said.encode())))
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: Any) -> None:
        pass


def said(text: str, finish: str | None = "stop") -> tuple[str, str]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return "application/json", json.dumps(
        {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    )


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Endpoint]:
    with _Endpoint(("127.0.0.1", 0), _Handler) as server:
        server.requests = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_address[1]}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        yield server
        server.shutdown()
        thread.join()


QUESTION = GoldQuestion("q", "When did it rain?", "span", True, "span", answers=("Monday",))
ANSWER = {
    "status": "answered", "text": "It rained on Monday. [1]", "verdict": None,
    "citations": [{"quote": "It rained on {answer} Monday."}],
}  # fmt: skip


def judged(question: GoldQuestion = QUESTION, answer: dict[str, Any] | None = None) -> dict[str, Any]:
    judge = ModelJudge("m", load_settings())
    try:
        return judge.judged(question, Outcome("q", "", answer or ANSWER))
    finally:
        judge.close()


def test_the_judge_is_asked_both_questions_with_pinned_settings(endpoint: _Endpoint) -> None:
    def reply(body: dict[str, Any]) -> tuple[str, str]:
        wants_correct = '"correct"' in body["messages"][0]["content"]
        return said('Sure:\n```json\n{"correct": true, "reason": "yes"}\n```' if wants_correct
                    else '{"faithful": false, "reason": "no"}')  # fmt: skip

    endpoint.reply = reply
    found = judged()
    assert (found["correct"], found["faithful"]) == (1, 0)
    assert [request["temperature"] for request in endpoint.requests] == [0, 0]
    assert {request["seed"] for request in endpoint.requests} == {0}
    # An article's own braces are not filled in: it cannot pull other fields into the prompt.
    assert "It rained on {answer} Monday." in endpoint.requests[1]["messages"][0]["content"]


def test_what_is_pinned_is_recorded_without_the_key(endpoint: _Endpoint) -> None:
    identity = ModelJudge("m", load_settings()).identity()
    assert {"model", "endpoint", "temperature", "seed", "correct", "faithful"} <= identity.keys()
    assert "sk-test" not in repr(identity)


@pytest.mark.parametrize(
    "reply",
    [
        said('{"correct": tru', "length"),
        said('{"correct": true, "faithful": true}', None),  # cut off, says nothing of it
        said("I would say so."),
        said('{"correct": "yes", "faithful": "yes"}'),
        said(""),
        ("text/html", "<html>Please log in</html>"),
        ("application/json", "{"),
        ("application/json", "{}"),
        ("application/json", '{"choices": []}'),
    ],
)
def test_a_reply_that_cannot_be_understood_is_no_verdict(endpoint: _Endpoint, reply: tuple[str, str]) -> None:
    endpoint.reply = lambda body: reply
    found = judged()
    assert "correct" not in found
    assert "faithful" not in found
    assert found["correct_reason"].startswith("not judged")


def test_refusals_are_not_judged(endpoint: _Endpoint) -> None:
    assert judged(answer={**ANSWER, "status": "not_in_corpus"}) == {}
    assert endpoint.requests == []


def test_without_an_endpoint_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="OPENAI_BASE_URL"):
        JsonModel("m", load_settings())


def test_a_drafted_question_must_quote_the_passage(endpoint: _Endpoint) -> None:
    text = "It rained on Monday. Two bridges were closed."
    passage = Passage(1, "a", "Rain", None, None, None, text, 0, len(text), ((0, 20), (21, len(text))))
    model = JsonModel("m", load_settings())
    draft = {
        "question": "How many bridges were closed?",
        "answer": "two",
        "quote": "Two bridges  were closed.",
    }
    endpoint.reply = lambda body: said(json.dumps(draft))
    found = _by_model(model)(passage)
    assert found is not None
    assert (found["kind"], found["answers"], found["gold_article_ids"]) == ("span", ["two"], ["a"])
    endpoint.reply = lambda body: said(json.dumps({**draft, "quote": "Three bridges were closed."}))
    assert _by_model(model)(passage) is None
    model.close()


def test_pieces() -> None:
    assert fill("{a} {b} {c}", a="{b}", b="1") == "{b} 1 {c}"
    assert first_object('{ not json {"a": {"b": 1}} {"c": 2}', "m") == {"a": {"b": 1}}
    with pytest.raises(ModelError):
        first_object("[1, 2]", "m")
