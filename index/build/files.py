"""Files → articles in the catalog: which must be read, and what becomes of what they hold.

Knows nothing of vectors. A file that fails costs nothing that was indexed from it before.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..catalog import Catalog, FileRecord, StoredArticle
from ..chunk import chunk_article
from ..errors import DatelineError, InputError
from ..load import SourceFile, load_file
from ..records import Article, Chunk
from .report import BuildReport

logger = logging.getLogger(__name__)

PIPELINE = 1
"""The version of loading and chunking. Raise it when either changes: every file is then read again."""

RACE_NS = 2_000_000_000
"""A file changed so shortly before it was read may change again with no newer time to show for it."""

TokenCounter = Callable[[Sequence[str]], list[int]]


class FileIndexer:
    """Brings files into the catalog, each article in a transaction of its own."""

    def __init__(
        self,
        catalog: Catalog,
        report: BuildReport,
        *,
        max_bytes: int,
        open_counter: Callable[[], TokenCounter],
    ) -> None:
        self._catalog = catalog
        self._report = report
        self._max_bytes = max_bytes
        self._open_counter = open_counter
        self._count: TokenCounter | None = None
        self._stored = catalog.stored_articles()
        self._ids_by_path: dict[str, set[str]] = {}
        for article_id, stored in self._stored.items():
            if stored.path is not None:
                self._ids_by_path.setdefault(stored.path, set()).add(article_id)

    def index(self, found: SourceFile) -> None:
        """Bring one file into the catalog, if it is not there as it is."""
        source = self._settled(found)
        path = str(source.path)
        known = self._catalog.file(path)
        try:
            record = _look(source)
            if known is not None and _is_same(known, record):
                self._report.unchanged += len(self._ids_by_path.get(path, ()))
                return
            record = replace(record, sha256=_hash(source.path))
        except OSError as error:
            self._report.fail(InputError(f"cannot be read: {error.strerror or error}", path=path))
            return
        if known is not None and (known.sha256, known.pipeline) == (record.sha256, PIPELINE):
            self._report.unchanged += len(self._ids_by_path.get(path, ()))
            self._catalog.finish_file(record)
        elif (seen := self._read(source)) is not None:
            gone = self._ids_by_path.get(path, set()) - seen
            self._catalog.finish_file(record, gone)
            self._forget(gone)

    def prune(self, paths: Sequence[Path]) -> None:
        """Remove the articles below `paths` whose file is gone. A path that is itself gone is left
        alone: more likely mistyped, or not mounted, than emptied."""
        roots = [path.resolve() for path in paths if path.exists()]
        recorded = {file.path for file in self._catalog.files()} | self._ids_by_path.keys()
        for path in sorted(recorded):
            if any(Path(path).is_relative_to(root) for root in roots) and _is_gone(Path(path)):
                gone = set(self._ids_by_path.get(path, ()))
                self._catalog.remove(gone)
                self._catalog.forget_file(path)
                self._forget(gone)

    def _settled(self, found: SourceFile) -> SourceFile:
        """The file under the root it was first given with: its origin, so its identity, stays."""
        path = str(found.path)
        known = self._catalog.file(path)
        root = known.root if known else None
        for article_id in self._ids_by_path.get(path, ()):
            root = root or self._stored[article_id].root
        if root is None or not found.path.is_relative_to(root):
            return found
        return SourceFile(found.path, Path(root), found.path.relative_to(root).as_posix())

    def _read(self, source: SourceFile) -> set[str] | None:
        """Ids of the articles in the file; None if any part of it failed, so that it is read again."""
        seen: set[str] = set()
        failures = len(self._report.failed)
        for item in self._items(source):
            if isinstance(item, InputError):
                self._report.fail(item)
                continue
            try:
                self._keep(item, source, seen)
            except InputError as error:
                self._report.fail(error)
            seen.add(item.id)
        return seen if len(self._report.failed) == failures else None

    def _items(self, source: SourceFile) -> Iterator[Article | InputError]:
        try:
            yield from load_file(source, max_bytes=self._max_bytes)
        except DatelineError:
            raise
        except Exception as error:  # noqa: BLE001 - a parser may raise anything; one file must not stop the build
            yield _unexpected(error, source)

    def _keep(self, article: Article, source: SourceFile, seen: set[str]) -> None:
        path = str(source.path)
        fingerprint = self._catalog.fingerprint(article)
        stored = self._stored.get(article.id)
        if (
            stored is not None
            and stored.fingerprint == fingerprint
            and self._is_repeated(article, path, seen)
        ):
            self._report.duplicates += 1
            return
        if stored is not None:
            self._refuse_conflict(article, stored, path, seen)
        chunks = self._chunks(article, source)
        if (
            stored is not None
            and stored.fingerprint == fingerprint
            and self._catalog.chunks(article.id) == chunks
        ):
            if stored.path != path:
                self._catalog.assign_path(article.id, path, str(source.root))
            self._report.unchanged += 1
        else:
            self._catalog.put_article(article, chunks, path=path, root=str(source.root))
            self._report.duplicates += self._catalog.has_copy(article)
            self._report.added += stored is None
            self._report.updated += stored is not None
        self._remember(article.id, StoredArticle(path, str(source.root), fingerprint))

    def _is_repeated(self, article: Article, path: str, seen: set[str]) -> bool:
        """Whether the very same article stands in this file already, or in another that still exists."""
        other = self._stored[article.id].path
        return article.id in seen or (other not in (None, path) and not _is_gone(Path(str(other))))

    def _refuse_conflict(self, article: Article, stored: StoredArticle, path: str, seen: set[str]) -> None:
        if article.id in seen:
            raise InputError(f"the id {article.origin!r} stands twice in this file; keep one", path=path)
        if stored.path not in (None, path) and not _is_gone(Path(str(stored.path))):
            raise InputError(
                f"{article.origin!r} is already the article of {stored.path}; rename one of them, or build "
                "from a folder that holds both",
                path=path,
            )

    def _chunks(self, article: Article, source: SourceFile) -> list[Chunk]:
        if self._count is None:
            self._count = self._open_counter()
        try:
            return chunk_article(article, self._count)
        except DatelineError:
            raise
        except Exception as error:
            raise _unexpected(error, source) from error

    def _remember(self, article_id: str, stored: StoredArticle) -> None:
        before = self._stored.get(article_id)
        if before is not None and before.path is not None:
            self._ids_by_path.get(before.path, set()).discard(article_id)
        self._stored[article_id] = stored
        self._ids_by_path.setdefault(str(stored.path), set()).add(article_id)

    def _forget(self, article_ids: set[str]) -> None:
        self._report.removed += len(article_ids)
        for article_id in article_ids:
            path = self._stored.pop(article_id).path
            if path is not None:
                self._ids_by_path[path] = self._ids_by_path[path] - {article_id}


def _look(source: SourceFile) -> FileRecord:
    checked_ns = time.time_ns()
    found = source.path.stat()
    return FileRecord(
        path=str(source.path), root=str(source.root), origin=source.origin, size=found.st_size,
        mtime_ns=found.st_mtime_ns, checked_ns=checked_ns, sha256="", pipeline=PIPELINE,
    )  # fmt: skip


def _is_same(known: FileRecord, now: FileRecord) -> bool:
    """Whether size and time alone show that the file is the one that was read."""
    settled = known.checked_ns - known.mtime_ns >= RACE_NS
    same = (known.size, known.mtime_ns, known.pipeline) == (now.size, now.mtime_ns, now.pipeline)
    return settled and same


def _unexpected(error: Exception, source: SourceFile) -> InputError:
    logger.debug("Unexpected error in %s", source.path, exc_info=error)
    said = f"{type(error).__name__}: {error}"
    return InputError(f"cannot be read, please report this ({said})", path=str(source.path))


def _is_gone(path: Path) -> bool:
    """Whether there is certainly nothing at the path: a folder that cannot be read hides, not deletes."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
