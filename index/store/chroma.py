"""One Chroma collection in a folder of its own. The only importer of chromadb.

Knows nothing of the catalog. Chroma writes to a folder even to query it, and two processes in one
folder destroy it (measured on 1.5.9, see docs/decisions.md): callers give every process its own copy.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Ids = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]

BATCH = 5000
"""Rows in one request; Chroma refuses more than 5,461."""

LARGEST_QUERY = 10_000
"""Neighbours asked of Chroma at most; beyond about 32,000 rows its reads fail."""

_NAME = "chunks"


def version() -> str:
    """The version of chromadb that is installed, without importing it."""
    return importlib.metadata.version("chromadb")


class ChromaFolder:
    """An open collection of unit vectors under cosine distance. Not to be shared between processes."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        # Late: the import takes most of a second, and not every command searches.
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        # Its type does not know `close`.
        self._client = cast("Any", chromadb.PersistentClient(path=str(folder), settings=settings))
        try:
            self._collection = self._create() if create else self._get()
        except BaseException:
            self._client.close()
            raise

    def add(self, ids: Ids, matrix: Matrix, article_ids: list[str], dates: Iterable[int]) -> None:
        """Add up to `BATCH` vectors (n, d) with their article and date (YYYYMMDD, 0 unknown)."""
        self._collection.add(
            ids=[str(chunk_id) for chunk_id in ids],
            embeddings=matrix,
            metadatas=[
                {"article_id": article_id, "published": date}
                for article_id, date in zip(article_ids, dates, strict=True)
            ],
        )

    def count(self) -> int:
        """How many vectors there are."""
        return self._collection.count()

    def nearest(self, vector: Matrix, limit: int) -> tuple[Ids, Matrix]:
        """Ids and cosines of up to `limit` vectors nearest to `vector` (d,), best first."""
        found: Any = self._collection.query(
            query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"]
        )
        ids = np.array([int(chunk_id) for chunk_id in found["ids"][0]], dtype=np.int64)
        return ids, 1 - np.array(found["distances"][0], dtype=np.float32)

    def close(self) -> None:
        """Let go of the folder's files."""
        self._client.close()

    def _create(self) -> Collection:
        # `embedding_function=None`, or Chroma downloads a model of its own at the first use.
        collection: Collection = self._client.create_collection(
            _NAME,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_construction": 128, "ef_search": 128}},
        )
        return collection

    def _get(self) -> Collection:
        collection: Collection = self._client.get_collection(_NAME, embedding_function=None)
        return collection
