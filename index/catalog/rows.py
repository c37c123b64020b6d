"""Articles and chunks as rows, and back. One writer of an article: `replace_article`.

Knows nothing of files, models or questions. Every function takes a connection and leaves the
transaction to its caller.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..records import Article, Chunk, Passage, Span
from . import copies, furniture
from .shapes import NewArticle

ARTICLE_COLUMNS = "id, origin, text, title, source, author, url, published, removed, notes, published_from"

PASSAGE_QUERY = """
    SELECT c.id, c.article_id, a.title, a.source, a.published, a.url, a.text, c.start, c."end", c.sentences
    FROM chunks c JOIN articles a ON a.id = c.article_id """


def fingerprint(article: Article) -> str:
    """A hash of everything in the article: equal means that nothing at all changed."""
    # In which order lines were learnt to be boilerplate says nothing about the article.
    fields = vars(article) | {"removed": sorted(article.removed)}
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def text_hash(text: str) -> str:
    """A hash of the words alone: equal under two origins means an exact copy."""
    return hashlib.sha256(text.encode()).hexdigest()


def chunk_digest(chunk: Chunk, text: str) -> bytes:
    """Names what is embedded for a chunk, so that no text is ever embedded twice."""
    spans = relative(chunk.sentences, chunk.start)
    return hashlib.sha256(json.dumps([chunk.heading, text, spans]).encode()).digest()[:16]


def relative(sentences: Iterable[Span], start: int) -> tuple[Span, ...]:
    """The spans, counted from `start`."""
    return tuple((first - start, last - start) for first, last in sentences)


def to_article(row: Sequence[Any]) -> Article:
    """The article of a row of `ARTICLE_COLUMNS`."""
    article_id, origin, text, title, source, author, url, published, removed, notes, published_from = row
    return Article(
        id=article_id, origin=origin, text=text, title=title, source=source, author=author, url=url,
        published=published, published_from=published_from, removed=tuple(json.loads(removed)),
        notes=tuple(json.loads(notes)),
    )  # fmt: skip


def to_passage(row: Sequence[Any]) -> Passage:
    """The passage of a row of `PASSAGE_QUERY`."""
    chunk_id, article_id, title, source, published, url, text, start, end, sentences = row
    return Passage(
        chunk_id=chunk_id, article_id=article_id, title=title, source=source, published=published,
        url=url, text=text[start:end], start=start, end=end, sentences=to_spans(sentences),
    )  # fmt: skip


def to_spans(sentences: str) -> tuple[Span, ...]:
    """Sentence spans from their JSON."""
    return tuple((start, end) for start, end in json.loads(sentences))


def next_revision(connection: sqlite3.Connection) -> int:
    """Count the catalog's revision up by one, and return it."""
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision'")
    return revision(connection)


def revision(connection: sqlite3.Connection) -> int:
    """How many changes of articles or vectors were committed so far."""
    return int(connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()[0])


