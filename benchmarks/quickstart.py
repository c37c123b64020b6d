"""The llama-index quickstart on Chroma, as its documentation has it: `python -m benchmarks.quickstart FILE`.

SentenceSplitter, VectorStoreIndex on ChromaVectorStore, Chroma's default embedding. Its model,
all-MiniLM-L6-v2, is downloaded at its first use; here the file that Dateline bundles is put where Chroma looks
(the same network; onnxruntime runs both in float32). What is asked for is the nearest passages: the
quickstart's answer would need a language model besides, whose time is not counted. Prints a line of JSON.
"""

from __future__ import annotations

import argparse
import atexit
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BEGAN = time.perf_counter()


def chroma_embedding() -> Callable[[list[str]], Any]:
    """Chroma's default embedding function, its model served from a folder of ours."""
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    from index.embed.minilm import model_path
    from index.embed.tokens import TOKENIZER

    home = tempfile.mkdtemp(prefix="dateline-quickstart-")
    atexit.register(shutil.rmtree, home)
    folder = Path(home) / "onnx"
    folder.mkdir()
    shutil.copyfile(model_path(), folder / "model.onnx")
    shutil.copyfile(TOKENIZER, folder / "tokenizer.json")
    # Chroma asks only whether these are there.
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (folder / name).touch()
    ONNXMiniLM_L6_V2.DOWNLOAD_PATH = Path(home)
    return ONNXMiniLM_L6_V2(preferred_providers=["CPUExecutionProvider"])


def first_answer(file: Path, articles: int, question: str, chunk_size: int | None) -> dict[str, Any]:
    """Index that many articles, and ask for the passages nearest to the question."""
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embed = chroma_embedding()

    class ChromaDefault(BaseEmbedding):
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in vector] for vector in embed(texts)]

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    with file.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line, _ in zip(lines, range(articles), strict=False)]
    documents = [
        Document(text=r["text"], metadata={k: r[k] for k in ("title", "published", "source")})
        for r in records
    ]
    with tempfile.TemporaryDirectory() as store_folder:
        client = chromadb.PersistentClient(
            path=store_folder, settings=chromadb.config.Settings(anonymized_telemetry=False)
        )
        collection = client.create_collection("quickstart", embedding_function=None)
        splitter = (
            SentenceSplitter(chunk_size=chunk_size, chunk_overlap=20) if chunk_size else SentenceSplitter()
        )
        opened = time.perf_counter()
        index = VectorStoreIndex.from_documents(
            documents,
            storage_context=StorageContext.from_defaults(
                vector_store=ChromaVectorStore(chroma_collection=collection)
            ),
            transformations=[splitter],
            embed_model=ChromaDefault(),
        )
        found = index.as_retriever(similarity_top_k=2).retrieve(question)
        done = time.perf_counter()
        return {
            "articles": len(documents), "chunks": collection.count(), "found": len(found),
            "start_seconds": opened - BEGAN, "index_and_ask_seconds": done - opened,
        }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--question", default="What did the minister say?")
    parser.add_argument("--chunk-size", type=int, help="tokens; default that of SentenceSplitter (1024)")
    options = parser.parse_args()
    print(json.dumps(first_answer(options.file, options.articles, options.question, options.chunk_size)))


if __name__ == "__main__":
    main()
