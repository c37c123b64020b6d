"""A part of a crowd of readers, in a process of its own: asks one server many questions at the same moment.

Speaks bare HTTP over sockets, so that its own work hardly counts, and tells how late its own clock ran: a
time that it measures is the server's and up to that much of its own. Started and told what to do, line by
line, by readers.py: a number opens as many connections, an empty line sends the questions on them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

QUESTIONS = (
    "Did Iraq allow Russian planes to use its airspace?",
    "What did Lavrov say about the Iranian base?",
    "Did Turkey permit overflight?",
    "Who is the speaker of Iran's parliament?",
)
TICK = 0.005


@dataclass
class Reading:
    """One question: its status (0: no answer), and seconds to the first token or refusal, and to the end."""

    status: int = 0
    retry_after: int | None = None
    first: float = 0.0
    whole: float = 0.0
    complete: bool = False


def request(host: str, number: int) -> bytes:
    body = json.dumps({"question": QUESTIONS[number % len(QUESTIONS)], "stream": True})
    return (
        f"POST /api/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    ).encode()


async def read(reader: asyncio.StreamReader, began: float) -> Reading:
    found = Reading()
    text = b""
    while piece := await reader.read(65536):
        text += piece
        if found.first == 0.0 and (b"event: delta" in text or not text.startswith(b"HTTP/1.1 200")):
            found.first = time.perf_counter() - began
    found.whole = time.perf_counter() - began
    head = text.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    found.status = int(head.split()[1]) if head else 0
    found.retry_after = next(
        (int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("retry-after:")), None
    )
    found.complete = b"event: answer" in text or found.status != 200
    return found


async def ask_all(streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]], host: str) -> str:
    """Asks on all connections at once; the readings and this process's own lateness, as JSON."""
    late: list[float] = []

    async def clock() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK)
            late.append(time.perf_counter() - began - TICK)

    async def one(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Reading:
        began = time.perf_counter()
        writer.write(request(host, number))
        try:
            return await read(reader, began)
        except OSError:
            return Reading(whole=time.perf_counter() - began)
        finally:
            writer.close()

    ticking = asyncio.create_task(clock())
    readings = await asyncio.gather(*(one(n, *pair) for n, pair in enumerate(streams)))
    ticking.cancel()
    return json.dumps({"readings": [asdict(reading) for reading in readings], "late": late})


async def main(base: str) -> None:
    parts = urlsplit(base)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        streams = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(int(line))]
        print("ready", flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)
        print(await ask_all(streams, parts.netloc), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
