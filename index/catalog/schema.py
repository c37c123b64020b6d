"""The tables of the catalog, and how a new or old database comes to have them.

Knows nothing of articles or questions: the other modules of this package read and write the rows.
"""

from __future__ import annotations

import sqlite3
import uuid

from ..errors import StorageError

VERSION = 3
"""Raise it with every change of the tables, and add the step from the version before to `prepare`."""

TOKENIZER = "porter unicode61 remove_diacritics 2"

FULL_TEXT = f"CREATE VIRTUAL TABLE chunks_fts USING fts5(title, body, tokenize='{TOKENIZER}')"

VOCABULARY = "CREATE VIRTUAL TABLE chunks_terms USING fts5vocab(chunks_fts, row)"

# Since version 2. `outlet` is whose lines repeat (see `build.furniture`); `signature` and `bands` find
# near-identical articles: two with a band in common may be.
SECOND = (
    "ALTER TABLE articles ADD COLUMN published_from TEXT",
    "ALTER TABLE articles ADD COLUMN outlet TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE articles ADD COLUMN signature BLOB",
    "CREATE INDEX articles_outlet ON articles (outlet)",
    """CREATE TABLE bands (
        band INTEGER NOT NULL, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        PRIMARY KEY (band, article_id)) WITHOUT ROWID""",
    "CREATE INDEX bands_article ON bands (article_id)",
    """CREATE TABLE furniture (
        outlet TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (outlet, line)) WITHOUT ROWID""",
    "CREATE TABLE unlearnt (outlet TEXT PRIMARY KEY) WITHOUT ROWID",
)
# Since version 3: what could not be indexed. `name` is the path below the folder that was given.
THIRD = (
    """CREATE TABLE failures (
        path TEXT NOT NULL, name TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, at TEXT NOT NULL)""",
)
STEPS = {1: SECOND, 2: THIRD}
"""By version, the statements that lead to the next."""

# Chunk ids are never used twice (AUTOINCREMENT), so that an id in a snapshot of the vectors can only
# ever mean the chunk it was made for. `digest` names what was embedded: equal text, equal vector.
TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, origin TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL,
        source TEXT, author TEXT, url TEXT, published TEXT,
        removed TEXT NOT NULL, notes TEXT NOT NULL,
        text_hash TEXT NOT NULL, fingerprint TEXT NOT NULL,
        path TEXT, root TEXT, revision INTEGER NOT NULL, added_at TEXT NOT NULL)""",
    "CREATE INDEX articles_text_hash ON articles (text_hash)",
    "CREATE INDEX articles_origin ON articles (origin)",
    "CREATE INDEX articles_path ON articles (path)",
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        sentences TEXT NOT NULL, heading TEXT NOT NULL, digest BLOB NOT NULL)""",
    "CREATE INDEX chunks_article ON chunks (article_id, position)",
    "CREATE INDEX chunks_digest ON chunks (digest)",
    FULL_TEXT,
    VOCABULARY,
    """CREATE TABLE vectors (
        chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
        vector BLOB NOT NULL, revision INTEGER NOT NULL)""",
    # Apart from the vectors of whole chunks, which are read in bulk; float16, half the size, and as
    # exact as the comparison of two sentences needs.
    """CREATE TABLE sentence_vectors (
        chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE, vectors BLOB NOT NULL)""",
    "CREATE INDEX vectors_revision ON vectors (revision)",
    """CREATE TABLE files (
        path TEXT PRIMARY KEY, root TEXT NOT NULL, origin TEXT NOT NULL, size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, checked_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
        pipeline INTEGER NOT NULL)""",
    """CREATE TABLE feedback (
        id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, question TEXT NOT NULL,
        answer TEXT NOT NULL, rating TEXT NOT NULL CHECK (rating IN ('up', 'down')), comment TEXT)""",
)


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables where there are none. The connection must be able to write.

    Raises:
        StorageError: the database was written by a newer Dateline.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if found_version(connection) is None:
            for statement in TABLES:
                connection.execute(statement)
            start = {"schema_version": "1", "revision": "0", "identity": uuid.uuid4().hex}
            connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", start.items())
        _upgrade(connection)
        check_version(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _upgrade(connection: sqlite3.Connection) -> None:
    for version in range(found_version(connection) or VERSION, VERSION):
        for statement in STEPS[version]:
            connection.execute(statement)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(version + 1),))


def check_version(connection: sqlite3.Connection) -> None:
    """Refuse a database that this version of Dateline cannot read.

    Raises:
        StorageError: it is newer, older, or has no tables yet.
    """
    version = found_version(connection)
    if version is None:
        raise StorageError("The index holds nothing yet. Fill it: python -m index build PATH")
    if version > VERSION:
        raise StorageError(
            f"The index was made by a newer Dateline (schema {version}; this one knows {VERSION}). "
            "Upgrade Dateline, or build into another folder with --data."
        )
    if version < VERSION:
        raise StorageError(
            f"The index was made by an older Dateline (schema {version}; this one reads {VERSION}). "
            "Bring it up to date, nothing is lost: python -m index build PATH"
        )


def found_version(connection: sqlite3.Connection) -> int | None:
    """The schema version of the database, or None where it has no tables of ours."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone():
        return None
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    return int(row[0]) if row else None
