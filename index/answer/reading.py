"""The best sentences, read by the learnt reader in windows of their passages. Pure.

Reading costs time, so it is done for the few sentences that the features put first, and their
neighbours. Knows neither the reader's file nor how sure an answer is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..question import Question
from ..records import Passage
from ..windows import MOST_WORDS, ReadsWindows, Window
from .evidence import Sentence

READ = "read"
"""The feature: the log odds that the sentence answers, by the reader."""
READER_WEIGHT = 0.5
"""What the log odds count in a sentence's score; chosen on odd lines, of .25, .5, .75, 1 and 1.5."""
MOST_READ = 12
"""How many of the best sentences are read, with their neighbours."""
BELOW_ALL_READ = 4.0
"""A sentence that was not read counts as this much less likely than the least likely one that was."""
MOST_OF_A_QUESTION = 26
"""Words of a question that is read."""


@dataclass(frozen=True)
class _Stretch:
    passage: Passage
    first: int
    last: int

    def holds(self, sentence: Sentence) -> bool:
        same = sentence.passage.chunk_id == self.passage.chunk_id
        return same and self.first <= sentence.number <= self.last

    def window(self) -> Window:
        texts = tuple(_text(self.passage, number) for number in range(self.first, self.last + 1))
        return Window(self.passage.title, texts)


def read_sentences(question: Question, sentences: Sequence[Sentence], reader: ReadsWindows) -> list[Sentence]:
    """The sentences in the order that they have with what the reader says of the best of them.

    Questions that are longer than any it was trained on it only makes worse: those it does not read.

    Args:
        question: the question.
        sentences: best first.
        reader: the learnt reader, or another.
    """
    if len(question.text.split()) > MOST_OF_A_QUESTION:
        return list(sentences)
    stretches: list[_Stretch] = []
    for sentence in sentences[:MOST_READ]:
        if not any(stretch.holds(sentence) for stretch in stretches):
            stretches.append(_around(sentence))
    said: dict[tuple[int, int], float] = {}
    for stretch, odds in zip(
        stretches, reader(question.text, [stretch.window() for stretch in stretches]), strict=True
    ):
        for number, value in enumerate(odds, start=stretch.first):
            at = (stretch.passage.chunk_id, number)
            said[at] = max(value, said.get(at, value))
    lowest = min(said.values(), default=0.0) - BELOW_ALL_READ
    scored = [_with(s, said.get((s.passage.chunk_id, s.number), lowest)) for s in sentences]
    return sorted(scored, key=lambda sentence: -sentence.score)


def _with(sentence: Sentence, odds: float) -> Sentence:
    features = {**sentence.features, READ: odds}
    return replace(sentence, features=features, score=sentence.score + READER_WEIGHT * odds)


def _around(sentence: Sentence) -> _Stretch:
    """The sentence with its neighbours on both sides, as many as fit."""
    passage, first, last = sentence.passage, sentence.number, sentence.number
    words = len(_text(passage, first).split())
    grown = True
    while grown:
        grown = False
        for number in (first - 1, last + 1):
            if 0 <= number < len(passage.sentences):
                more = len(_text(passage, number).split())
                if words + more <= MOST_WORDS:
                    words, grown = words + more, True
                    first, last = min(first, number), max(last, number)
    return _Stretch(passage, first, last)


def _text(passage: Passage, number: int) -> str:
    start, end = passage.sentences[number]
    return passage.text[start - passage.start : end - passage.start]
