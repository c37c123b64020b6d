"""HTTP connections that no client can hold for ever: slow senders and slow readers are hung up on.

uvicorn waits without end for the rest of a request, and for a reader to take a reply. Its h11 protocol is used
for its bounds: a request's head may have 64 kB, where httptools takes any size. Knows no paths and no app.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""For the whole head of a request, from the connection or the reply before it."""
BODY_SECONDS = 30.0
"""For the whole body of a request: at most a megabyte."""
STALLED_SECONDS = 30.0
"""For a reader who takes nothing while more than its buffer is waiting."""

_PATIENCE: dict[object, str] = {h11.IDLE: "HEAD_SECONDS", h11.SEND_BODY: "BODY_SECONDS"}


class ImpatientProtocol(H11Protocol):
    """uvicorn's protocol with a deadline for each thing that the client is to do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._awaited: object = None
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._await()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._awaited = None  # a new head may take its own time
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._stalled):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _await(self) -> None:
        """Begin a deadline where the client's part has changed; one that runs is not put off by a byte more."""
        state = self.conn.their_state
        if state is self._awaited:
            return
        self._awaited = state
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if state in _PATIENCE:
            self._deadline = self.loop.call_later(globals()[_PATIENCE[state]], self.transport.abort)
