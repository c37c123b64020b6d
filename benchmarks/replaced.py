"""Readers of an index that is replaced under them: `python -m benchmarks.replaced --rounds 40`.

Eight readers ask one open assistant without a pause, while its index is swapped for another folder, deleted and
built from nothing, added to, and built by two processes at once. No reader may see an error, and a while after each
round each must be answered from what is there now. Prints figures; fails if a reader saw an error.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index import open_assistant
from index.assistant import Assistant
from index.settings import ROOT, load_settings

READERS = 8
PLACES = ("Ardal", "Bresk", "Corvin", "Dulwin", "Elmar", "Fosgard", "Grenholm", "Hestad")
_PATIENCE_SECONDS = 60.0


def question(place: str) -> str:
    return f"Who is the mayor of {place}?"


def write(folder: Path, generation: int) -> None:
    """An article a place, in which its mayor has the generation's name."""
    folder.mkdir(exist_ok=True)
    for number, place in enumerate(PLACES):
        text = f"{place} votes\n\nThe mayor of {place} is {mayor(generation)}. The council of {place} met on Monday.\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def mayor(generation: int) -> str:
    return "Anna " + "".join(chr(ord("A") + int(digit)) + "en" for digit in str(generation)).title()


def start(articles: Path, data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "index", "build", str(articles), "--data", str(data), "--prune"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def swapped(articles: Path, data: Path) -> None:
    """Another index is built aside, and its folder takes the place of the old one."""
    aside, old = data.with_name("aside"), data.with_name("old")
    start(articles, aside).wait()
    data.rename(old)
    aside.rename(data)
    shutil.rmtree(old)


def rebuilt(articles: Path, data: Path) -> None:
    """The index is deleted, and built from nothing in its place."""
    shutil.rmtree(data)
    start(articles, data).wait()


def added_to(articles: Path, data: Path) -> None:
    """A writer, and the readers."""
    start(articles, data).wait()


def written_twice(articles: Path, data: Path) -> None:
    """Two writers at once: one is refused, or waits its turn."""
    both = [start(articles, data) for _ in range(2)]
    if not any(code == 0 for code in [process.wait() for process in both]):
        start(articles, data).wait()


WAYS: tuple[Callable[[Path, Path], None], ...] = (swapped, rebuilt, added_to, written_twice)


class Readers:
    """Threads that ask one assistant, and note what goes wrong."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(n,)) for n in range(READERS)]
        self.errors: Counter[str] = Counter()
        self.asked = 0

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        while not self._over.is_set():
            try:
                self._assistant.answer(question(PLACES[number]))
                self._assistant.status()
            except Exception as error:  # noqa: BLE001 - whatever a reader would see
                self.errors[f"{type(error).__name__}: {error}"] += 1
            self.asked += 1
            time.sleep(0.02)


def round_of(way: Callable[[Path, Path], None], generation: int, assistant: Assistant, folder: Path) -> float:
    """Replaces the index; seconds until all questions are answered from the new one, -1 if they never are."""
    write(folder / "articles", generation)
    way(folder / "articles", folder / "data")
    began = time.monotonic()
    while time.monotonic() < began + _PATIENCE_SECONDS:
        if all(mayor(generation) in assistant.answer(question(place)).text for place in PLACES):
            return time.monotonic() - began
        time.sleep(0.05)
    return -1.0


def replaced(folder: Path, rounds: int) -> tuple[Readers, list[tuple[str, float]]]:
    """The readers with their errors, and for each round its way and the seconds until its answers were new."""
    write(folder / "articles", 0)
    start(folder / "articles", folder / "data").wait()
    found = []
    with open_assistant(load_settings(data=folder / "data")) as assistant, Readers(assistant) as readers:
        for number in range(rounds):
            way = WAYS[number % len(WAYS)]
            found.append((way.__name__, round_of(way, number + 1, assistant, folder)))
    return readers, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    with tempfile.TemporaryDirectory() as folder:
        readers, found = replaced(Path(folder), parser.parse_args().rounds)
    for way in WAYS:
        seconds = [second for name, second in found if name == way.__name__]
        print(
            f"{way.__name__}: {len(seconds)} times, {seconds.count(-1.0)} never seen; seen after {max(seconds):.1f} s"
        )
    print(f"{readers.asked:,} questions of {READERS} readers, {readers.errors.total()} errors")
    for words, count in readers.errors.most_common():
        print(f"  {count}: {words}")
    return 1 if readers.errors or any(second < 0 for _, second in found) else 0


if __name__ == "__main__":
    sys.exit(main())
