"""Asks a chat model at an OpenAI-compatible endpoint, and streams what it says, within a deadline.

All requests run in one event loop in a thread of its own: there, and only there, a request can be ended at
any moment, whatever it waits for. Knows no passages and no claims.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import random
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..errors import SettingsError
from ..records import Usage
from .failures import Failure, WireError, cut_off, empty, failure_of, unfinished
from .prompt import Prompt

T = TypeVar("T")

HEARTBEAT_SECONDS = 0.25
MOST_CHARACTERS = 100_000
"""Of one reply."""
_AFTERWARDS_SECONDS = 2.0
"""How long the count of tokens is waited for once the answer is whole."""
_FIRST_PAUSE = 0.5
_OPTIONS = {"temperature": 0.0, "max_tokens": 0, "stream_options": {"include_usage": True}}

logger = logging.getLogger("dateline")


@dataclass(frozen=True)
class Address:
    """Where a model is: `key` never leaves this module but to `base_url`."""

    model: str
    base_url: str | None
    key: str = field(repr=False)
    context: int
    loopback: bool = False


@dataclass
class Reply:
    """What came of one request. `failure` is None if it was whole."""

    text: str = ""
    usage: Usage | None = None
    failure: Failure | None = None
    finished: str | None = field(default=None, repr=False)

    def take(self, response: Any) -> str:
        """Adds one response of the stream; the piece of text that it brought."""
        piece = response.delta or ""
        self.text += piece
        if len(self.text) > MOST_CHARACTERS:
            raise WireError("too_much")
        if response.raw.choices:
            self.finished = response.raw.choices[0].finish_reason or self.finished
        if response.raw.usage:
            self.usage = Usage(response.raw.usage.prompt_tokens, response.raw.usage.completion_tokens)
        return piece

    def ending(self, most_tokens: int) -> Failure | None:
        if self.finished is None:
            return cut_off() if self.text else empty()
        if self.finished != "stop":
            return unfinished(self.finished, most_tokens)
        return None if self.text.strip() else empty()


class Endpoint:
    """One model. Threads may share it."""

    def __init__(self, address: Address, *, seconds: float, retries: int) -> None:
        self._address = address
        self._seconds = seconds
        self._retries = retries
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model", daemon=True)
        self._thread.start()
        self._unsupported: set[str] = set()
        self._client, self._llm = self._call(self._opened())

    def close(self) -> None:
        """Ends what still runs, and lets go of the connections."""
        if self._loop.is_closed():
            return
        self._call(self._closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def stream(self, prompt: Prompt, *, most_tokens: int, until: float) -> Generator[str, None, Reply]:
        """The reply's pieces as they come, "" several times a second while none does; the Reply at the end.

        Raises nothing: what goes wrong is in the Reply. Closing it ends the request.

        Args:
            prompt: what to send.
            most_tokens: of the reply.
            until: the deadline, by `time.monotonic`.
        """
        pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        work = self._reply(prompt, most_tokens, until, pieces.put)
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            while True:
                piece, ended = _next(pieces)
                if piece or not ended:
                    yield piece
                if ended:
                    return running.result()
        finally:
            running.cancel()

    async def _reply(
        self, prompt: Prompt, most_tokens: int, until: float, put: Callable[[str | None], None]
    ) -> Reply:
        reply = Reply()
        try:
            for attempt in range(self._retries + 1):
                reply = Reply()
                reply.failure = await self._attempt(prompt, most_tokens, until, reply, put)
                failure = reply.failure
                if failure is None:
                    break
                logger.warning("%s: %s", self._address.model, failure.words)
                pause = failure.retry_after
                if pause is None:
                    pause = _FIRST_PAUSE * 2**attempt * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
                last = attempt == self._retries or self._loop.time() + pause >= until
                if reply.text or not failure.may_pass or last:
                    break
                await asyncio.sleep(pause)
            return reply
        finally:
            put(None)

    async def _attempt(
        self, prompt: Prompt, most_tokens: int, until: float, reply: Reply, put: Callable[[str], None]
    ) -> Failure | None:
        while True:
            try:
                async with asyncio.timeout_at(until) as deadline:
                    await self._request(prompt, most_tokens, reply, put, deadline)
            except TimeoutError as error:
                if reply.finished is None:
                    return failure_of(error, self._seconds)
            except Exception as error:  # noqa: BLE001 - hostile input: whatever it causes ends as a failure
                if not reply.text and self._learn_unsupported(error):
                    continue
                logger.debug("%s failed: %s", self._address.model, type(error).__name__)
                return failure_of(error, self._seconds)
            return reply.ending(most_tokens)

    async def _request(
        self,
        prompt: Prompt,
        most_tokens: int,
        reply: Reply,
        put: Callable[[str], None],
        deadline: asyncio.Timeout,
    ) -> None:
        from llama_index.core.llms import ChatMessage

        said = (("system", prompt.system), ("user", prompt.user))
        messages = [ChatMessage(role=role, content=text) for role, text in said if text]
        stream = await self._llm.astream_chat(messages, **self._options(most_tokens))
        async with aclosing(stream):
            async for response in stream:
                if piece := reply.take(response):
                    put(piece)
                if reply.finished is not None:
                    if reply.usage is not None:
                        return
                    soon = self._loop.time() + _AFTERWARDS_SECONDS
                    deadline.reschedule(min(soon, deadline.when() or soon))

    def _options(self, most_tokens: int) -> dict[str, Any]:
        from openai import NOT_GIVEN

        options: dict[str, Any] = {**_OPTIONS, "max_tokens": most_tokens}
        if "max_tokens" in self._unsupported:
            options["max_completion_tokens"] = options.pop("max_tokens")
        # Temperature is always sent by llama-index: it has to be taken out, not left out.
        return {name: NOT_GIVEN if name in self._unsupported else value for name, value in options.items()}

    def _learn_unsupported(self, error: Exception) -> bool:
        """Whether the endpoint refused an option that can be done without; it is not sent again."""
        from openai import BadRequestError, UnprocessableEntityError

        if not isinstance(error, BadRequestError | UnprocessableEntityError):
            return False
        if failure_of(error, self._seconds).kind != "rejected":
            return False
        named = [name for name in _OPTIONS if name == error.param or name in error.message]
        new = [name for name in named if name not in self._unsupported]
        self._unsupported.update(new[:1])
        return bool(new)

    async def _opened(self) -> tuple[Any, Any]:
        # Seconds of imports: only where a model is set.
        from llama_index.llms.openai_like import OpenAILike

        from .wire import bounded_client

        client = bounded_client(self._address.key, loopback=self._address.loopback)
        try:
            llm = OpenAILike(
                model=self._address.model,
                api_base=self._address.base_url,
                api_key="in the client",
                is_chat_model=True,
                context_window=self._address.context,
                max_retries=0,  # its retries and the client's multiply; ours know the deadline
                timeout=self._seconds,
                async_http_client=client,  # type: ignore[call-arg, unused-ignore]  # its parent takes it
            )
        except ValueError as error:
            await client.aclose()
            raise SettingsError(f"DATELINE_MODEL={self._address.model} cannot be used: {error}") from None
        return client, llm

    async def _closed(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.aclose()
        await self._loop.shutdown_asyncgens()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _next(pieces: queue.SimpleQueue[str | None]) -> tuple[str, bool]:
    """All that has come, "" if nothing comes for a while, and whether it was the last: a slow reader gets
    few long pieces."""
    found = ""
    try:
        while (piece := pieces.get(block=not found, timeout=HEARTBEAT_SECONDS)) is not None:
            found += piece
    except queue.Empty:
        return found, False
    return found, True
