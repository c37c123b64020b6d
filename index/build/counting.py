"""Token counts that are asked for twice: an article that is cleaned of learnt lines is cut again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

TokenCounter = Callable[[Sequence[str]], list[int]]

MOST_KEPT = 300_000
"""Sentences: some 30 MB, and those of 8,000 articles."""


class RememberedCounts:
    """A token counter that counts no sentence twice. Opened when it is first asked."""

    def __init__(self, open_counter: Callable[[], TokenCounter]) -> None:
        self._open_counter = open_counter
        self._count: TokenCounter | None = None
        # By hash: two sentences with one would only make a chunk a little longer or shorter.
        self._known: dict[int, int] = {}

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text."""
        keys = [hash(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            if self._count is None:
                self._count = self._open_counter()
            if len(self._known) + len(new) > MOST_KEPT:
                self._known.clear()
                new = dict(zip(keys, texts, strict=True))
            self._known.update(zip(new, self._count(list(new.values())), strict=True))
        return [self._known[key] for key in keys]
