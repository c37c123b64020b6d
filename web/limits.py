"""How much one client, and all together, may ask in a minute. Counts in memory; knows no requests."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_CLIENTS = 10_000

_PER_CLIENT = 30
_IN_ALL = 600


class Bucket:
    """Lets `per_minute` through in a minute, all at once or spread; 0 is no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._most = float(per_minute)
        self._left = self._most
        self._clock = clock
        self._at = clock()

    def wait(self) -> float:
        """Seconds until one more may pass; 0 if it may now."""
        if not self._most:
            return 0.0
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._rate

    def take(self) -> None:
        self._left -= 1


class RateLimits:
    """A bucket for each client and one for all. A refused question costs neither anything."""

    def __init__(self, per_client: int, in_all: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_client = per_client
        self._clock = clock
        self._all = Bucket(in_all, clock)
        self._clients: OrderedDict[str, Bucket] = OrderedDict()

    @classmethod
    def of(cls, per_client: int | None, in_all: int | None, *, published: bool) -> RateLimits:
        """The limits of the settings; where they say nothing, a private server has none."""
        return cls(
            (_PER_CLIENT if published else 0) if per_client is None else per_client,
            (_IN_ALL if published else 0) if in_all is None else in_all,
        )

    def refused(self, client: str) -> int:
        """0 if the question may pass (and counts), else the seconds after which to try again."""
        own = self._clients.get(client)
        if own is None:
            own = self._clients[client] = Bucket(self._per_client, self._clock)
        self._clients.move_to_end(client)
        while len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)  # the longest silent: its bucket is full again or nearly so
        wait = max(own.wait(), self._all.wait())
        if wait:
            return math.ceil(wait)
        own.take()
        self._all.take()
        return 0
