"""A question, analysed against a corpus: its terms with weights, its kind, its likely misspellings.

Pure: what the corpus holds comes in through the `Vocabulary` protocol. Knows no model and no score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from .language import (
    QuestionKind,
    Term,
    inverse_document_frequency,
    is_english,
    place_spellings,
    question_kind,
    terms,
    words,
)


class Vocabulary(Protocol):
    """What a question needs to know of the corpus; the catalog provides it."""

    def chunk_count(self) -> int: ...

    def document_frequency(self, words: Iterable[str]) -> dict[str, int]: ...

    def stems(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Question:
    """`weights[i]` is the weight of `terms[i]` in nats: how much it tells that a text holds it."""

    text: str
    kind: QuestionKind
    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    search_words: tuple[str, ...]
    """The words to look up in the full text, misspelt ones with what was probably meant."""
    unknown_names: tuple[str, ...]
    """Names of the question that occur nowhere in the corpus."""

    @cached_property
    def mass(self) -> float:
        """The sum of the weights; at least 1, so that it can divide."""
        return max(sum(self.weights), 1.0)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(term.stem for term in self.terms)


def analyse(text: str, vocabulary: Vocabulary) -> Question:
    """The question's terms and what they weigh in this corpus."""
    unique = list({term.stem: term for term in terms(text)}.values())
    if not unique:
        # Nothing but stop words ("Who is it?"): better to look those up than nothing.
        return Question(text, question_kind(text), (), (), tuple(words(text)), ())
    total = vocabulary.chunk_count()
    holding = vocabulary.document_frequency(term.word for term in unique)
    known = vocabulary.stems()
    mended = [_mend(term, known) if not holding[term.word] else term for term in unique]
    weights = [inverse_document_frequency(term.word, holding[term.word], total) for term in unique]
    search = [term.word for term in unique]
    search += [mend.stem for term, mend in zip(unique, mended, strict=True) if mend is not term]
    search += [place for term in unique if term.place for place in words(term.place)]
    unknown = [
        term.word
        for term in mended
        if term.is_name and not holding.get(term.word) and term.stem not in known and not term.place
    ]
    unknown += _unknown_places(mended, vocabulary)
    return Question(
        text,
        question_kind(text),
        tuple(mended),
        tuple(weights),
        tuple(dict.fromkeys(search)),
        tuple(dict.fromkeys(unknown)),
    )


def _mend(term: Term, known: frozenset[str]) -> Term:
    """The term with the nearest stem of the corpus, where it is no word and one or two letters off."""
    if term.is_number or len(term.stem) < 4 or is_english(term.word) or term.place:
        return term
    allowed = 1 if len(term.stem) < 6 else 2
    same_start = [candidate for candidate in known if candidate[:1] == term.stem[:1]]
    found = process.extractOne(
        term.stem, same_start, scorer=DamerauLevenshtein.distance, score_cutoff=allowed
    )
    return Term(term.word, found[0], term.place, term.is_name, False) if found else term


def _unknown_places(found: list[Term], vocabulary: Vocabulary) -> list[str]:
    """Countries that the corpus names in no form: neither the name nor the people nor the capital."""
    unknown = []
    for term in found:
        if term.place:
            spellings = place_spellings(term.place)
            if not any(vocabulary.document_frequency(spellings).values()):
                unknown.append(term.word)
    return unknown
