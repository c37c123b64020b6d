"""Questions to the tables: full text, filters, vectors. Reads only.

Knows nothing of how scores are weighed against each other. Every function takes a connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..records import Filters

Ids = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]

TITLE_WEIGHT = 2.0
"""How much more a word counts in the title than in the text, in BM25."""

MAX_WORDS = 200
"""More words than this of one question are not looked up; FTS5 limits how deep an expression nests."""

# Every condition switches itself off when its parameter is NULL, so the SQL never has to be put
# together from parts. An article without a date is outside every range of dates.
_FILTER = """
    (:after IS NULL OR a.published >= :after)
    AND (:before IS NULL OR a.published <= :before)
    AND (:sources IS NULL OR a.source COLLATE NOCASE IN (SELECT value FROM json_each(:sources)))
    AND (:include IS NULL OR a.id IN (SELECT value FROM json_each(:include)))
    AND (:exclude IS NULL OR a.id NOT IN (SELECT value FROM json_each(:exclude)))"""

_LEXICAL = """
    SELECT rowid, -rank FROM chunks_fts
    WHERE chunks_fts MATCH :match AND rank MATCH :ranking ORDER BY rank, rowid LIMIT :limit"""

# The plus keeps SQLite from asking the full text once for every allowed row (seconds, not milliseconds).
_LEXICAL_FILTERED = f"""
    SELECT rowid, -rank FROM chunks_fts
    WHERE chunks_fts MATCH :match AND rank MATCH :ranking AND +rowid IN (
        SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id WHERE {_FILTER})
    ORDER BY rank, rowid LIMIT :limit"""  # noqa: S608 - only constants of this module are put together

_ALLOWED = f"""
    SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id JOIN vectors v ON v.chunk_id = c.id
    WHERE {_FILTER} ORDER BY c.id"""  # noqa: S608 - as above


def phrase(word: str) -> str:
    """The word as an FTS5 string, in which nothing is syntax. FTS5 ends a query at a NUL."""
    readable = word.encode("utf-8", "ignore").decode().replace("\0", " ")
    return '"' + readable.replace('"', '""') + '"'


def lexical(
    connection: sqlite3.Connection,
    words: Sequence[str],
    limit: int,
    filters: Filters | None,
    title_weight: float,
) -> list[tuple[int, float]]:
    """(chunk id, BM25 score) of the chunks with any of the words, best first, higher is better."""
    wanted = list(dict.fromkeys(word for word in words if word.strip()))[:MAX_WORDS]
    if not wanted or limit <= 0:
        return []
    parameters = {
        "match": " OR ".join(phrase(word) for word in wanted),
        "ranking": f"bm25({title_weight:f}, 1.0)",
        "limit": limit,
    }
    if filters:
        rows = connection.execute(_LEXICAL_FILTERED, parameters | filter_parameters(filters))
    else:
        rows = connection.execute(_LEXICAL, parameters)
    return [(chunk_id, float(score)) for chunk_id, score in rows]


def document_frequency(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """In how many chunks (title or text) each word occurs, in any of its inflected forms."""
    query = "SELECT count(*) FROM chunks_fts WHERE chunks_fts MATCH ?"
    return {word: connection.execute(query, (phrase(word),)).fetchone()[0] for word in dict.fromkeys(words)}


def allowed_chunks(connection: sqlite3.Connection, filters: Filters) -> Ids:
    """Ids, ascending, of the chunks with a vector whose article passes the filters."""
    rows = connection.execute(_ALLOWED, filter_parameters(filters))
    return np.array([row[0] for row in rows], dtype=np.int64)


def filter_parameters(filters: Filters) -> dict[str, str | None]:
    """The filters as parameters of `_FILTER`."""

    def as_json(values: tuple[str, ...]) -> str | None:
        return json.dumps(values) if values else None

    return {
        "after": filters.after or None,
        "before": filters.before or None,
        "sources": as_json(filters.sources),
        "include": as_json(filters.include),
        "exclude": as_json(filters.exclude),
    }


def vectors(
    connection: sqlite3.Connection, chunk_ids: Sequence[int] | Ids | None, after_revision: int
) -> tuple[Ids, Matrix]:
    """Ids (n,), ascending, and unit vectors (n, d) of the chunks, or of all of them where None."""
    if chunk_ids is None:
        rows = connection.execute(
            "SELECT chunk_id, vector FROM vectors WHERE revision > ? ORDER BY chunk_id", (after_revision,)
        )
    else:
        rows = connection.execute(
            """SELECT chunk_id, vector FROM vectors
               WHERE chunk_id IN (SELECT value FROM json_each(?)) AND revision > ? ORDER BY chunk_id""",
            (ids_as_json(chunk_ids), after_revision),
        )
    return to_matrix(rows.fetchall())


def to_matrix(rows: Sequence[tuple[int, bytes]]) -> tuple[Ids, Matrix]:
    """Rows of (id, float32 bytes) as arrays; (0,) and (0, 0) where there are none."""
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    flat = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").astype(np.float32, copy=False)
    return ids, flat.reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32)


def to_vectors(chunk: bytes, sentences: bytes) -> tuple[Vector, Matrix]:
    """A chunk's vector (d,) and its sentences' (n, d) from their bytes."""
    vector = np.frombuffer(chunk, "<f4").astype(np.float32)
    rows = np.frombuffer(sentences, "<f2").astype(np.float32)
    return vector, rows.reshape(-1, len(vector))


def live_chunk_ids(
    connection: sqlite3.Connection, ids: Sequence[int] | Ids, up_to_revision: int | None
) -> set[int]:
    """Those of the ids that still have a vector, and had this very one at `up_to_revision`."""
    rows = connection.execute(
        """SELECT chunk_id FROM vectors WHERE chunk_id IN (SELECT value FROM json_each(:ids))
           AND (:revision IS NULL OR revision <= :revision)""",
        {"ids": ids_as_json(ids), "revision": up_to_revision},
    )
    return {row[0] for row in rows}


def ids_as_json(ids: Sequence[int] | Ids) -> str:
    """Ids as one parameter: SQLite limits how many parameters a statement may have."""
    return json.dumps([int(chunk_id) for chunk_id in ids])
