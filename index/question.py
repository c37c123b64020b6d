"""A question, analysed against a corpus: its terms with weights, its kind, its likely misspellings.

Pure: what the corpus holds comes in through the `Vocabulary` protocol. Knows no model and no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from .language import (
    WORD,
    QuestionKind,
    Term,
    american,
    commonness,
    english_words,
    inverse_document_frequency,
    is_english,
    place_spellings,
    places,
    question_kind,
    stem,
    terms,
    words,
)

EARLIER_WEIGHT = 0.25
"""What a term of the question before counts in a follow-up, against one of its own."""


class Vocabulary(Protocol):
    """What a question needs to know of the corpus; the catalog provides it."""

    def chunk_count(self) -> int: ...

    def document_frequency(self, words: Iterable[str]) -> dict[str, int]: ...

    def stems(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Background:
    """What a conversation was about before its last question: the question before, and its answer."""

    question: str
    answer: str = ""


@dataclass(frozen=True)
class Question:
    """`weights[i]` is the weight of `terms[i]` in nats: how much it tells that a text holds it."""

    text: str
    """The question with its misspelt words mended: what is embedded."""
    kind: QuestionKind
    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    search_words: tuple[str, ...]
    """The words to look up in the full text, countries in other forms too."""
    unknown_names: tuple[str, ...]
    """Names of the question that occur nowhere in the corpus."""

    @cached_property
    def mass(self) -> float:
        """The sum of the weights; at least 1, so that it can divide."""
        return max(sum(self.weights), 1.0)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the terms."""
        return frozenset(term.stem for term in self.terms)


def analyse(text: str, vocabulary: Vocabulary, *, last: str | None = None) -> Question:
    """The question's terms and what they weigh in this corpus.

    Args:
        text: the question; for a follow-up, with what it is about before it.
        vocabulary: what the corpus holds.
        last: for a follow-up, its own words, which weigh more than those before it.
    """
    text = _mended(text, vocabulary.stems())
    kind = question_kind(last or text)
    unique = list({term.stem: term for term in terms(text)}.values())
    if not unique:
        # Nothing but stop words ("Who is it?"): better to look those up than nothing.
        return Question(text, kind, (), (), tuple(words(text)), ())
    total = vocabulary.chunk_count()
    holding = vocabulary.document_frequency(term.word for term in unique)
    own = {term.stem for term in terms(_mended(last, vocabulary.stems()))} if last else None
    weights = [
        inverse_document_frequency(term.word, holding[term.word], total)
        * (EARLIER_WEIGHT if own is not None and term.stem not in own else 1.0)
        for term in unique
    ]
    search = [term.word for term in unique]
    search += [american(term.word.casefold()) for term in unique]
    search += [word for term in unique if term.place for word in words(term.place)]
    unknown = [term.word for term in unique if term.is_name and not holding[term.word] and not term.place]
    unknown += [
        term.word
        for term in unique
        if term.place and not any(vocabulary.document_frequency(place_spellings(term.place)).values())
    ]
    return Question(
        text=text,
        kind=kind,
        terms=tuple(unique),
        weights=tuple(weights),
        search_words=tuple({word.casefold(): word for word in search}.values()),
        unknown_names=tuple(dict.fromkeys(unknown)),
    )


def _mended(text: str, known: frozenset[str]) -> str:
    """The text with each word that is none replaced by what was probably meant."""

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        return word if _is_word(word, known) else _nearest(word, known)

    return WORD.sub(mend, text)


def _is_word(word: str, known: frozenset[str]) -> bool:
    plain = word.casefold().strip(".")
    if len(plain) < 4 or not plain.isalpha() or places(word):
        return True
    forms = {plain, stem(plain)}
    return any(is_english(form) or form in known for form in forms) or _is_compound(plain)


def _is_compound(word: str) -> bool:
    """Whether the word is two English words of four letters and more: "overflight"."""
    return any(is_english(word[:i]) and is_english(word[i:]) for i in range(4, len(word) - 3))


@lru_cache(maxsize=4096)
def _nearest(word: str, known: frozenset[str]) -> str:
    """The English word, or the stem of the corpus, that is one or two letters off; else the word.

    A capitalised word is taken for a name: it can only have been meant for one of the corpus.
    """
    plain = word.casefold()
    allowed = 1 if len(plain) < (8 if word[0].isupper() else 6) else 2
    candidates = known if word[0].isupper() else known.union(english_words())
    close = process.extract(
        plain,
        [c for c in candidates if c[:1] == plain[:1]],
        scorer=DamerauLevenshtein.distance,
        score_cutoff=allowed,
        limit=20,
    )
    found = [
        (distance, stem(c) not in known, not is_english(c), -commonness(c), c) for c, distance, _ in close
    ]
    return min(found)[-1] if found else word
