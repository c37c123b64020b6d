"""The part of `Catalog` about what it holds in figures, and what it could not take.

For whoever keeps the index. Knows nothing of how the figures are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from .connection import Connections
from .shapes import FailureRecord


class HoldingsReader:
    """What can be asked about figures and failures. A part of `CatalogReader`."""

    _connections: Connections

    def by_source(self) -> list[dict[str, Any]]:
        """{source, articles, from, to} of each source, the largest first; source None: none is named."""
        with self._connections.read() as connection:
            rows = connection.execute("""
                SELECT source, count(*), min(published), max(published) FROM articles
                GROUP BY source COLLATE NOCASE ORDER BY count(*) DESC, source""")
            return [dict(zip(("source", "articles", "from", "to"), row, strict=True)) for row in rows]

    def newest(self, most: int) -> list[dict[str, Any]]:
        """{id, title, source, published} of the newest articles, those without a date last."""
        with self._connections.read() as connection:
            rows = connection.execute(
                """SELECT id, title, source, published FROM articles
                   ORDER BY published DESC NULLS LAST, origin LIMIT ?""",
                (most,),
            )
            return [dict(zip(("id", "title", "source", "published"), row, strict=True)) for row in rows]

    def by_day(self) -> list[tuple[str, int]]:
        """(ISO date, number of articles) of each day that has any, oldest first."""
        with self._connections.read() as connection:
            return connection.execute("""
                SELECT published, count(*) FROM articles WHERE published IS NOT NULL
                GROUP BY published ORDER BY published""").fetchall()

    def failures(self) -> list[FailureRecord]:
        """What could not be indexed when it was last tried, by path and line."""
        query = "SELECT path, name, line, reason, at FROM failures ORDER BY path, line, rowid"
        with self._connections.read() as connection:
            return [FailureRecord(*row) for row in connection.execute(query)]

    def failure_count(self) -> int:
        """How many inputs could not be indexed when they were last tried."""
        with self._connections.read() as connection:
            return int(connection.execute("SELECT count(*) FROM failures").fetchone()[0])


class Holdings(HoldingsReader):
    """Changes to what is kept about failures. A part of `Catalog`. Does not change `revision`."""

    def replace_failures(self, settled: Iterable[str], new: Iterable[FailureRecord]) -> None:
        """Forget the failures of these paths, and remember others."""
        with self._connections.write() as connection:
            connection.executemany("DELETE FROM failures WHERE path = ?", ((path,) for path in set(settled)))
            connection.executemany("INSERT INTO failures VALUES (?, ?, ?, ?, ?)", map(astuple, new))
