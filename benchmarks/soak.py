"""Does a server that is asked for an hour grow? `python -m benchmarks.soak --minutes 60`.

Starts app.py in a process of its own and asks it the gold questions through every door of its API and in the
chat, as readers do who wait, who leave in mid-answer, and who send nonsense. Its memory and open files are noted
every few seconds; a line is fitted by least squares to each third of the time, the first of which is the warm-up.
Prints figures, and keeps what was noted in `--samples`; asserts nothing.
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
from numpy.typing import NDArray

from benchmarks.readers import memory_mb
from tests.chat_client import ChatVisitor

ROOT = Path(__file__).resolve().parent.parent
READERS = 4
SAMPLE_SECONDS = 5


def questions() -> Iterator[str]:
    """The gold questions again and again, in another order each time, each with a word of its own."""
    lines = [line for path in sorted((ROOT / "evaluation/gold").glob("*.jsonl")) for line in path.open()]
    texts = [json.loads(line)["question"] for line in lines]
    chance = random.Random(16)  # noqa: S311 - no secret
    for number in itertools.count():
        for text in chance.sample(texts, len(texts)):
            yield text if number % 2 else f"{text} ({number})"


def chat_visit(base: str, question: str, *, stays: bool) -> None:
    """A page that is opened, asked, and closed; or closed as soon as it stands."""
    with ChatVisitor(base) as visitor, visitor.heartbeat():
        visitor.load()
        if stays:
            visitor.ask(question)


async def reader(
    client: httpx.AsyncClient, asked: Iterator[str], until: float, done: list[int], pause: float
) -> None:
    chance = random.Random(id(done))  # noqa: S311
    while time.monotonic() < until:
        question = next(asked)
        kind = chance.randrange(7)
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
            elif kind == 5:
                stays = chance.random() < 0.5
                await asyncio.to_thread(chat_visit, str(client.base_url), question, stays=stays)
            else:
                await client.post("/api/ask", content=os.urandom(200))
                await client.get(f"/articles/{question[:20]}")
        except httpx.TransportError as error:
            print(f"  {type(error).__name__}: {error}", file=sys.stderr)
        done[0] += 1
        await asyncio.sleep(pause)


async def watch(pid: int, until: float, samples: list[tuple[float, float, int]]) -> None:
    while time.monotonic() < until:
        files = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208
        samples.append((time.monotonic(), memory_mb(pid), files))
        await asyncio.sleep(SAMPLE_SECONDS)


async def soak(base: str, pid: int, minutes: float, pause: float, kept: Path | None) -> None:
    until = time.monotonic() + minutes * 60
    samples: list[tuple[float, float, int]] = []
    done = [0]
    asked = questions()
    async with httpx.AsyncClient(base_url=base, timeout=120) as client:
        readers = (reader(client, asked, until, done, pause) for _ in range(READERS))
        await asyncio.gather(*readers, watch(pid, until, samples))
    if kept is not None:
        kept.write_text(json.dumps(samples), encoding="utf-8")
    print(f"{minutes:g} minutes, {done[0]:,} requests, {READERS} readers at once")
    for name, part in zip(("first", "second", "last"), np.array_split(np.array(samples), 3), strict=True):
        _told(f"{name} third", part)
    _told("after the first", np.array(samples[len(samples) // 3 :]))


def _told(name: str, part: NDArray[np.float64]) -> None:
    hours, memory, files = (part[:, 0] - part[0, 0]) / 3600, part[:, 1], part[:, 2]
    slope = np.polyfit(hours, memory, 1)[0]
    print(
        f"{name}: {slope:+.2f} MB an hour; {memory[0]:.1f} MB at its start, {memory[-1]:.1f} at its end, "
        f"{memory.max():.1f} at most; open files {files[0]:.0f}, {files[-1]:.0f}, {files.max():.0f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between a reader's requests")
    parser.add_argument(
        "--samples", type=Path, help="file for what was noted: [seconds, MB, open files] each"
    )
    options = parser.parse_args()
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
                asyncio.run(soak(found[0], server.pid, options.minutes, options.pause, options.samples))
            finally:
                server.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
