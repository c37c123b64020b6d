"""Vectors for the chunks that lack them: in batches, each committed, the newest articles first.

A build that is killed here loses one batch at most; the next one goes on where it stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..catalog import Catalog
from ..errors import DatelineError, ModelError
from ..settings import Settings
from .report import BuildReport, Progress

if TYPE_CHECKING:
    from ..embed import ChunkEmbedder

BATCH = 64
"""Chunks between two commits: a few seconds of the bundled model."""
_KEPT = "What was embedded is kept, and the rest can be found by its words; build again to go on."


def embed_missing(catalog: Catalog, settings: Settings, report: BuildReport, progress: Progress) -> None:
    """Embed every chunk that has no vector.

    Raises:
        ModelError: the model cannot be used, or is not the one of the vectors so far.
    """
    missing = catalog.chunks_to_embed()
    if not missing:
        return
    # Late: a build without news needs no model.
    from ..embed import open_chunk_embedder

    model = open_chunk_embedder(settings)
    catalog.require_embedding_model(model.model_name)
    progress("embedding", 0, len(missing))
    for begin in range(0, len(missing), BATCH):
        report.embedded += _embed(catalog, model, missing[begin : begin + BATCH])
        progress("embedding", min(begin + BATCH, len(missing)), len(missing))


def _embed(catalog: Catalog, model: ChunkEmbedder, chunk_ids: list[int]) -> int:
    from ..embed import ChunkText

    texts = catalog.texts_to_embed(chunk_ids)
    try:
        found = model.embed([ChunkText(text.heading, text.text, text.sentences) for text in texts])
    except ModelError as error:
        raise ModelError(f"{error} {_KEPT}") from None
    except DatelineError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise ModelError(f"The embedding model {model.model_name} failed ({said}). {_KEPT}") from error
    matrix = np.stack([vectors.chunk for vectors in found])
    sentences = [vectors.sentences for vectors in found]
    catalog.put_vectors([text.chunk_id for text in texts], matrix, model.model_name, sentences)
    return len(texts)
