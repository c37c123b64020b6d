"""Visitors who leave in mid-answer: `python -m benchmarks.leavers --times 500`.

A server with a model that says a word now and then and never ends. Visitors ask at each door and hang up: before
a word has come, or after some. For each: how long until the server hangs up on the model. At the end: what is
left of tasks, threads and open files. Prints figures; fails if a model is talked to for longer than a second
after its visitor has gone, or if anything is left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.settings import ROOT
from tests.chat_client import ChatVisitor
from tests.openai_server import ModelServer, Request
from tests.web_serving import served

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
MOST_SECONDS = 1.0
SPARE = 3
"""Files that may be open more than before: connections to the index, kept for the next question."""
DOORS = ("stream", "whole", "openai stream", "openai whole", "mcp", "chat")


@dataclass
class Leavings:
    """Seconds until the model was hung up on, by door, and what was left behind (after minus before)."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    left: dict[str, int] = field(default_factory=dict)

    @property
    def has_left_something(self) -> bool:
        return any(count > (SPARE if name == "files" else 0) for name, count in self.left.items())

    @property
    def late(self) -> int:
        return sum(second > MOST_SECONDS for times in self.seconds.values() for second in times)


async def endless(request: Request) -> None:
    """A model that never ends."""
    await request.begin()
    while True:
        await request.chunk("Yes, it is so, ")
        await asyncio.sleep(0.05)


def leave(base: str, model: ModelServer, door: str, words: int) -> float:
    """Asks at a door, hangs up once the model is at work; seconds until the model was hung up on."""
    before = len(model.requests)
    with ChatVisitor(base) if door == "chat" else _Caller(base) as visitor:
        connection = visitor.asking(QUESTION) if isinstance(visitor, ChatVisitor) else visitor.ask(door)
        until = time.monotonic() + 60
        while len(model.requests) == before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(0.06 * words)
        left = time.monotonic()
        connection.close()
        model.requests[-1].left.wait(60)
        return time.monotonic() - left


class _Caller:
    """Asks with bare sockets, which are closed at once."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._address = (parts.hostname or "", parts.port or 0)
        self._connection: socket.socket | None = None

    def __enter__(self) -> _Caller:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def ask(self, door: str) -> socket.socket:
        path, sent = _request(door)
        body = json.dumps(sent).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._address[0]}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._connection = socket.create_connection(self._address, timeout=60)
        self._connection.sendall(head.encode() + body)
        return self._connection


def _request(door: str) -> tuple[str, dict[str, Any]]:
    if door == "mcp":
        call = {"name": "ask", "arguments": {"question": QUESTION}}
        return "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    stream = door.endswith("stream")
    if door.startswith("openai"):
        message = {"role": "user", "content": QUESTION}
        return "/v1/chat/completions", {"model": "dateline", "messages": [message], "stream": stream}
    return "/api/ask", {"question": QUESTION, "stream": stream}


def leavings(
    base: str, model: ModelServer, times: int, seed: int, doors: tuple[str, ...] = DOORS
) -> Leavings:
    """Visitors one after another, `times` in all, at the doors in turn."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    model.script = endless
    found = Leavings()
    for door in doors:
        leave(base, model, door, 1)  # what is made at first use is no leaving
    before = _held()
    for number in range(times):
        door = doors[number % len(doors)]
        found.seconds[door].append(leave(base, model, door, chance.randrange(6)))
    found.left = _left(before)
    return found


def _held() -> dict[str, int]:
    # The client's and the model's own, which run in this process too, end with each visit.
    loops = [o for o in _loops() if o.is_running()]
    tasks = sum(len(asyncio.all_tasks(loop)) for loop in loops)
    return {"tasks": tasks, "threads": threading.active_count(), "files": len(os.listdir("/proc/self/fd"))}  # noqa: PTH208


def _loops() -> list[asyncio.AbstractEventLoop]:
    import gc

    return [o for o in gc.get_objects() if isinstance(o, asyncio.AbstractEventLoop)]


def _left(before: dict[str, int]) -> dict[str, int]:
    """What there is more than before, once it no longer falls."""
    for _ in range(50):
        more = {name: count - before[name] for name, count in _held().items()}
        if max(more.values()) <= 0:
            break
        time.sleep(0.2)
    return more


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ModelServer() as model:
        data = Path(folder) / "data"
        build = [sys.executable, "-m", "index", "build", "seeds", "--data", str(data)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        with served(data, model="m", openai_base_url=model.base_url) as (base, _):
            found = leavings(base, model, options.times, options.seed)
    for door, times in found.seconds.items():
        print(f"{door}: {len(times)} left, the model was hung up on after {max(times):.2f} s at most")
    print("left behind: " + ", ".join(f"{count} {name}" for name, count in found.left.items()))
    return 1 if found.late or found.has_left_something else 0


if __name__ == "__main__":
    sys.exit(main())
