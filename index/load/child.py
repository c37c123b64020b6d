"""One child process that reads files: started, asked, watched, ended. `worker` is its other side."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from .frames import MEMORY_EXIT, framed

CHECKOUT = Path(__file__).resolve().parent.parent.parent

WALL_SECONDS = 60.0
"""How long a child may take to the next article. Its processor time is limited more tightly."""
MOST_FRAME_BYTES = 512_000_000


class ChildGoneError(Exception):
    """The child did not finish; the text says why, for the report."""


class Child:
    """A running child. One thread uses it at a time."""

    def __init__(self) -> None:
        names = {"PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP"}
        # No secrets: a parser needs none.
        environment = {name: value for name, value in os.environ.items() if name in names}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "index.load.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=CHECKOUT, env=environment, start_new_session=True,
        )  # fmt: skip
        # Both are pipes, as asked for above.
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._out = self._answers.fileno()
        os.set_blocking(self._out, False)

    def ask(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What the child says about a file, until it is done with it.

        Raises:
            ChildGoneError: it died, or took too long.
        """
        try:
            self._requests.write(framed(request))
            self._requests.flush()
        except OSError:
            raise self._gone() from None
        while not (frame := self._frame()).get("done"):
            yield frame

    def kill(self) -> None:
        """Have it end; whoever is asking it is told `ChildGoneError`, and closes it."""
        self._process.kill()

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._answers.close()
        # What was not yet written to a dead process cannot be.
        with suppress(OSError):
            self._requests.close()

    def _frame(self) -> dict[str, Any]:
        deadline = time.monotonic() + WALL_SECONDS
        size = int.from_bytes(self._read(4, deadline), "big")
        if size > MOST_FRAME_BYTES:
            raise ChildGoneError("made more than can be taken")
        return dict(json.loads(self._read(size, deadline)))

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._out], [], [], left)[0]:
                self._process.kill()
                raise ChildGoneError(f"took longer than {WALL_SECONDS:.0f} s to read; not read")
            try:
                part = os.read(self._out, min(size - len(data), 1 << 20))
            except BlockingIOError:
                continue
            if not part:
                raise self._gone()
            data += part
        return bytes(data)

    def _gone(self) -> ChildGoneError:
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return ChildGoneError("took too much processor time to read; not read")
        if code == MEMORY_EXIT:
            return ChildGoneError("needs too much memory to read; not read")
        return ChildGoneError(f"made its reader crash (exit {code}); not read")
