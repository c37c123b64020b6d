"""The two halves of a search: a snapshot opened for reading, and exactly all that came after it."""

from __future__ import annotations

import weakref
from pathlib import Path

import numpy as np

from .chroma import LARGEST_QUERY, ChromaFolder, Ids, Matrix
from .snapshot import Manifest, PrivateCopy, remove_leftovers
from .source import VectorSource

Hits = list[tuple[int, float]]
"""(chunk id, cosine), best first."""


class OpenSnapshot:
    """A private copy of a snapshot with Chroma on it; the copy goes when this is closed or forgotten."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        remove_leftovers()
        self.manifest = manifest
        copy = PrivateCopy(path, manifest)
        try:
            self._chroma = ChromaFolder(copy.folder)
        except BaseException:
            copy.remove()
            raise
        self._dispose = weakref.finalize(self, _dispose, self._chroma, copy)

    def nearest(self, unit: Matrix, limit: int, source: VectorSource, allowed: Ids | None = None) -> Hits:
        """The nearest vectors that are still what they were when the snapshot was made.

        Of many, those that are not `allowed` are left out: Chroma's own filters cost ten times more.
        """
        most = min(self.manifest.count, LARGEST_QUERY)
        asked = limit if allowed is None else int(1.5 * limit * self.manifest.count / max(len(allowed), 1))
        while True:
            asked = min(asked, most)
            ids, cosines = self._chroma.nearest(unit, asked)
            if allowed is not None:
                passing = np.isin(ids, allowed)
                ids, cosines = ids[passing], cosines[passing]
            live = source.live_chunk_ids(ids, self.manifest.revision)
            hits = [(int(i), float(c)) for i, c in zip(ids, cosines, strict=True) if int(i) in live]
            if len(hits) >= limit or asked == most:
                return hits[:limit]
            asked *= 4

    def close(self) -> None:
        """Let go of Chroma and delete the copy. May be called twice."""
        self._dispose()


class Delta:
    """All vectors stored after a revision: `ids` (n,) and `matrix` (n, d), kept up to date."""

    def __init__(self, source: VectorSource, base: int) -> None:
        self._source = source
        self._seen = base
        self.ids: Ids = np.zeros(0, np.int64)
        self.matrix: Matrix = np.zeros((0, 0), np.float32)

    def update(self) -> None:
        """Take in what was committed since the last update, and let go of what was removed."""
        revision = self._source.revision
        if revision == self._seen:
            return
        ids, matrix = self._source.vectors(None, self._seen)
        kept = ~np.isin(self.ids, ids)
        if kept.any():
            live = self._source.live_chunk_ids(self.ids)
            kept &= np.isin(self.ids, np.fromiter(live, np.int64, len(live)))
        if not kept.any():
            self.ids, self.matrix = ids, matrix
        elif not kept.all() or len(ids):
            old = self.matrix[kept]
            self.matrix = np.concatenate([old, matrix]) if len(ids) else old
            self.ids = np.concatenate([self.ids[kept], ids])
        self._seen = revision


def best(ids: Ids, matrix: Matrix, unit: Matrix, limit: int) -> Hits:
    """Exact search: the `limit` rows of `matrix` (n, d) nearest to `unit` (d,)."""
    if not len(ids) or limit <= 0:
        return []
    scores = matrix @ unit
    if limit < len(ids):
        top = np.argpartition(-scores, limit - 1)[:limit]
        ids, scores = ids[top], scores[top]
    order = np.lexsort((ids, -scores))
    return [(int(ids[row]), float(scores[row])) for row in order]


def _dispose(chroma: ChromaFolder, copy: PrivateCopy) -> None:
    chroma.close()
    copy.remove()
