"""What is embedded for a chunk, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..records import Span


@dataclass(frozen=True)
class ChunkText:
    """A chunk to embed: its heading, its text, and its sentences as offsets into that text."""

    heading: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True)
class ChunkVectors:
    """`chunk` has shape (d,), `sentences` (number of sentences, d); float32, each of length 1."""

    chunk: NDArray[np.float32]
    sentences: NDArray[np.float32]


@dataclass(frozen=True)
class ChunkEmbedder:
    """A model's name, and what makes the vectors of chunks."""

    model_name: str
    embed: Callable[[Sequence[ChunkText]], list[ChunkVectors]]


def embedding_text(heading: str, text: str) -> str:
    """What is embedded for a chunk: its heading, then its text."""
    return f"{heading}\n\n{text}" if heading else text
