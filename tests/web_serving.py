"""A real server for the tests of the front end: a real index, a real uvicorn on loopback.

Holds no tests. Nothing is faked but, where a test must act in mid-answer, the pace (`Gated`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from index import open_assistant
from index.records import Delta, Event, Filters, Turn
from index.settings import Settings, load_settings
from web.connections import ImpatientProtocol
from web.server import create_app

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent

CANARY = "http://canary.invalid"
"""Nothing may ever be asked of this host."""

PAYLOADS = (
    "<script>window.hacked=1</script>",
    f'<img src="{CANARY}/a.png" onerror="window.hacked=1">',
    f"![picture]({CANARY}/b.png)",
    "[press here](javascript:window.hacked=1)",
    "</textarea></pre></mark><svg onload=window.hacked=1>",
    f'<form action="{CANARY}"><input autofocus onfocus="window.hacked=1"></form>',
    '"><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    "$$\\href{javascript:window.hacked=1}{x}$$ `code` **bold** # heading",
)
HOSTILE_QUESTION = "What did the harbour master of Lindholm announce?"
HOSTILE_SENTENCE = f"The harbour master of Lindholm announced a new {' '.join(PAYLOADS)} quay for ferries."


def build(data: Path, *paths: Path) -> None:
    """Indexes `paths` the way a user does."""
    command = [sys.executable, "-m", "index", "build", "--data", str(data), *map(str, paths)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)


def write_hostile_corpus(folder: Path) -> Path:
    """An article whose every part tries to become markup."""
    record = {
        "id": 'hostile"><script>window.hacked=1</script>',
        "title": f"Lindholm harbour {PAYLOADS[0]} {PAYLOADS[1]} {PAYLOADS[2]}",
        "source": PAYLOADS[1],
        "author": PAYLOADS[4],
        "url": "javascript:window.hacked=1",
        "published": "2024-02-29",
        "text": (
            "Lindholm is a small port in the north. \U0001f6a2 Its ferries cross twice a day.\n\n"
            f"{HOSTILE_SENTENCE}\n\nThe town council will vote on the matter in the spring."
        ),
    }
    path = folder / "hostile.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


def aside(work: Callable[[], T]) -> T:
    """Runs `work` in a thread of its own: Playwright keeps an event loop in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def run_aside(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine in an event loop and a thread of its own."""
    return aside(lambda: asyncio.run(work))


class Gated:
    """An assistant that notes what it is asked, and holds an answer back while its gate is closed."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[str, list[Turn]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        self.asked.append((question, list(history)))
        begun = False
        for event in self._assistant.ask(question, history, filters):
            if begun:
                self.gate.wait(timeout=60)
            begun = begun or isinstance(event, Delta)
            yield event


@contextlib.contextmanager
def served(data: Path, *, wrap: Any = None, **options: Any) -> Iterator[tuple[str, Any]]:
    """The base address of a running server over the index in `data`, and its assistant."""
    settings = load_settings(data=data, **options)
    with open_assistant(settings) as opened:
        assistant = wrap(opened) if wrap else opened
        with running(assistant, settings) as base:
            yield base, assistant


@contextlib.contextmanager
def running(assistant: Any, settings: Settings) -> Iterator[str]:
    """The base address of a running server of that assistant."""
    config = uvicorn.Config(
        lambda: create_app(assistant, settings),
        factory=True,
        port=0,
        log_level="error",
        proxy_headers=False,  # as in app.py: web/access.py decides whom to believe
        http=ImpatientProtocol,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
