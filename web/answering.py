"""Answers made in turn: so many at once, the others waiting in order, too many refused, each by its deadline.

Every door that asks over HTTP (api, v1, mcp) goes through one `Answering`. Knows no protocol and no request.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from index.errors import DatelineError
from index.records import Answer, AnswerReady, Delta, Event, Filters, Turn

from .contract import AssistantLike

log = logging.getLogger("dateline.web")

HEARTBEAT_SECONDS = 15.0
"""After this long without an event, `events` yields None, so that a stream can show that it lives."""


class OverloadedError(DatelineError):
    """More questions are waiting than may wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Many questions are being answered right now. Try again in {retry_after} s.")
        self.retry_after = retry_after


class DeadlineError(DatelineError):
    """The answer was not ready in time."""


class Answering:
    """Runs the assistant's blocking answers in threads of its own."""

    def __init__(self, assistant: AssistantLike, *, at_once: int, waiting: int, deadline: float) -> None:
        self._assistant = assistant
        self._most = at_once + waiting
        self._at_once = at_once
        self._deadline = deadline
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="answer")
        self._lock = threading.Lock()
        self._taken = 0

    async def answer(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Answer:
        """The whole answer; otherwise as `events`."""
        async for event in self.events(question, history, filters):
            if isinstance(event, AnswerReady):
                return event.answer
        raise DatelineError("The answer ended before it was whole. Please try again.")

    async def events(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> AsyncIterator[Event | None]:
        """The events of `Assistant.ask`, and None as a heartbeat. Leaving early ends the answer too.

        Raises:
            OverloadedError: too many are waiting already.
            DeadlineError: time is up; waiting for a turn counts.
            DatelineError: what `Assistant.ask` raises.
        """
        self._take_place()
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline
        run = _Run(loop)
        work = self._threads.submit(run.work, self._assistant, question, history, filters)
        work.add_done_callback(lambda _: self._leave_place())
        try:
            while True:
                event = await run.next(min(HEARTBEAT_SECONDS, until - loop.time()))
                if event is _END:
                    return
                if isinstance(event, Exception):
                    raise event
                if event is None and loop.time() >= until:
                    raise DeadlineError(
                        f"No answer within {self._deadline:g} seconds. Please try again later."
                    )
                yield event  # type: ignore[misc]  # neither the end nor an error
        finally:
            run.left.set()
            work.cancel()

    def full_for(self) -> int:
        """0 while another question may wait, else the seconds after which to try again."""
        return 0 if self._taken < self._most else max(1, self._taken // (4 * self._at_once))

    def _take_place(self) -> None:
        with self._lock:
            seconds = self.full_for()
            if seconds:
                raise OverloadedError(seconds)
            self._taken += 1

    def _leave_place(self) -> None:
        with self._lock:
            self._taken -= 1

    def close(self) -> None:
        """Begins no more answers."""
        self._threads.shutdown(wait=False, cancel_futures=True)


_END = object()
_STILL_WORKING = Delta("")


class _Run:
    """One answer: made in a thread, read in the event loop. What it holds is bounded by one answer's size."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.left = threading.Event()
        self._loop = loop
        self._found: asyncio.Queue[object] = asyncio.Queue()

    def work(
        self, assistant: AssistantLike, question: str, history: Sequence[Turn], filters: Filters | None
    ) -> None:
        try:
            events = assistant.ask(question, history, filters)
            try:
                for event in events:
                    if self.left.is_set():
                        return
                    if event != _STILL_WORKING:
                        self._tell(event)
            finally:
                close = getattr(events, "close", None)
                if close is not None:  # a reader who left must not leave a model generating
                    close()
        except Exception as error:  # noqa: BLE001 - raised again where the reader is
            if self.left.is_set():
                log.warning("An answer failed after its reader had left: %s", type(error).__name__)
            self._tell(error)
        self._tell(_END)

    def _tell(self, event: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._found.put_nowait, event)

    async def next(self, seconds: float) -> object:
        """The next event, an exception, the end, or None if nothing came in time."""
        try:
            return await asyncio.wait_for(self._found.get(), max(0.001, seconds))
        except TimeoutError:
            return None
