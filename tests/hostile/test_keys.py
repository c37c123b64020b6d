"""A key in every place where one can stand, an endpoint that repeats all it is sent, and every fault it can have:
no key is ever shown, logged, stored, or told to a model."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.provenance import shown_address
from index import open_assistant
from index.build import build as build_index
from index.errors import DatelineError, ModelError, SettingsError
from index.settings import ROOT, load_settings
from tests.chat_client import ChatVisitor
from tests.making import environment
from tests.model_faults import DEADLINE
from tests.openai_server import ModelServer, Request, Script
from tests.test_model_endpoint import CUTS, FAULTS
from tests.web_serving import build, served

PLACES = ("api", "user", "query", "path", "proxy", "token", "ticket")
KEYS = {name: f"sk-{name}-zx81-{name[::-1]}-0123456789abcdef" for name in PLACES}
QUESTION = "Did Iraq allow Russian planes to use its airspace?"


def repeating(line: str) -> Script:
    """Refuses, and repeats in its words, its headers and its reason all that it was sent."""

    async def script(request: Request) -> None:
        sent = f"{request.path} {request.headers} {KEYS}"
        await request.error(line, f"Incorrect API key provided: {sent}", sent, X_Request_Id=KEYS["api"])

    return script


async def repeating_in_mid_answer(request: Request) -> None:
    await request.begin()
    await request.chunk("Yes. ")
    await request.send(
        f"data: {json.dumps({'error': {'message': str(request.headers), 'code': KEYS['api']}})}\n\n"
    )


async def repeating_nonsense(request: Request) -> None:
    await request.begin()
    await request.send(f"data: {request.headers}\n\n")


REPEATING: dict[str, Script] = {
    line: repeating(line)
    for line in ("400 Bad Request", "401 Unauthorized", "404 Not Found", "429 Too Many Requests", "500 Error")
} | {"in mid-answer": repeating_in_mid_answer, "nonsense": repeating_nonsense}
KNOWN = FAULTS | {f"cut: {name}": fault for name, fault in CUTS.items()}
FAULTY = REPEATING | {name: script for name, (script, _) in KNOWN.items()}
ONE_DOOR = {name for name, (_, words) in KNOWN.items() if words == DEADLINE} - {"silence"}
"""Only the deadline ends them: one of them is waited for at every door."""


def shown_keys(text: str) -> list[str]:
    return [name for name, key in KEYS.items() if key in text]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "data"
    build(folder, ROOT / "seeds")
    return folder


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in the environment. No proxy is asked for what is on this machine."""
    monkeypatch.setenv("OPENAI_API_KEY", KEYS["api"])
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{KEYS['proxy']}@127.0.0.1:9")
    monkeypatch.setenv("DATELINE_TOKENS", KEYS["token"])
    monkeypatch.setenv("DATELINE_TICKET_SECRET", KEYS["ticket"])


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged, with the command line's --debug."""
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.DEBUG, logger="dateline")
    yield caplog
    assert shown_keys(caplog.text) == []


@pytest.fixture
def faulty(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ModelServer, str]]:
    monkeypatch.setattr("index.answer.endpoint._FIRST_PAUSE", 0.01)
    with ModelServer() as model:
        address = model.base_url.replace("/v1", f"/{KEYS['path']}/v1")
        options = {"model": "m", "openai_base_url": address, "model_retries": 1, "model_seconds": 3}
        with served(data, **options) as (base, _):
            yield model, base


