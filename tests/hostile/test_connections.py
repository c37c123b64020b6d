"""Clients that hold a connection: slow senders, slow readers, endless heads. They are hung up on, others served."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.records import AnswerReady, Delta
from index.settings import load_settings
from tests.hostile.parrot import Parrot, answer_of
from tests.web_serving import running
from web import connections

MANY = 300
HEAD = b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


class Talker(Parrot):
    """Its answer is longer than all buffers between it and a reader."""

    def __init__(self) -> None:
        super().__init__([])
        self.ended = 0

    def ask(self, question: str, *_: Any) -> Iterator[Any]:
        if question != "long":
            yield AnswerReady(answer_of(["short"]))
            return
        try:
            for _ in range(400):
                yield Delta("x" * 50_000)
            yield AnswerReady(answer_of(["long"]))
        finally:
            self.ended += 1


@pytest.fixture
def talker() -> Talker:
    return Talker()


@pytest.fixture
def base(talker: Talker, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "STALLED_SECONDS"):
        monkeypatch.setattr(connections, name, 1.0)
    with running(talker, load_settings()) as address:
        yield address


def connect(base: str) -> socket.socket:
    host, port = base.removeprefix("http://").split(":")
    made = socket.create_connection((host, int(port)), timeout=30)
    return made


def hung_up(connection: socket.socket) -> bool:
    """Whether the server ends the connection; waits for it."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def served(base: str) -> bool:
    return httpx.post(f"{base}/api/ask", json={"question": "short"}, timeout=30).status_code == 200


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HEAD, HEAD + b"Content-Length: 30\r\n\r\n{"])
def test_slow_senders(base: str, sent: bytes) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(base)) for _ in range(MANY)]
        for connection in slow:
            connection.sendall(sent)
        assert served(base)
        assert all(hung_up(connection) for connection in slow)
        assert served(base)


@pytest.mark.parametrize("more", [b"X-A: b\r\n", b" "])
def test_a_byte_now_and_then_does_not_put_the_end_off(base: str, more: bytes) -> None:
    with connect(base) as connection:
        connection.sendall(HEAD + (b"Content-Length: 90000\r\n\r\n" if more == b" " else b""))
        assert not _takes(connection, more, times=300), "the connection was kept"
    assert served(base)


def test_a_second_request_may_take_its_own_time(base: str) -> None:
    with connect(base) as connection:
        for _ in range(3):
            time.sleep(0.6)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_slow_readers(base: str, talker: Talker) -> None:
    body = b'{"question": "long", "stream": true}'
    before = _open_files()
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(base)) for _ in range(8)]
        for connection in slow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert served(base)
        until = time.monotonic() + 60
        # The readers' own ends stay open; the system delivers what it had taken before the server hung up.
        while _open_files() > before + len(slow) and time.monotonic() < until:
            time.sleep(0.1)
        assert _open_files() <= before + len(slow), "a connection that nobody reads is kept"
        assert talker.ended == len(slow), "an answer that nobody reads goes on"
    assert served(base)


def test_endless_heads(base: str) -> None:
    before = _memory()
    with ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(connect(base))
            try:
                for number in range(200):
                    connection.sendall(b"X-%d: " % number + b"a" * 50_000 + b"\r\n")
            except OSError:
                continue
            assert hung_up(connection)
    assert served(base)
    assert _memory() - before < 50, "memory grew with the heads"


def _takes(connection: socket.socket, more: bytes, *, times: int) -> bool:
    try:
        for _ in range(times):
            connection.sendall(more)
            time.sleep(0.1)
    except OSError:
        return False
    return True


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
