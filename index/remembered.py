"""Answers that were given before, for as long as the index is what it was. In memory, the latest so many.

Knows nothing of how an answer is made. Threads may share it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import replace

from .records import AnswerReady, Delta, Event, PassagesFound, Usage


class Remembered:
    """The events of whole answers by what was asked."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Event, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def events(self, key: Hashable) -> tuple[Event, ...] | None:
        """What came when the same was asked before, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def noting(self, key: Hashable, events: Iterator[Event]) -> Iterator[Event]:
        """The same events; they are kept if the answer is whole and nothing failed on its way."""
        found: PassagesFound | None = None
        for event in events:
            if isinstance(event, PassagesFound):
                found = event
            if isinstance(event, AnswerReady) and found is not None:
                answer = event.answer
                if answer.status != "incomplete" and answer.notice is None:
                    free = replace(answer, timings_ms={"total": 0.0}, usage=answer.usage and Usage(0, 0))
                    self._keep(key, (found, Delta(answer.text), AnswerReady(free)))
            yield event

    def _keep(self, key: Hashable, events: tuple[Event, ...]) -> None:
        with self._lock:
            self._kept[key] = events
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
