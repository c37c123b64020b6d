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
            ["chunks a second (processor ms a chunk), batch of", *shapes],
            [[name, *(_rate(run["by_batch"][s]) for s in shapes)] for name, run in found["runtimes"].items()],
        )
    if "again" in found:
        yield _again(found)
    if "questions" in found:
        yield _questions(found["questions"])


def _rate(run: Result) -> str:
    return f"{run['chunks_a_second']:.1f} ({run['processor_ms']:.1f})"


def _answerable(found: Result) -> str:
    ours = found["answerable"]
    all_said = ["Dateline: all answerable by their words", ours["chunks"], ours["answerable_seconds"]]
    first = [
        "Dateline: first answer, asked in a new process while it embeds",
        "",
        ours["first_answer_seconds"],
    ]
    rows = [[*all_said, ours["answerable_processor_seconds"], ours["build_peak_mb"]], [*first, "", ""]]
    for name, run in found.get("quickstart", {}).items():
        factor = 4000 / run["articles"]
        seconds = run["start_seconds"] + run["index_and_ask_seconds"] * factor
        said = f"quickstart, {name}: first passages (from {run['articles']} articles, × {factor:.0f})"
        used = run["processor_seconds"] * factor
        rows.append([said, round(run["chunks"] * factor), seconds, used, run["peak_mb"]])
    return table(["4,000 articles", "chunks", "seconds", "processor seconds", "peak MB"], rows)


def _embedded(found: Result) -> str:
    rows: list[list[object]] = []
    for said in ("bare", "bare, one thread"):
        for shape, run in found[said]["by_batch"].items():
            rows.append([f"the {said} model, batch of {shape}", run["chunks_a_second"], run["processor_ms"]])
    for name, said in (("ours", "Dateline's build"), ("chroma", "Chroma's default, as the quickstart")):
        rows.append([said, found[name]["chunks_a_second"], found[name]["processor_ms"]])
    return table(["", "chunks a second", "processor ms a chunk"], rows)


def _again(found: Result) -> str:
    rows = []
    for name, run in found["again"].items():
        if isinstance(run, dict):
            changed = run["changed_seconds"]
            rows.append([
                name, run["read_seconds"], run["read_processor_seconds"], min(run["unchanged_seconds"]),
                run["unchanged_processor_seconds"], min(each["answered"] for each in changed),
                min(each["done"] for each in changed), min(each["processor"] for each in changed),
            ])  # fmt: skip
    head = [
        "4,000 articles as", "first reading, s", "processor", "unchanged, best of 3, s", "processor",
        "one changed, best of 3: answered, s", "build done, s", "processor",
    ]  # fmt: skip
    return table(head, rows)


def _questions(run: Result) -> str:
    def both(of: Result) -> list[object]:
        used = of["processor"]
        return [f"{of['median']:.0f} ({used['median']:.0f})", f"{of['p95']:.0f} ({used['p95']:.0f})"]

    rows = [
        [int(size), *both(r["all"]), *both(r["dates"]), r["answer"]["median"], r["answer"]["p95"],
         r["first_answer_seconds"], r["peak_mb"], r["disk_mb"]]
        for size, r in run.items()
    ]  # fmt: skip
    head = [
        "chunks", "retrieval, median ms (processor)", "p95", "with dates, median", "p95", "whole answer, median ms",
        "p95", "start to first answer, s", "peak MB", "disk MB",
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
        bars = {f"bare, batch {shape}": r["chunks_a_second"] for shape, r in run["bare"]["by_batch"].items()}
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
