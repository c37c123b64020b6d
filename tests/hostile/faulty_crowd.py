"""Twenty readers who ask at once, some of a model that fails, each in another way. Holds no tests.

Each asks over HTTP, through one door of four, about another article. The model's server holds all requests
back until the last is there; then each gets its own reader's fault, or a whole answer. `judged` says what is
wrong with what a reader was shown. Knows neither how the server was started nor its limits.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from index.assistant import Assistant
from tests.model_faults import DEADLINE, FAULTS, KEY, cuts, endless_text
from tests.openai_server import ModelServer, Request, Script, says
from tests.web_serving import ROOT

HEALTHY = "healthy"
DOORS = ("api", "api stream", "v1", "v1 stream")
MODEL = "model-under-test"
CORPUS = ROOT / "evaluation/corpus/articles.jsonl"
GOLD = ROOT / "evaluation/gold/corpus.jsonl"
PATIENCE = 120.0
"""Seconds after which a reader gives up: an answer that took so long had no deadline."""
_BEFORE, _CUT = "before a word", "cut"
KINDS = (
    HEALTHY,
    *(f"{_BEFORE}: {name}" for name in FAULTS),
    *(f"{_CUT}: {name}" for name in [*cuts(""), "endless text"]),
)


@dataclass(frozen=True)
class Reader:
    """A question, and what the quotes engine answers to it."""

    question: str
    plain: dict[str, Any]

    @property
    def quote(self) -> str:
        """What a healthy model says to it."""
        return " ".join(self.plain["citations"][0]["quote"].split())


@dataclass
class Shown:
    """What a reader was shown: the answer object, how its door ended it, and what streamed before."""

    kind: str
    door: str
    seconds: float
    answer: dict[str, Any] | None = None
    finish: str | None = None
    streamed: str = ""
    raw: str = ""


def readers(assistant: Assistant, most: int) -> list[Reader]:
    """As many as ask about as many sentences. The assistant must have no model."""
    found: dict[str, Reader] = {}
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if not gold["answerable"] or gold.get("history") or gold["kind"] not in {"span", "open"}:
            continue
        answer = json.loads(json.dumps(assistant.answer(gold["question"]).to_dict()))
        if answer["status"] == "answered":
            reader = Reader(gold["question"], answer)
            if ". " not in reader.quote:  # one sentence is one claim
                found.setdefault(reader.quote, reader)
        if len(found) == most:
            return list(found.values())
    raise AssertionError(f"only {len(found)} gold questions are answered, of {most} needed")


def rounds(seed: int, size: int, faulty: int) -> Iterator[list[str]]:
    """Every fault once, so many a round and beside them healthy models; those that only a deadline ends first,
    so that few rounds wait for it."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    faults = [kind for kind in KINDS if kind != HEALTHY]
    chance.shuffle(faults)
    faults.sort(key=lambda kind: words_of(kind) != DEADLINE)
    for at in range(0, len(faults), faulty):
        kinds = faults[at : at + faulty]
        kinds += [HEALTHY] * (size - len(kinds))
        chance.shuffle(kinds)
        yield kinds


def words_of(kind: str) -> str:
    """What a reader must be told of this fault, "" of none."""
    group, _, name = kind.partition(": ")
    if group == HEALTHY:
        return ""
    if group == _BEFORE:
        return FAULTS[name][1]
    return "more than any answer can be" if name == "endless text" else cuts("")[name][1]


class FaultyModel:
    """Makes `server` answer a round of readers, each by its kind, all at the same moment."""

    def __init__(self, server: ModelServer, round_: Sequence[tuple[Reader, str]]) -> None:
        self._round = round_
        self._server = server
        self._all_there = asyncio.Event()
        server.requests.clear()
        server.script = self._script

    async def _script(self, request: Request) -> None:
        prompt = request.body["messages"][-1]["content"]
        (mine,) = [pair for pair in self._round if f"\nQuestion: {pair[0].question}\n" in prompt]
        if len(self._server.requests) == len(self._round):
            self._all_there.set()
        await self._all_there.wait()
        await script_of(mine[1], said(mine[0], prompt))(request)


def said(reader: Reader, prompt: str) -> str:
    """The reader's sentence, with the number of the passage that holds it."""
    for block in prompt.split("\nPassage ")[1:]:
        if reader.quote in " ".join(block.split()):
            return f"{reader.quote} [{block.partition(':')[0]}]"
    raise AssertionError(f"the model is not shown {reader.quote!r}")


def script_of(kind: str, text: str) -> Script:
    """The script of that kind; `text` is what a healthy model would say."""
    group, _, name = kind.partition(": ")
    if group == HEALTHY:
        return says(text[:9], text[9:])
    if group == _BEFORE:
        return FAULTS[name][0]
    return endless_text if name == "endless text" else cuts(f"{text} And more than that")[name][0]


