"""The source of truth: articles, chunks, vectors and full text in one SQLite file. All SQL is here.

`Catalog` is the door. Behind it: `schema` (tables), `connection` (threads, errors), `rows` (articles
and chunks in and out), `search` (full text, filters, vectors), `check` (does it agree with itself).
Knows nothing of files' formats, embedding models, Chroma, or how an answer is made.
"""

from __future__ import annotations

from .catalog import Catalog
from .reader import require_catalog
from .search import Ids, Matrix
from .shapes import (
    FailureRecord,
    FileRecord,
    FinishedFile,
    NewArticle,
    SnapshotPage,
    StoredArticle,
    TextToEmbed,
)

__all__ = [
    "Catalog",
    "FailureRecord",
    "FileRecord",
    "FinishedFile",
    "Ids",
    "Matrix",
    "NewArticle",
    "SnapshotPage",
    "StoredArticle",
    "TextToEmbed",
    "require_catalog",
]
