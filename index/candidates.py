"""The chunks that a search for a question and for each of its parts proposes, with their scores.

Full text and vectors are added on one scale: BM25 as a share of the question's whole weight, plus
the cosine. Knows the catalog and the vector store; not how a question is read, nor what is kept.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .language import terms
from .parts import WHOLE, FoundPart, Part
from .question import Question
from .ranking import DAY_WEIGHT, SOURCE_WEIGHT, Scores, at_most, combine
from .records import Filters, Passage

if TYPE_CHECKING:
    from .catalog import Catalog
    from .store import VectorStore

ReadVectors = tuple[NDArray[np.float32], NDArray[np.float32]]
"""The vectors of a chunk (d,) and of its sentences (n, d)."""

CANDIDATES = 100
"""How many chunks each half of each search proposes."""
DENSE_WEIGHT = 1.0
SUBJECT_WEIGHT = 0.05
"""What it counts, in cosine, to name the subject that the parts of a question have in common."""
_READ_FOR_SUBJECT = 8
_LEAST_TOLD = 3
"""Of how many articles found first, how many must name the subject."""


@dataclass(frozen=True)
class Asked:
    """A question, or a part of one, ready to be searched for. `vector` has length 1."""

    question: Question
    vector: NDArray[np.float32]
    part: Part = WHOLE
    searches: tuple[tuple[Question, float], ...] = ()
    """The questions whose words are looked up, and what each counts; none where it is `question` alone."""

    @property
    def looked_up(self) -> tuple[tuple[Question, float], ...]:
        return self.searches or ((self.question, 1.0),)

    @property
    def mass(self) -> float:
        """What all the words that are looked up weigh."""
        return sum(weight * question.mass for question, weight in self.looked_up)


class Candidates:
    """What one search proposes: chunks by id, with a score for the question and for each of its parts."""

    def __init__(
        self, catalog: Catalog, store: VectorStore, asked: Sequence[Asked], filters: Filters | None
    ) -> None:
        allowed = catalog.allowed_chunks(filters) if filters else None
        self._asked = asked
        searches = sum(len(a.looked_up) for a in asked)
        # Both are compiled code most of the time, and need not wait for each other.
        with ThreadPoolExecutor(1, "dense") as aside:
            dense = aside.submit(_dense, store, asked, allowed)
            self._lexical = [_lexical(catalog, a, filters, searches) for a in asked]
            self._dense = dense.result()
        self._ids = sorted(set().union(*self._lexical, *self._dense))
        self._origins = catalog.origins(self._ids)
        self._of_subject: set[int] = set()
        self.embedded: dict[int, ReadVectors] = {}
        """The vectors of those chunks that have them, and of their sentences."""
        self.take_up(catalog.sentence_vectors(self._ids))
        # What is not yet embedded is taken to be as similar as what is, until it is read: or an article
        # that the build has come to would hide all those that it has not.
        self._usual = [statistics.median(found.values()) if found else 0.0 for found in self._dense]

    def take_up(self, read: Mapping[int, ReadVectors]) -> None:
        """Score chunks by their vectors."""
        self.embedded |= read
        for asked, found in zip(self._asked, self._dense, strict=True):
            found.update((i, float(chunk @ asked.vector)) for i, (chunk, _) in read.items())

    def ranked(self, most_of_one_article: int) -> list[int]:
        """All chunks, best first; what goes beyond the most of one article comes after all others."""
        score = self.combined()
        order = sorted(self._ids, key=lambda i: (-score[i], i))
        first = list(at_most(most_of_one_article, order, self._article))
        return [*first, *(i for i in order if i not in set(first))]

    def combined(self) -> dict[int, float]:
        """The score of each chunk."""
        whole, *parts = (self._scores(at) for at in range(len(self._asked)))
        named = [self._named(at) for at in range(1, len(self._asked))]
        if named:
            whole = whole + np.max(named, axis=0)
        if len(parts) > 1:
            nothing = np.zeros(len(self._asked[0].vector), np.float32)
            vectors = [self.embedded[i][0] if i in self.embedded else nothing for i in self._ids]
            each = [score + bonus for score, bonus in zip(parts, named, strict=True)]
            whole = combine(whole, each, np.array(vectors), [self._article(i) for i in self._ids])
            whole = whole + SUBJECT_WEIGHT * np.array([i in self._of_subject for i in self._ids])
        return dict(zip(self._ids, whole.tolist(), strict=True))

    def favour_subject(self, catalog: Catalog) -> None:
        """Favour what names the subject that several parts have in common and the question leaves unnamed
        ("Which company …?"): the name that most of the articles found first have."""
        first = list(at_most(1, self.ranked(1), self._article))[:_READ_FOR_SUBJECT]
        told = Counter(
            term.word
            for passage in catalog.passages(first).values()
            for term in {t.stem: t for t in terms(f"{passage.title}. {passage.text}") if t.is_name}.values()
            if term.stem not in self._asked[0].question.stems
        )
        often = [word for word, times in told.items() if times >= _LEAST_TOLD]
        holding, total = catalog.document_frequency(often), catalog.chunk_count()
        if often:
            subject = max(often, key=lambda word: told[word] * math.log(total / max(holding[word], 1)))
            self._of_subject = {i for i, _ in catalog.lexical([subject], max(holding[subject], 1))}

    def passages(
        self, records: Mapping[int, Passage], score: Mapping[int, float], at: int = 0
    ) -> tuple[Passage, ...]:
        """The passages with their scores for the question (0) or one of its parts, best first."""
        vector = self._asked[at].vector
        return tuple(
            replace(
                records[i],
                score=score[i],
                lexical=self._lexical[at].get(i, 0.0),
                dense=self._dense[at].get(i, 0.0),
                sentence_scores=_cosines(self.embedded[i][1], vector) if i in self.embedded else (),
            )
            for i in sorted(records, key=lambda i: (-score[i], i))
        )

    def found_part(self, at: int, records: Mapping[int, Passage]) -> FoundPart:
        """The passages as the part at that place sees them."""
        score = dict(zip(self._ids, (self._scores(at) + self._named(at)).tolist(), strict=True))
        asked = self._asked[at]
        return FoundPart(asked.part, asked.question, self.passages(records, score, at))

    def _article(self, chunk_id: int) -> str:
        return self._origins[chunk_id].article_id if chunk_id in self._origins else ""

    def _scores(self, at: int) -> Scores:
        lexical, dense, mass = self._lexical[at], self._dense[at], self._asked[at].mass
        usual = self._usual[at]
        return np.array(
            [lexical.get(i, 0.0) / mass + DENSE_WEIGHT * dense.get(i, usual) for i in self._ids],
            dtype=np.float64,
        )

    def _named(self, at: int) -> Scores:
        """What each chunk gains by being from a source, or of a day, that the part names."""
        part = self._asked[at].part
        gains = np.zeros(len(self._ids))
        if part.sources or part.days:
            for row, i in enumerate(self._ids):
                if i in self._origins:
                    origin = self._origins[i]
                    gains[row] = SOURCE_WEIGHT * (origin.source in part.sources) + DAY_WEIGHT * any(
                        days.exact and days.hold(origin.published) for days in part.days
                    )
        return gains


def _dense(
    store: VectorStore, asked: Sequence[Asked], allowed: NDArray[np.int64] | None
) -> list[dict[int, float]]:
    return [dict(store.search(a.vector, CANDIDATES, allowed=allowed)) for a in asked]


def _lexical(catalog: Catalog, asked: Asked, filters: Filters | None, searches: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for question, weight in asked.looked_up:
        words = question.search_words
        for chunk_id, score in catalog.lexical(words, CANDIDATES, filters, searches=searches):
            found[chunk_id] = found.get(chunk_id, 0.0) + weight * score
    return found


def _cosines(sentences: Any, vector: Any) -> tuple[float, ...]:
    return tuple(float(x) for x in sentences @ vector)
