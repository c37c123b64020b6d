"""Load → chunk → catalog → embed → snapshot. What is committed can be asked at once and is never lost.

`files` brings articles into the catalog, where their words can be searched; `embedding` fills in the
vectors after; the snapshot for Chroma comes last. `verify` checks and mends. Knows no front end.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..catalog import Catalog
from ..embed import token_counter
from ..errors import BusyError, InputError, NotFoundError, StorageError
from ..load import SourceFile, close_sandbox, discover
from ..settings import Settings
from ..store import VectorStore
from .embedding import embed_missing
from .failing import keep_failures
from .files import Fields, FileIndexer
from .lock import write_lock
from .report import BuildInterrupted, BuildReport, Failure, Progress
from .verify import Problem, problems, verify

__all__ = [
    "BuildInterrupted",
    "BuildReport",
    "Failure",
    "Problem",
    "Progress",
    "build",
    "problems",
    "remove",
    "verify",
]

logger = logging.getLogger(__name__)


def build(
    paths: Sequence[Path],
    settings: Settings,
    *,
    prune: bool = False,
    fields: Fields = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Bring files and folders into the index. What did not change costs next to nothing.

    Args:
        paths: files and folders; what is wrong with them is in the report.
        settings: where the index lives, and its embedding model.
        prune: remove the articles below `paths` whose file is gone.
        fields: (our name, the file's name) of fields of records that are named otherwise.
        progress: told how far the build is.

    Raises:
        BusyError: another process is writing to the index; nothing was changed.
        StorageError: the index cannot be written, for example because the disk is full; what was
            committed is kept.
        ModelError: the embedding model cannot be used; the articles can be found by their words.
        BuildInterrupted: the user stopped it; what was committed is kept.
    """
    report = BuildReport()
    tell = progress or (lambda stage, done, total: None)
    try:
        with write_lock(settings.data), Catalog.open(settings.data) as catalog:
            _index_files(catalog, paths, settings, report, prune=prune, fields=fields, progress=tell)
            keep_failures(catalog, paths, report)
            embed_missing(catalog, settings, report, tell)
            _update_snapshot(catalog, settings, tell)
            catalog.checkpoint()
    except KeyboardInterrupt:
        raise BuildInterrupted(report) from None
    return report


def remove(settings: Settings, article_ids: Iterable[str]) -> int:
    """Remove articles with their chunks, words and vectors; how many there were.

    Raises:
        NotFoundError: there is no article of one of the ids; nothing was removed.
        BusyError, StorageError: as for `build`.
    """
    wanted = list(dict.fromkeys(article_ids))
    with write_lock(settings.data, make_folder=False), Catalog.open(settings.data) as catalog:
        for article_id in wanted:
            if catalog.article(article_id) is None:
                raise NotFoundError(f"There is no article {article_id}; `python -m index list` shows all.")
        removed = catalog.remove(wanted)
        _update_snapshot(catalog, settings, lambda stage, done, total: None)
        catalog.checkpoint()
    return removed


def _index_files(
    catalog: Catalog,
    paths: Sequence[Path],
    settings: Settings,
    report: BuildReport,
    *,
    prune: bool,
    fields: Fields,
    progress: Progress,
) -> None:
    max_bytes = settings.max_article_mb * 1_000_000
    indexer = FileIndexer(catalog, report, max_bytes=max_bytes, count_tokens=token_counter(), fields=fields)
    own = settings.data.resolve()
    # The index may lie within the folder that it is built from: it holds no articles of its own.
    found = [item for item in discover(paths) if not Path(item.path).is_relative_to(own)]
    for item in found:
        if isinstance(item, InputError):
            report.fail(item)
    files = [item for item in found if isinstance(item, SourceFile)]
    progress("reading", 0, len(files))
    try:
        indexer.index(files, lambda done: progress("reading", done, len(files)))
    finally:
        close_sandbox()
    if prune:
        indexer.prune(paths)
    indexer.learn()


def _update_snapshot(catalog: Catalog, settings: Settings, progress: Progress) -> None:
    progress("indexing", 0, 1)
    store = VectorStore(settings.data, catalog)
    try:
        store.update_snapshot()
    except BusyError:
        logger.info("Another process is making the vector index.")
    except StorageError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.ENOSPC:
            raise
        # All is in the catalog, and searched exactly: slower on a large corpus, no less right.
        logger.warning("%s", error)
    finally:
        store.close()
    progress("indexing", 1, 1)
