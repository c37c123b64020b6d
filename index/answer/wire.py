"""An HTTP client whose responses are bounded while they are read: so many bytes, so long a line.

The protocol's client reads lines of any length and follows redirects; this one does neither. Knows
nothing of models.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator

import httpx

from .failures import WireError

MOST_BYTES = 8_000_000
"""Of one response: a thousand times an answer, with all that its protocol puts around each word."""
MOST_LINE_BYTES = 1_000_000
CONNECT_SECONDS = 5.0


def bounded_client(key: str, *, loopback: bool) -> httpx.AsyncClient:
    """The client, which adds the key. `loopback`: a server of our own, never reached through a proxy."""
    return httpx.AsyncClient(
        auth=_Bearer(key),
        # Reading has no limit of its own: the deadline of the whole answer holds.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS, write=CONNECT_SECONDS),
        follow_redirects=False,  # it could carry the key to another host
        trust_env=not loopback,
        # A compressed line of 300 MB is 300 kB on the wire.
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_bound]},
    )


class _Bearer(httpx.Auth):
    """Holds the key, so that nothing above does: llama-index and its events show all that they are given."""

    def __init__(self, key: str) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._key}"
        yield request


async def _bound(response: httpx.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise WireError("encoded")
    kind = response.headers.get("content-type", "").casefold()
    if response.status_code == 200 and ("html" in kind or kind.startswith("application/json")):
        raise WireError("not_a_stream")
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = line = 0
        async for chunk in self._inner:
            total += len(chunk)
            end = chunk.rfind(b"\n")
            line = line + len(chunk) if end < 0 else len(chunk) - end - 1
            if total > MOST_BYTES or line > MOST_LINE_BYTES:
                raise WireError("too_much")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
