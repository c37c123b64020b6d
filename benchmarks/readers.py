"""Fifty readers asking at once, and ten times what the server holds: `python -m benchmarks.readers`.

Starts app.py in a process of its own over the index in `--data`, so that readers and server do not share
a Python. Measures the time to the first token against the work of one reader alone, and how an excess is
refused. Prints a table; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "Did Iraq allow Russian planes to use its airspace?",
    "What did Lavrov say about the Iranian base?",
    "Did Turkey permit overflight?",
    "Who is the speaker of Iran's parliament?",
)


@dataclass
class Reading:
    """One reader's question: its status, and seconds to the headers, the first token and the end."""

    status: int
    first: float | None
    whole: float


async def read(client: httpx.AsyncClient, number: int) -> Reading:
    body = {"question": QUESTIONS[number % len(QUESTIONS)], "stream": True}
    began = time.perf_counter()
    first = None
    status = 0
    try:
        async with client.stream("POST", "/api/ask", json=body) as response:
            status = response.status_code
            async for line in response.aiter_lines():
                if line == "event: delta" and first is None:
                    first = time.perf_counter() - began
    except httpx.TransportError as error:
        print(f"  {type(error).__name__} {error}")
        status = 0
    return Reading(status, first, time.perf_counter() - began)


async def measure(base: str, pid: int, readers: int, crowd: int) -> None:
    limits = httpx.Limits(max_connections=crowd, max_keepalive_connections=0)  # readers share no connection
    async with httpx.AsyncClient(base_url=base, timeout=120, limits=limits) as client:
        for number in range(8):
            await read(client, number)
        alone = [await read(client, number) for number in range(20)]
        one = statistics.median(reading.first or reading.whole for reading in alone)
        print(f"one reader: first token {one * 1000:.0f} ms (median of {len(alone)})")
        for _ in range(3):
            together = await asyncio.gather(*(read(client, number) for number in range(readers)))
            _told(f"{readers} readers", together, one)
        before = memory_mb(pid)
        for _ in range(5):
            mob = await asyncio.gather(*(read(client, number) for number in range(crowd)))
            _told(f"{crowd} readers", mob, one)
        print(f"memory of the server: {before:.0f} MB before the crowds, {memory_mb(pid):.0f} MB after")


def _told(name: str, readings: list[Reading], one: float) -> None:
    served = [reading for reading in readings if reading.status == 200]
    refused = [reading for reading in readings if reading.status == 503]
    other = len(readings) - len(served) - len(refused)
    firsts = sorted(reading.first or reading.whole for reading in served)
    p95 = firsts[int(len(firsts) * 0.95)]
    queued = one * len(served)
    print(
        f"{name}: {len(served)} served, {len(refused)} refused, {other} errors; first token p50 "
        f"{statistics.median(firsts) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms = {p95 / queued:.2f} times "
        f"the {queued * 1000:.0f} ms of one reader's work queued"
        + (
            f"; refusals p95 {sorted(r.whole for r in refused)[int(len(refused) * 0.95)] * 1000:.0f} ms"
            if refused
            else ""
        )
    )


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=".dateline")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--crowd", type=int, default=1040, help="ten times 4 answers at once and 100 waiting")
    options = parser.parse_args()
    environment = {**os.environ, "DATELINE_DATA": options.data, "DATELINE_PORT": "0"}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            found = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
            if found is None:
                return 1  # the server has told why
            asyncio.run(measure(found[0], server.pid, options.readers, options.crowd))
        finally:
            server.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
