"""Articles and files that are committed together, and counted once they are.

A transaction an article costs more than the article. What is counted, and told to `progress`, has
been committed; a build that is killed has read the rest for nothing, and the next one reads it again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..catalog import Catalog, FileRecord, FinishedFile, NewArticle
from .report import BuildReport

MOST_CHARACTERS = 2_000_000
MOST_SECONDS = 0.5
"""Since the first article of a group was read; whoever waits for it waits no longer than this."""


@dataclass(frozen=True)
class _Waiting:
    change: NewArticle | FinishedFile
    is_new: bool


class Group:
    """Collects changes and commits them, as soon as they are many or the first has waited long.

    Args:
        catalog: where they go.
        report: counts what was committed.
    """

    def __init__(self, catalog: Catalog, report: BuildReport) -> None:
        self._catalog = catalog
        self._report = report
        self._waiting: list[_Waiting] = []
        self._characters = 0
        self._began = 0.0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, article: NewArticle, *, is_new: bool) -> None:
        """Store an article, soon; `is_new`: there is none of its id."""
        self._add(_Waiting(article, is_new), len(article.article.text))

    def finish(self, file: FileRecord, gone: set[str]) -> None:
        """Record, soon, that a file was read whole, and remove the articles that it no longer holds."""
        self._add(_Waiting(FinishedFile(file, frozenset(gone)), is_new=False), 0)

    def is_due(self) -> bool:
        """Whether what waits should be committed now."""
        waited = time.monotonic() - self._began
        return bool(self._waiting) and (self._characters > MOST_CHARACTERS or waited > MOST_SECONDS)

    def commit(self) -> None:
        """Commit what waits.

        Raises:
            StorageError: it cannot be written; nothing of it was changed or counted.
        """
        waiting, self._waiting, self._characters = self._waiting, [], 0
        if not waiting:
            return
        repeated = self._catalog.commit([each.change for each in waiting])
        for each, is_copy in zip(waiting, repeated, strict=True):
            if isinstance(each.change, FinishedFile):
                self._report.removed += len(each.change.gone)
            else:
                self._report.added += each.is_new
                self._report.updated += not each.is_new
                self._report.duplicates += is_copy

    def _add(self, waiting: _Waiting, characters: int) -> None:
        if not self._waiting:
            self._began = time.monotonic()
        self._waiting.append(waiting)
        self._characters += characters
