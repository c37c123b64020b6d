"""A model that fails in every way at once, twenty readers at a time: each is told, and none pays for another."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from index import open_assistant
from index.settings import load_settings
from tests.hostile.faulty_crowd import CORPUS, HEALTHY, MODEL, ask_round, judged, readers, rounds
from tests.model_faults import KEY
from tests.openai_server import ModelServer
from tests.web_serving import build, run_aside, served

READERS = 20
FAULTY = 12
_ON_ITS_WAY = 1.0
"""Seconds for what the model has said already."""


@pytest.fixture
def time_is_up(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Brings all deadlines of requests to the model forward, so that nobody has to sit them out."""
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Timeout]] = []

    def timeout_at(when: float | None) -> asyncio.Timeout:
        running.append((asyncio.get_running_loop(), asyncio.Timeout(when)))
        return running[-1][1]

    def bring_forward(loop: asyncio.AbstractEventLoop, deadline: asyncio.Timeout) -> None:
        with contextlib.suppress(RuntimeError):  # of a request that is over
            deadline.reschedule(loop.time() + _ON_ITS_WAY)

    def all_forward() -> None:
        for loop, deadline in running:
            loop.call_soon_threadsafe(bring_forward, loop, deadline)

    monkeypatch.setattr(asyncio, "timeout_at", timeout_at)
    return all_forward


def test_each_fault_among_twenty_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time_is_up: Callable[[], None]
) -> None:
    data = tmp_path / "data"
    build(data, CORPUS)
    with open_assistant(load_settings(data=data)) as plain:
        crowd = readers(plain, READERS)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    options = {"model": MODEL, "model_retries": 0, "model_seconds": 60, "concurrent_answers": READERS}
    problems = []
    with ModelServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        with served(data, **options, chat=False) as (base, _):
            run_aside(ask_round(base, server, [(crowd[0], HEALTHY)]))  # what is slow once is slow now
            for kinds in rounds(13, READERS, FAULTY):
                shown = run_aside(ask_round(base, server, list(zip(crowd, kinds, strict=True)), time_is_up))
                for reader, one in zip(crowd, shown, strict=True):
                    if problem := judged(reader, crowd, one):
                        problems.append(f"{one.kind}, {one.door}: {problem}")
    assert not problems, "\n".join(problems)
