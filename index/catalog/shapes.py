"""What the catalog hands to the build and to the vector index, besides the records of all modules."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import Article, Chunk, Span
from .search import Ids, Matrix


@dataclass(frozen=True)
class FileRecord:
    """What the last build knew of a file. Times in nanoseconds since 1970."""

    path: str
    root: str
    origin: str
    size: int
    mtime_ns: int
    checked_ns: int
    """When it was read: a file changed later than that has another `mtime_ns`, unless it was at once."""
    sha256: str
    pipeline: int
    """The version of loading and chunking that read it."""


@dataclass(frozen=True)
class FailureRecord:
    """An input that the last build over it could not index, and why. `name` is its path below the folder
    that was given, `line` counts from 1, `at` is when, in UTC."""

    path: str
    name: str
    line: int | None
    reason: str
    at: str


@dataclass(frozen=True)
class StoredArticle:
    """The file that an article came from, the folder given to the build, and `Catalog.fingerprint`."""

    path: str | None
    root: str | None
    fingerprint: str
    outlet: str


@dataclass(frozen=True)
class Origin:
    """Where a chunk is from: its article, and that article's source and day."""

    article_id: str
    source: str | None
    published: str | None


@dataclass(frozen=True)
class TextToEmbed:
    """A chunk's heading and text, and its sentences as offsets into that text."""

    chunk_id: int
    heading: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True)
class SnapshotPage:
    """Some vectors with what the vector index keeps beside them; all of length n, `matrix` (n, d)."""

    ids: Ids
    matrix: Matrix
    article_ids: list[str]
    published: list[str | None]


@dataclass(frozen=True)
class NewArticle:
    """An article that can be stored; made by `Catalog.prepared`, which checks it."""

    article: Article
    chunks: tuple[Chunk, ...]
    path: str | None
    """The file it came from, absolute."""
    root: str | None
    """The folder that was given to the build."""
    outlet: str
    """Whose lines repeat from article to article."""
    signature: bytes | None
    """By which near-identical articles are found."""
    fingerprint: str
    text_hash: str


@dataclass(frozen=True)
class FinishedFile:
    """A file that was read whole, and the articles that it no longer holds."""

    record: FileRecord
    gone: frozenset[str] = frozenset()
