"""Keeps an index current: builds once, then again whenever a file below the paths changes.

A build without news costs next to nothing, so every change builds all of the paths: what a build
does with a set of files is said in one place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from ..errors import BusyError
from ..settings import Settings
from .report import BuildReport

logger = logging.getLogger("dateline")

QUIET_MS = 500
"""Changes that follow each other as quickly are one: a file is often written in pieces."""
AGAIN_MS = 2000
"""How long until a busy index is tried again."""


def watch(
    paths: Sequence[Path], settings: Settings, build: Callable[[], BuildReport], *, stop: Event | None = None
) -> Iterator[BuildReport]:
    """The report of the first build, and of each build that changed something or failed.

    Args:
        paths: files and folders.
        settings: where the index lives; changes in there are its own.
        build: builds the paths.
        stop: ends the watch when it is set; until then it runs until it is interrupted.

    Raises:
        DatelineError: as for `build`, but for a busy index, which is tried again at the next change.
    """
    import watchfiles

    yield build()
    own = settings.data.resolve()
    # A file is watched through its folder: editors put a new file in the old one's place.
    folders = {path.resolve() if path.is_dir() else path.resolve().parent for path in paths if path.exists()}
    changes = watchfiles.watch(
        *folders,
        watch_filter=lambda _, path: not Path(path).is_relative_to(own),
        debounce=QUIET_MS,
        rust_timeout=AGAIN_MS,
        stop_event=stop,
        raise_interrupt=True,
        yield_on_timeout=True,
    )
    # What changed before the watch began is found by one more build.
    waiting = True
    for changed in changes:
        if not changed and not waiting:
            continue
        try:
            report = build()
        except BusyError as error:
            if not waiting:
                logger.warning("%s Trying again.", error)
            waiting = True
            continue
        waiting = False
        if report.added or report.updated or report.removed or report.failed:
            yield report
