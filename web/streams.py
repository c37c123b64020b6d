"""Answers as Server-Sent Events that a reader can take up again where the connection broke.

Each event has an id, `STREAM-NUMBER`. Whoever sends the same request with the last id it saw as
`Last-Event-ID` gets the rest. An answer whose reader left is not made any further: taking that one up again
begins with `reset` (forget what came before) and makes it anew. The stream's name is too long to guess.
Knows nothing of HTTP.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from index.records import AnswerReady, Delta, Event, PassagesFound

from .errors import as_error

KEPT_SECONDS = 120.0
_KEPT_STREAMS = 200
_ID = re.compile(r"([A-Za-z0-9_-]{22})-(\d{1,6})")


@dataclass
class _Kept:
    asked: str
    at: float
    frames: list[str] = field(default_factory=list)
    whole: bool = False


class Streams:
    """The streams of the last two minutes, a bounded number of them, in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def rest(self, last_id: str, asked: str) -> list[str] | None:
        """What followed that event, if the answer to the same request is whole and still kept."""
        match = _ID.fullmatch(last_id)
        self._forget()
        kept = self._kept.get(match[1]) if match else None
        if match is None or kept is None or not kept.whole or kept.asked != asked:
            return None
        return kept.frames[int(match[2]) :]

    async def frames(
        self, first: Event | None, events: AsyncIterator[Event | None], asked: str, *, again: bool
    ) -> AsyncIterator[str]:
        """The frames of a new stream. `again`: the reader has seen a part of another one."""
        name = secrets.token_urlsafe(16)
        kept = self._kept[name] = _Kept(asked, time.monotonic())
        self._forget()

        def framed(event: str, data: Any) -> str:
            frame = f"event: {event}\ndata: {json.dumps(data)}\nid: {name}-{len(kept.frames) + 1}\n\n"
            kept.frames.append(frame)
            return frame

        try:
            if again:
                yield framed("reset", {})
            if first is not None:
                yield framed(*event_data(first))
            async for event in events:
                if event is None:
                    yield ": heartbeat\n\n"
                    continue
                if isinstance(event, AnswerReady):
                    kept.whole = True  # before it is sent: the connection may break on it
                yield framed(*event_data(event))
        except Exception as error:  # noqa: BLE001 - the status is sent: the stream itself must tell of it
            _, detail = as_error(error)
            yield framed("error", {"error": detail})
        finally:
            if not kept.whole:
                self._kept.pop(name, None)
            await events.aclose()  # type: ignore[attr-defined]  # ends the answer at once

    def _forget(self) -> None:
        oldest = time.monotonic() - KEPT_SECONDS
        while self._kept:
            name, kept = next(iter(self._kept.items()))
            if kept.at > oldest and len(self._kept) <= _KEPT_STREAMS:
                return
            del self._kept[name]


def event_data(event: Event) -> tuple[str, Any]:
    """An event's name and JSON in the contract."""
    match event:
        case PassagesFound(passages):
            keys = ("article_id", "title", "source", "published", "url", "text", "start", "end", "score")
            return "passages", [{key: getattr(passage, key) for key in keys} for passage in passages]
        case Delta(text, citations, checked):
            found = [
                {key: getattr(c, key) for key in ("n", "article_id", "title", "start", "end")}
                for c in citations
            ]
            unchecked = {} if checked else {"checked": False}
            return "delta", {"text": text} | unchecked | ({"citations": found} if found else {})
        case AnswerReady(answer):
            return "answer", answer.to_dict()