def test_every_door_after_every_fault(
    faulty: tuple[ModelServer, str],
    logged: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    data: Path,
) -> None:
    model, base = faulty
    bearer = {"Authorization": f"Bearer {KEYS['token']}"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    call |= {"params": {"name": "ask", "arguments": {"question": QUESTION}}}
    said = {"model": "dateline", "messages": [{"role": "user", "content": QUESTION}]}
    told: list[str] = []
    with ExitStack() as stack:
        visitor = stack.enter_context(ChatVisitor(base))
        client = stack.enter_context(httpx.Client(base_url=base, timeout=60, headers=bearer))
        for name in FAULTY:
            model.script = FAULTY[name]
            told.append(client.post("/api/ask", json={"question": QUESTION, "stream": True}).text)
            if name in ONE_DOOR:
                continue
            told.append(visitor.ask(QUESTION))
            told.append(client.post("/v1/chat/completions", json=said).text)
            told.append(client.post("/mcp", json=call, headers={"Accept": "application/json"}).text)
            told.append(client.get("/api/status").text)
        told += [client.get(path).text for path in ("/status", "/", "/config", "/api/openapi.json")]
        told += [visitor.export(), *capfd.readouterr()]
        rated = {"question": QUESTION, "answer": json.loads(told[0].rpartition("data: ")[2].splitlines()[0])}
        client.post("/api/feedback", json=rated | {"rating": "down"})
    assert [shown_keys(text) for text in told if shown_keys(text)] == []
    prompts = json.dumps([request.body for request in model.requests])
    assert shown_keys(prompts) == []
    assert KEYS["api"] in model.requests[0].headers["authorization"]  # where it belongs
    assert [path for path in data.rglob("*") if path.is_file() and shown_keys(_text(path))] == []


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("fault", REPEATING)
def test_embedding(
    fault: str,
    data: Path,
    tmp_path: Path,
    logged: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with ModelServer() as model:
        model.script = REPEATING[fault]
        address = model.base_url.replace("/v1", f"/{KEYS['path']}/v1")
        settings = load_settings(
            data=tmp_path / "data", embedding_model="letters", embedding_base_url=address
        )
        with pytest.raises(ModelError) as failed:
            build_index([ROOT / "seeds"], settings)
        said = str(failed.value)
        with open_assistant(settings) as assistant, pytest.raises(DatelineError) as unanswered:
            assistant.answer(QUESTION)
    assert "letters failed" in said
    assert "build again to go on" in said
    assert failed.value.__suppress_context__  # a traceback would show what the endpoint said
    assert shown_keys(f"{said} {unanswered.value} {capfd.readouterr()}") == []
    assert KEYS["api"] not in str(vars(assistant.retriever))
    assert KEYS["api"] in model.requests[0].headers["authorization"]


@pytest.mark.parametrize("fault", ["401 Unauthorized", "nonsense"])
def test_an_evaluation(fault: str, data: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    row = {"id": "q", "question": QUESTION, "kind": "yesno", "answerable": True, "verdict": "yes"}
    gold.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with ModelServer() as model:
        model.script = REPEATING[fault]
        keys = {
            "OPENAI_API_KEY": KEYS["api"],
            "OPENAI_BASE_URL": model.base_url.replace("/v1", f"/{KEYS['path']}/v1"),
            "DATELINE_TOKENS": KEYS["token"],
            "DATELINE_TICKET_SECRET": KEYS["ticket"],
            "DATELINE_MODEL": "m",
        }
        command = [
            sys.executable,
            "-m",
            "evaluation",
            "--gold",
            gold,
            "--data",
            data,
            "--out",
            tmp_path / "run",
        ]
        done = subprocess.run(
            [*map(str, command), "--judge", "m"], cwd=ROOT, env=environment() | keys,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert model.requests, done.stderr
    assert shown_keys(done.stdout + done.stderr) == []
    written = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert len(written) > 3, done.stderr
    assert [path.name for path in written if shown_keys(_text(path))] == []


WRONG = {
    "user": f"http://user:{KEYS['user']}@127.0.0.1:9/v1",
    "key as user": f"http://{KEYS['user']}@127.0.0.1:9/v1",
    "query": f"http://127.0.0.1:9/v1?api-key={KEYS['query']}",
    "fragment": f"http://127.0.0.1:9/v1#{KEYS['query']}",
    "slash in it": f"http://user:{KEYS['user']}/x@127.0.0.1:9/v1",
    "port": f"http://127.0.0.1:{KEYS['user']}/v1",
    "no scheme": KEYS["api"],
    "another scheme": f"file:///{KEYS['path']}",
}


@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "DATELINE_EMBEDDING_BASE_URL"])
@pytest.mark.parametrize("wrong", WRONG)
def test_an_address_may_hold_no_key(name: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, WRONG[wrong])
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert name in str(refused.value)
    assert shown_keys(str(refused.value)) == []
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("value", ["x" * 5 + KEYS["token"][:5], KEYS["ticket"][:8]])
@pytest.mark.parametrize("name", ["DATELINE_TOKENS", "DATELINE_TICKET_SECRET"])
def test_a_key_that_is_too_short_is_not_repeated(name: str, value: str, data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment() | {name: value, "DATELINE_DATA": str(data)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, value in done.stdout + done.stderr) == (1, False)
    assert name in done.stderr


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1"),
        ("https://models.example.org", "https://models.example.org"),
        (f"https://models.example.org/{KEYS['path']}/v1", "https://models.example.org ("),
        (f"https://user:{KEYS['user']}@models.example.org:444", "https://models.example.org:444 ("),
    ],
)
def test_how_an_evaluation_names_an_address(address: str, shown: str) -> None:
    found: Any = shown_address(address)
    assert found.startswith(shown)
    assert shown_keys(found) == []
