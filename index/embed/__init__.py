"""Text → vectors. Knows nothing of articles or storage.

`open_embedding` gives llama-index's `BaseEmbedding`, which any other model can take the place of.
Behind it: `minilm`, the bundled model, which knows no llama-index, so that a build starts without it;
`tokens`, its word pieces; `vectors`, what a chunk's embedding is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..settings import Settings
from .minilm import MINILM, MINILM_NAME, MiniLM
from .tokens import MINILM_TOKENS, token_counter
from .vectors import ChunkEmbedder, ChunkText, ChunkVectors, embedding_text

if TYPE_CHECKING:
    from .interface import MiniLMEmbedding, embed_chunks, embed_question, open_embedding

__all__ = [
    "MINILM_TOKENS",
    "ChunkEmbedder",
    "ChunkText",
    "ChunkVectors",
    "MiniLMEmbedding",
    "embed_chunks",
    "embed_question",
    "embedding_text",
    "open_chunk_embedder",
    "open_embedding",
    "token_counter",
]

_OF_LLAMA_INDEX = {"MiniLMEmbedding", "embed_chunks", "embed_question", "open_embedding"}


def open_chunk_embedder(settings: Settings) -> ChunkEmbedder:
    """What embeds chunks with the model that the settings name.

    Raises:
        ModelError: as for `open_embedding`.
    """
    if settings.embedding_model == MINILM:
        return ChunkEmbedder(MINILM_NAME, MiniLM(settings.threads).embed_chunks)
    from .interface import embed_chunks, open_embedding

    model = open_embedding(settings)
    return ChunkEmbedder(model.model_name, partial(embed_chunks, model))


def __getattr__(name: str) -> Any:
    # Imported when asked for: llama-index takes one to two seconds, and a build needs none of it.
    if name in _OF_LLAMA_INDEX:
        from . import interface

        return getattr(interface, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
