"""Every way in which a model can fail, among twenty readers at once, many times: `python -m benchmarks.faults`.

Starts app.py over the invented articles, with a model on loopback that fails for twelve of each twenty readers,
and answers the other eight (tests/hostile/faulty_crowd.py). Prints, for each fault, how many readers were shown
what they must be, and how long the slowest waited; ends with 1 if any was not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence

from benchmarks.readers import ROOT, memory_mb, serving
from index import open_assistant
from index.settings import load_settings
from tests.hostile.faulty_crowd import (
    CORPUS,
    HEALTHY,
    MODEL,
    Reader,
    Shown,
    ask_round,
    judged,
    readers,
    rounds,
)
from tests.model_faults import KEY
from tests.openai_server import ModelServer


class Tally:
    """What came of each kind of fault."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(list)
        self.problems: list[str] = []

    def add(self, crowd: Sequence[Reader], shown: Sequence[Shown]) -> None:
        for reader, one in zip(crowd, shown, strict=True):
            self._seconds[one.kind].append(one.seconds)
            if problem := judged(reader, crowd, one):
                self.problems.append(f"{one.kind}, {one.door}: {problem}")

    def table(self) -> str:
        lines = ["| what the model did | readers | slowest, s |", "|---|---|---|"]
        for kind, seconds in sorted(self._seconds.items()):
            lines.append(f"| {kind} | {len(seconds)} | {max(seconds):.1f} |")
        return "\n".join(lines)

    @property
    def asked(self) -> int:
        return sum(len(seconds) for seconds in self._seconds.values())


def measure(
    server: ModelServer, base: str, pid: int, crowd: list[Reader], options: argparse.Namespace
) -> Tally:
    tally = Tally()
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    asyncio.run(ask_round(base, server, [(crowd[0], HEALTHY)]))  # what is slow once is slow now
    before = memory_mb(pid)
    began = time.monotonic()
    for number in range(options.times):
        for kinds in rounds(options.seed + number, len(crowd), options.faulty):
            chance.shuffle(crowd)  # another reader, and another door, for each fault
            tally.add(crowd, asyncio.run(ask_round(base, server, list(zip(crowd, kinds, strict=True)))))
        print(f"{number + 1} of {options.times}: {len(tally.problems)} wrong", file=sys.stderr)
    print(tally.table())
    print(
        f"\n{tally.asked} readers, {len(crowd)} at once, {options.faulty} of them of a failing model; "
        f"deadline {options.seconds:g} s, {options.retries} retries; {time.monotonic() - began:.0f} s; "
        f"memory {before:.0f} to {memory_mb(pid):.0f} MB"
    )
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="that each fault is tried")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--faulty", type=int, default=12, help="of these readers")
    parser.add_argument("--seconds", type=float, default=10, help="deadline of the model")
    parser.add_argument("--retries", type=int, default=2)
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, ModelServer() as server:
        build = [sys.executable, "-m", "index", "build", "--data", data, str(CORPUS)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        with open_assistant(load_settings(data=data)) as plain:
            crowd = readers(plain, options.readers)
        os.environ |= {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": server.base_url,
            "DATELINE_MODEL": MODEL,
            "DATELINE_MODEL_SECONDS": str(options.seconds),
            "DATELINE_MODEL_RETRIES": str(options.retries),
            "DATELINE_CONCURRENT_ANSWERS": str(options.readers),
            "DATELINE_CHAT": "false",
        }
        with serving(data) as (base, pid):
            tally = measure(server, base, pid, crowd, options)
    print(f"shown as they must be: {tally.asked - len(tally.problems)} of {tally.asked}")
    print("\n".join(tally.problems))
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