async def ask_round(
    base: str,
    server: ModelServer,
    round_: Sequence[tuple[Reader, str]],
    time_is_up: Callable[[], None] = lambda: None,
) -> list[Shown]:
    """What each of the readers is shown, who ask at once, the doors in turn.

    `time_is_up` is called when only those are left whom nothing but the deadline can end.
    """
    FaultyModel(server, round_)
    limits = httpx.Limits(max_connections=len(round_))
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, limits=limits) as client:
        asked = [
            asyncio.ensure_future(_ask(client, DOORS[number % len(DOORS)], reader, kind))
            for number, (reader, kind) in enumerate(round_)
        ]
        pairs = zip(asked, round_, strict=True)
        await asyncio.gather(*(one for one, (_, kind) in pairs if words_of(kind) != DEADLINE))
        time_is_up()
        return list(await asyncio.gather(*asked))


async def _ask(client: httpx.AsyncClient, door: str, reader: Reader, kind: str) -> Shown:
    stream = door.endswith("stream")
    began = time.monotonic()
    if door.startswith("api"):
        response = await client.post("/api/ask", json={"question": reader.question, "stream": stream})
    else:
        body = {
            "model": "dateline",
            "stream": stream,
            "messages": [{"role": "user", "content": reader.question}],
        }
        response = await client.post("/v1/chat/completions", json=body)
    shown = Shown(kind, door, time.monotonic() - began, raw=response.text)
    if response.status_code == 200:
        _read(shown, door, response)
    return shown


def _read(shown: Shown, door: str, response: httpx.Response) -> None:
    if door == "api":
        shown.answer = response.json()
    elif door == "v1":
        _take_choice(shown, response.json())
    elif door == "v1 stream":
        for data in _data(response.text):
            _take_choice(shown, data)
    else:
        for data in _data(response.text):
            if isinstance(data, dict) and "claims" in data:
                shown.answer = data
            elif isinstance(data, dict) and not data.get("checked", True):
                shown.streamed += data["text"]


def _data(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        if line.startswith("data: {") or line.startswith("data: ["):
            yield json.loads(line.removeprefix("data: ")) if line != "data: [DONE]" else None


def _take_choice(shown: Shown, data: Any) -> None:
    if data is None or not data.get("choices"):
        return
    choice = data["choices"][0]
    shown.finish = choice["finish_reason"] or shown.finish
    shown.answer = data.get("dateline", shown.answer)


def judged(reader: Reader, crowd: Sequence[Reader], shown: Shown) -> str | None:
    """What is wrong with what a reader of the crowd was shown, or None."""
    answer = shown.answer
    if answer is None:
        return f"no answer: {shown.raw[:200]!r}"
    if KEY in shown.raw:
        return "the key is shown"
    told = " ".join([shown.streamed, answer["text"], *(claim["text"] for claim in answer["claims"])])
    if any(
        other.quote in told and other.quote not in reader.plain["text"] for other in crowd if other != reader
    ):
        return "the words of another reader's answer"
    if shown.door.startswith("v1") and shown.finish != (
        "length" if answer["status"] == "incomplete" else "stop"
    ):
        return f"finish_reason {shown.finish} of an answer that is {answer['status']}"
    return _of_kind(reader, shown, answer)


def _of_kind(reader: Reader, shown: Shown, answer: dict[str, Any]) -> str | None:
    group, _, name = shown.kind.partition(": ")
    if group == HEALTHY:
        whole = (
            answer["status"] == "answered" and answer["engine"] == MODEL and reader.quote in answer["text"]
        )
        unmarked = answer["notice"] is None and answer["reason"] is None
        carried = [claim["support"] for claim in answer["claims"]] == ["verified"]
        return None if whole and unmarked and carried else f"not whole: {_brief(answer)}"
    if group == _BEFORE:
        same = all(
            answer[field] == reader.plain[field] for field in ("status", "text", "citations", "verdict")
        )
        marked = words_of(shown.kind) in (answer["notice"] or "")
        return None if same and marked and answer["engine"] == "quotes" else f"not replaced: {_brief(answer)}"
    marked = answer["status"] == "incomplete" and words_of(shown.kind) in (answer["reason"] or "")
    kept = name == "endless text" or reader.quote in answer["text"]
    half = answer["claims"] and answer["claims"][-1]["support"] == "unverified"
    return None if marked and kept and half else f"a cut answer looks whole: {_brief(answer)}"


def _brief(answer: dict[str, Any]) -> str:
    return str(
        {name: str(answer[name])[:400] for name in ("status", "engine", "reason", "notice", "text", "claims")}
    )
