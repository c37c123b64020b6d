"""The learnt reader: a question or a claim beside a few sentences → whether each of them answers, or bears it out.

A cross-encoder (Nogueira and Cho 2019, arXiv:1901.04085) made from MiniLM by `training/reader`; its model
card stands there. Unlike vectors, which are made of each text alone, it sees question and sentences
together. Knows nothing of retrieval, nor of how an answer is put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .embed.tokens import load_tokenizer
from .settings import ROOT
from .transformer import Transformer
from .windows import Window

READER = ROOT / "index" / "models" / "reader.onnx"
READER_SHA256 = "21d3292b4e1455bfd9d177470e3ce0eaac3b730a27317016a71baabc7b410735"
_REPAIR = "Check out the file again."
_FIRST, _SEPARATOR = 101, 102
_MOST = 232
"""Word pieces that it reads at once: it was trained on no more."""
_MOST_OF_QUESTION = 40
_MOST_OF_TITLE = 160
"""Characters."""
_LEAST_ROOM = 3
"""Word pieces of a sentence, at least; of fewer nothing can be read."""
UNREAD = -20.0
"""The log odds of a sentence that did not fit."""


class Reader:
    """The bundled reader. Threads may share it.

    Args:
        threads: runs at a time; 0 for one on each processor.

    Raises:
        ModelError: the model is missing or altered.
    """

    def __init__(self, threads: int = 0) -> None:
        self._tokenizer = load_tokenizer(None)
        self._model = Transformer(READER, READER_SHA256, repair=_REPAIR, threads=threads, batch=1)

    def __call__(self, asked: str, windows: Sequence[Window]) -> list[list[float]]:
        """As `ReadsWindows`."""
        pieces = self._pieces(asked)[:_MOST_OF_QUESTION]
        rows = [self._sequence(pieces, window) for window in windows]
        found: list[list[float]] = [[] for _ in rows]
        outputs = self._model.run([row.ids for row in rows], [row.types for row in rows])
        for place, scores in outputs:
            found[place] = _log_odds(scores, rows[place].spans)
        return found

    def _sequence(self, asked: list[int], window: Window) -> _Row:
        ids = [_FIRST, *asked, _SEPARATOR]
        types = [0] * len(ids)
        if title := self._pieces(window.title[:_MOST_OF_TITLE]):
            ids += [*title, _SEPARATOR]
        spans = []
        for sentence in window.sentences:
            room = max(0, _MOST - 1 - len(ids))
            pieces = self._pieces(sentence)[:room] if room > _LEAST_ROOM else []
            spans.append((len(ids), len(ids) + len(pieces)))
            ids += pieces
        ids.append(_SEPARATOR)
        return _Row(ids, types + [1] * (len(ids) - len(types)), spans)

    def _pieces(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


@dataclass(frozen=True)
class _Row:
    ids: list[int]
    types: list[int]
    """Of each word piece: 0 in the question, 1 after it."""
    spans: list[tuple[int, int]]
    """Of each sentence: where its word pieces begin and end."""


def _log_odds(scores: NDArray[np.float32], spans: Sequence[tuple[int, int]]) -> list[float]:
    """A sentence's logit is the mean of one score and the highest of the other over its word pieces."""
    none = float(scores[0, 0] + scores[0, 1])
    return [
        float(scores[begin:end, 0].mean() + scores[begin:end, 1].max()) - none if begin < end else UNREAD
        for begin, end in spans
    ]
