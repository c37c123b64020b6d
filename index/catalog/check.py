"""Does the catalog agree with itself? Every rule that its rows must keep, checked one by one.

Reads only; what it finds is mended by `build.verify`. Knows nothing of files or models.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from ..records import Chunk
from .rows import text_hash, to_spans


def check(connection: sqlite3.Connection) -> Iterator[str]:
    """What is wrong, one sentence each; nothing where all is well. Missing vectors are not wrong."""
    yield from _database(connection)
    yield from _full_text(connection)
    yield from _chunks(connection)
    yield from _vectors(connection)


def check_words(connection: sqlite3.Connection) -> Iterator[str]:
    """Let FTS5 check its own structure. It asks for that by an INSERT: needs a write transaction."""
    try:
        connection.execute("INSERT INTO chunks_fts (chunks_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield f"the full-text index is damaged: {error}"


def broken_articles(connection: sqlite3.Connection) -> list[str]:
    """Ids of the articles with a chunk that does not lie in the text, or with no chunk at all."""
    return sorted({article_id for article_id, _ in _chunk_problems(connection)})


def span_problem(text: str, chunk: Chunk) -> str | None:
    """Why the chunk or one of its sentences does not lie in the text; None where it does."""
    if not 0 <= chunk.start < chunk.end <= len(text):
        return f"chunk {chunk.position} [{chunk.start}:{chunk.end}] lies outside the text of {len(text)}"
    previous = chunk.start
    for start, end in chunk.sentences:
        if not (previous <= start < end <= chunk.end):
            return (
                f"sentence [{start}:{end}] does not lie in chunk {chunk.position} [{chunk.start}:{chunk.end}]"
            )
        previous = end
    return None


def _database(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute("PRAGMA quick_check"):
        if said != "ok":
            yield f"catalog.sqlite is damaged: {said}"
    for table, rowid, _, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {rowid} of {table} belongs to nothing"
    for article_id, text, stored in connection.execute("SELECT id, text, text_hash FROM articles"):
        if text_hash(text) != stored:
            yield f"the text of article {article_id} is not what was stored"


def _full_text(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        yield from _full_text_rows(connection)
    except sqlite3.DatabaseError as error:
        yield f"the full-text index cannot be read: {error}"


def _full_text_rows(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute("""SELECT f.title, f.body, a.title, a.text, c.start, c."end" FROM chunks c
        JOIN articles a ON a.id = c.article_id LEFT JOIN chunks_fts f ON f.rowid = c.id""")
    differing = sum(
        (found_title, body) != (title, text[start:end]) for found_title, body, title, text, start, end in rows
    )
    if differing:
        yield f"the full-text index differs from {differing} chunks"
    query = "SELECT count(*) FROM chunks_fts WHERE rowid NOT IN (SELECT id FROM chunks)"
    if stale := connection.execute(query).fetchone()[0]:
        yield f"the full-text index holds {stale} chunks that are gone"


def _chunks(connection: sqlite3.Connection) -> Iterator[str]:
    for article_id, problem in _chunk_problems(connection):
        yield f"article {article_id}: {problem}"


def _chunk_problems(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    rows = connection.execute("""SELECT a.id, a.text, c.position, c.start, c."end", c.sentences, c.heading
           FROM articles a LEFT JOIN chunks c ON a.id = c.article_id ORDER BY a.id, c.position""")
    for article_id, text, position, start, end, sentences, heading in rows:
        if position is None:
            yield article_id, "has no chunks"
            continue
        try:
            chunk = Chunk(article_id, position, start, end, to_spans(sentences), heading)
        except (ValueError, TypeError):
            yield article_id, f"the sentences of chunk {position} cannot be read"
            continue
        if problem := span_problem(text, chunk):
            yield article_id, problem


def _vectors(connection: sqlite3.Connection) -> Iterator[str]:
    row = connection.execute("SELECT value FROM meta WHERE key = 'dimension'").fetchone()
    size = 4 * int(row[0]) if row else -1
    query = "SELECT count(*) FROM vectors WHERE length(vector) != ?"
    if wrong := connection.execute(query, (size,)).fetchone()[0]:
        yield f"{wrong} vectors do not have the length that the embedding model makes"
