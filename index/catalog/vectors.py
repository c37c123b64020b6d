"""The part of `Catalog` about vectors and the model that made them: all are of one model and one length."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from ..errors import ModelError
from . import rows
from .reader import CatalogReader
from .search import Ids, Matrix


class Vectors(CatalogReader):
    """Changes to vectors. A part of `Catalog`."""

    def put_vectors(
        self,
        chunk_ids: Sequence[int] | Ids,
        vectors: Matrix,
        model: str,
        sentences: Sequence[Matrix] | None = None,
    ) -> None:
        """Store the vectors (n, d) of the chunks, scaled to length 1. Ids that are gone are left out.

        `sentences` has for each chunk the vectors (number of its sentences, d), stored as they are.

        Raises:
            ModelError: the model is not the one of the vectors so far, or made something that is
                not a vector of that model's length.
        """
        self.require_embedding_model(model)
        matrix = np.asarray(vectors, dtype="<f4")
        if matrix.ndim != 2 or len(matrix) != len(chunk_ids) or not np.isfinite(matrix).all():
            raise ModelError(f"{model} made vectors that cannot be used: shape {matrix.shape}.")
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        matrix = matrix / np.where(lengths > 0, lengths, 1)
        ids = [int(chunk_id) for chunk_id in chunk_ids]
        with self._connections.write() as connection:
            self._record_model(connection, model, matrix.shape[1])
            revision = rows.next_revision(connection)
            connection.executemany(
                """INSERT OR REPLACE INTO vectors (chunk_id, vector, revision)
                   SELECT id, ?, ? FROM chunks WHERE id = ?""",
                [(row.tobytes(), revision, chunk_id) for row, chunk_id in zip(matrix, ids, strict=True)],
            )
            connection.executemany(
                """INSERT OR REPLACE INTO sentence_vectors (chunk_id, vectors)
                   SELECT id, ? FROM chunks WHERE id = ?""",
                [
                    (np.asarray(matrix_, dtype="<f2").tobytes(), chunk_id)
                    for matrix_, chunk_id in zip(sentences or (), ids if sentences else (), strict=True)
                ],
            )

    def drop_vectors(self, *, only_damaged: bool = False) -> None:
        """Forget all vectors and the model that made them, or only those of a wrong length or of no chunk."""
        with self._connections.write() as connection:
            if only_damaged:
                connection.execute("DELETE FROM vectors WHERE chunk_id NOT IN (SELECT id FROM chunks)")
                connection.execute(
                    "DELETE FROM sentence_vectors WHERE chunk_id NOT IN (SELECT id FROM chunks)"
                )
                connection.execute("""DELETE FROM vectors WHERE length(vector) != 4 * coalesce(
                    (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'dimension'), 0)""")
            else:
                connection.execute("DELETE FROM vectors")
                connection.execute("DELETE FROM sentence_vectors")
                connection.execute("DELETE FROM meta WHERE key IN ('embedding_model', 'dimension')")
            rows.next_revision(connection)

    def _record_model(self, connection: sqlite3.Connection, model: str, dimension: int) -> None:
        row = connection.execute("SELECT value FROM meta WHERE key = 'dimension'").fetchone()
        if row and int(row[0]) != dimension:
            raise ModelError(f"{model} made vectors of {dimension} numbers; before, they had {row[0]}.")
        if not row:
            connection.executemany(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
                [("embedding_model", model), ("dimension", str(dimension))],
            )
