"""What a model's endpoint sends is bounded while it is read: the whole of it, and each line."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from index.answer.failures import WireError
from index.answer.wire import MOST_LINE_BYTES, _Bounded
from tests.web_serving import run_aside


class Sent(httpx.AsyncByteStream):
    def __init__(self, piece: bytes, times: int) -> None:
        self._piece, self._times = piece, times

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._times):
            yield self._piece


def read(piece: bytes, times: int) -> int:
    async def total() -> int:
        return sum([len(chunk) async for chunk in _Bounded(Sent(piece, times))])

    return run_aside(total())


def test_a_line_that_does_not_end_is_cut_off() -> None:
    with pytest.raises(WireError):
        read(b"x" * 1000, MOST_LINE_BYTES // 1000 + 1)


def test_as_many_bytes_in_lines_are_read() -> None:
    times = MOST_LINE_BYTES // 1000 + 1
    assert read(b"x" * 999 + b"\n", times) == 1000 * times
