"""A server on loopback that speaks OpenAI's chat protocol, rightly or in any wrong way. Holds no tests.

Real sockets, so that what a client does with a connection shows: each request is answered by `script`, which
writes bytes as it likes; `Request.left` is set when the client has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Script = Callable[["Request"], Awaitable[None]]


@dataclass
class Request:
    """One request, and the way to answer it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    writer: asyncio.StreamWriter
    left: threading.Event = field(default_factory=threading.Event)

    async def send(self, data: bytes | str) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)
        await self.writer.drain()

    async def begin(self, status: str = "200 OK", kind: str = "text/event-stream", **headers: str) -> None:
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        await self.send(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n")

    async def chunk(self, text: str | None = None, finish: str | None = None, **more: Any) -> None:
        delta = {} if text is None else {"content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        await self.event({"choices": [choice], **more})

    async def event(self, fields: dict[str, Any]) -> None:
        head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        await self.send(f"data: {json.dumps(head | fields)}\n\n")

    async def error(self, status: str, message: str, code: str | None = None, **headers: str) -> None:
        await self.begin(status, "application/json", **headers)
        await self.send(json.dumps({"error": {"message": message, "type": "error", "code": code}}))


class ModelServer:
    """Answers each request by `script`. Use as a context."""

    def __init__(self) -> None:
        self.script: Script = says("")
        self.requests: list[Request] = []
        self.base_url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> ModelServer:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _close(self) -> None:
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # sockets are let go of in the loop's next round

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in head[1:] if line)}
            body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
            request = Request(head[0].split()[1], headers, body, writer)
            self.requests.append(request)
            watch = asyncio.ensure_future(self._watch(reader, request))
            try:
                await self.script(request)
            except asyncio.CancelledError:
                writer.transport.abort()  # the server ends: nothing more is sent
            finally:
                watch.cancel()
        writer.close()

    async def _watch(self, reader: asyncio.StreamReader, request: Request) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read()
        request.left.set()


def says(*pieces: str, finish: str | None = "stop", usage: tuple[int, int] | None = (100, 7)) -> Script:
    """A whole answer in these pieces."""

    async def script(request: Request) -> None:
        await request.begin()
        await request.event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
        for piece in pieces:
            await request.chunk(piece)
        if finish is not None:
            await request.chunk(finish=finish)
            if usage:
                counted = {
                    "prompt_tokens": usage[0],
                    "completion_tokens": usage[1],
                    "total_tokens": sum(usage),
                }
                await request.event({"choices": [], "usage": counted})
            await request.send("data: [DONE]\n\n")

    return script


def in_turn(*scripts: Script) -> Script:
    """A script a request, the last for all that follow."""
    left: Iterator[Script] = iter(scripts)
    last = [scripts[-1]]

    async def script(request: Request) -> None:
        last[0] = next(left, last[0])
        await last[0](request)

    return script


async def silent(request: Request) -> None:
    """Takes the request, and never says a word."""
    await asyncio.sleep(3600)
