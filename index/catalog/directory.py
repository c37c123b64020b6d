"""The day, the source and the article of every chunk, in memory: what filters ask, answered in a moment.

A chunk's id is never used again, and an article that changes gets new chunks, so what is known of a
chunk stays true; only new ones must be read, and those that went forgotten.
"""

from __future__ import annotations

import sqlite3
import threading

import numpy as np
import numpy.typing as npt

from ..records import Filters
from . import rows
from .search import Ids

Mask = npt.NDArray[np.bool_]


class Directory:
    """Which chunks pass a filter. Threads may share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = -1
        self._chunks: Ids = np.zeros(0, np.int64)
        self._article_of: npt.NDArray[np.int32] = np.zeros(0, np.int32)
        """By chunk, the row of its article in what follows."""
        self._rows: dict[str, int] = {}
        self._days: list[str] = []
        self._sources: list[str | None] = []

    def allowed(self, connection: sqlite3.Connection, filters: Filters) -> Ids:
        """Ids, ascending, of the chunks whose article passes. One without a date is outside every range."""
        with self._lock:
            self._update(connection)
            passing = self._passing(filters)
            return self._chunks[passing[self._article_of]] if len(self._chunks) else self._chunks

    def share(self, allowed: Ids) -> float:
        """What share of all chunks these are, as of the last `allowed`."""
        return len(allowed) / max(len(self._chunks), 1)

    def _passing(self, filters: Filters) -> Mask:
        days = np.array(self._days or [""])
        passes = np.ones(len(days), bool)
        if filters.after:
            passes &= days >= filters.after
        if filters.before:
            passes &= (days <= filters.before) & (days != "")
        if filters.sources:
            wanted = {name.casefold() for name in filters.sources}
            passes &= [(name or "").casefold() in wanted for name in self._sources]
        if filters.include:
            passes &= self._mask(filters.include, len(days))
        if filters.exclude:
            passes &= ~self._mask(filters.exclude, len(days))
        return passes

    def _mask(self, article_ids: tuple[str, ...], size: int) -> Mask:
        mask = np.zeros(size, bool)
        mask[[self._rows[i] for i in article_ids if i in self._rows]] = True
        return mask

    def _update(self, connection: sqlite3.Connection) -> None:
        revision = rows.revision(connection)
        if revision == self._revision:
            return
        last = int(self._chunks[-1]) if len(self._chunks) else 0
        new = connection.execute(
            "SELECT id, article_id FROM chunks WHERE id > ? ORDER BY id", (last,)
        ).fetchall()
        # A row of an article is taken anew when it has new chunks: its day may have changed.
        for article_id in dict.fromkeys(row[1] for row in new):
            self._rows[article_id] = len(self._days)
            day, source = connection.execute(
                "SELECT published, source FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            self._days.append(day or "")
            self._sources.append(source)
        self._chunks = np.append(self._chunks, np.array([row[0] for row in new], np.int64))
        self._article_of = np.append(
            self._article_of, np.array([self._rows[row[1]] for row in new], np.int32)
        )
        if len(self._chunks) != connection.execute("SELECT count(*) FROM chunks").fetchone()[0]:
            live = np.array([row[0] for row in connection.execute("SELECT id FROM chunks")], np.int64)
            kept = np.isin(self._chunks, live)
            self._chunks, self._article_of = self._chunks[kept], self._article_of[kept]
        self._revision = revision
