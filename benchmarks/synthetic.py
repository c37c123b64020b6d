"""An index of any size to ask questions of, without embedding it: real text, vectors made by chance.

The vectors lie in groups, as those of texts do, so that Chroma's graph is not searched in mere noise.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import corpus
from index.build.copies import signature
from index.catalog import Catalog, NewArticle
from index.chunk import chunk_article
from index.embed import MINILM_NAME, token_counter
from index.load.article import Limits
from index.load.discover import SourceFile
from index.load.record import record_article
from index.store import VectorStore

Matrix = npt.NDArray[np.float32]

DIMENSIONS = 384
GROUPS = 300
TOGETHER = 2000
"""Chunks in one transaction."""


def make(data: Path, texts: Path, chunks: int, seed: int = 3) -> int:
    """Make an index of that many chunks in `data`; how many there are."""
    count_tokens = token_counter()
    source, limits = SourceFile(Path("made.jsonl"), Path(), "made.jsonl"), Limits(10_000_000)
    made, waiting = 0, list[NewArticle]()
    with Catalog.open(data) as catalog:
        for number, record in enumerate(corpus.records(texts, chunks, seed), 1):
            article = record_article(record, source, limits, number=number)
            cut = chunk_article(article, count_tokens)
            waiting.append(catalog.prepared(article, cut, outlet="made", signature=signature(article.text)))
            made += len(cut)
            if made >= chunks or sum(len(new.chunks) for new in waiting) > TOGETHER:
                catalog.commit(waiting)
                waiting = []
            if made >= chunks:
                break
        catalog.mark_learnt("made")
        put_vectors(catalog, seed)
        store = VectorStore(data, catalog)
        store.update_snapshot()
        store.close()
        catalog.checkpoint()
    return made


def put_vectors(catalog: Catalog, seed: int) -> None:
    """Give every chunk without one a vector made by chance."""
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((GROUPS, DIMENSIONS), dtype=np.float32)
    missing = catalog.chunks_to_embed()
    for begin in range(0, len(missing), TOGETHER):
        texts = catalog.texts_to_embed(missing[begin : begin + TOGETHER])
        groups = centres[chance.integers(GROUPS, size=len(texts))]
        vectors = groups + chance.standard_normal(groups.shape, dtype=np.float32)
        sentences = [
            _unit(vector + chance.standard_normal((len(text.sentences), DIMENSIONS), dtype=np.float32))
            for vector, text in zip(vectors, texts, strict=True)
        ]
        catalog.put_vectors([text.chunk_id for text in texts], vectors, MINILM_NAME, sentences)


def _unit(matrix: Matrix) -> Matrix:
    scaled: Matrix = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return scaled


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--texts", type=Path, default=corpus.DEFAULT)
    parser.add_argument("--chunks", type=int, default=10_000)
    options = parser.parse_args()
    print(json.dumps({"chunks": make(options.data, options.texts, options.chunks)}))
