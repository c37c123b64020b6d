"""Start-up and retrieval over one index: `python -m benchmarks.questions DATA --texts FOLDER`.

Asks the questions of FOLDER (`questions.jsonl` below it; else the gold questions of the evaluation), with and
without a date filter, a different one each time. Prints a line of JSON; times in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

BEGAN = time.perf_counter()
MOST = 100


def questions(texts: Path) -> list[str]:
    """The same for every size: evenly taken from each file."""
    from index.settings import ROOT

    files = sorted(texts.rglob("questions.jsonl")) or sorted((ROOT / "evaluation" / "gold").glob("*.jsonl"))
    found: list[str] = []
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        each = MOST // len(files)
        found += [json.loads(line)["question"] for line in lines[:: max(1, len(lines) // each)][:each]]
    return found


def summary(times: list[float]) -> dict[str, float]:
    return {"median": statistics.median(times), "p95": sorted(times)[int(0.95 * len(times))]}


def measure(data: Path, texts: Path) -> dict[str, Any]:
    from index.assistant import open_assistant
    from index.records import Filters
    from index.settings import load_settings

    asked = questions(texts)
    with open_assistant(load_settings(data=data)) as assistant:
        assistant.answer(asked[0])
        first = time.perf_counter() - BEGAN
        result: dict[str, Any] = {"first_answer_seconds": first, "questions": len(asked)}
        search = assistant.retriever.search
        search(asked[0], Filters(after="2020-01-02"))
        for name in ("all", "dates"):
            times, processor = [], []
            for number, question in enumerate(asked):
                year, month = 2020 + number % 4, 1 + number % 12
                filters = Filters(after=f"{year}-{month:02}-01", before=f"{year + 1}-{month:02}-01")
                began, used = time.perf_counter(), time.process_time()
                search(question, filters if name == "dates" else None)
                times.append((time.perf_counter() - began) * 1000)
                processor.append((time.process_time() - used) * 1000)
            result[name] = summary(times) | {"processor": summary(processor)}
        answers = []
        for question in asked:
            began = time.perf_counter()
            assistant.answer(question)
            answers.append((time.perf_counter() - began) * 1000)
        result["answer"] = summary(answers)
    result["disk_mb"] = round(sum(p.stat().st_size for p in data.rglob("*") if p.is_file()) / 1e6)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--texts", type=Path, required=True)
    options = parser.parse_args()
    print(json.dumps(measure(options.data, options.texts)))
