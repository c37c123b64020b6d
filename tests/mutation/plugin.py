"""Runs the tests of one file once as they are, then again for each check that they asked. Holds no tests.

Loaded by pytest in the instrumented tree, which the runner (`__main__.py`) made. Fixtures of a module are kept
from run to run, so that a run costs no more than its test. A check is found out only if a test fails with it
out and passes again with it in: what a check left behind by being out must not count for the next one.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import _switch
import pytest

TIMED_OUT = 77
_failed: list[str] = []
_LEAST_PATIENCE = 40
"""Seconds that a test may take at the least; it may take ten times what it took with every check in."""


class Runner:
    """One file's tests. Outcomes go to `told` as they come: none is lost when the process is ended."""

    def __init__(self, session: pytest.Session, wanted: set[int], told: Path, heard: Path) -> None:
        self._session = session
        self._items = list(session.items)
        self._wanted = wanted
        self._told = told
        self._heard = heard
        self._test = session.items[0].nodeid.partition("::")[0] if session.items else ""
        self._seconds: dict[str, float] = {}

    def run(self) -> None:
        at_import = set(_switch.asked)
        asked_by: dict[int, list[pytest.Item]] = {}
        cost: dict[pytest.Item, float] = {}
        for item in self._items:
            _switch.asked.clear()
            began = time.monotonic()
            failed = self._fails(item)
            self._seconds[item.nodeid] = time.monotonic() - began
            if failed:
                print(f"! {item.nodeid} fails with every check in: not used", file=sys.stderr)
                continue
            asked = _switch.asked | self._heard_of()
            # Quick tests first, and of these the ones that ask little: what they are about is near.
            cost[item] = self._seconds[item.nodeid] * len(asked)
            for number in asked & self._wanted:
                asked_by.setdefault(number, []).append(item)
        for number in sorted(asked_by):
            self._tell(number, "trying", "")
            self._tell(number, *self._found_out(number, sorted(asked_by[number], key=cost.__getitem__)))
        for number in sorted(at_import & self._wanted - set(asked_by)):
            self._tell(number, "only at import", "")

    def _found_out(self, number: int, items: Sequence[pytest.Item]) -> tuple[str, str]:
        reached = False
        for item in items:
            failed = self._fails(item, out=number)
            reached = reached or number in _switch.asked | self._heard_of()
            if failed and self._still_fails(item, number):
                return "killed", item.nodeid
        if not reached:
            # Asked by a fixture that is kept: anew, with the check out.
            for item in items:
                self._begin_anew()
                failed = self._fails(item, out=number)
                self._begin_anew()
                if failed:
                    return "killed", item.nodeid
        return "survived", " ".join(item.nodeid for item in items[:3])

    def _still_fails(self, item: pytest.Item, number: int) -> bool:
        """Whether it is the check, not what it or one before it left behind."""
        if not self._fails(item):
            return True
        self._begin_anew()
        fails_without = self._fails(item)
        fails_with = self._fails(item, out=number)
        self._begin_anew()
        return fails_with and not fails_without

    def _begin_anew(self) -> None:
        self._session._setupstate.teardown_exact(None)

    def _fails(self, item: pytest.Item, out: int = 0) -> bool:
        _forget()
        _switch.asked.clear()
        others = [other for other in self._items if other is not item]
        signal.signal(signal.SIGALRM, lambda *_: self._give_up(out, item.nodeid))
        signal.alarm(int(_LEAST_PATIENCE + 10 * self._seconds.get(item.nodeid, 60)))
        _switch.take_out(out)
        try:
            _failed.clear()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=others[0] if others else None)
        finally:
            _switch.take_out(0)
            signal.alarm(0)
        return bool(_failed)

    def _give_up(self, number: int, by: str) -> None:
        """Ends the process: what hangs in it cannot be taken back."""
        self._tell(number, "timed out", by)
        os._exit(TIMED_OUT)

    def _heard_of(self) -> set[int]:
        """The checks that processes started by the test asked."""
        if not self._heard.exists():
            return set()
        heard = {int(line) for line in self._heard.read_text(encoding="utf-8").split()}
        self._heard.unlink()
        return heard

    def _tell(self, number: int, outcome: str, by: str) -> None:
        with self._told.open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"number": number, "outcome": outcome, "by": by, "test": self._test}) + "\n"
            )


def _forget() -> None:
    """What was remembered with a check out must not answer for it when it is in."""
    for cached in _caches(len(sys.modules)):
        cached.cache_clear()


@functools.cache
def _caches(_: int) -> list[Any]:
    """The caches of functions in instrumented modules; found anew when there are more modules."""
    found = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
    return [each for each in found if "_switch" in vars(sys.modules.get(each.__module__, functools))]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.append(report.nodeid)


def pytest_configure(config: pytest.Config) -> None:
    from hypothesis import settings

    settings.register_profile("mutation", deadline=None, derandomize=True, database=None, max_examples=20)
    settings.load_profile("mutation")


def pytest_runtestloop(session: pytest.Session) -> bool:
    folder = Path(os.environ["MUTATION_FOLDER"])
    wanted = set(json.loads((folder / "wanted.json").read_text(encoding="utf-8")))
    if session.testsfailed:
        return False  # told by pytest itself
    Runner(session, wanted, folder / "told.jsonl", Path(os.environ["MUTANTS_ASKED"])).run()
    session.testsfailed = 0  # they failed as they were meant to
    return True
