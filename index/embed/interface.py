"""Embedding models behind llama-index's `BaseEmbedding`: the bundled one, or any endpoint's."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from ..errors import ModelError
from ..settings import Settings
from .minilm import MINILM, MINILM_NAME, MiniLM
from .vectors import ChunkText, ChunkVectors, embedding_text

_SECONDS = 60.0


def embed_chunks(model: BaseEmbedding, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
    """The vectors of chunks and of their sentences.

    The bundled model gives both in one pass; other models are asked for each sentence by itself.
    """
    if isinstance(model, MiniLMEmbedding):
        return model.embed_chunks(chunks)
    texts = [embedding_text(chunk.heading, chunk.text) for chunk in chunks]
    sentences = [chunk.text[start:end] for chunk in chunks for start, end in chunk.sentences]
    with _told_plainly(model):
        vectors = np.array(model.get_text_embedding_batch([*texts, *sentences]), dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    found, at = [], len(texts)
    for row, chunk in enumerate(chunks):
        found.append(ChunkVectors(vectors[row], vectors[at : at + len(chunk.sentences)]))
        at += len(chunk.sentences)
    return found


def embed_question(model: BaseEmbedding, question: str) -> NDArray[np.float32]:
    """The vector of a question: shape (d,), float32, length 1."""
    with _told_plainly(model):
        vector = np.array(model.get_query_embedding(question), dtype=np.float32)
    result: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result


@contextmanager
def _told_plainly(model: BaseEmbedding) -> Iterator[None]:
    """What an endpoint says of an error may repeat the key, so our words take its place."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - hostile input: whatever it causes is the model's failure
        status = getattr(error, "status_code", None)
        what = type(error).__name__ if status is None else f"status {status}"
        raise ModelError(
            f"The embedding model {model.model_name} failed ({what}). Check that its endpoint runs, "
            "DATELINE_EMBEDDING_BASE_URL or OPENAI_BASE_URL, and OPENAI_API_KEY."
        ) from None


def open_embedding(settings: Settings) -> BaseEmbedding:
    """The embedding model that the settings name.

    Raises:
        ModelError: the bundled model is missing or altered, or no endpoint is configured.
    """
    if settings.embedding_model == MINILM:
        return MiniLMEmbedding(threads=settings.threads)
    return _endpoint_embedding(settings)


class MiniLMEmbedding(BaseEmbedding):
    """The bundled model. Vectors have 384 float32 dimensions and length 1."""

    model_name: str = MINILM_NAME
    embed_batch_size: int = 256
    threads: int = 0
    _model: MiniLM = PrivateAttr()

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._model = MiniLM(self.threads)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts; shape (n, 384), float32, each of length 1 (mean of the word pieces)."""
        return self._model.embed(texts)

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        """The vectors of chunks and their sentences, in one pass each."""
        return self._model.embed_chunks(chunks)

    def pieces(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each text where its word pieces stand, (n, 2), and their vectors, (n, 384)."""
        return self._model.pieces(texts)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.embed(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def _endpoint_embedding(settings: Settings) -> BaseEmbedding:
    address = settings.embedding_base_url or settings.openai_base_url
    if not address:
        raise ModelError(
            f"DATELINE_EMBEDDING_MODEL is {settings.embedding_model!r}, but no endpoint is set. Set "
            "DATELINE_EMBEDDING_BASE_URL or OPENAI_BASE_URL, or unset it to use the bundled model."
        )
    import httpx
    from llama_index.embeddings.openai_like import OpenAILikeEmbedding

    # It logs what an endpoint says of an error, which may repeat the key, at each try.
    logging.getLogger("llama_index.embeddings.openai").setLevel(logging.CRITICAL)
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"

    def with_key(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {key}"
        return request

    model: BaseEmbedding = OpenAILikeEmbedding(
        model_name=settings.embedding_model,
        api_base=address,
        api_key="in the client",  # llama-index and its events show all that they are given
        max_retries=2,
        timeout=_SECONDS,
        # A redirect could carry the key to another host.
        http_client=httpx.Client(auth=with_key, timeout=_SECONDS, follow_redirects=False),
    )
    return model
