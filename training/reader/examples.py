"""What is trained on: examples, their mixture and their length. Knows nothing of parses or of the model."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

MOST_WORDS = 95
"""Of a window, as when the reader is asked: fewer sentences are kept of a longer one."""
TOO_LONG = 120
"""Words of a window that can't be cut down to MOST_WORDS: left out."""

KEPT = {
    "subject": 0.65,
    "object": 0.85,
    "object of a preposition": 0.9,
    "removed": 0.5,
    "elsewhere": 0.5,
    "no time": 0.32,
    "no place": 0.32,
    "exchanged": 0.55,
    "swapped": 0.7,
}
"""Share of each kind that an epoch draws; of the kinds that are not named here, all.

With these, half of the examples are answerable, and no kind that is easy to make drowns the others.
"""
VERDICTS = NEITHER, YES, NO = "neither", "yes", "no"
WRITTEN = "written"
"""What the kinds of those begin with that somebody wrote."""
WRITTEN_SHARE = {
    "written question": 0.4,
    "written near miss": 0.4,
    "written elsewhere": 0.5,
    "written claim elsewhere": 0.3,
}
"""Of the windows of one question, an epoch draws about one; of what is easy, less."""

_QUESTION = re.compile(
    r"((in|on|at|for|to|by|from|of|with|during|under|since|until) )?"
    r"(what|who|whom|whose|when|where|which|why|how)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Example:
    """A question and a window of an article's sentences."""

    kind: str
    question: str
    title: str
    sentences: list[str]
    gold: int | None
    """Which sentence answers; None where none does."""
    answer: tuple[int, int] | None = None
    """Where in that sentence the answer stands, in code points."""
    also: tuple[int, ...] = ()
    """Other sentences that answer, or that a claim needs too; each counts as much as `gold`."""

    verdict: str | None = None
    """What those sentences say to a yes/no question: one of VERDICTS, if that is known."""

    @property
    def golds(self) -> tuple[int, ...]:
        """All sentences that count, the best first."""
        return () if self.gold is None else (self.gold, *self.also)


def is_question(text: str) -> bool:
    """Tell whether the text begins as a question does and has words enough to ask for something."""
    return bool(_QUESTION.match(text)) and len(text.split()) >= 5


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8") as out:
        for example in examples:
            out.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


def read_examples(path: Path) -> list[Example]:
    """Read what `write_examples` wrote."""
    with path.open(encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        return [Example(**row | {"also": tuple(row.get("also", ()))}) for row in rows]


def draw(examples: Sequence[Example], rng: random.Random, made: float = 1.0) -> list[Example]:
    """Draw one epoch: the mixture of KEPT, shuffled, each window cut to MOST_WORDS anew.

    Args:
        examples: all there are.
        rng: what chooses.
        made: the share of the examples made by rules that is taken; of written ones all are.
    """
    drawn = [trimmed(example, rng) for example in examples if rng.random() < _share(example, made)]
    fitting = [example for example in drawn if _words(example.sentences) <= TOO_LONG]
    rng.shuffle(fitting)
    return fitting


def trimmed(example: Example, rng: random.Random) -> Example:
    """Take sentences off either end, never the one that answers, until the window is short enough."""
    sentences, gold = list(example.sentences), example.gold
    if example.kind.startswith(WRITTEN):
        return example  # Its window was chosen with care for what must be in it.
    while _words(sentences) > MOST_WORDS and len(sentences) > 2:
        last = len(sentences) - 1
        if gold == 0 or (gold != last and rng.random() < 0.5):
            sentences.pop()
        else:
            sentences.pop(0)
            gold = None if gold is None else gold - 1
    return replace(example, sentences=sentences, gold=gold)


def _share(example: Example, made: float) -> float:
    if example.kind.startswith(WRITTEN):
        return WRITTEN_SHARE.get(example.kind, 1.0)
    return KEPT.get(example.kind, 1.0) * made


def _words(sentences: Iterable[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
