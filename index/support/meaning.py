"""Whether a quote says a claim in other words, as far as an embedding model's vectors tell.

Each word of the claim is matched with the nearest of the quote, as BERTScore does (Zhang et al. 2020,
arXiv:1904.09675). Vectors tell what a sentence is about, and neither who did what nor whether it
happened: they only stand in for words that the rules find missing. Knows no model, only what gives
the vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..language import inverse_document_frequency
from .entailment import Entailment
from .matching import HEAVIEST, Pairs
from .reading import SAYING, Reading, is_title

ReadText = tuple[NDArray[np.int64], NDArray[np.float32]]
"""A text's word pieces: where they stand, (n, 2), and their vectors as read there, (n, d)."""
ReadPieces = Callable[[Sequence[str]], Sequence[ReadText]]

_LEAST_SENTENCE = 0.75
"""Cosine of claim and quote as wholes."""
_LEAST_WORDS = 0.55
"""The share of the claim's words that the quote has, a word that it lacks counted by its nearest."""
_LEAST_SHARED = 0.2
"""The share of them that it must have by the rules."""
_LEAST_SUBJECT = 0.35
"""Cosine of what the claim is about and the nearest word of the quote. All four: docs/decisions.md."""
_MOST_KEPT = 256
"""Texts: some 15 MB."""


class Meaning:
    """What models tell of a claim beside a quote, as far as there are any. Threads may share it.

    Args:
        read_pieces: the vectors of texts, kept for as long as claims are likely to be held against them.
        entailment: the learnt reader, which reads both at once.
    """

    def __init__(self, read_pieces: ReadPieces | None, entailment: Entailment | None = None) -> None:
        self.entailment = entailment
        self._read = (
            lru_cache(_MOST_KEPT)(lambda text: read_pieces([text])[0]) if read_pieces is not None else None
        )

    def is_near(
        self, claim: Reading, quote: Reading, pairs: Pairs, *, alone: float, subject: Sequence[int]
    ) -> bool:
        """Whether the quote has nearly all that the claim says, if in other words.

        Args:
            claim: the claim.
            quote: the words quoted.
            pairs: the words that they share by the rules.
            alone: the share of the claim's weight that these have.
            subject: the words that the claim is about, if the quote must have one of them and has none.
        """
        if self._read is None or alone < _LEAST_SHARED or not quote.text:
            return False
        said, told = self._read(claim.text), self._read(quote.text)
        if float(_whole(said) @ _whole(told)) < _LEAST_SENTENCE:
            return False
        theirs = np.array(list(_words(quote, told).values()))
        nearest = {i: float(max(theirs @ v, default=0.0)) for i, v in _words(claim, said).items()}
        if subject and max(nearest.get(i, 0.0) for i in subject) < _LEAST_SUBJECT:
            return False
        total = held = 0.0
        for i in claim.content():
            token = claim.tokens[i]
            if is_title(token) or SAYING.fullmatch(token.lower):
                continue
            weight = min(inverse_document_frequency(token.lower, 0, 0), HEAVIEST)
            total += weight
            held += weight if i in pairs else weight * max(nearest.get(i, 0.0), 0.0)
        return held >= _LEAST_WORDS * total


def _whole(read: ReadText) -> NDArray[np.float32]:
    return _of_length_one(read[1].mean(axis=0))


def _words(reading: Reading, read: ReadText) -> dict[int, NDArray[np.float32]]:
    """The vector of each word of meaning, by its index: the mean of its pieces."""
    spans, vectors = read
    starts, ends = spans[:, 0], spans[:, 1]
    found = {}
    for i, token in enumerate(reading.tokens):
        inside = (starts >= token.start) & (ends <= token.end) & (ends > starts)
        if token.content and inside.any():  # None beyond what the model reads.
            found[i] = _of_length_one(vectors[inside].mean(axis=0))
    return found


def _of_length_one(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result
