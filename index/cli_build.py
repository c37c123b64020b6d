"""The `build` command: once, or again and again while it watches; with progress bars on a terminal."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from .build import BuildInterrupted, BuildReport, build
from .build.watch import watch
from .cli_output import report_text
from .errors import UsageError
from .load.record import FIELDS
from .settings import Settings


def build_command(
    paths: Sequence[Path],
    settings: Settings,
    *,
    prune: bool,
    fields: Sequence[str],
    watching: bool,
    as_json: bool,
) -> int:
    """Build, print the report of each build, and return the exit code.

    Raises:
        UsageError: a field is not written as `text=content`.
        DatelineError: as for `build`.
    """
    mapped = parse_fields(fields)

    def once() -> BuildReport:
        with Bars(enabled=sys.stderr.isatty()) as bars, stop_between_steps() as stop:

            def progress(stage: str, done: int, total: int) -> None:
                bars(stage, done, total)
                stop()

            return build(paths, settings, prune=prune, fields=mapped, progress=progress)

    try:
        if watching:
            for report in watch(paths, settings, once):
                _print(report, as_json=as_json)
            return 0
        report = once()
    except BuildInterrupted as stopped:
        _print(stopped.report, as_json=as_json)
        print("Stopped. What is counted here is kept; build again to go on.", file=sys.stderr)
        return 130
    _print(report, as_json=as_json)
    return 3 if report.failed else 0


@contextmanager
def stop_between_steps() -> Iterator[Callable[[], None]]:
    """Holds Ctrl-C back until the function it gives is called; pressed twice, it stops at once.

    An interrupt can come anywhere, in a callback too, where Python drops it; between two articles
    it ends the build, and all that was committed is counted.
    """
    pressed = False

    def hold(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    def stop() -> None:
        if pressed:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, hold)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def parse_fields(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """`text=content` as (our name, the file's name).

    Raises:
        UsageError: one is not of that form, or not a name of ours.
    """
    fields = []
    for item in given:
        ours, _, theirs = item.partition("=")
        if ours not in FIELDS or not theirs:
            raise UsageError(
                f"--field {item}: write it as NAME=THEIRS, for example text=content; NAME is one of "
                f"{', '.join(FIELDS)}."
            )
        fields.append((ours, theirs))
    return tuple(fields)


def _print(report: BuildReport, *, as_json: bool) -> None:
    print(json.dumps(report.to_dict()) if as_json else report_text(report.to_dict()), flush=True)


class Bars:
    """A progress bar a stage, on a terminal; otherwise nothing."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._stage: str | None = None
        self._bar: Any = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self._enabled:
            return
        if stage != self._stage:
            from tqdm import tqdm

            self.close()
            self._stage, self._bar = stage, tqdm(total=total, desc=stage, file=sys.stderr)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar of the stage, if there is one."""
        if self._bar is not None:
            self._bar.close()
        self._bar = self._stage = None
