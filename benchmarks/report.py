"""Tables (Markdown, printed) and plots (SVG) of results.json: `python -m benchmarks.report [--plots FOLDER]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.settings import ROOT

Result = dict[str, Any]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def tables(results: Result) -> Iterable[str]:
    found = {name: entry["result"] for name, entry in results.items()}
    for name, entry in results.items():
        yield f"<!-- {name}: {json.dumps(entry['on'])} -->"
    if "answerable" in found:
        yield _answerable(found)
    if "embedded" in found:
        yield _embedded(found["embedded"])
    if "runtimes" in found:
        shapes = list(next(iter(found["runtimes"].values()))["by_batch"])
        yield table(
            ["chunks a second, batch of", *shapes],
            [[name, *(run["by_batch"][s] for s in shapes)] for name, run in found["runtimes"].items()],
        )
    if "again" in found:
        yield _again(found)
    if "questions" in found:
        yield _questions(found["questions"])


def _answerable(found: Result) -> str:
    ours = found["answerable"]
    rows = [
        [
            "Dateline: all answerable by their words",
            ours["chunks"],
            ours["answerable_seconds"],
            ours["build_peak_mb"],
        ],
        [
            "Dateline: first answer, asked in a new process while it embeds",
            "",
            ours["first_answer_seconds"],
            "",
        ],
    ]
    for name, run in found.get("quickstart", {}).items():
        factor = 4000 / run["articles"]
        seconds = run["start_seconds"] + run["index_and_ask_seconds"] * factor
        said = f"quickstart, {name}: first passages (from {run['articles']} articles, × {factor:.0f})"
        rows.append([said, round(run["chunks"] * factor), seconds, run["peak_mb"]])
    return table(["4,000 articles", "chunks", "seconds", "peak MB"], rows)


def _embedded(run: Result) -> str:
    best = max(run["bare"]["by_batch"].values())
    ours, chroma = run["ours"]["chunks_a_second"], run["chroma"]["chunks_a_second"]
    shapes = run["bare"]["by_batch"]
    rows: list[list[object]] = [
        [f"the bare model, batch of {shape}", rate, rate / best] for shape, rate in shapes.items()
    ]
    rows += [
        ["Dateline's build", ours, ours / best],
        ["Chroma's default, as the quickstart", chroma, chroma / best],
    ]
    return table(["256 chunks", "chunks a second", "of the bare model's best"], rows)


def _again(found: Result) -> str:
    rows = []
    for name, run in found["again"].items():
        if isinstance(run, dict):
            changed = run["changed_seconds"]
            rows.append([
                name, run["read_seconds"], min(run["unchanged_seconds"]), max(run["unchanged_seconds"]),
                max(each["answered"] for each in changed), max(each["done"] for each in changed),
            ])  # fmt: skip
    head = [
        "4,000 articles as",
        "first reading",
        "unchanged, best of 3",
        "worst",
        "one changed: answered",
        "build done",
    ]
    return table(head, rows)


def _questions(run: Result) -> str:
    rows = [
        [f"{int(size):,}", *(r[name][of] for name in ("all", "dates", "answer") for of in ("median", "p95")),
         r["first_answer_seconds"], r["peak_mb"], r["disk_mb"]]
        for size, r in run.items()
    ]  # fmt: skip
    head = [
        "chunks", "retrieval, median ms", "p95", "with dates, median", "p95", "whole answer, median", "p95",
        "start to first answer, s", "peak MB", "disk MB",
    ]  # fmt: skip
    return table(head, rows)


def plots(results: Result, folder: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dateline"
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    found = {name: entry["result"] for name, entry in results.items()}

    def save(name: str) -> None:
        pyplot.tight_layout()
        pyplot.savefig(folder / f"{name}.svg", metadata={"Date": None})
        pyplot.close()

    if "questions" in found:
        pyplot.figure(figsize=(5.5, 3.2))
        sizes = [int(size) for size in found["questions"]]
        for name, said in (("all", "all articles"), ("dates", "one year of them")):
            for of, style in (("median", "o-"), ("p95", "o:")):
                times = [run[name][of] for run in found["questions"].values()]
                pyplot.plot(sizes, times, style, label=f"{said}, {of}", color="C0" if name == "all" else "C1")
        pyplot.xscale("log")
        pyplot.ylim(bottom=0)
        pyplot.xlabel("chunks")
        pyplot.ylabel("retrieval, ms")
        pyplot.legend(fontsize=8)
        save("questions")
    if "embedded" in found:
        pyplot.figure(figsize=(5.5, 2.6))
        run = found["embedded"]
        bars = {f"bare, batch {shape}": rate for shape, rate in run["bare"]["by_batch"].items()}
        bars |= {
            "Dateline": run["ours"]["chunks_a_second"],
            "Chroma's default": run["chroma"]["chunks_a_second"],
        }
        colours = ["C7"] * len(run["bare"]["by_batch"]) + ["C0", "C3"]
        pyplot.barh(list(bars)[::-1], list(bars.values())[::-1], color=colours[::-1])
        pyplot.xlabel("chunks a second")
        save("embedded")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=ROOT / "runs" / "bench" / "results.json")
    parser.add_argument("--plots", type=Path, default=ROOT / "runs" / "bench")
    options = parser.parse_args()
    if not options.results.exists():
        return
    results = json.loads(options.results.read_text(encoding="utf-8"))
    print("\n".join(tables(results)))
    plots(results, options.plots)


if __name__ == "__main__":
    main()
