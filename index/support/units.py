"""Quotes, and what of them may carry a claim by itself: sentences that are news, not instructions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..attribution import speaker
from ..sentences import sentence_bounds
from .planted import is_planted, is_struck
from .reading import Reading, is_title, read

_TO_THE_READER = re.compile(
    r"^(?:please )?(?:visit|click|email|send|call|subscribe|download|reply|respond|transfer|log|enter|go|say|tell|"
    r"buy|book|note that you)\b|\b(?:i am|i['’]m|i cannot|i can|i will|i have been|my instructions?)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:he|she|they|it|his|her|their|its|him|them|both|these|those|this)\b|\bthe \w+", re.IGNORECASE
)
HE_OR_SHE = re.compile(r"^(?:[“\"][^“”\"]*[”\"],? )?([Hh]e|[Ss]he)\b")
"""A sentence about somebody whom one before it names."""
_MOST_JOINED = 3


@dataclass(frozen=True)
class Quote:
    """Words quoted from an article, and what is known around them."""

    text: str
    article: str = ""
    """The whole text of the article: it completes names, and carries nothing else."""
    title: str = ""
    published: str | None = None
    speaker: str | None = None
    start: int | None = None
    """Where the quote begins in the article; None where that is not known."""

    @property
    def is_planted(self) -> bool:
        """Whether the quote is, or stands beside, what is written for an assistant to obey."""
        at = self.article.find(self.text) if self.start is None else self.start
        return is_struck(self.article, at, at + len(self.text)) if at >= 0 else is_planted(self.text)


@dataclass(frozen=True)
class Unit:
    """A sentence, or a run of them that lean on each other, which is to carry a claim by itself."""

    reading: Reading
    sentences: tuple[Reading, ...]
    quote: Quote
    before: frozenset[str]


def is_addressed(text: str) -> bool:
    """Whether a text speaks to the reader or of the assistant, as planted instructions do."""
    return is_planted(text) or bool(_TO_THE_READER.search(text))


def is_quoted(said: str, quotes: Sequence[Quote]) -> bool:
    """Whether a text is one of the quotes, or whole sentences of it, word for word but for white space."""
    for quote in quotes:
        sentences = list(_split(quote.text))
        flat = " ".join(sentences)
        at = flat.find(said)
        ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
        if at >= 0 and at in {0, *ends} and at + len(said) + 1 in ends:
            return True
    return False


def units_of(quote: Quote) -> Iterator[Unit]:
    """What of a quote may carry a claim by itself: each sentence, and all of it if each leans on the one before."""
    texts = list(_split(quote.text))
    readings = tuple(read(text, quote.published) for text in texts)
    before: frozenset[str] = frozenset()
    for reading in readings:
        yield Unit(reading, (reading,), quote, before)
        before = reading.stems
    yield from _resolved(quote, texts, readings)
    if 1 < len(texts) <= _MOST_JOINED and all(_LEANS.search(text) for text in texts[1:]):
        yield Unit(read(" ".join(texts), quote.published), readings, quote, frozenset())


def _resolved(quote: Quote, texts: Sequence[str], readings: Sequence[Reading]) -> Iterator[Unit]:
    """Each sentence about "he" or "she" with the name put in of whoever was spoken of before."""
    for n in range(1, len(texts)):
        pronoun = HE_OR_SHE.search(texts[n])
        before = next((i for i in range(n - 1, -1, -1) if not HE_OR_SHE.search(texts[i])), None)
        if (
            pronoun
            and before is not None
            and (name := _person(texts[before], readings[before], quote.article))
        ):
            text = texts[n][: pronoun.start(1)] + name + texts[n][pronoun.end(1) :]
            reading = read(text, quote.published)
            yield Unit(reading, (reading,), quote, readings[n - 1].stems)


def _person(text: str, reading: Reading, article: str) -> str | None:
    """Whom "he" after a sentence means: who speaks in it, else who is named with a title, or first."""
    who = speaker(text, article)
    if who and any(reading.tokens[i].text in who for run in reading.names for i in run):
        return who
    names = [" ".join(reading.tokens[i].text for i in run) for run in reading.names]
    titled = [name for name, run in zip(names, reading.names, strict=True) if _has_title(reading, run[0])]
    if titled:
        return titled[0]
    return (
        names[0]
        if reading.names and not any(t.content for t in reading.tokens[: reading.names[0][0]])
        else None
    )


def _has_title(reading: Reading, at: int) -> bool:
    return bool(at) and is_title(reading.tokens[at - 1]) and reading.tokens[at - 1].text[0].isupper()


def _split(text: str) -> Iterator[str]:
    for start, end in sentence_bounds(text):
        if piece := " ".join(text[start:end].split()):
            yield piece
