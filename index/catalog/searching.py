"""The part of `CatalogReader` that a question is looked up with: words, filters, vectors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from ..records import Filters
from . import rows, search
from .connection import Connections
from .directory import Directory
from .search import Ids, Matrix

MOST_ROWS = 40_000
"""What the words of one search may occur in, in chunks all told: some twenty milliseconds."""
LEAST_ROWS = 8_000
"""What each of many searches for one question may at least."""
MOST_REMEMBERED = 20_000
"""Words whose counts are kept until the text changes."""


class SearchReader:
    """What can be asked about words and vectors. A part of `CatalogReader`."""

    _connections: Connections
    _directory: Directory
    _marked: tuple[int, search.TextMark] = (-1, (-1, -1))
    _holding: tuple[search.TextMark, dict[str, int]] = ((-1, -1), {})
    _stems: tuple[search.TextMark, frozenset[str]] = ((-1, -1), frozenset())

    def lexical(
        self,
        words: Sequence[str],
        limit: int,
        filters: Filters | None = None,
        *,
        title_weight: float = search.TITLE_WEIGHT,
        searches: int = 1,
    ) -> list[tuple[int, float]]:
        """Chunks with any of the words, in any inflected form: (chunk id, BM25), best first.

        The words may hold anything; nothing in them is taken as query syntax. In a large corpus the
        most common of many words are left out: they cost most and tell least. Where this is one of
        several `searches` for a question, they share what one may cost.
        """
        allowed = self.allowed_chunks(filters) if filters else None
        share = self._directory.share(allowed) if allowed is not None else 1.0
        most_rows = min(MOST_ROWS, max(LEAST_ROWS, MOST_ROWS // searches))
        telling = self._telling(words[: search.MAX_WORDS], most_rows)
        with self._connections.read() as connection:
            return search.lexical(
                connection, telling, limit, allowed=allowed, share=share, title_weight=title_weight
            )

    def _telling(self, words: Sequence[str], most_rows: int) -> Sequence[str]:
        """The words without the most common ones, so far as they occur in more than `most_rows` chunks."""
        if self.chunk_count() * len(words) <= most_rows:
            return words
        holding = self.document_frequency(words)
        kept, found = set[str](), 0
        for word in sorted(holding, key=holding.__getitem__):
            found += holding[word]
            if found > most_rows and any(holding[other] for other in kept):
                break
            kept.add(word)
        return [word for word in words if word in kept]

    def document_frequency(self, words: Iterable[str]) -> dict[str, int]:
        """In how many chunks each word occurs in title or text, in any inflected form."""
        with self._connections.read() as connection:
            mark = self._mark(connection)
            if self._holding[0] != mark or len(self._holding[1]) > MOST_REMEMBERED:
                self._holding = (mark, {})
            known = self._holding[1]
            wanted = dict.fromkeys(words)
            known.update(
                search.document_frequency(connection, [word for word in wanted if word not in known])
            )
            return {word: known[word] for word in wanted}

    def stems(self) -> frozenset[str]:
        """Every term of the full text, as its tokenizer stems them."""
        with self._connections.read() as connection:
            mark = self._mark(connection)
            if self._stems[0] != mark:
                found = connection.execute("SELECT term FROM chunks_terms")
                self._stems = (mark, frozenset(row[0] for row in found))
        return self._stems[1]

    def examples(self, beginning: str, most: int) -> list[str]:
        """Texts of some chunks, at most so many, that have a word that begins so."""
        with self._connections.read() as connection:
            return search.examples(connection, beginning, most)

    def chunk_count(self) -> int:
        """How many chunks there are."""
        with self._connections.read() as connection:
            return self._mark(connection)[1]

    def _mark(self, connection: sqlite3.Connection) -> search.TextMark:
        # Counting a hundred thousand chunks takes two milliseconds; the revision, some microseconds.
        revision = rows.revision(connection)
        if self._marked[0] != revision:
            self._marked = (revision, search.text_mark(connection))
        return self._marked[1]

    def allowed_chunks(self, filters: Filters) -> Ids:
        """Ids, ascending, of the chunks whose article passes the filters."""
        with self._connections.read() as connection:
            return self._directory.allowed(connection, filters)

    def vectors(
        self, chunk_ids: Sequence[int] | Ids | None = None, after_revision: int = 0
    ) -> tuple[Ids, Matrix]:
        """Ids (n,), ascending, and unit vectors (n, d) of the chunks (None: all) that were stored
        after that revision. Ids without a vector are left out."""
        with self._connections.read() as connection:
            return search.vectors(connection, chunk_ids, after_revision)

    def live_chunk_ids(self, ids: Sequence[int] | Ids, up_to_revision: int | None = None) -> set[int]:
        """Those of the ids that have a vector still, unchanged since `up_to_revision` if given."""
        with self._connections.read() as connection:
            return search.live_chunk_ids(connection, ids, up_to_revision)
