"""Near-identical articles, found by their MinHash signatures. Knows not how a signature is made.

A signature is a row of uint32; the share in which two agree estimates the share of phrases that
two texts have in common. Two articles are compared only if they agree in a whole band.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

BAND_ROWS = 4
"""With 32 bands of four, copies that share 0.7 of their phrases are missed once in 5,000."""
LEAST_SHARED = 0.6
"""A reprint with a word changed in every other sentence still shares this much."""

Signature = npt.NDArray[np.uint32]


def replace_bands(connection: sqlite3.Connection, article_id: str, signature: bytes | None) -> None:
    """Have the article found by its signature, and by none that it had before."""
    connection.execute("DELETE FROM bands WHERE article_id = ?", (article_id,))
    connection.executemany(
        "INSERT OR IGNORE INTO bands (band, article_id) VALUES (?, ?)",
        ((band, article_id) for band in _bands(signature or b"")),
    )


def copies_of(connection: sqlite3.Connection, article_id: str) -> list[str]:
    """Ids of the articles near-identical to that one, in order; not its own."""
    own = connection.execute("SELECT signature FROM articles WHERE id = ?", (article_id,)).fetchone()
    if own is None or own[0] is None:
        return []
    found = connection.execute(
        """SELECT id, signature FROM articles WHERE id != ?1 AND id IN (
               SELECT article_id FROM bands WHERE band IN (SELECT band FROM bands WHERE article_id = ?1))
           ORDER BY id""",
        (article_id,),
    )
    return [other for other, signature in found if _shared(own[0], signature) >= LEAST_SHARED]


def near_identical(connection: sqlite3.Connection, chunk_ids: str) -> dict[int, int]:
    """For each of the chunks (ids as JSON) whose article is near-identical to that of another of them,
    a number that both have in common."""
    rows = connection.execute(
        """SELECT c.id, a.id, a.signature FROM chunks c JOIN articles a ON a.id = c.article_id
           WHERE c.id IN (SELECT value FROM json_each(?)) AND length(a.signature) > 0 ORDER BY c.id""",
        (chunk_ids,),
    ).fetchall()
    signatures = dict(row[1:] for row in rows)
    if len(signatures) < 2 or len({len(signature) for signature in signatures.values()}) > 1:
        return {}
    matrix = np.stack([np.frombuffer(signature, "<u4") for signature in signatures.values()])
    alike = (matrix[:, None] == matrix).mean(axis=2) >= LEAST_SHARED
    group: list[int] = []
    for number, others in enumerate(alike):
        first = int(others.argmax())
        group.append(group[first] if first < number else number)
    size = Counter(group)
    of = {
        article_id: group[number] for number, article_id in enumerate(signatures) if size[group[number]] > 1
    }
    return {chunk_id: of[article_id] for chunk_id, article_id, _ in rows if article_id in of}


def copy_groups(connection: sqlite3.Connection) -> dict[str, str]:
    """For each article with copies, the one that stands for them all: the first published, by origin.

    Copies of copies are in one group, so that the answer does not depend on the order of articles.
    """
    pairs = list(_pairs(connection))
    leader = {article_id: article_id for pair in pairs for article_id in pair}

    def find(article_id: str) -> str:
        while leader[article_id] != article_id:
            leader[article_id] = leader[leader[article_id]]
            article_id = leader[article_id]
        return article_id

    for one, other in pairs:
        leader[find(one)] = find(other)
    order = {
        row[0]: number
        for number, row in enumerate(
            connection.execute("SELECT id FROM articles ORDER BY published NULLS LAST, origin, id")
        )
    }
    first: dict[str, str] = {}
    for article_id in sorted(leader, key=order.__getitem__):
        first.setdefault(find(article_id), article_id)
    return {article_id: first[find(article_id)] for article_id in leader}


def _pairs(connection: sqlite3.Connection) -> Iterable[tuple[str, str]]:
    """Pairs that connect each group. Each article of a band is compared with a few before it, not all:
    a thousand copies of one would make a million pairs."""
    rows = connection.execute(
        """SELECT band, article_id FROM bands WHERE band IN (
               SELECT band FROM bands GROUP BY band HAVING count(*) > 1) ORDER BY band, article_id"""
    ).fetchall()
    wanted = {row[1] for row in rows}
    signatures = {
        row[0]: row[1]
        for row in connection.execute("SELECT id, signature FROM articles WHERE signature IS NOT NULL")
        if row[0] in wanted
    }
    compared: set[tuple[str, str]] = set()
    band, leaders = None, list[str]()
    for this, article_id in rows:
        if this != band:
            band, leaders = this, []
        for other in leaders:
            pair = (other, article_id)
            if pair in compared:
                break
            compared.add(pair)
            if _shared(signatures[other], signatures[article_id]) >= LEAST_SHARED:
                yield pair
                break
        else:
            if len(leaders) < 8:
                leaders.append(article_id)


def _shared(one: bytes, other: bytes) -> float:
    first, second = np.frombuffer(one, "<u4"), np.frombuffer(other, "<u4")
    return float(np.mean(first == second)) if len(first) == len(second) and len(first) else 0.0


def _bands(signature: bytes) -> list[int]:
    size = 4 * BAND_ROWS
    return [
        int.from_bytes(
            hashlib.blake2b(signature[at : at + size], digest_size=8, salt=at.to_bytes(4, "big")).digest(),
            "big",
            signed=True,
        )
        for at in range(0, len(signature), size)
    ]
