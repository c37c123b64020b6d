"""All speed benchmarks, one command: `make bench`, or `make bench ARGS="PART … --texts FOLDER"`.

Parts: `answerable` and `quickstart` (time to the first answer over new articles, side by side),
`embedded` (chunks a second, against the bare model and Chroma's), `runtimes` (the bare model in every
runtime installed), `again` (a build without news, and with one changed article under a running assistant),
`questions` (retrieval at several sizes), `readers` (many at once). Each measurement runs in a process of its
own. Results are merged into OUT/results.json; `python -m benchmarks.report` makes tables and plots of them.
Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import corpus
from index.settings import ROOT

Result = dict[str, Any]
ARTICLES = 4000
QUICKSTART_ARTICLES = 400
SIZES = (1_000, 10_000, 100_000)


class Bench:
    """Where the parts find their texts and put their results."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.texts, self.out, self.articles = options.texts, options.out, options.articles
        self.quickstart_articles = options.quickstart_articles
        self.sizes, self.chunks = options.sizes, options.chunks
        self.file = self.out / f"articles-{self.articles}.jsonl"
        if not self.file.exists():
            corpus.write(self.file, self.texts, self.articles)

    def run(self, module: str, *arguments: object) -> Result:
        """The JSON that a module prints, with the peak memory (MB) and processor time of its process."""
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        print("…", *command[2:], file=sys.stderr)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}
        with subprocess.Popen(  # noqa: S603 - our own modules
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            printed = process.stdout.read() if process.stdout else ""
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed ({process.returncode})")
        result: Result = json.loads(printed.splitlines()[-1])
        processor = usage.ru_utime + usage.ru_stime
        return result | {"peak_mb": round(usage.ru_maxrss / 1024), "processor_seconds": processor}

    def answerable(self) -> Result:
        return self.run("answerable", self.file)

    def quickstart(self) -> Result:
        common = (self.file, "--articles", min(self.quickstart_articles, self.articles))
        return {
            "default": self.run("quickstart", *common),
            "whole text": self.run("quickstart", *common, "--chunk-size", 256),
        }

    def embedded(self) -> Result:
        common = (self.file, "--chunks", self.chunks)
        return {
            "bare": self.run("embedding", "onnxruntime", *common, "--batch", 1, 2, 4, 8, 16, 32),
            "bare, one thread": self.run(
                "embedding", "onnxruntime", *common, "--batch", 1, 2, 4, 8, 16, 32, "--threads", 1
            ),
            "ours": self.run("embedding", "ours", *common),
            "chroma": self.run("embedding", "chroma", *common),
        }

    def runtimes(self) -> Result:
        from benchmarks.embedding import RUNTIMES, is_installed

        common = (self.file, "--chunks", self.chunks, "--batch", 1, 2, 4, 8, 16, 32)
        return {
            f"{name}, {threads or 'all'} threads": self.run("embedding", name, *common, "--threads", threads)
            for name in RUNTIMES
            if is_installed(name)
            for threads in (0, 1)
        }

    def again(self) -> Result:
        return self.run("again", self.file)

    def questions(self) -> Result:
        found = {}
        for size in self.sizes:
            data = self.out / f"index-{size}"
            if not (data / "chroma").exists():
                self.run("synthetic", data, "--texts", self.texts, "--chunks", size)
            found[str(size)] = self.run("questions", data, "--texts", self.texts)
        return found

    def readers(self) -> Result:
        index = [sys.executable, "-m", "index", "build", "seeds", "--data"]
        with tempfile.TemporaryDirectory() as data:
            for command in ([*index, data], [sys.executable, "-m", "benchmarks.readers", "--data", data]):
                subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own modules
        return {}


def main() -> None:
    names = ["answerable", "quickstart", "embedded", "runtimes", "again", "questions", "readers"]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(names)}; default all")
    parser.add_argument("--texts", type=Path, default=corpus.DEFAULT, help="articles to make the corpus from")
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "bench")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--quickstart-articles", type=int, default=QUICKSTART_ARTICLES)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="of indexes, in chunks")
    parser.add_argument("--chunks", type=int, default=256, help="to embed")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(names):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    bench = Bench(options)
    path = options.out / "results.json"
    for name in options.parts or names:
        part: Callable[[], Result] = getattr(bench, name)
        result = part()
        if result:
            known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            known[name] = {"on": machine(), "result": result}
            path.write_text(json.dumps(known, indent=1), encoding="utf-8")
            print(json.dumps({name: result}, indent=1))


def machine() -> Result:
    """When and where it was measured, and how busy the machine was."""
    return {
        "day": time.strftime("%Y-%m-%d"), "processors": os.cpu_count(), "machine": platform.machine(),
        "python": platform.python_version(), "load": [round(x, 1) for x in os.getloadavg()],
    }  # fmt: skip


if __name__ == "__main__":
    main()