def replace_article(connection: sqlite3.Connection, new: NewArticle, now: str) -> None:
    """Put the article and its chunks in place of what was stored under its id.

    Chunks whose heading and words were embedded before, in this article or another, get that vector.
    """
    article = new.article
    new_revision = next_revision(connection)
    old = [row[0] for row in connection.execute("SELECT id FROM chunks WHERE article_id = ?", (article.id,))]
    known = connection.execute("SELECT added_at FROM articles WHERE id = ?", (article.id,)).fetchone()
    values = (
        article.origin, article.text, article.title, article.source, article.author, article.url,
        article.published, json.dumps(article.removed), json.dumps(article.notes),
        new.text_hash, new.fingerprint, new.path, new.root, new_revision,
        article.published_from, new.outlet, new.signature,
    )  # fmt: skip
    if known:
        connection.execute(
            """UPDATE articles SET origin = ?, text = ?, title = ?, source = ?, author = ?, url = ?,
               published = ?, removed = ?, notes = ?, text_hash = ?, fingerprint = ?, path = ?, root = ?,
               revision = ?, published_from = ?, outlet = ?, signature = ? WHERE id = ?""",
            (*values, article.id),
        )
    else:
        connection.execute(
            """INSERT INTO articles (origin, text, title, source, author, url, published, removed, notes,
               text_hash, fingerprint, path, root, revision, published_from, outlet, signature, id, added_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (*values, article.id, now),
        )
    for chunk in new.chunks:
        insert_chunk(connection, article, chunk, new_revision)
    delete_chunks(connection, old)
    copies.replace_bands(connection, article.id, new.signature)
    furniture.mark_unlearnt(connection, new.outlet)


def has_copy(connection: sqlite3.Connection, new: NewArticle) -> bool:
    """Whether another article has exactly this text."""
    query = "SELECT 1 FROM articles WHERE text_hash = ? AND id != ? LIMIT 1"
    return connection.execute(query, (new.text_hash, new.article.id)).fetchone() is not None


def insert_chunk(connection: sqlite3.Connection, article: Article, chunk: Chunk, new_revision: int) -> None:
    """Add one chunk, its full text, and its vectors where equal text has them already."""
    text = article.text[chunk.start : chunk.end]
    digest = chunk_digest(chunk, text)
    embedded = connection.execute(
        "SELECT c.id FROM chunks c JOIN vectors v ON v.chunk_id = c.id WHERE c.digest = ? LIMIT 1", (digest,)
    ).fetchone()
    spans = json.dumps(chunk.sentences)
    chunk_id = connection.execute(
        """INSERT INTO chunks (article_id, position, start, "end", sentences, heading, digest)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (article.id, chunk.position, chunk.start, chunk.end, spans, chunk.heading, digest),
    ).lastrowid
    connection.execute(
        "INSERT INTO chunks_fts (rowid, title, body) VALUES (?, ?, ?)", (chunk_id, article.title, text)
    )
    if embedded:
        connection.execute(
            """INSERT INTO vectors (chunk_id, vector, revision)
               SELECT ?, vector, ? FROM vectors WHERE chunk_id = ?""",
            (chunk_id, new_revision, *embedded),
        )
        connection.execute(
            """INSERT INTO sentence_vectors (chunk_id, vectors)
               SELECT ?, vectors FROM sentence_vectors WHERE chunk_id = ?""",
            (chunk_id, *embedded),
        )


def chunks(connection: sqlite3.Connection, article_id: str) -> list[Chunk]:
    """The chunks of an article, in order, as they were stored."""
    query = """SELECT article_id, position, start, "end", sentences, heading FROM chunks
               WHERE article_id = ? ORDER BY position"""
    found = connection.execute(query, (article_id,))
    return [
        Chunk(chunk_of, position, start, end, to_spans(sentences), heading)
        for chunk_of, position, start, end, sentences, heading in found
    ]


def delete_chunks(connection: sqlite3.Connection, chunk_ids: Iterable[int]) -> None:
    """Remove chunks with their full text; their vectors go along (ON DELETE CASCADE)."""
    rows = [(chunk_id,) for chunk_id in chunk_ids]
    connection.executemany("DELETE FROM chunks_fts WHERE rowid = ?", rows)
    connection.executemany("DELETE FROM chunks WHERE id = ?", rows)


def delete_article(connection: sqlite3.Connection, article_id: str) -> bool:
    """Remove an article and all that hangs on it; False where there is none."""
    old = connection.execute("SELECT id FROM chunks WHERE article_id = ?", (article_id,)).fetchall()
    delete_chunks(connection, (row[0] for row in old))
    # Without its bookkeeping the file is read again by the next build, so what is removed by
    # hand comes back if its file stays: the index holds what the folders hold.
    connection.execute(
        "DELETE FROM files WHERE path = (SELECT path FROM articles WHERE id = ?)", (article_id,)
    )
    return connection.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0


def rebuild_full_text(connection: sqlite3.Connection, create: Callable[[], object]) -> None:
    """Make the full-text index anew from articles and chunks."""
    connection.execute("DROP TABLE IF EXISTS chunks_fts")
    create()
    found = connection.execute("""SELECT c.id, a.title, a.text, c.start, c."end"
        FROM chunks c JOIN articles a ON a.id = c.article_id ORDER BY c.id""")
    connection.executemany(
        "INSERT INTO chunks_fts (rowid, title, body) VALUES (?, ?, ?)",
        ((chunk_id, title, text[start:end]) for chunk_id, title, text, start, end in found),
    )
