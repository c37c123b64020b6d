"""OpenAI's protocol and the Model Context Protocol, each through its official client, and resumed streams."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from mcp import Client

from index.records import AnswerReady, Claim, Delta, Event
from tests.web_serving import HOSTILE_QUESTION, ROOT, Gated, aside, build, served, write_hostile_corpus
from web.openai_text import Plain

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
UNANSWERED = "Did Turkey permit overflight?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Gated]]:
    folder = tmp_path_factory.mktemp("protocols")
    build(folder / "data", ROOT / "seeds", write_hostile_corpus(folder))
    with served(folder / "data", wrap=Gated) as running:
        yield running


@pytest.fixture
def client(server: tuple[str, Gated]) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server[0]}/v1", api_key="unused", max_retries=0) as found:
        yield found


def user(text: str) -> Any:
    return {"role": "user", "content": text}


# OpenAI's protocol


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["dateline"]
    assert client.models.retrieve("dateline").owned_by == "dateline"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4o")


def test_completion_has_citations_in_text_and_as_annotations(client: openai.OpenAI, server: Any) -> None:
    done = client.chat.completions.create(model="dateline", messages=[user(QUESTION)], temperature=0.3)
    message = done.choices[0].message
    assert done.choices[0].finish_reason == "stop"
    assert message.content
    assert "granted Russian Federation permission" in message.content
    assert "Sources:\n[1] Russian Federation hits back" in message.content
    assert message.annotations
    for annotation in message.annotations:
        cited = annotation.url_citation
        marker = message.content[cited.start_index : cited.end_index]
        assert marker.strip("[]").isdigit()
        assert cited.url.startswith(f"{server[0]}/articles/")
        assert cited.url in message.content
        assert '<mark id="passage"' in httpx.get(cited.url).text
    assert done.model_extra
    assert done.model_extra["dateline"]["status"] == "answered"


def test_streamed_completion_spells_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="dateline", messages=[user(QUESTION)]).choices[0].message
    chunks = list(client.chat.completions.create(model="dateline", messages=[user(QUESTION)], stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.content
    assert len(chunks) > 3
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    last = chunks[-1].choices[0].delta.model_extra
    assert last
    assert [a["url_citation"]["url"] for a in last["annotations"]] == [
        a.url_citation.url for a in whole.annotations or []
    ]


def test_messages_become_history(client: openai.OpenAI, server: tuple[str, Gated]) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        user([{"type": "text", "text": QUESTION}]),
        {"role": "assistant", "content": "Yes."},
        user("And under what conditions?"),
    ]
    client.chat.completions.create(model="dateline", messages=messages)  # type: ignore[arg-type]
    assert server[1].asked[-1] == ("And under what conditions?", [(QUESTION, "Yes.")])


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ({"model": "gpt-4o", "messages": [user("Who?")]}, openai.NotFoundError),
        ({"model": "dateline", "messages": []}, openai.UnprocessableEntityError),
        ({"model": "dateline", "messages": [{"role": "assistant", "content": "x"}]}, openai.BadRequestError),
        ({"model": "dateline", "messages": [user("  ")]}, openai.BadRequestError),
        ({"model": "dateline", "messages": [user("Who?")], "n": 2}, openai.UnprocessableEntityError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_wrong_requests(client: openai.OpenAI, request_: Any, kind: type[Exception], stream: bool) -> None:
    with pytest.raises(kind) as raised:
        client.chat.completions.create(**request_, stream=stream)
    assert raised.value.body["message"]  # type: ignore[attr-defined]


def test_an_error_in_mid_stream_is_raised(
    client: openai.OpenAI, server: tuple[str, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = server[1].ask

    def breaking(*arguments: Any) -> Iterator[Event]:
        yield next(ask(*arguments))
        raise RuntimeError("secret detail")

    monkeypatch.setattr(server[1], "ask", breaking)
    with pytest.raises(openai.APIError) as raised:
        list(client.chat.completions.create(model="dateline", messages=[user(QUESTION)], stream=True))
    assert "secret" not in str(raised.value)


def test_a_cut_answer_is_not_passed_off_as_whole(
    client: openai.OpenAI, server: tuple[str, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = server[1].ask

    def cut(*arguments: Any) -> Iterator[Event]:
        for event in ask(*arguments):
            if isinstance(event, AnswerReady):
                answer = replace(event.answer, status="incomplete", reason="The model stopped.")
                yield AnswerReady(answer)
            else:
                yield event

    monkeypatch.setattr(server[1], "ask", cut)
    for stream in (False, True):
        done = client.chat.completions.create(model="dateline", messages=[user(QUESTION)], stream=stream)
        choices = [chunk.choices[0] for chunk in done] if stream else [done.choices[0]]
        assert choices[-1].finish_reason == "length"
        told = "".join((c.delta if stream else c.message).content or "" for c in choices)
        assert "Incomplete: The model stopped" in told


def test_a_stream_holds_only_what_was_checked_and_says_what_was_not_found(
    client: openai.OpenAI, server: tuple[str, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = server[1].ask

    def doubtful(*arguments: Any) -> Iterator[Event]:
        yield Delta("An invented first draft. [1]")
        for event in ask(*arguments):
            if isinstance(event, AnswerReady):
                claims = (*event.answer.claims, Claim("The planes\nwere [green](x).", (), "unverified"))
                yield AnswerReady(replace(event.answer, claims=claims, notice="The model was asked twice."))
            else:
                yield event

    monkeypatch.setattr(server[1], "ask", doubtful)
    done = client.chat.completions.create(model="dateline", messages=[user(QUESTION)], stream=True)
    told = "".join(chunk.choices[0].delta.content or "" for chunk in done)
    assert "invented" not in told
    assert told.count("granted Russian Federation permission") == 2  # in the answer, and in its quote
    assert "\n\nNot found in the articles: The planes were \\[green" in told
    assert "\n\nNote: The model was asked twice" in told


def test_hostile_words_are_no_markup(client: openai.OpenAI) -> None:
    content = client.chat.completions.create(model="dateline", messages=[user(HOSTILE_QUESTION)])
    text = content.choices[0].message.content or ""
    assert "\\<script>" in text
    assert "\\[picture]\\(" in text


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_markers_survive_any_cutting(size: int) -> None:
    text = r"Yes [1](http://evil.example) ![a](b) [12] <b> [x]: y [1234] [3] \<b> www.evil.example a@b.c"
    plain = Plain()
    out = "".join(plain.add(text[i : i + size]) for i in range(0, len(text), size)) + plain.rest()
    assert out == (
        r"Yes [1]\(http\://evil.example) !\[a]\(b) [12] \<b> \[x]\: y \[1234] [3] \\\<b> www\.evil.example a\@b.c"
    )
    assert plain.whole == out


# The Model Context Protocol


def call(base: str, tool: str, **arguments: Any) -> Any:
    async def run() -> Any:
        async with Client(f"{base}/mcp") as client:
            return await client.call_tool(tool, arguments)

    return aside(lambda: asyncio.run(run()))


def test_mcp_lists_its_tools(server: tuple[str, Gated]) -> None:
    async def run() -> Any:
        async with Client(f"{server[0]}/mcp") as client:
            return await client.list_tools()

    tools = {tool.name: tool for tool in aside(lambda: asyncio.run(run())).tools}
    assert set(tools) == {"search_articles", "read_article", "ask"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())


def test_mcp_ask_search_and_read_agree(server: tuple[str, Gated]) -> None:
    answer = call(server[0], "ask", question=QUESTION).structured_content
    assert answer["status"] == "answered"
    quote = answer["citations"][0]
    article = call(server[0], "read_article", article_id=quote["article_id"]).structured_content
    assert article["text"][quote["start"] : quote["end"]] == quote["quote"]
    assert "origin" not in article
    found = call(server[0], "search_articles", query=QUESTION, limit=2).structured_content["passages"]
    assert 1 <= len(found) <= 2
    assert found[0]["article_id"] == quote["article_id"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": " "}),
        ("ask", {"question": QUESTION, "after": "yesterday"}),
        ("ask", {}),
        ("read_article", {"article_id": "none"}),
        ("search_articles", {"query": QUESTION, "limit": 1000}),
    ],
)
def test_mcp_errors_are_told(server: tuple[str, Gated], tool: str, arguments: dict[str, Any]) -> None:
    result = call(server[0], tool, **arguments)
    assert result.is_error
    assert result.content[0].text
    assert "Traceback" not in result.content[0].text


def test_mcp_takes_nothing_from_pages(server: tuple[str, Gated]) -> None:
    assert httpx.post(f"{server[0]}/mcp", json={}, headers={"Origin": "https://a.example"}).status_code == 403
    refused = httpx.get(f"{server[0]}/mcp")
    assert refused.status_code == 405
    assert refused.json()["error"]["code"] == "method_not_allowed"


# Streams taken up again


def frames(text: str) -> list[dict[str, str]]:
    return [
        dict(line.split(": ", 1) for line in frame.split("\n"))
        for frame in text.strip().split("\n\n")
        if not frame.startswith(":")
    ]


def stream(base: str, question: str = QUESTION, last: str | None = None) -> list[dict[str, str]]:
    headers = {"Last-Event-ID": last} if last else {}
    body = {"question": question, "stream": True}
    return frames(httpx.post(f"{base}/api/ask", json=body, headers=headers, timeout=60).text)


def test_a_whole_answer_is_replayed_from_any_event(server: tuple[str, Gated]) -> None:
    all_of_it = stream(server[0])
    asked = len(server[1].asked)
    for number, frame in enumerate(all_of_it[:-1]):
        assert stream(server[0], last=frame["id"]) == all_of_it[number + 1 :]
    assert len(server[1].asked) == asked  # none of it was made again


@pytest.mark.parametrize("last", ["x", "A" * 22 + "-1", "A" * 22 + "-99999999999", "é"])
def test_an_unknown_id_begins_anew(server: tuple[str, Gated], last: str) -> None:
    body = {"question": QUESTION, "stream": True}
    sent = {"Last-Event-ID": last.encode()}
    got = frames(httpx.post(f"{server[0]}/api/ask", json=body, headers=sent, timeout=60).text)
    assert got[0]["event"] == "reset"
    assert got[-1]["event"] == "answer"


def test_an_id_opens_no_other_question(server: tuple[str, Gated]) -> None:
    other = stream(server[0], UNANSWERED, last=stream(server[0])[0]["id"])
    assert other[0]["event"] == "reset"
    assert json.loads(other[-1]["data"])["question"] == UNANSWERED


def test_leaving_ends_the_answer_and_coming_back_makes_it_anew(
    server: tuple[str, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, assistant = server
    closed = threading.Event()

    def endless(*_: Any) -> Iterator[Event]:
        try:
            while True:
                yield Delta("more ")
                closed.wait(0.005)
        finally:
            closed.set()

    seen = ""
    with monkeypatch.context() as patched:
        patched.setattr(assistant, "ask", endless)
        body = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{base}/api/ask", json=body, timeout=60) as response:
            seen = next(line for line in response.iter_lines() if line.startswith("id: ")).removeprefix(
                "id: "
            )
        assert closed.wait(30)
    again = stream(base, last=seen)
    assert again[0]["event"] == "reset"
    assert again[-1]["event"] == "answer"
    deltas = "".join(json.loads(f["data"])["text"] for f in again if f["event"] == "delta")
    assert deltas == json.loads(again[-1]["data"])["text"]


# Crowds and deadlines


def test_too_many_are_refused_and_the_others_served(tmp_path: Path, server: tuple[str, Gated]) -> None:
    data = server[1].settings.data
    with served(data, wrap=Gated, concurrent_answers=1, waiting_questions=2) as (base, assistant):
        assistant.gate.clear()

        async def crowd() -> list[httpx.Response]:
            limits = httpx.Limits(max_connections=20)
            async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
                asks = [
                    asyncio.create_task(client.post("/api/ask", json={"question": QUESTION, "stream": True}))
                    for _ in range(10)
                ]
                while sum(task.done() for task in asks) < 7:
                    await asyncio.sleep(0.01)
                assistant.gate.set()
                return await asyncio.gather(*asks)

        done = aside(lambda: asyncio.run(crowd()))
    refused = [response for response in done if response.status_code == 503]
    assert len(refused) == 7
    assert all(int(response.headers["retry-after"]) >= 1 for response in refused)
    assert all(response.json()["error"]["code"] == "overloaded" for response in refused)
    assert all("event: answer" in response.text for response in done if response.status_code == 200)


def test_the_deadline_is_kept_and_told(server: tuple[str, Gated]) -> None:
    with served(server[1].settings.data, wrap=Gated, answer_seconds=0.3) as (base, assistant):
        assistant.gate.clear()
        try:
            late = httpx.post(f"{base}/api/ask", json={"question": QUESTION}, timeout=60)
            body = {"question": QUESTION, "stream": True}
            streamed = httpx.post(f"{base}/api/ask", json=body, timeout=60)
        finally:
            assistant.gate.set()
    assert late.status_code == 504
    assert late.json()["error"]["code"] == "deadline"
    # By the status if there was no event before it, else by the last event.
    assert '"code": "deadline"' in streamed.text or streamed.status_code == 504
    assert "event: answer" not in streamed.text


def test_silence_is_filled_with_heartbeats(
    server: tuple[str, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.answering.HEARTBEAT_SECONDS", 0.05)
    base, assistant = server
    assistant.gate.clear()
    try:
        body = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{base}/api/ask", json=body, timeout=60) as response:
            lines = response.iter_lines()
            assert next(line for line in lines if line.startswith(":")) == ": heartbeat"
            assistant.gate.set()
            assert "event: answer" in list(lines)
    finally:
        assistant.gate.set()
