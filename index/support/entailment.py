"""Whether a quote bears a claim out, as the learnt reader reads it.

The reader was trained on claims beside sentences as on questions (training/reader/README.md): "none" means that
the sentences do not bear the claim out. It reads what is said in other words, where the rules know only lists
of words; of names, numbers and days it is no judge. Knows neither the model nor the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np

from ..records import Passage, Span
from ..sentences import sentence_bounds
from ..windows import MOST_WORDS, ReadsWindows, Window
from .units import Quote

_CONTEXT = 2
"""Sentences before a quote that are read with it, to tell who "he" is; they bear out nothing themselves."""
_MOST_BEFORE = 1200
"""Characters before a quote in which these are looked for."""
_MOST_KEPT = 1024
"""Claims with their quotes whose reading is remembered: each is checked twice."""


class Entailment:
    """The learnt reader as a judge of claims. Threads may share it."""

    def __init__(self, reader: ReadsWindows) -> None:
        self._reader = reader
        self._read = lru_cache(_MOST_KEPT)(self._log_odds)

    def log_odds(self, claim: str, quotes: Sequence[Quote]) -> float:
        """The log odds that the quotes, read together, bear the claim out."""
        shown = [(sentence, False) for sentence in _before(quotes[0])]
        for quote in quotes:
            shown += [(sentence, True) for sentence in _sentences(quote.text)]
        return self._read(claim, quotes[0].title, tuple(shown))

    def of_each(self, claim: str, passage: Passage) -> list[float]:
        """The log odds of each of a passage's sentences, read a window at a time."""
        texts = [passage.text[a - passage.start : b - passage.start] for a, b in passage.sentences]
        flat = [" ".join(text.split()) for text in texts]
        windows = [Window(passage.title, tuple(flat[first:end])) for first, end in _windows(flat)]
        return [odds for window in self._reader(claim, windows) for odds in window]

    def _log_odds(self, claim: str, title: str, shown: tuple[tuple[str, bool], ...]) -> float:
        window = Window(title, tuple(sentence for sentence, _ in shown))
        (read,) = self._reader(claim, [window])
        quoted = [odds for odds, (_, is_quoted) in zip(read, shown, strict=True) if is_quoted]
        return float(np.logaddexp.reduce(quoted))


def _windows(sentences: Sequence[str]) -> Iterator[Span]:
    """First and end of stretches that the reader takes at once, one after the other."""
    first = words = 0
    for number, sentence in enumerate(sentences):
        more = len(sentence.split())
        if number > first and words + more > MOST_WORDS:
            yield first, number
            first, words = number, 0
        words += more
    if sentences:
        yield first, len(sentences)


def _before(quote: Quote) -> list[str]:
    """The last sentences of the article before the quote."""
    at = quote.article.find(quote.text) if quote.start is None else quote.start
    before = quote.article[max(0, at - _MOST_BEFORE) : at] if at > 0 else ""
    return list(islice(reversed(_sentences(before)), _CONTEXT))[::-1]


def _sentences(text: str) -> list[str]:
    found = (" ".join(text[start:end].split()) for start, end in sentence_bounds(text))
    return [sentence for sentence in found if sentence]
