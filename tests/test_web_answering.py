"""Answers in turn, asked for directly: who leaves, who waits, who comes too late, and how it ends.

test_web_protocols.py sees the same through a real server. Here the assistant goes on only when it is told to, so
that each moment can be looked at.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from index.errors import DatelineError, QuestionError
from index.records import Answer, AnswerReady, Delta, Event
from tests.web_serving import aside, run_aside
from web.answering import Answering, DeadlineError, OverloadedError

WHOLE = AnswerReady(Answer("q", "q", "not_in_corpus", "nothing_found", None, 0.0, "Nothing."))
PATIENCE = 30


class Steps:
    """An assistant that gives an event for each step that it is let take, and notes what becomes of it."""

    def __init__(self, *events: Event | Exception) -> None:
        self._events = events
        self._may = threading.Semaphore(0)
        self.begun: list[str] = []
        self.given = 0
        self.closed = threading.Event()

    def let(self, steps: int = 1) -> None:
        self._may.release(steps)

    def ask(self, question: str, *_: Any) -> Iterator[Event]:
        self.begun.append(question)
        self._running = self._run()  # kept: only being closed ends it early, not being forgotten
        return self._running

    def _run(self) -> Iterator[Event]:
        try:
            for event in self._events:
                assert self._may.acquire(timeout=PATIENCE)
                self.given += 1
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.closed.set()


def answering(
    assistant: Steps, *, at_once: int = 1, waiting: int = 5, deadline: float = PATIENCE
) -> Answering:
    return Answering(assistant, at_once=at_once, waiting=waiting, deadline=deadline)  # type: ignore[arg-type]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return run_aside(asyncio.wait_for(work, PATIENCE))


async def seen(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, PATIENCE)


def test_a_whole_answer_without_the_empty_pieces() -> None:
    steps = Steps(Delta(""), Delta("Nothing."), Delta(""), WHOLE)
    steps.let(4)

    async def work() -> list[Event | None]:
        return [event async for event in answering(steps).events("q")]

    assert run(work()) == [Delta("Nothing."), WHOLE]
    assert steps.closed.is_set()


def test_an_answer_that_ends_too_early_is_an_error() -> None:
    steps = Steps(Delta("Half"))
    steps.let()
    with pytest.raises(DatelineError, match="before it was whole"):
        run(answering(steps).answer("q"))


def test_what_goes_wrong_is_raised_where_the_reader_is(caplog: pytest.LogCaptureFixture) -> None:
    steps = Steps(Delta("Half"), QuestionError("too long"))
    steps.let(2)
    with pytest.raises(QuestionError, match="too long"):
        run(answering(steps).answer("q"))
    assert not caplog.records  # the reader was told: nobody else need be


def test_who_leaves_ends_the_answer_at_its_next_step() -> None:
    steps = Steps(Delta("a"), Delta("b"), Delta("c"), WHOLE)
    steps.let()

    async def work() -> None:
        events = answering(steps).events("q")
        assert await anext(events) == Delta("a")
        await events.aclose()  # type: ignore[attr-defined]
        steps.let()
        await seen(steps.closed)

    run(work())
    assert steps.given == 2


def test_an_answer_that_fails_after_its_reader_left_is_noted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="dateline.web")
    steps = Steps(Delta("a"), DatelineError("secret words"))
    steps.let()

    async def work() -> None:
        made = answering(steps)
        events = made.events("q")
        await anext(events)
        await events.aclose()  # type: ignore[attr-defined]
        steps.let()
        await seen(steps.closed)
        await asyncio.to_thread(made._threads.shutdown)

    run(work())
    assert [record.getMessage() for record in caplog.records] == [
        "An answer failed after its reader had left: DatelineError"
    ]


def test_an_answer_whose_loop_is_gone_ends_quietly() -> None:
    aside(_leave_with_the_loop)


def _leave_with_the_loop() -> None:
    steps = Steps(Delta("a"), Delta("b"), WHOLE)
    steps.let()
    made = answering(steps)
    failed: list[Any] = []
    before = threading.excepthook
    threading.excepthook = failed.append
    loop = asyncio.new_event_loop()
    events = made.events("q")
    try:
        assert loop.run_until_complete(anext(events)) == Delta("a")  # type: ignore[arg-type]
        thread = next(iter(made._threads._threads))
        loop.run_until_complete(events.aclose())  # type: ignore[attr-defined]
        loop.close()
        steps.let(2)
        assert steps.closed.wait(PATIENCE)
        made.close()
        thread.join(PATIENCE)
    finally:
        threading.excepthook = before
    assert not failed
    assert made._taken == 0


def test_who_leaves_while_waiting_is_never_begun() -> None:
    steps = Steps(WHOLE)

    async def work() -> int:
        made = answering(steps)
        first = asyncio.ensure_future(made.answer("first"))
        second = asyncio.ensure_future(made.answer("second"))
        third = asyncio.ensure_future(made.answer("third"))
        while made._taken < 3:
            await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert made._taken == 2  # its place is free at once
        steps.let(2)
        await asyncio.gather(first, third)
        return made._taken

    assert run(work()) == 0
    assert steps.begun == ["first", "third"]


def test_too_many_are_refused_and_told_when_to_return() -> None:
    steps = Steps(WHOLE)

    async def work() -> None:
        made = answering(steps, waiting=1)
        assert made.full_for() == 0
        taken = [asyncio.ensure_future(made.answer(str(n))) for n in range(2)]
        while made._taken < 2:
            await asyncio.sleep(0)
        assert made.full_for() == 1
        with pytest.raises(OverloadedError, match="in 1 s") as refused:
            await made.answer("one too many")
        assert refused.value.retry_after == 1
        steps.let(2)
        await asyncio.gather(*taken)
        assert made.full_for() == 0

    run(work())
    assert "one too many" not in steps.begun


def test_the_longer_the_queue_the_later_to_return() -> None:
    steps = Steps(WHOLE)
    made = answering(steps, at_once=2, waiting=78)
    made._taken = 80
    assert made.full_for() == 10


def test_the_deadline_counts_waiting_and_ends_the_answer() -> None:
    steps = Steps(Delta("a"), WHOLE)

    async def work() -> None:
        made = answering(steps, deadline=0.2)
        both = [asyncio.ensure_future(made.answer(name)) for name in ("slow", "waiting")]
        for found in await asyncio.gather(*both, return_exceptions=True):
            assert isinstance(found, DeadlineError)
            assert str(found).startswith("No answer within 0.2 seconds.")
        steps.let()
        await seen(steps.closed)

    run(work())
    assert steps.begun == ["slow"]
    assert steps.given == 1


def test_what_was_made_in_time_is_given_to_a_slow_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(Delta("Nothing."), WHOLE)
    steps.let(2)

    async def work() -> None:
        events = answering(steps).events("q")
        assert await anext(events) == Delta("Nothing.")
        await seen(steps.closed)
        loop = asyncio.get_running_loop()
        now = loop.time
        monkeypatch.setattr(loop, "time", lambda: now() + 2 * PATIENCE)
        assert await anext(events) == WHOLE

    run_aside(work())


def test_silence_is_told_before_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.answering.HEARTBEAT_SECONDS", 0.01)
    steps = Steps(WHOLE)

    async def work() -> None:
        events = answering(steps).events("q")
        assert await anext(events) is None
        assert await anext(events) is None
        steps.let()
        while (event := await anext(events)) is None:
            pass
        assert event == WHOLE
        with pytest.raises(StopAsyncIteration):
            await anext(events)

    run(work())


def test_after_closing_nothing_is_begun_and_nobody_waited_for() -> None:
    steps = Steps(WHOLE)

    async def work() -> None:
        made = answering(steps)
        first, second = (asyncio.ensure_future(made.answer(name)) for name in ("first", "second"))
        while not steps.begun or made._taken < 2:
            await asyncio.sleep(0)
        made.close()  # comes back though the first is still at work
        assert not first.done()
        steps.let(2)
        await first
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(made.answer("third"), 5)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)

    run(work())
    assert steps.begun == ["first"]
