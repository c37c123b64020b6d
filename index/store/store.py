"""`VectorStore`: nearest vectors, from a Chroma snapshot and, exactly, from all that came after it."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from pathlib import Path

import numpy as np

from ..errors import BusyError, ModelError, StorageError
from . import making, snapshot
from .chroma import Ids, Matrix
from .reading import Delta, Hits, OpenSnapshot, best
from .snapshot import SnapshotError
from .source import VectorSource

logger = logging.getLogger(__name__)

FOLDER = "chroma"
REBUILD_AT_ONCE = 1000
"""A broken snapshot of up to so many vectors is made anew before the question is answered."""

EXACT = 5000
"""Allowed chunks whose vectors are read and compared one by one: some 20 ms. Of more, Chroma is asked."""


class VectorStore:
    """Searches vectors; threads may share one. It sees what other processes commit by itself.

    Args:
        data_dir: the folder of the index; snapshots live in its folder `chroma`.
        source: keeps the vectors for good.
        read_only: make no snapshot where there is none that can be used, and search exactly.
    """

    def __init__(self, data_dir: Path, source: VectorSource, *, read_only: bool = False) -> None:
        self._folder = data_dir / FOLDER
        self._source = source
        self._read_only = read_only
        self._lock = threading.Lock()
        self._open: OpenSnapshot | None = None
        self._refused: tuple[str, int] | None = None
        self._delta = Delta(source, base=0)
        self._filtered: tuple[int, bytes, Ids, Matrix] | None = None
        self._repairs: list[threading.Thread] = []
        self._warned = False
        self._cancel = threading.Event()
        # At the end of the program too: a thread killed inside Chroma takes the process with it.
        self._stop = weakref.finalize(self, _stop, self._cancel, self._repairs)

    def search(self, vector: Matrix, limit: int, *, allowed: Ids | None = None) -> Hits:
        """The chunks nearest to a vector.

        Args:
            vector: shape (d,), of any length but 0.
            limit: how many at most.
            allowed: only these chunk ids, ascending; the search among up to `EXACT` of them is exact.

        Returns:
            (chunk id, cosine), best first.

        Raises:
            ModelError: the vectors stored have another length.
            StorageError: the source of the vectors cannot be read.
        """
        length = float(np.linalg.norm(vector))
        unit = np.asarray(vector, dtype=np.float32) / (length or 1.0)
        if allowed is not None and len(allowed) <= EXACT:
            ids, matrix = self._allowed(allowed)
            return best(ids, matrix, unit, limit)
        with self._lock:
            self._refresh()
            self._require_length(unit)
            indexed = self._from_snapshot(unit, limit, allowed)
            # After a failure, this one question is answered from all that there is.
            after = self._source.vectors() if indexed is None else (self._delta.ids, self._delta.matrix)
        found = (indexed or []) + best(*_among(allowed, *after), unit, limit)
        if allowed is not None and len(found) < limit:
            # What is allowed is far from the question: it is not among the nearest of all.
            found = best(*self._allowed(allowed), unit, limit)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[: max(limit, 0)]

    def update_snapshot(self, *, force: bool = False) -> bool:
        """Make a new snapshot if the one there is cannot be used, or too much changed since.

        Returns:
            Whether a new one was made.

        Raises:
            BusyError: another process is making one.
            StorageError: it cannot be made; searching goes on without it.
        """
        return making.update(self._folder, self._source, force=force, cancel=self._cancel)

    def is_missing(self) -> bool:
        """Whether there are vectors and no snapshot of them: right after a build was stopped, say."""
        return snapshot.newest(self._folder) is None and self._source.vector_count() > 0

    def check(self) -> list[str]:
        """What is wrong with the snapshot, if there is one, a sentence each."""
        newest = snapshot.newest(self._folder)
        if newest is None:
            return []
        try:
            making.verified(newest, self._source, hashes=True)
        except SnapshotError as error:
            return [f"the vector index cannot be used: {error}"]
        return []

    def snapshot_revision(self) -> int | None:
        """The revision of the snapshot that is in use now; None while searching exactly."""
        return self._open.manifest.revision if self._open else None

    def close(self) -> None:
        """Delete the private copy, and stop what runs in the background. May be called twice."""
        self._stop()
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None
                self._delta = Delta(self._source, base=0)

    def _require_length(self, unit: Matrix) -> None:
        matrix = self._delta.matrix
        lengths = {self._open.manifest.dimension} if self._open else set()
        lengths |= {matrix.shape[1]} if len(matrix) else set()
        if lengths - {len(unit)}:
            raise ModelError(f"The question's vector has {len(unit)} numbers, the index's {lengths.pop()}.")

    def _allowed(self, allowed: Ids) -> tuple[Ids, Matrix]:
        revision, key = self._source.revision, np.asarray(allowed, dtype=np.int64).tobytes()
        cached = self._filtered
        if cached is None or cached[:2] != (revision, key):
            cached = (revision, key, *self._source.vectors(allowed))
            self._filtered = cached
        return cached[2], cached[3]

    def _from_snapshot(self, unit: Matrix, limit: int, allowed: Ids | None) -> Hits | None:
        """What the snapshot finds; None if it failed."""
        if self._open is None or limit <= 0:
            return []
        try:
            return self._open.nearest(unit, limit, self._source, allowed)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - as in `_try_to_open`
            self._drop(f"it failed at a question ({type(error).__name__}: {error})")
            return None

    def _refresh(self) -> None:
        """Take up a newer snapshot, and what was committed since."""
        newest = snapshot.newest(self._folder)
        current = self._open.manifest if self._open else None
        if newest is not None and (current is None or newest.name != str(current.revision)):
            self._take_up(newest)
        elif current is not None and making.mismatch(current, self._source):
            self._drop("the catalog was replaced")
        elif newest is None and current is None:
            self._heal("it is missing")
        self._delta.update()

    def _take_up(self, newest: Path) -> None:
        reason = self._try_to_open(newest)
        again = snapshot.newest(self._folder)
        if reason and again is not None and _key(again) != _key(newest):
            # A build put a newer one in its place while we read it.
            reason = self._try_to_open(again)
        if reason:
            self._heal(reason)

    def _try_to_open(self, path: Path) -> str | None:
        """Why the snapshot cannot be used; None if it is in use now, or was refused before."""
        key = _key(path)
        if key == self._refused:
            return None
        try:
            opened = OpenSnapshot(path, making.verified(path, self._source))
        except (SnapshotError, OSError) as error:
            self._refused = key
            return str(error)
        except Exception as error:  # noqa: BLE001 - chromadb raises what it likes; exact search goes on
            self._refused = key
            return f"{type(error).__name__}: {error}"
        if self._open is not None:
            self._open.close()
        self._open = opened
        self._warned = False
        self._delta = Delta(self._source, base=opened.manifest.revision)
        return None

    def _drop(self, reason: str) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None
        self._delta = Delta(self._source, base=0)
        newest = snapshot.newest(self._folder)
        self._refused = _key(newest) if newest else None
        self._heal(reason, force=True)

    def _heal(self, reason: str, *, force: bool = False) -> None:
        """Say once what is wrong, and have the snapshot made anew: soon, or now if it is small."""
        count = self._source.vector_count()
        if not count or self._warned or self._cancel.is_set():
            return
        self._warned = True
        read_only = self._read_only or not _writable(self._folder)
        then = "searching exactly" if read_only else "it is made anew; until then, searching exactly"
        logger.warning("Vector index %s cannot be used: %s. Nothing is lost: %s.", self._folder, reason, then)
        if read_only:
            return
        if count > REBUILD_AT_ONCE:
            thread = threading.Thread(target=self._repair_quietly, args=(force,), daemon=True)
            self._repairs.append(thread)
            thread.start()
        else:
            self._repair_quietly(force)
            if newest := snapshot.newest(self._folder):
                self._take_up(newest)

    def _repair_quietly(self, force: bool) -> None:
        try:
            self.update_snapshot(force=force)
        except BusyError:
            logger.info("Another process is making the vector index.")
        except StorageError as error:
            if not self._cancel.is_set():
                logger.warning("%s", error)


def _among(allowed: Ids | None, ids: Ids, matrix: Matrix) -> tuple[Ids, Matrix]:
    if allowed is None or not len(ids):
        return ids, matrix
    passing = np.isin(ids, allowed)
    return ids[passing], matrix[passing]


def _stop(cancel: threading.Event, repairs: list[threading.Thread]) -> None:
    cancel.set()
    while repairs:
        repairs.pop().join()


def _key(path: Path) -> tuple[str, int]:
    """Tells a snapshot from another of the same name."""
    try:
        return path.name, (path / snapshot.MANIFEST).stat().st_mtime_ns
    except OSError:
        return path.name, 0


def _writable(folder: Path) -> bool:
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)
