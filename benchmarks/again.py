"""A build without news, and one with a single changed article: `python -m benchmarks.again FILE`.

The articles are indexed twice, as one JSON Lines file and as a folder of a file each. Their vectors are made
by chance instead of by the model, which no later build notices. While the changed article is built in a
process of its own, an assistant that was open before asks for its new words, over and over. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.synthetic import put_vectors
from index.assistant import open_assistant
from index.build import BuildInterrupted, build
from index.catalog import Catalog
from index.settings import ROOT, load_settings
from index.store import VectorStore

NEW = "The lighthouse keeper Ottilie Brandvik counted nineteen pelicans"
QUESTION = "How many pelicans did the lighthouse keeper Ottilie Brandvik count?"


def measure(source: Path, change: Path, data: Path) -> dict[str, Any]:
    """Build `source`, build it again, then with one changed article: the new text of `change`."""
    settings = load_settings(data=data)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "embedding":
            raise KeyboardInterrupt

    began, used = time.perf_counter(), time.process_time()
    with suppress(BuildInterrupted):
        build([source], settings, progress=stop)
    read, read_processor = time.perf_counter() - began, time.process_time() - used
    with Catalog.open(data) as catalog:
        put_vectors(catalog, 1)
        store = VectorStore(data, catalog)
        store.update_snapshot()
        store.close()
        catalog.checkpoint()
    unchanged = [_build(source, data) for _ in range(3)]
    used = _children()
    _build(source, data)
    processor = _children() - used
    new = change.read_text(encoding="utf-8")
    changed = []
    with open_assistant(settings) as assistant:
        assistant.answer(QUESTION)
        for number in range(3):
            target = source if source.is_file() else source / "made-000007.json"
            said = f"{NEW} {number + 2} times"
            target.write_text(new.replace("@@", said), encoding="utf-8")
            began, used = time.perf_counter(), _children()
            with subprocess.Popen(_command(source, data), cwd=ROOT, stdout=subprocess.DEVNULL) as process:  # noqa: S603
                answered = None
                while process.poll() is None or answered is None:
                    if answered is None and said in assistant.answer(QUESTION).text:
                        answered = time.perf_counter() - began
                    time.sleep(0.02)
                done = time.perf_counter() - began
            changed.append({"answered": answered, "done": done, "processor": _children() - used})
    return {
        "read_seconds": read,
        "unchanged_seconds": unchanged,
        "unchanged_processor_seconds": processor,
        "read_processor_seconds": read_processor,
        "changed_seconds": changed,
    }


def _command(source: Path, data: Path) -> list[str]:
    return [sys.executable, "-m", "index", "build", str(source), "--data", str(data), "--json"]


def _build(source: Path, data: Path) -> float:
    began = time.perf_counter()
    subprocess.run(_command(source, data), cwd=ROOT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return time.perf_counter() - began


def _children() -> float:
    """Processor time of all builds that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    lines = parser.parse_args().file.read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[7])
    record["text"] = f"@@, the harbour office said.\n\n{record['text']}"
    with tempfile.TemporaryDirectory() as home:
        folder, one = Path(home) / "folder", Path(home) / "one.jsonl"
        folder.mkdir()
        for line in lines:
            (folder / f"{json.loads(line)['id']}.json").write_text(line, encoding="utf-8")
        one.write_text("\n".join(lines) + "\n", encoding="utf-8")
        changed_file, changed_lines = Path(home) / "changed.json", Path(home) / "changed.jsonl"
        changed_file.write_text(json.dumps(record), encoding="utf-8")
        changed_lines.write_text(
            "\n".join([*lines[:7], json.dumps(record), *lines[8:]]) + "\n", encoding="utf-8"
        )
        # What was written a moment ago is read again in any case.
        time.sleep(2.5)
        print(
            json.dumps(
                {
                    "one file": measure(one, changed_lines, Path(home) / "data-one"),
                    "a file each": measure(folder, changed_file, Path(home) / "data-folder"),
                }
            )
        )


if __name__ == "__main__":
    main()
