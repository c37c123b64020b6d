"""What can be asked of the catalog. Safe to share between threads, and beside a running build."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from ..errors import ModelError, StorageError
from ..records import Article, Passage
from . import rows, search
from .connection import Connections
from .directory import Directory
from .editions import EditionsReader
from .holdings import HoldingsReader
from .search import Matrix, Vector
from .searching import SearchReader
from .shapes import FileRecord, Origin, SnapshotPage, TextToEmbed

FILE_NAME = "catalog.sqlite"

ArticleSummary = dict[str, Any]


class CatalogReader(EditionsReader, HoldingsReader, SearchReader):
    """The reading half of `Catalog`. Every method raises `StorageError` if the file cannot be read."""

    def __init__(self, data_dir: Path, *, read_only: bool) -> None:
        self.data_dir = data_dir
        self.read_only = read_only
        self._connections = Connections(data_dir / FILE_NAME, read_only=read_only)
        self._directory = Directory()
        self._sources: tuple[int, tuple[str, ...]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        self._connections.close()

    @property
    def identity(self) -> str:
        """Names this catalog for ever; one made anew, in the same folder, has another."""
        return self._meta("identity") or ""

    @property
    def revision(self) -> int:
        """Counts committed changes of articles and vectors, by any process. Cheap (microseconds)."""
        with self._connections.read() as connection:
            return rows.revision(connection)

    @property
    def embedding_model(self) -> str | None:
        """Name of the model that made the vectors; None before the first."""
        return self._meta("embedding_model")

    def require_embedding_model(self, name: str) -> None:
        """Refuse to compare vectors of two models.

        Raises:
            ModelError: the vectors were made by a model other than `name`.
        """
        made_by = self.embedding_model
        if made_by is not None and made_by != name:
            raise ModelError(
                f"The index in {self.data_dir} was embedded with {made_by}, but {name} is set. Set "
                f"DATELINE_EMBEDDING_MODEL back, or embed everything again with "
                f"`python -m index verify --repair --data {self.data_dir}`."
            )

    def article(self, article_id: str) -> Article | None:
        """The article, or None where there is none of that id."""
        query = f"SELECT {rows.ARTICLE_COLUMNS} FROM articles WHERE id = ?"  # noqa: S608 - a constant
        with self._connections.read() as connection:
            row = connection.execute(query, (article_id,)).fetchone()
        return rows.to_article(row) if row else None

    def article_id_of(self, origin: str) -> str | None:
        """The id of the article with that origin, or None."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT id FROM articles WHERE origin = ?", (origin,)).fetchone()
        return row[0] if row else None

    def list_articles(self) -> list[ArticleSummary]:
        """All articles, newest first, those without a date last, as
        {id, origin, title, source, published, url, characters, chunks, notes, copy_of}; `copy_of` is
        the near-identical article that stands for this one, or None."""
        groups = self.copy_groups()
        with self._connections.read() as connection:
            found = connection.execute("""
                SELECT a.id, a.origin, a.title, a.source, a.published, a.url, length(a.text),
                       count(c.id), a.notes
                FROM articles a LEFT JOIN chunks c ON c.article_id = a.id
                GROUP BY a.id ORDER BY a.published DESC NULLS LAST, a.origin""").fetchall()
        names = ("id", "origin", "title", "source", "published", "url", "characters", "chunks", "notes")
        listed = [dict(zip(names, (*row[:-1], json.loads(row[-1])), strict=True)) for row in found]
        for entry in listed:
            stands_for = groups.get(entry["id"], entry["id"])
            entry["copy_of"] = stands_for if stands_for != entry["id"] else None
        return listed

    def passages(self, chunk_ids: Sequence[int]) -> dict[int, Passage]:
        """The passages of those ids that exist, with scores 0."""
        query = rows.PASSAGE_QUERY + "WHERE c.id IN (SELECT value FROM json_each(?))"  # noqa: S608
        with self._connections.read() as connection:
            found = connection.execute(query, (search.ids_as_json(chunk_ids),))
            return {row[0]: rows.to_passage(row) for row in found}

    def origins(self, chunk_ids: Sequence[int]) -> dict[int, Origin]:
        """Of the chunks that exist: their article, its source and its day."""
        query = """SELECT c.id, a.id, a.source, a.published FROM chunks c JOIN articles a ON a.id = c.article_id
                   WHERE c.id IN (SELECT value FROM json_each(?))"""
        with self._connections.read() as connection:
            found = connection.execute(query, (search.ids_as_json(chunk_ids),))
            return {row[0]: Origin(*row[1:]) for row in found}

    def sources(self) -> tuple[str, ...]:
        """The names of all sources, in order."""
        with self._connections.read() as connection:
            revision = rows.revision(connection)
            if self._sources is None or self._sources[0] != revision:
                query = "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL ORDER BY source"
                self._sources = (revision, tuple(row[0] for row in connection.execute(query)))
        return self._sources[1]

    def article_chunks(self, article_id: str) -> list[Passage]:
        """All chunks of an article, in order; [] where there is no such article."""
        query = rows.PASSAGE_QUERY + "WHERE c.article_id = ? ORDER BY c.position"
        with self._connections.read() as connection:
            return [rows.to_passage(row) for row in connection.execute(query, (article_id,))]

    def vector_count(self, up_to_revision: int | None = None) -> int:
        """How many vectors there are that were stored at or before that revision (None: ever)."""
        query = "SELECT count(*) FROM vectors WHERE ?1 IS NULL OR revision <= ?1"
        with self._connections.read() as connection:
            return int(connection.execute(query, (up_to_revision,)).fetchone()[0])

    def snapshot_page(self, after_id: int, up_to_revision: int, limit: int) -> SnapshotPage:
        """The next `limit` vectors after `after_id` that were stored at or before that revision."""
        with self._connections.read() as connection:
            found = connection.execute(
                """SELECT v.chunk_id, v.vector, c.article_id, a.published FROM vectors v
                   JOIN chunks c ON c.id = v.chunk_id JOIN articles a ON a.id = c.article_id
                   WHERE v.chunk_id > ? AND v.revision <= ? ORDER BY v.chunk_id LIMIT ?""",
                (after_id, up_to_revision, limit),
            ).fetchall()
        ids, matrix = search.to_matrix([row[:2] for row in found])
        return SnapshotPage(ids, matrix, [row[2] for row in found], [row[3] for row in found])

    def chunks_to_embed(self) -> list[int]:
        """Ids of the chunks without a vector, those of the newest articles first."""
        with self._connections.read() as connection:
            found = connection.execute("""
                SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id
                WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.chunk_id = c.id)
                ORDER BY a.published DESC NULLS LAST, a.added_at DESC, a.id, c.position""")
            return [row[0] for row in found]

    def sentence_vectors(self, chunk_ids: Sequence[int]) -> dict[int, tuple[Vector, Matrix]]:
        """By chunk id, the unit vectors of the chunk (d,) and of its sentences (their number, d; or
        (0, d) where the model made none). Ids without a vector are left out."""
        query = """SELECT v.chunk_id, v.vector, coalesce(s.vectors, x'') FROM vectors v
                   LEFT JOIN sentence_vectors s USING (chunk_id)
                   WHERE v.chunk_id IN (SELECT value FROM json_each(?))"""
        with self._connections.read() as connection:
            found = connection.execute(query, (search.ids_as_json(chunk_ids),))
            return {row[0]: search.to_vectors(row[1], row[2]) for row in found}

    def texts_to_embed(self, chunk_ids: Sequence[int]) -> list[TextToEmbed]:
        """What is embedded for each of the chunks, in the order of the ids."""
        query = """SELECT c.id, c.heading, a.text, c.start, c."end", c.sentences FROM chunks c
                   JOIN articles a ON a.id = c.article_id WHERE c.id IN (SELECT value FROM json_each(?))"""
        texts = {}
        with self._connections.read() as connection:
            found = connection.execute(query, (search.ids_as_json(chunk_ids),))
            for chunk_id, heading, text, start, end, sentences in found:
                spans = rows.relative(rows.to_spans(sentences), start)
                texts[chunk_id] = TextToEmbed(chunk_id, heading, text[start:end], spans)
        return [texts[chunk_id] for chunk_id in chunk_ids if chunk_id in texts]

    def status(self) -> dict[str, Any]:
        """{articles, copies, chunks, embedded, from, to, sources, embedding_model, failed}: counts, first
        and last date of an article (or None), and the names of the sources."""
        copies = sum(article_id != first for article_id, first in self.copy_groups().items())
        query = """SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks),
                          (SELECT count(*) FROM vectors), min(published), max(published) FROM articles"""
        with self._connections.read() as connection:
            articles, chunks, embedded, first, last = connection.execute(query).fetchone()
        return {
            "articles": articles, "copies": copies, "chunks": chunks, "embedded": embedded, "from": first, "to": last,
            "sources": list(self.sources()), "embedding_model": self.embedding_model,
            "failed": self.failure_count(),
        }  # fmt: skip

    def files(self) -> Iterator[FileRecord]:
        """What is known of every file that was indexed whole."""
        with self._connections.read() as connection:
            found = connection.execute("SELECT * FROM files ORDER BY path").fetchall()
        return (FileRecord(*row) for row in found)

    def file(self, path: str) -> FileRecord | None:
        """What is known of that file, by its absolute path."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT * FROM files WHERE path = ?", (path,)).fetchone()
        return FileRecord(*row) if row else None

    def feedback(self) -> list[dict[str, Any]]:
        """All feedback, oldest first: {id, created_at, question, answer, rating, comment}."""
        names = ("id", "created_at", "question", "answer", "rating", "comment")
        with self._connections.read() as connection:
            found = connection.execute(
                "SELECT id, created_at, question, answer, rating, comment FROM feedback ORDER BY id"
            ).fetchall()
        return [dict(zip(names, row, strict=True)) | {"answer": json.loads(row[3])} for row in found]

    def _meta(self, key: str) -> str | None:
        with self._connections.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None


def require_catalog(data_dir: Path) -> None:
    """Say how to make an index where there is none.

    Raises:
        StorageError: there is no catalog in the folder.
    """
    if not (data_dir / FILE_NAME).is_file():
        raise StorageError(f"There is no index in {data_dir}. Make one: python -m index build PATH")
