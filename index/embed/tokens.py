"""The word pieces of the bundled model, and how many of them a text has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from ..errors import ModelError
from ..settings import ROOT

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MINILM_TOKENS = 256
"""Word pieces that the bundled model reads of a text."""

TOKENIZER = ROOT / "index" / "models" / "tokenizer.json"
_MOST_KEPT = 500_000
"""Words: some 60 MB. English news of 4,000 articles has 100,000."""
_LONGEST_KEPT = 100
"""Characters; longer ones are no words, and are counted each time."""


def load_tokenizer(truncate_at: int | None) -> Tokenizer:
    """The bundled model's tokenizer, without padding.

    Raises:
        ModelError: its file is missing or damaged.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(TOKENIZER.read_text(encoding="utf-8"))
    except Exception as error:  # noqa: BLE001 - tokenizers raises bare Exception for a broken file
        raise ModelError(
            f"The tokenizer {TOKENIZER} cannot be read ({error}). Check out the file again."
        ) from None
    tokenizer.no_padding()
    if truncate_at is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(truncate_at)
    return tokenizer


def token_counter() -> Callable[[Sequence[str]], list[int]]:
    """Counts the word pieces of texts; MiniLM's serve for every model, as a measure of length.

    Word pieces never span white space, so a text has as many as its words have, and no word needs to
    be cut twice: a hundred times faster than cutting every text.
    """
    tokenizer: Tokenizer | None = None
    known: dict[str, int] = {}

    def count(texts: Sequence[str]) -> list[int]:
        nonlocal tokenizer
        # Late: a build without news counts nothing.
        tokenizer = tokenizer or load_tokenizer(None)
        split = [text.split() for text in texts]
        new = [word for word in set(chain.from_iterable(split)) if word not in known]
        # One at a time: on a busy machine the threads of a batch wait longer for each other.
        found = {word: len(tokenizer.encode(word, add_special_tokens=False).ids) for word in new}
        if len(known) + len(found) > _MOST_KEPT:
            found |= {word: known[word] for word in chain.from_iterable(split) if word in known}
            known.clear()
        known.update(found)
        counts = [sum(map(known.__getitem__, words)) for words in split]
        for word in new:
            if len(word) > _LONGEST_KEPT:
                del known[word]
        return counts

    return count
