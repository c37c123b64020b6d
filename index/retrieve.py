"""Question → ranked Passages: full text and vectors fused, as a llama-index `BaseRetriever`.

Knows the catalog and the vector store, not how an answer is made. The two scores are added on a
common scale, not their ranks: BM25 as a share of the question's whole weight, plus the cosine.
docs/decisions.md has the measurements that chose this over reciprocal rank fusion.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from .candidates import Asked, Candidates, ReadVectors
from .embed import ChunkText, MiniLMEmbedding, embed_question
from .parts import FoundPart, parts_of
from .question import Background, Question, analyse
from .records import Filters, Passage
from .wording import stands_in

if TYPE_CHECKING:
    from .catalog import Catalog
    from .store import VectorStore

MOST_OF_ONE_ARTICLE = 5
"""Ten passages of one article help nobody. Of a question in several parts it is one passage each."""
RANKED = 6
"""How many ranked chunks are looked at for each passage: some are reprints of one another."""
MOST_REMEMBERED = 20_000
"""Sentence vectors kept in memory, some 30 MB."""
MOST_READ = 1_000
"""Chunks embedded for a question before the build came to them: some 15 MB."""


@dataclass(frozen=True)
class Before:
    """What of a conversation counts beside its last question, which counts 1: the words of the question
    before it, that question's vector, and its answer's."""

    words: float
    question: float
    answer: float


FOLLOW_UP = Before(0.5, 0.3, 0.2)
NEW_QUESTION = Before(0.15, 0.15, 0.15)
"""So little that a change of subject is followed."""


@dataclass(frozen=True)
class Found:
    """What retrieval knows about a question: the question analysed, and passages, best first."""

    question: Question
    passages: tuple[Passage, ...]
    vector: NDArray[np.float32]
    """Of the question; shape (d,), length 1."""
    parts: tuple[FoundPart, ...] = ()
    """Empty where the question asks one thing and names no source and no day."""


class DatelineRetriever(BaseRetriever):
    """Retrieves passages; nodes carry offsets, title, source and date in their metadata."""

    def __init__(
        self, catalog: Catalog, store: VectorStore, embedding: BaseEmbedding, *, passages: int = 10
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._embedding = embedding
        self._passages = passages
        self._alone: dict[str, NDArray[np.float32]] = {}
        self._read: dict[int, ReadVectors] = {}
        self._lock = threading.Lock()
        super().__init__()

    def search(
        self,
        question: str,
        filters: Filters | None = None,
        *,
        emphasis: str | None = None,
        background: Background | None = None,
    ) -> Found:
        """The best passages for a question.

        Args:
            question: what to look for, in words.
            filters: which articles may be used.
            emphasis: for a follow-up, the last question alone: `question` then says what it is about.
            background: what the conversation was about before; it counts little, unless the question
                is a follow-up.

        Returns:
            Passages with `lexical` (BM25), `dense` (cosine), `score` (both) and `sentence_scores`
            (cosine of each sentence); best first, at most as many as were asked for.
        """
        whole, parts = self._asked(question, emphasis, background)
        candidates = Candidates(self._catalog, self._store, [whole, *parts], filters)
        if len(parts) > 1:
            candidates.favour_subject(self._catalog)
        records = self._best(
            candidates.ranked(1 if parts else MOST_OF_ONE_ARTICLE)[: RANKED * self._passages]
        )
        candidates.take_up(self._read_now([i for i in records if i not in candidates.embedded]))
        return Found(
            question=whole.question,
            vector=whole.vector,
            passages=candidates.passages(records, candidates.combined()),
            parts=tuple(candidates.found_part(at, records) for at in range(1, len(parts) + 1)),
        )

    def _read_now(self, chunk_ids: Sequence[int]) -> dict[int, ReadVectors]:
        """The vectors of chunks that the build has not come to, and of their sentences; remembered.

        Only with the bundled model, which takes a few hundredths of a second for each.
        """
        if not isinstance(self._embedding, MiniLMEmbedding):
            return {}
        with self._lock:
            new = [i for i in chunk_ids if i not in self._read]
            texts = self._catalog.texts_to_embed(new) if new else []
            found = self._embedding.embed_chunks([ChunkText(t.heading, t.text, t.sentences) for t in texts])
            if len(self._read) > MOST_READ:
                self._read = {}
            self._read |= {
                text.chunk_id: (vectors.chunk, vectors.sentences)
                for text, vectors in zip(texts, found, strict=True)
            }
            return {i: self._read[i] for i in chunk_ids if i in self._read}

    def _asked(
        self, question: str, emphasis: str | None, background: Background | None
    ) -> tuple[Asked, list[Asked]]:
        """The question, and its parts where it has several or says which articles it means."""
        analysed = analyse(question, self._catalog, last=emphasis)
        parts = [] if emphasis else list(parts_of(question, self._catalog.sources()))
        if len(parts) == 1 and not (parts[0].sources or parts[0].days):
            parts = []
        if background and not parts:
            return self._in_conversation(analysed, emphasis, background), []
        own = [analyse(part.text, self._catalog) for part in parts]
        vector, *vectors = self._vectors([analysed.text, *(q.text for q in own)])
        # A part alone may not tell what it is about ("with one discussing the prices").
        return Asked(analysed, vector), [
            Asked(q, _unit(v + vector), part) for q, v, part in zip(own, vectors, parts, strict=True)
        ]

    def _in_conversation(self, analysed: Question, emphasis: str | None, background: Background) -> Asked:
        """The last question with some of what was spoken of before: much, if it is a follow-up."""
        weights = FOLLOW_UP if emphasis else NEW_QUESTION
        last = analyse(emphasis, self._catalog) if emphasis else analysed
        before = analyse(background.question, self._catalog)
        vector, asked, *answered = self._vectors(
            [last.text, before.text, *([background.answer] if background.answer else [])]
        )
        mixed = vector + weights.question * asked + sum(weights.answer * v for v in answered)
        return Asked(analysed, _unit(mixed), searches=((last, 1.0), (before, weights.words)))

    def _vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Unit vectors of questions; the bundled model reads them all at once."""
        if isinstance(self._embedding, MiniLMEmbedding):
            # The whole question apart: read together, its parts would cost as much as it does.
            return [*self._embedding.embed(texts[:1]), *self._embedding.embed(texts[1:])]
        return [embed_question(self._embedding, text) for text in texts]

    def _best(self, ranked: Sequence[int]) -> dict[int, Passage]:
        """The first of the chunks, as many as were asked for, without those of a reprint that say what
        one before them says: five reprints take the place of one."""
        copies = self._catalog.near_identical(ranked)
        records = self._catalog.passages([*ranked[: self._passages + len(copies)]])
        kept: dict[int, Passage] = {}
        said: dict[int, list[Passage]] = {}
        for i in ranked:
            if len(kept) == self._passages:
                break
            if i not in records:
                continue
            before = said.setdefault(copies[i], []) if i in copies else []
            if not _is_repeated(records[i], before):
                kept[i] = records[i]
                before.append(records[i])
        return kept

    def similar_alone(self, found: Found, sentences: Sequence[str]) -> list[float]:
        """The cosine of each sentence, read by itself, with the question; the vectors are remembered.

        Only for the bundled model, whose stored vectors know the passage around a sentence: what a
        sentence says alone is a second opinion. Zeros for other models, which stored just that.
        """
        if not isinstance(self._embedding, MiniLMEmbedding):
            return [0.0] * len(sentences)
        new = [text for text in dict.fromkeys(sentences) if text not in self._alone]
        if new:
            with self._lock:
                if len(self._alone) + len(new) > MOST_REMEMBERED:
                    self._alone = {}
                self._alone |= dict(zip(new, self._embedding.embed(new), strict=True))
        known = self._alone
        return [float(known[text] @ found.vector) if text in known else 0.0 for text in sentences]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self.search(query_bundle.query_str)
        return [NodeWithScore(node=passage_node(passage), score=passage.score) for passage in found.passages]


def passage_node(passage: Passage) -> TextNode:
    """A passage as llama-index knows it; offsets are in code points of the article's text."""
    metadata: dict[str, Any] = {
        "article_id": passage.article_id,
        "title": passage.title,
        "source": passage.source,
        "published": passage.published,
        "url": passage.url,
        "start": passage.start,
        "end": passage.end,
    }
    return TextNode(
        id_=f"{passage.article_id}:{passage.start}-{passage.end}",
        text=passage.text,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )


def _is_repeated(passage: Passage, before: Sequence[Passage]) -> bool:
    """Whether other articles' passages have every sentence of this one, but for a word that decides nothing."""
    whole = "\n\n".join(other.text for other in before if other.article_id != passage.article_id)
    return bool(whole) and all(
        stands_in(passage.text[start - passage.start : end - passage.start], whole)
        for start, end in passage.sentences
    )


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result
