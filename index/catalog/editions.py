"""The part of `Catalog` about articles that resemble each other: copies, and lines of one outlet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..records import Article
from . import copies, furniture, rows, search
from .connection import Connections


class EditionsReader:
    """What can be asked about copies and learnt lines. A part of `CatalogReader`."""

    _connections: Connections
    _groups: tuple[int, dict[str, str]] | None = None

    def copies_of(self, article_id: str) -> list[str]:
        """Ids of the articles that are near-identical to that one."""
        with self._connections.read() as connection:
            return copies.copies_of(connection, article_id)

    def near_identical(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        """Of the chunks, those whose articles are near-identical to one another: by chunk id, a number
        that they have in common."""
        with self._connections.read() as connection:
            return copies.near_identical(connection, search.ids_as_json(chunk_ids))

    def copy_groups(self) -> dict[str, str]:
        """For each article that has near-identical ones, the one that stands for them all."""
        with self._connections.read() as connection:
            revision = rows.revision(connection)
            if self._groups is None or self._groups[0] != revision:
                self._groups = (revision, copies.copy_groups(connection))
        return self._groups[1]

    def furniture(self) -> dict[str, frozenset[str]]:
        """By outlet, the keys of the lines that were learnt to be its boilerplate."""
        with self._connections.read() as connection:
            return furniture.lines(connection)

    def unlearnt_outlets(self) -> list[str]:
        """Outlets with articles that were not looked at for repeated lines."""
        with self._connections.read() as connection:
            return furniture.unlearnt(connection)

    def articles_of_outlet(self, outlet: str) -> list[Article]:
        """All articles of an outlet, by id."""
        query = f"SELECT {rows.ARTICLE_COLUMNS} FROM articles WHERE outlet = ? ORDER BY id"  # noqa: S608 - a constant
        with self._connections.read() as connection:
            return [rows.to_article(row) for row in connection.execute(query, (outlet,))]


class Editions(EditionsReader):
    """Changes to what was learnt. A part of `Catalog`."""

    def add_furniture(self, outlet: str, keys: Iterable[str]) -> None:
        """Learn lines of an outlet; its articles are to be cleaned of them next."""
        with self._connections.write() as connection:
            furniture.add_lines(connection, outlet, keys)
            furniture.mark_unlearnt(connection, outlet)

    def mark_learnt(self, outlet: str) -> None:
        """Record that every article of the outlet was looked at, and cleaned."""
        with self._connections.write() as connection:
            furniture.mark_learnt(connection, outlet)
