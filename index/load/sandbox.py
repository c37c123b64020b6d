"""Reads a file in a child process that has little memory and time: a bomb or a crash costs its file alone.

A few children are kept and used for file after file, each by one thread. They are told a file by
its path and answer in JSON, which cannot carry code: what broke a parser must not reach us.
"""

from __future__ import annotations

import atexit
import os
import queue
import threading
from collections.abc import Iterator
from typing import Any

from ..errors import InputError
from ..records import Article
from .article import Limits
from .child import Child, ChildGoneError
from .discover import SourceFile

WORKERS = max(1, min(4, os.cpu_count() or 1))
_MOST_LOST = 20
"""After so many members of one archive that ended their child, the rest of it is not tried."""
_AHEAD = 16
"""Articles of a file that may wait to be used."""

Item = Article | InputError | BaseException | None
Items = queue.Queue[Item]
Job = tuple[SourceFile, Limits, Items]


class Sandbox:
    """Children and the threads that talk to them."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._children: dict[int, Child] = {}
        self._closed = threading.Event()
        # Daemons: a process that ends must not wait for a file that nobody wants any more.
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"loader-{number}", daemon=True)
            for number in range(WORKERS)
        ]
        for thread in self._threads:
            thread.start()

    def load(self, source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
        """Begin to read the file; its articles as they come."""
        items: Items = queue.Queue(_AHEAD)
        self._jobs.put((source, limits, items))
        return _taken(items)

    def close(self) -> None:
        """End the children. What is still being read is given up."""
        self._closed.set()
        for _ in self._threads:
            self._jobs.put(None)
        for child in list(self._children.values()):
            child.kill()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        while (job := self._jobs.get()) is not None and not self._closed.is_set():
            source, limits, items = job
            try:
                for item in self._items(source, limits, number):
                    self._put(items, item)
            except BaseException as error:  # noqa: BLE001 - raised where the articles are used
                self._put(items, error)
            self._put(items, None)
        self._end_child(number)

    def _put(self, items: Items, item: Item) -> None:
        while not self._closed.is_set():
            try:
                return items.put(item, timeout=0.5)
            except queue.Full:
                continue

    def _items(self, source: SourceFile, limits: Limits, number: int) -> Iterator[Article | InputError]:
        start = lost = 0
        while True:
            member = start, str(source.path)
            if number not in self._children:
                self._children[number] = Child()
            try:
                for frame in self._children[number].ask(_request(source, limits, start)):
                    if "at" in frame:
                        member = frame["at"][0], frame["at"][1]
                    else:
                        yield _item(frame)
            except ChildGoneError as gone:
                self._end_child(number)
                yield InputError(str(gone), path=member[1])
                lost += 1
                if self._closed.is_set() or member[1] == str(source.path) or lost == _MOST_LOST:
                    return
                start = member[0] + 1
            else:
                return

    def _end_child(self, number: int) -> None:
        if (child := self._children.pop(number, None)) is not None:
            child.close()


def _taken(items: Items) -> Iterator[Article | InputError]:
    while (item := items.get()) is not None:
        if isinstance(item, BaseException) and not isinstance(item, InputError):
            raise item
        yield item


def _request(source: SourceFile, limits: Limits, start: int) -> dict[str, Any]:
    return {
        "path": str(source.path), "root": str(source.root), "origin": source.origin, "start": start,
        "max_bytes": limits.max_bytes, "fields": limits.fields,
    }  # fmt: skip


def _item(frame: dict[str, Any]) -> Article | InputError:
    if "error" in frame:
        return InputError(frame["error"], path=frame["path"], line=frame["line"])
    fields = frame["article"]
    return Article(**fields | {name: tuple(fields[name]) for name in ("removed", "notes")})


_lock = threading.Lock()
_open: Sandbox | None = None


def load_apart(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """Begin to read the file in a child process; its articles as they come."""
    global _open  # noqa: PLW0603 - one set of children for the process
    with _lock:
        if _open is None:
            _open = Sandbox()
        sandbox = _open
    return sandbox.load(source, limits)


@atexit.register
def close_sandbox() -> None:
    """End the child processes; the next file starts new ones."""
    global _open
    with _lock:
        sandbox, _open = _open, None
    if sandbox is not None:
        sandbox.close()
