"""Kill -9 at random moments, many times over: `python -m benchmarks.kills --times 300`.

Builds, updates, removals, pruning, repairs and feedback run in processes of their own, over one index that
changes all the time, and each is killed at a moment that chance picks (seeded: `--seed`). After every kill:
each article that was there before is there once and whole, in its old or its new form; its words lead to it
and words that it lost lead nowhere; what the process had acknowledged is kept; `verify` finds no damage; and
an assistant that was open all the while answers from an article as it stands now.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.kills_corpus import Corpus, marker
from index import open_assistant
from index.build import build, remove, verify
from index.catalog import Catalog
from index.settings import Settings, load_settings

KINDS = ("add", "change", "prune", "remove", "repair", "feedback")
WEIGHTS = (4, 4, 2, 1, 1, 1)
MOST_FILES = 48
EVERY = 10
"""Turns between two builds that are left to end, after which the index must hold just what the folder does."""


class BrokenError(AssertionError):
    """A promise was broken; the text says which, and by which kill."""


def work(kind: str, folder: str, data: str, names: list[str], tell: Connection) -> None:
    """What the killed process does; `tell` is sent a message as soon as something is done for good."""
    settings = load_settings(data=data)
    if kind == "remove":
        tell.send(("removed", remove(settings, names), names))
    elif kind == "repair":
        verify(settings, repair=True)
    elif kind == "feedback":
        with Catalog.open(settings.data) as catalog:
            for number in range(200):
                tell.send(("kept", catalog.add_feedback(f"Question {number}?", {"n": number}, "up")))
    else:
        build(
            [Path(folder)], settings, prune=kind == "prune",
            progress=lambda stage, done, total: tell.send((stage, done, total)),
        )  # fmt: skip
    tell.send(("done",))


def _wake(tell: Connection) -> None:
    tell.send(("done",))


@dataclass
class Killed:
    """What came of the kills: how many in which work, and at which step of it."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    ended: int = 0
    """Processes that were done before they were killed."""
    acknowledged: int = 0
    answers: int = 0
    seconds: float = 0.0


