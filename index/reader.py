"""The learnt reader: a question or a claim beside a few sentences → what each of them says to it.

A cross-encoder (Nogueira and Cho 2019, arXiv:1901.04085) made from MiniLM by `training/reader`; its model
card stands there. Unlike vectors, which are made of each text alone, it sees question and sentences
together. Knows nothing of retrieval, nor of how an answer is put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .embed.tokens import load_tokenizer
from .settings import ROOT
from .transformer import Transformer

READER = ROOT / "index" / "models" / "reader.onnx"
READER_SHA256 = "5c4ea1357c82c699059024647c3abbd5fa0165bbc8dceb704931c5c0b9241dbc"
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


@dataclass(frozen=True)
class Window:
    """Sentences of one passage in their order, and their article's title."""

    title: str
    sentences: tuple[str, ...]


class Read(NamedTuple):
    """What the reader makes of a sentence."""

    odds: float
    """The log odds that it answers the question, or bears the claim out, against that none of the window does."""
    yes: float = 0.0
    """To a yes/no question: the probability that it says yes; what is left of `yes` and `no` is neither."""
    no: float = 0.0


class ReadsWindows(Protocol):
    """What the engine needs of a reader."""

    def __call__(self, asked: str, windows: Sequence[Window]) -> list[list[Read]]:
        """What each sentence of each window says to a question or a claim."""
        ...


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

    def __call__(self, asked: str, windows: Sequence[Window]) -> list[list[Read]]:
        """As `ReadsWindows`."""
        pieces = self._pieces(asked)[:_MOST_OF_QUESTION]
        rows = [self._sequence(pieces, window) for window in windows]
        found: list[list[Read]] = [[] for _ in rows]
        outputs = self._model.run([row.ids for row in rows], [row.types for row in rows])
        for place, scores in outputs:
            found[place] = _read(scores, rows[place].spans)
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


def _read(scores: NDArray[np.float32], spans: Sequence[tuple[int, int]]) -> list[Read]:
    """Scores of shape (word pieces, 4) → what each sentence says; training/reader/model.py says how."""
    none = float(scores[0, 0] + scores[0, 1])
    found = []
    for begin, end in spans:
        if begin == end:
            found.append(Read(UNREAD))
            continue
        mean = scores[begin:end].mean(axis=0)
        told = np.exp(np.clip([0.0, mean[2], mean[3]], -30, 30))
        _, yes, no = told / told.sum()
        found.append(Read(float(mean[0] + scores[begin:end, 1].max()) - none, float(yes), float(no)))
    return found
