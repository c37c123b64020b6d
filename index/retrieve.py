"""Question → ranked Passages: full text and vectors fused, as a llama-index `BaseRetriever`.

Knows the catalog and the vector store, not how an answer is made. The two scores are added on a
common scale, not their ranks: BM25 as a share of the question's whole weight, plus the cosine.
docs/decisions.md has the measurements that chose this over reciprocal rank fusion.
"""

from __future__ import annotations

import statistics
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from .embed import ChunkText, MiniLMEmbedding, embed_question
from .question import Question, analyse
from .records import Filters, Passage
from .wording import stands_in

if TYPE_CHECKING:
    from .catalog import Catalog
    from .store import VectorStore

CANDIDATES = 100
"""How many chunks each half of the search proposes."""
DENSE_WEIGHT = 1.0
MOST_REMEMBERED = 20_000
"""Sentence vectors kept in memory, some 30 MB."""
MOST_READ = 1_000
"""Chunks embedded for a question before the build came to them: some 15 MB."""


ReadVectors = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Of a chunk (d,) and of its sentences (n, d)."""


@dataclass(frozen=True)
class Found:
    """What retrieval knows about a question: the question analysed, and passages, best first."""

    question: Question
    passages: tuple[Passage, ...]
    vector: NDArray[np.float32]
    """Of the question; shape (d,), length 1."""


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

    def search(self, question: str, filters: Filters | None = None, *, emphasis: str | None = None) -> Found:
        """The best passages for a question.

        Args:
            question: what to look for, in words.
            filters: which articles may be used.
            emphasis: for a follow-up, the last question alone: `question` then says what it is about.

        Returns:
            Passages with `lexical` (BM25), `dense` (cosine), `score` (both) and `sentence_scores`
            (cosine of each sentence); best first, at most as many as were asked for.
        """
        allowed = self._catalog.allowed_chunks(filters) if filters else None
        analysed = analyse(question, self._catalog, last=emphasis)
        lexical = dict(self._catalog.lexical(analysed.search_words, CANDIDATES, filters))
        vector = embed_question(self._embedding, analysed.text)
        if emphasis:
            vector = vector + embed_question(self._embedding, emphasis)
            vector /= np.linalg.norm(vector)
        dense = dict(self._store.search(vector, CANDIDATES, allowed=allowed))
        ids = list(lexical.keys() | dense.keys())
        sentences = self._catalog.sentence_vectors(ids)
        dense |= {i: float(chunk @ vector) for i, (chunk, _) in sentences.items()}
        # What is not yet embedded is taken to be as similar as what is, until it is read: or an article
        # that the build has come to would hide all those that it has not.
        usual = statistics.median(dense.values()) if dense else 0.0

        def score(i: int) -> float:
            return lexical.get(i, 0.0) / analysed.mass + DENSE_WEIGHT * dense.get(i, usual)

        records = self._best(sorted(ids, key=lambda i: (-score(i), i)))
        read = self._read_now([i for i in records if i not in sentences])
        sentences |= read
        dense |= {i: float(chunk @ vector) for i, (chunk, _) in read.items()}
        passages = [
            replace(
                records[i],
                score=score(i),
                lexical=lexical.get(i, 0.0),
                dense=dense.get(i, 0.0),
                sentence_scores=_cosines(sentences[i][1], vector) if i in sentences else (),
            )
            for i in sorted(records, key=lambda i: (-score(i), i))
        ]
        return Found(question=analysed, vector=vector, passages=tuple(passages))

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


def _cosines(sentences: Any, vector: Any) -> tuple[float, ...]:
    return tuple(float(x) for x in sentences @ vector)
