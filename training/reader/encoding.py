"""A question and a window of sentences → the model's input.

    [CLS] question [SEP] title [SEP] sentence 1 sentence 2 … [SEP]

Token types are 0 up to and with the first [SEP], 1 after it; with no title, its [SEP] is left out too.
A sentence's tokens stand side by side, and their place in the sequence is its span. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer

from .examples import Example

TOKENIZER = Path(__file__).parents[2] / "index" / "models" / "tokenizer.json"
CLS, SEP = 101, 102
MOST_TOKENS = 232
MOST_QUESTION_TOKENS = 40
MOST_TITLE_CHARACTERS = 160
_LEAST_ROOM = 3
"""Tokens: a sentence that has no more room is left out."""


@dataclass(frozen=True)
class Encoded:
    """One input; spans are (first, end) in tokens, None for a sentence that had no room."""

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int] | None]
    golds: tuple[int, ...] = ()
    """Which sentences answer: their places among the spans."""
    answer: tuple[int, int] | None = None
    """First and last token of the answer; training alone reads it."""
    verdict: str | None = None


@cache
def tokenizer() -> Tokenizer:
    """Word pieces of the model, nothing padded or cut."""
    found = Tokenizer.from_file(str(TOKENIZER))
    found.no_padding()
    found.no_truncation()
    return found


def encode(question: str, title: str, sentences: Sequence[str]) -> Encoded:
    """Encode what the model reads."""
    return encode_example(Example("", question, title, list(sentences), gold=None))


def encode_example(example: Example) -> Encoded:
    """Encode what the model reads, with what it should find."""
    pieces = tokenizer()
    question = pieces.encode(example.question, add_special_tokens=False).ids[:MOST_QUESTION_TOKENS]
    title = pieces.encode(example.title[:MOST_TITLE_CHARACTERS], add_special_tokens=False).ids
    ids = [CLS, *question, SEP, *title, *([SEP] if title else [])]
    spans: list[tuple[int, int] | None] = []
    answer = None
    for number, sentence in enumerate(example.sentences):
        room = MOST_TOKENS - 1 - len(ids)
        if room <= _LEAST_ROOM:
            spans.append(None)
            continue
        encoded = pieces.encode(sentence, add_special_tokens=False)
        first = len(ids)
        ids += encoded.ids[:room]
        spans.append((first, len(ids)))
        if number == example.gold and example.answer:
            answer = _tokens_of(encoded.offsets[:room], example.answer, first)
    ids.append(SEP)
    types = [0] * (len(question) + 2)
    types += [1] * (len(ids) - len(types))
    golds = tuple(n for n in example.golds if spans[n])
    return Encoded(ids, types, spans, golds, answer, example.verdict if golds else None)


def _tokens_of(
    offsets: Sequence[tuple[int, int]], place: tuple[int, int], first: int
) -> tuple[int, int] | None:
    inside = [n for n, (start, end) in enumerate(offsets) if place[0] <= start < end <= place[1]]
    return (first + inside[0], first + inside[-1]) if inside else None
