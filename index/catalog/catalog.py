"""`Catalog`: all that can be asked of the catalog, and all changes to it, one transaction each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from ..errors import InputError, StorageError, UsageError
from ..records import Article, Chunk
from . import check, rows, schema
from .editions import Editions
from .holdings import Holdings
from .reader import require_catalog
from .shapes import FinishedFile, NewArticle, StoredArticle
from .vectors import Vectors


class Catalog(Editions, Holdings, Vectors):
    """The index's source of truth. Threads may share one; other processes see each commit at once.

    Only one process at a time should change articles (`build` holds a lock file for that); feedback
    may be added at any time.
    """

    @classmethod
    def open(cls, data_dir: Path, *, read_only: bool = False) -> Self:
        """Open the catalog in a folder, and make both where they are missing.

        Args:
            data_dir: the folder that holds `catalog.sqlite`.
            read_only: change nothing, and work where nothing can be changed.

        Raises:
            StorageError: it cannot be read or made, was written by a newer Dateline, or there is
                none and `read_only` is set.
        """
        if read_only:
            require_catalog(data_dir)
        else:
            try:
                data_dir.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(f"The folder {data_dir} cannot be made: {error.strerror}.") from error
        return cls(data_dir, read_only=read_only)

    def put_article(
        self,
        article: Article,
        chunks: Sequence[Chunk],
        *,
        path: str | None = None,
        root: str | None = None,
        outlet: str = "",
        signature: bytes | None = None,
    ) -> None:
        """Store an article with its chunks, in place of what was stored under its id.

        Args: as for `prepared`.

        Raises:
            InputError: as for `prepared`.
            StorageError: it cannot be written; nothing was changed.
        """
        self.commit(
            [self.prepared(article, chunks, path=path, root=root, outlet=outlet, signature=signature)]
        )

    @staticmethod
    def prepared(
        article: Article,
        chunks: Sequence[Chunk],
        *,
        path: str | None = None,
        root: str | None = None,
        outlet: str = "",
        signature: bytes | None = None,
    ) -> NewArticle:
        """The article, ready to be stored by `commit`; nothing is written.

        Args:
            article: its id decides what it replaces.
            chunks: all its chunks; at least one, each within the text.
            path, root, outlet, signature: see `NewArticle`.

        Raises:
            InputError: the chunks do not fit the text, or the text cannot be stored.
        """
        where = path or article.origin
        if not chunks:
            raise InputError("has no text that could be quoted", path=where)
        for chunk in chunks:
            if problem := check.span_problem(article.text, chunk):
                raise InputError(f"was cut wrongly, please report this: {problem}", path=where)
        said = (
            article.id, article.origin, article.title, article.source, article.author, article.url,
            article.published_from,
        )  # fmt: skip
        try:
            "".join(filter(None, said)).encode()
            text_hash = rows.text_hash(article.text)
        except UnicodeEncodeError:
            raise InputError("holds characters that are not valid Unicode", path=where) from None
        fingerprint = rows.fingerprint(article)
        return NewArticle(article, tuple(chunks), path, root, outlet, signature, fingerprint, text_hash)

    def commit(self, changes: Sequence[NewArticle | FinishedFile]) -> list[bool]:
        """Make all the changes in one transaction, in order.

        Returns:
            For each change whether it is an article of which another has exactly the text.

        Raises:
            StorageError: it cannot be written; nothing was changed.
        """
        now, repeated = _now(), []
        with self._connections.write() as connection:
            for change in changes:
                if isinstance(change, NewArticle):
                    rows.replace_article(connection, change, now)
                    repeated.append(rows.has_copy(connection, change))
                else:
                    self._finish(connection, change)
                    repeated.append(False)
        return repeated

    def stored_articles(self) -> dict[str, StoredArticle]:
        """Where each article came from and what it was, by its id."""
        query = "SELECT id, path, root, fingerprint, outlet FROM articles"
        with self._connections.read() as connection:
            return {row[0]: StoredArticle(*row[1:]) for row in connection.execute(query)}

    def chunks(self, article_id: str) -> list[Chunk]:
        """The chunks of an article, in order, as they were stored."""
        with self._connections.read() as connection:
            return rows.chunks(connection, article_id)

    @staticmethod
    def fingerprint(article: Article) -> str:
        """A hash of all of the article: equal means that nothing changed."""
        return rows.fingerprint(article)

    def assign_path(self, article_id: str, path: str, root: str) -> None:
        """Record that an article, unchanged, now comes from another file."""
        with self._connections.write() as connection:
            connection.execute(
                "UPDATE articles SET path = ?, root = ? WHERE id = ?", (path, root, article_id)
            )

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove articles with all that hangs on them; how many there were."""
        with self._connections.write() as connection:
            removed = sum(rows.delete_article(connection, article_id) for article_id in article_ids)
            if removed:
                rows.next_revision(connection)
        return removed

    @staticmethod
    def _finish(connection: sqlite3.Connection, file: FinishedFile) -> None:
        if sum(rows.delete_article(connection, article_id) for article_id in file.gone):
            rows.next_revision(connection)
        connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(file.record)
        )

    def forget_file(self, path: str) -> None:
        """Have the next build read the file again, or forget one that is gone."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def check(self) -> list[str]:
        """What in the catalog does not agree with the rest of it, a sentence each."""
        with self._connections.read() as connection:
            found = list(check.check(connection))
        if not self.read_only:
            with self._connections.write() as connection:
                found += check.check_words(connection)
        return found

    def broken_articles(self) -> list[str]:
        """Ids of the articles whose chunks do not fit their text."""
        with self._connections.read() as connection:
            return check.broken_articles(connection)

    def rebuild_full_text(self) -> None:
        """Make the full-text index anew from articles and chunks."""
        with self._connections.write() as connection:
            rows.rebuild_full_text(connection, lambda: connection.execute(schema.FULL_TEXT))

    def add_feedback(
        self,
        question: str,
        answer: dict[str, Any],
        rating: Literal["up", "down"],
        comment: str | None = None,
        *,
        replaces: int | None = None,
    ) -> int:
        """Keep what a reader thought of an answer; the id it got. Does not change `revision`.

        Args:
            replaces: the id of earlier feedback on the same answer; where there is none, this is new.

        Raises:
            UsageError: the rating is neither "up" nor "down".
        """
        if rating not in ("up", "down"):
            raise UsageError(f'A rating is "up" or "down", not {rating!r}.')
        values = (_now(), question, json.dumps(answer), rating, comment)
        with self._connections.write() as connection:
            if replaces is not None:
                columns = "created_at = ?, question = ?, answer = ?, rating = ?, comment = ?"
                change = f"UPDATE feedback SET {columns} WHERE id = ?"  # noqa: S608 - names of ours
                if connection.execute(change, (*values, replaces)).rowcount:
                    return replaces
            cursor = connection.execute(
                "INSERT INTO feedback (created_at, question, answer, rating, comment) VALUES (?, ?, ?, ?, ?)",
                values,
            )
        return int(cursor.lastrowid or 0)

    def checkpoint(self) -> None:
        """Make sure that everything committed is on the disk itself."""
        self._connections.checkpoint()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
