"""Fifty readers asking at once, and ten times what the server holds: `python -m benchmarks.readers`.

Starts app.py over the index in `--data`, and the readers in processes of their own (crowd.py), so that
neither waits for the other's Python. Measures the time to the first token against the work of one reader
alone, and how an excess is refused. Prints what it finds; asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .crowd import Reading

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Round:
    """What came of asking at once, and how late (seconds) the askers' own clocks ran."""

    readings: list[Reading]
    late: list[float]

    def with_status(self, status: int) -> list[Reading]:
        return [reading for reading in self.readings if reading.status == status]

    @property
    def broken(self) -> list[Reading]:
        """Neither refused nor answered to the end."""
        known = {200, 429, 503}
        return [reading for reading in self.readings if reading.status not in known or not reading.complete]


class Crowd:
    """Processes that ask together."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def ask(self, count: int) -> Round:
        """`count` questions at the same moment, shared among the processes."""
        size = len(self._processes)
        shares = [count // size + (n < count % size) for n in range(size)]
        for process, share in zip(self._processes, shares, strict=True):
            _tell(process, f"{share}\n")
        for process in self._processes:
            _hear(process)  # connected
        for process in self._processes:
            _tell(process, "\n")
        found = [json.loads(_hear(process)) for process in self._processes]
        readings = [Reading(**fields) for part in found for fields in part["readings"]]
        return Round(readings, [seconds for part in found for seconds in part["late"]])


def _tell(process: subprocess.Popen[str], line: str) -> None:
    _pipe(process.stdin).write(line)
    _pipe(process.stdin).flush()


def _hear(process: subprocess.Popen[str]) -> str:
    return _pipe(process.stdout).readline()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("a process without pipes")
    return pipe


@contextlib.contextmanager
def crowd(base: str, size: int) -> Iterator[Crowd]:
    with contextlib.ExitStack() as stack:
        command = [sys.executable, "-m", "benchmarks.crowd", base]
        processes = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
            )
            for _ in range(size)
        ]
        yield Crowd(processes)
        for process in processes:
            _pipe(process.stdin).close()


@contextlib.contextmanager
def serving(data: str) -> Iterator[tuple[str, int]]:
    """The address and process id of a server of its own."""
    environment = {**os.environ, "DATELINE_DATA": data, "DATELINE_PORT": "0"}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            found = re.search(r"http://\S+", _hear(server))
            if found is None:
                raise SystemExit(1)  # the server has told why
            yield found[0].split()[0], server.pid
        finally:
            server.terminate()


def measure(askers: Crowd, pid: int, readers: int, mob: int, rounds: int) -> None:
    for _ in range(8):
        askers.ask(1)
    alone = [askers.ask(1).readings[0].first for _ in range(20)]
    one = statistics.median(alone)
    print(f"one reader: first token {_ms(one)} (median of {len(alone)})")
    for _ in range(rounds):
        _told(f"{readers} readers", askers.ask(readers), one)
    before = memory_mb(pid)
    for _ in range(rounds):
        _told(f"{mob} readers", askers.ask(mob), one)
    print(f"memory of the server: {before:.0f} MB before the crowds, {memory_mb(pid):.0f} MB after")


def _told(name: str, asked: Round, one: float) -> None:
    served, refused = asked.with_status(200), [*asked.with_status(503), *asked.with_status(429)]
    firsts = [reading.first for reading in served]
    queued = one * len(served)
    print(
        f"{name}: {len(served)} served, {len(refused)} refused, {len(asked.broken)} broken; first token "
        f"p50 {_ms(_share(firsts, 0.5))}, p95 {_ms(_share(firsts, 0.95))} = "
        f"{_share(firsts, 0.95) / queued:.2f} times the {_ms(queued)} of one reader's work queued"
    )
    if refused:
        times = [reading.first for reading in refused]
        without = sum(reading.retry_after is None for reading in refused)
        print(
            f"  refusals: p50 {_ms(_share(times, 0.5))}, p95 {_ms(_share(times, 0.95))}, last {_ms(max(times))}; "
            f"{without} without Retry-After; the askers' own delay p95 {_ms(_share(asked.late, 0.95))}, "
            f"most {_ms(max(asked.late))}"
        )


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=".dateline")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--crowd", type=int, default=1040, help="ten times 4 answers at once and 100 waiting")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=4, help="that the readers are shared among")
    options = parser.parse_args()
    with serving(options.data) as (base, pid), crowd(base, options.processes) as askers:
        measure(askers, pid, options.readers, options.crowd, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