class Kills:
    """The harness; `run` raises `BrokenError` at the first broken promise."""

    def __init__(self, place: Path, seed: int) -> None:
        (place / "articles").mkdir()
        self._chance = random.Random(seed)  # noqa: S311 - picks moments, not secrets
        self._corpus = Corpus(place / "articles", self._chance)
        self._settings: Settings = load_settings(data=place / "data")
        self._context = multiprocessing.get_context("forkserver")
        # Seconds of imports, once: the moments that matter come after them.
        self._context.set_forkserver_preload(["index.assistant", "index.build", "chromadb"])
        self._lasts = dict.fromkeys(KINDS, 4.0)
        """Seconds that the work may last. Grows until some of it ends: its last moments are tried as well."""
        self.result = Killed(seed)

    def run(self, times: int) -> Killed:
        """So many kills, each checked."""
        began = time.monotonic()
        self._wake()
        self._corpus.add()
        self._settle()
        with open_assistant(self._settings) as assistant:
            turn = 0
            while sum(self.result.kills.values()) < times:
                turn += 1
                self._turn(turn, assistant)
                if turn % EVERY == 0:
                    self._settle()
                    done = sum(self.result.kills.values())
                    print(f"{done} kills, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        self._settle()
        self.result.seconds = time.monotonic() - began
        return self.result

    def _wake(self) -> None:
        """Have the fork server made, so that no kill is spent on its imports."""
        here, there = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_wake, args=(there,))
        process.start()
        here.recv()
        process.join()

    def _turn(self, turn: int, assistant: Any) -> None:
        kind = self._kind()
        before = self._stored()
        names: list[str] = []
        gone: list[str] = []
        if kind == "add":
            self._corpus.add()
        elif kind == "change":
            self._corpus.change()
        elif kind == "prune":
            self._corpus.delete()
        elif kind == "remove":
            gone = self._chance.sample(sorted(before), 2)
            names = [entry["id"] for entry in self._listed() if entry["origin"] in gone]
        told = self._kill(kind, names)
        where = f"seed {self.result.seed}, turn {turn}, {kind}, last told {told[-1:]}"
        self._check(kind, before, told, gone, where)
        self._ask(assistant, where)

    def _kind(self) -> str:
        count = len(self._corpus.texts)
        if count < 8 or not self._listed()[2:]:
            return "add"
        return "prune" if count > MOST_FILES else self._chance.choices(KINDS, WEIGHTS)[0]

    def _kill(self, kind: str, names: list[str]) -> list[tuple[Any, ...]]:
        """Start the work, kill it at some moment; what it had told by then."""
        here, there = self._context.Pipe(duplex=False)
        data, folder = str(self._settings.data), str(self._corpus.folder)
        process = self._context.Process(target=work, args=(kind, folder, data, names, there))
        began = time.monotonic()
        process.start()
        there.close()
        process.join(self._chance.random() * self._lasts[kind])
        process.kill()
        process.join()
        told = list(_received(here))
        here.close()
        if process.exitcode == -signal.SIGKILL and told[-1:] != [("done",)]:
            self.result.kills[kind] += 1
            self.result.steps[told[-1][0] if told else "before the first step"] += 1
            self._lasts[kind] *= 1.15
        elif told[-1:] == [("done",)]:
            self.result.ended += 1
            self._lasts[kind] = min(self._lasts[kind], time.monotonic() - began)
        else:
            raise BrokenError(f"{kind} ended with exit code {process.exitcode}")
        return told

    def _check(
        self, kind: str, before: dict[str, str], told: list[tuple[Any, ...]], gone: list[str], where: str
    ) -> None:
        damage = [problem.message for problem in verify(self._settings) if problem.kind == "damaged"]
        _require(not damage, f"verify: {damage}", where)
        after = self._stored()
        for origin, text in before.items():
            allowed = {text, self._corpus.texts.get(origin, text)}
            may_go = origin not in self._corpus.texts or origin in gone
            _require(origin in after or may_go, f"{origin} is lost", where)
            _require(after.get(origin, text) in allowed, f"{origin} is neither old nor new", where)
        for origin, text in after.items():
            _require(
                text in (before.get(origin), self._corpus.texts.get(origin)), f"{origin} is strange", where
            )
        self._check_words(after, where)
        self._check_told(kind, told, after, gone, where)

    def _check_words(self, after: dict[str, str], where: str) -> None:
        with Catalog.open(self._settings.data, read_only=True) as catalog:
            found = {term for term in catalog.stems() if term.startswith("zq")}
            _require(
                found == {marker(text).casefold() for text in after.values()}, "words of no article", where
            )
            for origin, text in after.items():
                chunks = catalog.passages([chunk for chunk, _ in catalog.lexical([marker(text)], 10)])
                origins = {catalog.article(chunk.article_id).origin for chunk in chunks.values()}  # type: ignore[union-attr]
                _require(origins == {origin}, f"{marker(text)} leads to {origins}", where)

    def _check_told(
        self, kind: str, told: list[tuple[Any, ...]], after: dict[str, str], gone: list[str], where: str
    ) -> None:
        """What the process had acknowledged is so."""
        if kind in {"add", "change", "prune"}:
            done = max((message[1] for message in told if message[0] == "reading"), default=0)
            current = sum(after.get(origin) == text for origin, text in self._corpus.texts.items())
            _require(current >= done, f"{done} files were acknowledged, {current} are current", where)
            self.result.acknowledged += done
        for message in told:
            if message[0] == "removed":
                _require(not after.keys() & gone, "what was removed is there", where)
        kept = [message[1] for message in told if message[0] == "kept"]
        if kept:
            with Catalog.open(self._settings.data) as catalog:
                last = catalog.add_feedback("Afterwards?", {}, "down")
            _require(last > max(kept), "feedback was lost", where)
            self.result.acknowledged += len(kept)

    def _ask(self, assistant: Any, where: str) -> None:
        origin, text = self._chance.choice(sorted(self._stored().items()))
        answer = assistant.answer(f"Where was the {marker(text)} treaty signed?")
        quotes = [citation.quote for citation in answer.citations]
        _require(any(marker(text) in quote for quote in quotes), f"{origin}: {answer.text}", where)
        self.result.answers += 1

    def _settle(self) -> None:
        """A build that nobody kills: the next one carries on, and nothing is left to do or to mend."""
        report = build([self._corpus.folder], self._settings, prune=True)
        _require(not report.failed, f"failed: {report.failed}", "a build left to end")
        self.check_settled()

    def check_settled(self) -> None:
        """The index holds what the folder does, once and whole, and `verify` finds nothing."""
        _require(self._stored() == self._corpus.texts, "index and folder differ", "a build left to end")
        _require(verify(self._settings) == [], "verify", "a build left to end")

    def _listed(self) -> list[dict[str, Any]]:
        with Catalog.open(self._settings.data, read_only=True) as catalog:
            return catalog.list_articles()

    def _stored(self) -> dict[str, str]:
        """Each article's text by its origin; an origin that stands twice is a broken promise."""
        with Catalog.open(self._settings.data, read_only=True) as catalog:
            articles = [catalog.article(entry["id"]) for entry in catalog.list_articles()]
        found = [(article.origin, article.text) for article in articles if article is not None]
        _require(len(dict(found)) == len(found), "an article stands twice", "any turn")
        return dict(found)


def _received(here: Connection) -> Iterator[tuple[Any, ...]]:
    try:
        while here.poll():
            yield here.recv()
    except (EOFError, OSError):
        return  # the last message was cut off by the kill


def _require(holds: bool, what: str, where: str) -> None:
    if not holds:
        raise BrokenError(f"{what} ({where})")


def main() -> int:
    """Run the harness; 1 if a promise was broken."""
    parser = argparse.ArgumentParser("python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=300, help="how many kills")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-kills-") as place:
        kills = Kills(Path(place), args.seed)
        try:
            result = kills.run(args.times)
        except BrokenError as error:
            print(f"BROKEN: {error}")
            return 1
    print(
        f"{sum(result.kills.values())} kills (seed {result.seed}) in {result.seconds:.0f} s; {result.ended} more "
        f"ended first. {result.acknowledged} acknowledgements kept, {result.answers} answers right."
    )
    print("work:", ", ".join(f"{name} {count}" for name, count in result.kills.most_common()))
    print("last step told:", ", ".join(f"{name} {count}" for name, count in result.steps.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
