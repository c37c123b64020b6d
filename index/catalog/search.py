"""Questions to the tables: full text, filters, vectors. Reads only.

Knows nothing of how scores are weighed against each other. Every function takes a connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]

TextMark = tuple[int, int]
"""The id of the newest chunk and the number of chunks: another for every change of the text, for ids
are not used again. Vectors that are added change nothing in it."""

TITLE_WEIGHT = 2.0
"""How much more a word counts in the title than in the text, in BM25."""

MAX_WORDS = 200
"""More words than this of one question are not looked up; FTS5 limits how deep an expression nests."""

_LEXICAL = """
    SELECT rowid, -rank FROM chunks_fts
    WHERE chunks_fts MATCH :match AND rank MATCH :ranking ORDER BY rank, rowid LIMIT :limit"""

# The plus keeps SQLite from asking the full text once for every allowed row (seconds, not milliseconds).
_LEXICAL_AMONG = """
    SELECT rowid, -rank FROM chunks_fts
    WHERE chunks_fts MATCH :match AND rank MATCH :ranking AND +rowid IN (SELECT value FROM json_each(:allowed))
    ORDER BY rank, rowid LIMIT :limit"""

FEW = 2000
"""Allowed chunks, up to which they are handed to SQLite; among more, the best of all are looked through."""


def text_mark(connection: sqlite3.Connection) -> TextMark:
    """The state of the text: equal marks, equal text."""
    last, count = connection.execute("SELECT (SELECT max(id) FROM chunks), count(*) FROM chunks").fetchone()
    return last or 0, count


def phrase(word: str) -> str:
    """The word as an FTS5 string, in which nothing is syntax. FTS5 ends a query at a NUL."""
    readable = word.encode("utf-8", "ignore").decode().replace("\0", " ")
    return '"' + readable.replace('"', '""') + '"'


def lexical(
    connection: sqlite3.Connection,
    words: Sequence[str],
    limit: int,
    *,
    allowed: Ids | None,
    share: float,
    title_weight: float,
) -> list[tuple[int, float]]:
    """(chunk id, BM25 score) of the chunks with any of the words, best first, higher is better.

    Args:
        words: taken as they are, nothing in them is syntax.
        limit: how many at most.
        allowed: only these chunks, ids ascending; None: all.
        share: what share of all chunks the allowed ones are.
    """
    wanted = list(dict.fromkeys(word for word in words if word.strip()))[:MAX_WORDS]
    if not wanted or limit <= 0 or (allowed is not None and not len(allowed)):
        return []
    parameters: dict[str, str | int] = {
        "match": " OR ".join(phrase(word) for word in wanted),
        "ranking": f"bm25({title_weight:f}, 1.0)",
        "limit": limit,
    }
    if allowed is None:
        return _scored(connection.execute(_LEXICAL, parameters))
    if len(allowed) > FEW:
        enough = int(2 * limit / share)
        found = _scored(connection.execute(_LEXICAL, parameters | {"limit": enough}))
        passing = np.isin(np.array([row[0] for row in found], np.int64), allowed)
        among = [row for row, passes in zip(found, passing, strict=True) if passes]
        if len(among) >= limit or len(found) < enough:
            return among[:limit]
    return _scored(connection.execute(_LEXICAL_AMONG, parameters | {"allowed": ids_as_json(allowed)}))


def _scored(rows: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    return [(chunk_id, float(score)) for chunk_id, score in rows]


def document_frequency(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """In how many chunks (title or text) each word occurs, in any of its inflected forms."""
    query = "SELECT count(*) FROM chunks_fts WHERE chunks_fts MATCH ?"
    return {word: connection.execute(query, (phrase(word),)).fetchone()[0] for word in dict.fromkeys(words)}


def examples(connection: sqlite3.Connection, beginning: str, most: int) -> list[str]:
    """Texts of some chunks, at most so many, that have a word that begins so."""
    query = "SELECT body FROM chunks_fts WHERE chunks_fts MATCH ? LIMIT ?"
    return [row[0] for row in connection.execute(query, (f"body : {phrase(beginning)} *", most))]


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
