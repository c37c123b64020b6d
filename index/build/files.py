"""Files → articles in the catalog: which must be read, and what becomes of what they hold.

Knows nothing of vectors. A file that fails costs nothing that was indexed from it before.
"""

from __future__ import annotations

import logging
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..catalog import Catalog, FileRecord, StoredArticle
from ..chunk import TokenCounter, chunk_article
from ..errors import DatelineError, InputError
from ..load import ROLLING, SourceFile, load_file
from ..records import Article, Chunk
from .copies import signature
from .furniture import Learner, cleaned, outlet_of
from .group import Group
from .looking import content_hash, is_gone, is_same, look
from .report import BuildReport

logger = logging.getLogger(__name__)

PIPELINE = 3
"""The version of loading and chunking. Raise it when either changes: every file is then read again."""

AHEAD = 8
"""Files begun before the one in hand is done: their loaders run in processes of their own."""

Fields = tuple[tuple[str, str], ...]


@dataclass
class _Opened:
    """A file that must be read; its articles come as they are asked for."""

    source: SourceFile
    record: FileRecord
    items: Iterator[Article | InputError]
    as_before: bool
    """Whether it was read before, and by the same rules: an article that did not change is cut as it was."""


class FileIndexer:
    """Brings files into the catalog, some articles in each transaction."""

    def __init__(
        self,
        catalog: Catalog,
        report: BuildReport,
        *,
        max_bytes: int,
        count_tokens: TokenCounter,
        fields: Fields = (),
    ) -> None:
        self._catalog = catalog
        self._report = report
        self._max_bytes = max_bytes
        self._fields = fields
        # Records read by other names are other articles; 24 bits leave room for the version.
        self._pipeline = PIPELINE + (zlib.crc32(repr(fields).encode()) << 8 if fields else 0)
        self._count = count_tokens
        self._group = Group(catalog, report)
        self._stored = catalog.stored_articles()
        self._progress: Callable[[int], None] = lambda done: None
        self._done = self._told = 0
        self._learner = Learner(catalog, self._chunks, self._stored)
        self._ids_by_path: dict[str, set[str]] = {}
        for article_id, stored in self._stored.items():
            if stored.path is not None:
                self._ids_by_path.setdefault(stored.path, set()).add(article_id)

    def index(self, found: Sequence[SourceFile], progress: Callable[[int], None]) -> None:
        """Bring files into the catalog that are not there as they are; told how many are done."""
        self._progress = progress
        opened: deque[_Opened] = deque()
        try:
            for item in found:
                if (begun := self._begin(item)) is None:
                    self._done += 1
                else:
                    opened.append(begun)
                if len(opened) > AHEAD:
                    self._finish(opened.popleft())
                self._commit(only_due=True)
            while opened:
                self._finish(opened.popleft())
                self._commit(only_due=True)
        except KeyboardInterrupt:
            # What was read is kept; a second interrupt leaves the group as if it had not been read.
            self._group.commit()
            raise
        self._commit()

    def learn(self) -> None:
        """Take off what the outlets of the new articles print under many of their stories."""
        self._learner.learn()

    def _commit(self, *, only_due: bool = False) -> None:
        """Commit what was read, and tell of the files that are done by that."""
        if only_due and self._group and not self._group.is_due():
            return
        self._group.commit()
        for done in range(min(self._told + 1, self._done), self._done + 1):
            self._progress(done)
        self._told = self._done

    def _begin(self, found: SourceFile) -> _Opened | None:
        """The file, opened, if it must be read."""
        source = self._settled(found)
        path = str(source.path)
        known = self._catalog.file(path)
        try:
            record = look(source, self._pipeline)
            if known is not None and is_same(known, record):
                self._report.unchanged += len(self._ids_by_path.get(path, ()))
                return None
            record = replace(record, sha256=content_hash(source))
        except OSError as error:
            self._report.fail(InputError(f"cannot be read: {error.strerror or error}", path=path))
            return None
        as_before = known is not None and known.pipeline == self._pipeline
        if known is not None and as_before and known.sha256 == record.sha256:
            self._report.unchanged += len(self._ids_by_path.get(path, ()))
            self._group.finish(record, set())
            return None
        return _Opened(source, record, self._items(source), as_before)

    def _finish(self, opened: _Opened) -> None:
        if (seen := self._read(opened)) is not None:
            path = opened.record.path
            before = self._ids_by_path.get(path, set())
            gone = set() if opened.source.suffix in ROLLING else before - seen
            self._group.finish(opened.record, gone)
            self._forget(gone)
        self._done += 1

    def prune(self, paths: Sequence[Path]) -> None:
        """Remove the articles below `paths` whose file is gone. A path that is itself gone is left
        alone: more likely mistyped, or not mounted, than emptied."""
        roots = [path.resolve() for path in paths if path.exists()]
        recorded = {file.path for file in self._catalog.files()} | self._ids_by_path.keys()
        for path in sorted(recorded):
            if any(Path(path).is_relative_to(root) for root in roots) and is_gone(Path(path)):
                gone = set(self._ids_by_path.get(path, ()))
                self._report.removed += self._catalog.remove(gone)
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

    def _read(self, opened: _Opened) -> set[str] | None:
        """Ids of the articles in the file; None if any part of it failed, so that it is read again."""
        seen: set[str] = set()
        source = opened.source
        failures = len(self._report.failed)
        for item in _guarded(opened.items, source):
            if isinstance(item, InputError):
                self._report.fail(item)
                continue
            try:
                self._keep(item, opened, seen)
            except InputError as error:
                self._report.fail(error)
            seen.add(item.id)
            self._commit(only_due=True)
        return seen if len(self._report.failed) == failures else None

    def _items(self, source: SourceFile) -> Iterator[Article | InputError]:
        try:
            return load_file(source, max_bytes=self._max_bytes, fields=self._fields)
        except DatelineError:
            raise
        except Exception as error:  # noqa: BLE001 - as in `_guarded`
            return iter([_unexpected(error, str(source.path))])

    def _keep(self, loaded: Article, opened: _Opened, seen: set[str]) -> None:
        source, path = opened.source, opened.record.path
        outlet = outlet_of(loaded, source.path)
        article = cleaned(loaded, self._learner.lines(outlet))
        fingerprint = self._catalog.fingerprint(article)
        stored = self._stored.get(article.id)
        same = stored is not None and stored.fingerprint == fingerprint
        if same and self._is_repeated(article, path, seen):
            self._report.duplicates += 1
            return
        if stored is not None:
            self._refuse_conflict(article, stored, path, seen)
        if stored is not None and same and self._is_cut_alike(article, opened):
            if stored.path != path:
                self._catalog.assign_path(article.id, path, str(source.root))
            self._report.unchanged += 1
        else:
            new = self._catalog.prepared(
                article, self._chunks(article), path=path, root=str(source.root), outlet=outlet,
                signature=signature(article.text),
            )  # fmt: skip
            self._group.put(new, is_new=stored is None)
        self._remember(article.id, StoredArticle(path, str(source.root), fingerprint, outlet))
        if not same and self._learner.is_due(outlet):
            self._commit()
            self._learner.learn_early(outlet)

    def _is_cut_alike(self, article: Article, opened: _Opened) -> bool:
        """Whether the article, as it is stored, has the chunks that it would get now."""
        before = self._stored[article.id].path
        if opened.as_before and before == opened.record.path:
            return True
        return self._catalog.chunks(article.id) == self._chunks(article)

    def _is_repeated(self, article: Article, path: str, seen: set[str]) -> bool:
        """Whether the very same article stands in this file already, or in another that still exists."""
        other = self._stored[article.id].path
        return article.id in seen or (other not in (None, path) and not is_gone(Path(str(other))))

    def _refuse_conflict(self, article: Article, stored: StoredArticle, path: str, seen: set[str]) -> None:
        if article.id in seen:
            raise InputError(f"the id {article.origin!r} stands twice in this file; keep one", path=path)
        if stored.path not in (None, path) and not is_gone(Path(str(stored.path))):
            raise InputError(
                f"{article.origin!r} is already the article of {stored.path}; rename one of them, or build "
                "from a folder that holds both",
                path=path,
            )

    def _chunks(self, article: Article) -> list[Chunk]:
        try:
            return chunk_article(article, self._count)
        except DatelineError:
            raise
        except Exception as error:
            raise _unexpected(error, article.origin) from error

    def _remember(self, article_id: str, stored: StoredArticle) -> None:
        before = self._stored.get(article_id)
        if before is not None and before.path is not None:
            self._ids_by_path.get(before.path, set()).discard(article_id)
        self._stored[article_id] = stored
        self._ids_by_path.setdefault(str(stored.path), set()).add(article_id)

    def _forget(self, article_ids: set[str]) -> None:
        for article_id in article_ids:
            path = self._stored.pop(article_id).path
            if path is not None:
                self._ids_by_path[path] = self._ids_by_path[path] - {article_id}


def _guarded(items: Iterator[Article | InputError], source: SourceFile) -> Iterator[Article | InputError]:
    try:
        yield from items
    except DatelineError:
        raise
    except Exception as error:  # noqa: BLE001 - a parser may raise anything; one file must not stop the build
        yield _unexpected(error, str(source.path))


def _unexpected(error: Exception, path: str) -> InputError:
    logger.debug("Unexpected error in %s", path, exc_info=error)
    said = f"{type(error).__name__}: {error}"
    return InputError(f"cannot be read, please report this ({said})", path=path)
