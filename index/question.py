"""A question, analysed against a corpus: its terms with weights, its kind, its likely misspellings.

Pure: what the corpus holds comes in through the `Vocabulary` protocol. Knows no model and no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .framing import unframed
from .language import (
    QuestionKind,
    Term,
    american,
    inverse_document_frequency,
    place_spellings,
    question_kind,
    terms,
    words,
)
from .spelling import Repair, Vocabulary, mended

EARLIER_WEIGHT = 0.25
"""What a term of the question before counts in a follow-up, against one of its own."""


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
    """Names of the question that occur nowhere in the corpus, as they were typed."""
    repairs: tuple[Repair, ...] = ()
    """The misspelt words of the question, and what they were read as."""

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
    text, repairs = mended(unframed(text), vocabulary)
    kind = question_kind(last or text)
    unique = list({term.stem: term for term in terms(text)}.values())
    if not unique:
        # Nothing but stop words ("Who is it?"): better to look those up than nothing.
        return Question(text, kind, (), (), tuple(words(text)), (), repairs)
    total = vocabulary.chunk_count()
    holding = vocabulary.document_frequency(term.word for term in unique)
    own = {term.stem for term in terms(mended(last, vocabulary)[0])} if last else None
    weights = [
        inverse_document_frequency(term.word, holding[term.word], total)
        * (EARLIER_WEIGHT if own is not None and term.stem not in own else 1.0)
        for term in unique
    ]
    search = [term.word for term in unique]
    search += [american(term.word.casefold()) for term in unique]
    search += [word for term in unique if term.place for word in words(term.place)]
    unknown = [term.word for term in unique if term.is_name and not holding[term.word] and not term.place]
    unknown += [repair.typed for repair in repairs if repair.typed[0].isupper() and repair.read[0].isupper()]
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
        repairs=repairs,
    )
