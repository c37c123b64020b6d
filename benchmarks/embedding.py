"""How many chunks a second are embedded: `python -m benchmarks.embedding WHAT FILE`, each in a process of its own.

WHAT is `ours` (the build's own path: text from the catalog, vectors into it), `chroma` (Chroma's default
embedding, which the llama-index quickstart is given), or a runtime: then it is nothing but the model over
the tokens of the same texts, sorted by length, in the batch shape asked for. Prints a line of JSON.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.build.embedding import embed_missing
from index.build.report import BuildReport
from index.catalog import Catalog
from index.chunk import chunk_article
from index.embed import MINILM_TOKENS, embedding_text, token_counter
from index.embed.minilm import model_path
from index.embed.tokens import load_tokenizer
from index.load.article import Limits
from index.load.discover import SourceFile
from index.load.record import record_article
from index.records import Article, Chunk
from index.settings import load_settings

Run = Callable[[dict[str, np.ndarray]], np.ndarray]
Result = dict[str, Any]
RUNTIMES = ("onnxruntime", "openvino")


def is_installed(name: str) -> bool:
    """Whether the runtime can be measured here."""
    return importlib.util.find_spec(name.split(maxsplit=1)[0]) is not None


def chunks(file: Path, most: int) -> list[tuple[Article, list[Chunk]]]:
    """Articles of a JSON Lines file with their chunks, until there are that many chunks."""
    found: list[tuple[Article, list[Chunk]]] = []
    count, made = token_counter(), 0
    source, limits = SourceFile(file, file.parent, file.name), Limits(10_000_000)
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            article = record_article(json.loads(line), source, limits, number=number)
            cut = chunk_article(article, count)[: most - made]
            found.append((article, cut))
            made += len(cut)
            if made == most:
                break
    return found


def texts(cut: Sequence[tuple[Article, list[Chunk]]]) -> list[str]:
    return [embedding_text(c.heading, a.text[c.start : c.end]) for a, chunks_ in cut for c in chunks_]


def open_runtime(name: str, threads: int) -> Run:
    """The bundled model in one of `RUNTIMES`."""
    path = str(model_path())
    if name == "onnxruntime":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return lambda feed: session.run(None, feed)[0]
    import openvino

    model = openvino.Core().compile_model(path, "CPU", {"INFERENCE_NUM_THREADS": threads} if threads else {})
    return lambda feed: model(feed)[0]


class Clock:
    """Chunks a second, and milliseconds of processor time a chunk: a busy machine spoils only the first."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def rate(self, chunks_: int) -> Result:
        wall, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        return {"chunks_a_second": chunks_ / wall, "processor_ms": 1000 * processor / chunks_}


def bare(run: Run, all_ids: Sequence[Sequence[int]], batch: int) -> Result:
    """The speed of nothing but the model."""
    ordered = sorted(all_ids, key=len)
    feeds = []
    for begin in range(0, len(ordered), batch):
        rows = ordered[begin : begin + batch]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        feeds.append({"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
    run(feeds[-1])
    clock = Clock()
    for feed in feeds:
        run(feed)
    return clock.rate(len(ordered))


def ours(cut: Sequence[tuple[Article, list[Chunk]]]) -> Result:
    """The speed of the build, all but the opening of the model included."""
    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder, Catalog.open(Path(folder)) as catalog:
        catalog.commit([catalog.prepared(article, chunks_) for article, chunks_ in cut if chunks_])
        clocks: list[Clock] = []

        def progress(stage: str, done: int, total: int) -> None:
            clocks.append(Clock())

        embed_missing(catalog, settings, BuildReport(), progress)
        return clocks[0].rate(sum(len(chunks_) for _, chunks_ in cut))


def chroma(all_texts: Sequence[str]) -> Result:
    """The speed of Chroma's default embedding."""
    from benchmarks.quickstart import chroma_embedding

    embed = chroma_embedding()
    embed([all_texts[0]])
    clock = Clock()
    embed(list(all_texts))
    return clock.rate(len(all_texts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["ours", "chroma", *RUNTIMES])
    parser.add_argument("file", type=Path)
    parser.add_argument("--chunks", type=int, default=256)
    parser.add_argument("--batch", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    cut = chunks(options.file, options.chunks)
    result: Result = {"what": options.what, "threads": options.threads}
    if options.what == "ours":
        result |= ours(cut)
    elif options.what == "chroma":
        result |= chroma(texts(cut))
    else:
        all_ids = [encoding.ids for encoding in load_tokenizer(MINILM_TOKENS).encode_batch(texts(cut))]
        run = open_runtime(options.what, options.threads)
        result["tokens"] = sum(map(len, all_ids)) / len(all_ids)
        result["by_batch"] = {str(batch): bare(run, all_ids, batch) for batch in options.batch}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
