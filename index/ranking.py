"""Scores of chunks for a question and for its parts → one order. Pure; arrays of one row a chunk.

Knows no catalog, no model and no text: what was found comes in as numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Matrix = NDArray[np.float32]

SOURCE_WEIGHT = 0.25
"""What it counts, in cosine, that an article is from a source that the question names,"""
DAY_WEIGHT = 0.5
"""and that it appeared on a day that the question names."""
PARTS_SHARE = 0.5
"""How much the parts of a question count against the question as a whole."""
COMMON_WEIGHT = 0.25
"""How much it counts to be like what was found first: the parts of a question are about one matter."""
_FOUND_FIRST = 3


def combine(whole: Scores, parts: Sequence[Scores], vectors: Matrix, articles: Sequence[Hashable]) -> Scores:
    """Each chunk's score for a question of several parts.

    A chunk counts by the part that it fits best, each part against its own second-best chunk, so that
    a part with many good matches does not drown one with few. Then what is like the best three
    articles gains (relevance feedback, Rocchio 1971): a part often leaves unnamed what it is about.

    Args:
        whole: score of each chunk for the whole question, shape (n,).
        parts: the same for each part.
        vectors: the chunks' unit vectors (n, d); zeros where there is none.
        articles: the chunks' articles.
    """
    if not parts or not len(whole):
        return whole
    best_part = np.max([_from_second_best(part) for part in parts], axis=0)
    score = (1 - PARTS_SHARE) * _from_second_best(whole) + PARTS_SHARE * best_part
    first = list(at_most(1, (int(i) for i in np.argsort(-score, kind="stable")), articles.__getitem__))[
        :_FOUND_FIRST
    ]
    combined: Scores = score + COMMON_WEIGHT * (vectors @ vectors[first].mean(axis=0))
    return combined


def at_most(most: int, ranked: Iterable[int], key: Callable[[int], Hashable]) -> Iterator[int]:
    """Those of the ranked whose key came fewer than `most` times before, in order."""
    seen: Counter[Hashable] = Counter()
    for one in ranked:
        seen[key(one)] += 1
        if seen[key(one)] <= most:
            yield one


def _from_second_best(scores: Scores) -> Scores:
    below: Scores = scores - np.partition(scores, -min(2, len(scores)))[-min(2, len(scores))]
    return below
