"""Word pieces → what a BERT-like model in an ONNX file makes of them, run by onnxruntime on all cores.

Knows neither tokenizers nor what the outputs mean.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import ModelError

_BATCH = 4
"""Sequences in one run, usually: more do not fit the processor's caches."""


class Transformer:
    """A model whose inputs are `input_ids`, `attention_mask` and `token_type_ids`. Threads may share it.

    Args:
        path: the ONNX file.
        sha256: of the file as it was released.
        repair: what to do when the file is missing or another, as the end of a sentence for users.
        threads: runs at a time; 0 for one on each processor.
        batch: sequences in one run. The scale of a quantised model's activations is a run's, so what it
            makes of a sequence depends a little on those beside it; with 1 it does not.

    Raises:
        ModelError: the file is missing or altered.
    """

    def __init__(
        self, path: Path, sha256: str, *, repair: str, threads: int = 0, batch: int = _BATCH
    ) -> None:
        self._batch = batch
        self._session = _load_session(path, sha256, repair)
        # Several runs of a thread each: threads within a run spend half of their time on each other.
        self._workers = ThreadPoolExecutor(threads or os.cpu_count() or 1, path.stem)

    def run(
        self, sequences: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """For each sequence of word pieces, in any order: its place, and the output, shape (n, d).

        Args:
            sequences: the ids of the word pieces.
            types: of each word piece, the part of the sequence that it belongs to; all 0 if not given.
        """
        # Sequences of like length go together: padding is computed like text, and costs as much.
        order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
        batches = [order[begin : begin + self._batch] for begin in range(0, len(order), self._batch)]
        inputs = [
            ([sequences[i] for i in rows], [types[i] for i in rows] if types else None) for rows in batches
        ]
        run = self._workers.map if len(batches) > 1 else map
        for rows, outputs in zip(batches, run(self._run, inputs), strict=True):
            for row, output in zip(rows, outputs, strict=True):
                yield row, output[: len(sequences[row])]

    def _run(self, batch: tuple[list[Sequence[int]], list[Sequence[int]] | None]) -> NDArray[np.float32]:
        sequences, types = batch
        ids = np.zeros((len(sequences), max(map(len, sequences))), dtype=np.int64)
        mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
        for row, tokens in enumerate(sequences):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
            if types:
                kinds[row, : len(tokens)] = types[row]
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        output: NDArray[np.float32] = self._session.run(None, feed)[0]
        return output


def _load_session(path: Path, sha256: str, repair: str) -> Any:
    import onnxruntime

    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(f"The model {path} cannot be read: {reason}. {repair}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"The model {path} is not the file that was released (its sha256 differs). {repair}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
