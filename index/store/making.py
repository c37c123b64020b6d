"""Making a snapshot of the vectors: when one is needed, and how it is checked before it counts."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import uuid
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import BusyError, StorageError
from . import snapshot
from .chroma import BATCH, ChromaFolder, version
from .snapshot import Manifest, SnapshotError
from .source import Page, VectorSource

logger = logging.getLogger(__name__)

CHANGES = 5000
"""So many vectors that were added or removed since the snapshot are searched exactly in a few
milliseconds; a larger corpus gets a new snapshot when more than a tenth of it changed."""


def update(folder: Path, source: VectorSource, *, force: bool, cancel: threading.Event) -> bool:
    """Make a new snapshot if the one there is cannot be used, or too much changed since.

    Returns:
        Whether a new one was made.

    Raises:
        BusyError: another process is making one.
        StorageError: it cannot be made; `cancel` was set.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "snapshot.lock", timeout=0):
            if source.vector_count() == 0:
                snapshot.remove_others(folder, keep=None)
                return False
            if not force and not _outdated(folder, source):
                return False
            _make(folder, source, cancel)
            return True
    except Timeout:
        raise BusyError(f"Another process is making the vector index in {folder}.") from None
    except (OSError, SnapshotError) as error:
        raise StorageError(
            f"The vector index in {folder} cannot be made: {error}. "
            "Nothing is lost, and answers go on without it."
        ) from error


def verified(path: Path, source: VectorSource, *, hashes: bool = False) -> Manifest:
    """The manifest of a snapshot that fits the source; `hashes` reads all of its files as well.

    Raises:
        SnapshotError: it cannot be used; the text says why.
    """
    manifest = snapshot.read_manifest(path)
    if path.name != str(manifest.revision):
        raise SnapshotError("its folder has another revision's name")
    if problem := mismatch(manifest, source):
        raise SnapshotError(problem)
    try:
        if hashes and snapshot.hashes(path) != manifest.files:
            raise SnapshotError("its files were altered")
    except OSError as error:
        raise SnapshotError(f"its files cannot be read ({error.strerror})") from error
    return manifest


def mismatch(manifest: Manifest, source: VectorSource) -> str | None:
    """Why the snapshot is not one of these vectors; None if it is."""
    if manifest.catalog != source.identity or manifest.revision > source.revision:
        return "it was made from another catalog"
    if manifest.model != source.embedding_model:
        return f"its vectors were made by {manifest.model}"
    return None


def _outdated(folder: Path, source: VectorSource) -> bool:
    newest = snapshot.newest(folder)
    if newest is None:
        return True
    try:
        manifest = verified(newest, source, hashes=True)
    except SnapshotError as error:
        logger.info("The vector index in %s is made anew: %s.", folder, error)
        return True
    total, kept = source.vector_count(), source.vector_count(manifest.revision)
    changed = (total - kept) + (manifest.count - kept)
    return changed > (0 if total <= CHANGES else max(CHANGES, manifest.count // 10))


def _make(folder: Path, source: VectorSource, cancel: threading.Event) -> None:
    revision, model = source.revision, source.embedding_model or ""
    building = folder / f"{snapshot.BUILDING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        count, dimension = _fill(building, source, revision, cancel)
        manifest = Manifest(
            catalog=source.identity, revision=revision, model=model, count=count,
            dimension=dimension, chromadb=version(), files=snapshot.hashes(building),
        )  # fmt: skip
        snapshot.seal(building, folder / str(revision), manifest)
    except (SnapshotError, OSError, StorageError):
        raise
    except Exception as error:
        raise SnapshotError(f"{type(error).__name__}: {error}") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    snapshot.remove_others(folder, keep=folder / str(revision))


def _fill(building: Path, source: VectorSource, revision: int, cancel: threading.Event) -> tuple[int, int]:
    """Put all vectors of that revision into a new Chroma folder; their number and length."""
    collection = ChromaFolder(building, create=True)
    try:
        count, first, page = 0, None, source.snapshot_page(0, revision, BATCH)
        while len(page.ids):
            if cancel.is_set():
                raise SnapshotError("the program is ending")
            first = first or page
            collection.add(
                page.ids, page.matrix, page.article_ids, [_as_number(day) for day in page.published]
            )
            count += len(page.ids)
            page = source.snapshot_page(int(page.ids[-1]), revision, BATCH)
        if first is None or collection.count() != count:
            raise SnapshotError(f"Chroma holds {collection.count()} vectors of {count}")
        _probe(collection, first)
        return count, first.matrix.shape[1]
    finally:
        collection.close()


def _probe(collection: ChromaFolder, page: Page) -> None:
    """Ask for a vector that is there: an index that does not find it finds nothing."""
    _, cosines = collection.nearest(page.matrix[0], 1)
    if not len(cosines) or abs(float(cosines[0]) - float(page.matrix[0] @ page.matrix[0])) > 1e-3:
        raise SnapshotError("Chroma does not find a vector that it was given")


def _as_number(day: str | None) -> int:
    """YYYYMMDD, for Chroma compares only numbers; 0 where the date is not known."""
    return int(day.replace("-", "")) if day else 0
