"""Searches for files that break the loading, guided by coverage: `python -m benchmarks.fuzz --minutes 30`.

Each format gets its share of the time in a process of its own (libFuzzer, through Atheris), from the small
valid files of the tests. What is found is written to `--out`, as ENDING-…; put it into tests/hostile/found/
once it is mended. Prints a row a format; asserts nothing.
"""

from __future__ import annotations

import argparse
import logging
import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["index", "docx", "feedparser", "markdown_it", "pypdf", "trafilatura"]
SECONDS_AN_INPUT = 10
MEMORY_MB = 2000


def search(ending: str, folder: Path, out: Path, seconds: int) -> None:
    """Runs in the child: never returns, libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=PACKAGES, enable_loader_override=False):
        import feedparser  # noqa: F401 - the loaders import them late, when nothing is instrumented any more
        import markdown_it  # noqa: F401
        import pypdf  # noqa: F401
        import trafilatura  # noqa: F401

        from index.catalog import Catalog
        from tests.hostile.ingest import came_of, seeds
    warnings.simplefilter("ignore")
    logging.disable()
    for number, data in enumerate(seeds()[ending]):
        (folder / f"seed{number}").write_bytes(data)
    with tempfile.TemporaryDirectory() as data_folder, Catalog.open(Path(data_folder)) as catalog:
        calls = 0

        def once(data: bytes) -> None:
            nonlocal calls
            calls += 1
            came_of(
                data, ending, catalog if calls % 20 == 0 else None
            )  # a transaction costs more than the rest

        arguments = [
            "fuzz", f"-max_total_time={seconds}", f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEMORY_MB}",
            f"-artifact_prefix={out}/{ending}-", "-print_final_stats=1", "-max_len=20000", str(folder),
        ]  # fmt: skip
        atheris.Setup(arguments, once)
        atheris.Fuzz()


def told(ending: str, out: Path, seconds: int) -> bool:
    """Searches one format and prints its row; whether nothing was found."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "benchmarks.fuzz", "--ending", ending, "--folder", folder, "--out", str(out),
            "--seconds", str(seconds),
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
        kept = len(list(Path(folder).iterdir()))
    runs = re.findall(r"stat::number_of_executed_units:\s*(\d+)|^#(\d+)\s", done.stderr, re.MULTILINE)
    coverage = re.findall(r"cov: (\d+)", done.stderr) or ["?"]
    number = int(next(filter(None, runs[-1]))) if runs else 0
    print(
        f"{ending:9} {number:>9,} inputs  {time.monotonic() - began:5.0f} s  coverage {coverage[0]} to {coverage[-1]}  "
        f"{kept} kept  {'FOUND' if done.returncode else 'nothing found'}",
        flush=True,
    )
    if done.returncode:
        (out / f"{ending}.log").write_text(done.stdout[-5000:] + done.stderr[-20_000:], encoding="utf-8")
    return not done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--out", type=Path, default=ROOT / "runs/fuzz")
    parser.add_argument("--only", nargs="*", help="endings to search; default all")
    parser.add_argument("--ending", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    if options.ending:
        search(options.ending, options.folder, out, options.seconds)
        return 0
    from tests.hostile.ingest import ENDINGS

    endings = options.only or ENDINGS
    seconds = int(options.minutes * 60 / len(endings))
    well = True
    for ending in endings:
        well &= told(ending, out, seconds)
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
