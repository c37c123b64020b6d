"""Does a server that is asked for an hour grow? `python -m benchmarks.soak --minutes 60`.

Starts app.py in a process of its own and asks it the gold questions through every door of its API, as readers
do who wait, who leave in mid-answer, and who send nonsense. Its memory and open files are noted every few
seconds; the slope is fitted by least squares to what follows the warm-up. Prints figures; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np

from benchmarks.readers import memory_mb

ROOT = Path(__file__).resolve().parent.parent
READERS = 4
PAUSE_SECONDS = 0.2
SAMPLE_SECONDS = 5
WARM_UP = 0.5
"""Share of the time that is not measured: caches fill, threads start."""


def questions() -> Iterator[str]:
    """The gold questions again and again, in another order each time, each with a word of its own."""
    lines = [line for path in sorted((ROOT / "evaluation/gold").glob("*.jsonl")) for line in path.open()]
    texts = [json.loads(line)["question"] for line in lines]
    chance = random.Random(16)  # noqa: S311 - no secret
    for number in itertools.count():
        for text in chance.sample(texts, len(texts)):
            yield text if number % 2 else f"{text} ({number})"


async def reader(client: httpx.AsyncClient, asked: Iterator[str], until: float, done: list[int]) -> None:
    chance = random.Random(id(done))  # noqa: S311
    while time.monotonic() < until:
        question = next(asked)
        kind = chance.randrange(6)
        try:
            if kind <= 1:
                response = await client.post("/api/ask", json={"question": question})
                for citation in response.json().get("citations", []):
                    await client.get(f"/articles/{citation['article_id']}?start=0&end=9")
            elif kind == 2:
                async with client.stream(
                    "POST", "/api/ask", json={"question": question, "stream": True}
                ) as r:
                    async for _ in r.aiter_lines():
                        pass
            elif kind == 3:
                async with client.stream(
                    "POST", "/api/ask", json={"question": question, "stream": True}
                ) as r:
                    async for _ in r.aiter_lines():
                        break  # leaves in mid-answer
            elif kind == 4:
                message = {"role": "user", "content": question}
                await client.post("/v1/chat/completions", json={"model": "dateline", "messages": [message]})
            else:
                await client.post("/api/ask", content=os.urandom(200))
                await client.get(f"/articles/{question[:20]}")
        except httpx.TransportError as error:
            print(f"  {type(error).__name__}: {error}", file=sys.stderr)
        done[0] += 1
        await asyncio.sleep(PAUSE_SECONDS)


async def watch(pid: int, until: float, samples: list[tuple[float, float, int]]) -> None:
    while time.monotonic() < until:
        files = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208
        samples.append((time.monotonic(), memory_mb(pid), files))
        await asyncio.sleep(SAMPLE_SECONDS)


async def soak(base: str, pid: int, minutes: float) -> None:
    until = time.monotonic() + minutes * 60
    samples: list[tuple[float, float, int]] = []
    done = [0]
    asked = questions()
    async with httpx.AsyncClient(base_url=base, timeout=120) as client:
        await asyncio.gather(
            *(reader(client, asked, until, done) for _ in range(READERS)), watch(pid, until, samples)
        )
    measured = np.array(samples[int(len(samples) * WARM_UP) :])
    hours, memory, files = (measured[:, 0] - measured[0, 0]) / 3600, measured[:, 1], measured[:, 2]
    slope = np.polyfit(hours, memory, 1)[0]
    print(f"{minutes:g} minutes, {done[0]:,} requests, {READERS} readers at once; warm-up {WARM_UP:.0%}")
    print(
        f"memory: {memory[0]:.1f} MB at the start, {memory[-1]:.1f} MB at the end, {memory.max():.1f} MB at most"
    )
    print(f"slope: {slope:+.2f} MB an hour")
    print(
        f"open files: {files.min():.0f} to {files.max():.0f}, {files[0]:.0f} at the start, {files[-1]:.0f} at the end"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATELINE_DATA": folder, "DATELINE_PORT": "0"}
        build = [sys.executable, "-m", "index", "build", "seeds", "evaluation/corpus/articles.jsonl"]
        subprocess.run(build, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603
        command = [sys.executable, "app.py"]
        with subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                found = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
                if found is None:
                    return 1  # the server has told why
                asyncio.run(soak(found[0], server.pid, minutes))
            finally:
                server.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
