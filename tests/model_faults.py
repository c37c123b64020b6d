"""Each way in which an endpoint can fail: a script for `ModelServer`, and words that users read. Holds no tests."""

from __future__ import annotations

import asyncio
import gzip

from tests.openai_server import Request, Script, says, silent

KEY = "sk-test-0123456789"
"""Stands in every fault that can hold it: it must show nowhere."""
DEADLINE = "not done within"
"""In the words of every fault that only the deadline ends."""


async def html(request: Request) -> None:
    await request.begin(kind="text/html")
    await request.send(f"<html><script>alert('{KEY}')</script>Please log in</html>")


async def json_at_once(request: Request) -> None:
    await request.begin(kind="application/json")
    await request.send('{"choices": [{"message": {"content": "It rained."}}]}')


async def malformed(request: Request) -> None:
    await request.begin()
    await request.send('data: {"choices": [{"delta\n\n')


async def of_another_shape(request: Request) -> None:
    await request.begin()
    await request.send('data: {"choices": [{}, 3, null]}\n\ndata: [1, 2]\n\n')


async def endless_comments(request: Request) -> None:
    await request.begin()
    while True:
        await request.send(": still here\n\n")
        await asyncio.sleep(0.02)


async def long_line(request: Request) -> None:
    await request.begin()
    await request.send("data: ")
    for _ in range(300):
        await request.send("x" * 1_000_000)


async def packed_long_line(request: Request) -> None:
    await request.begin(Content_Encoding="gzip")
    await request.send(gzip.compress(b"data: " + b"x" * 50_000_000))


async def endless_text(request: Request) -> None:
    await request.begin()
    while True:
        await request.chunk("word " * 1000)


async def redirect(request: Request) -> None:
    await request.begin("307 Temporary Redirect", Location=f"http://127.0.0.1:9/{KEY}")


async def reset(request: Request) -> None:
    request.writer.transport.abort()


def status(line: str, message: str = "", code: str | None = None, **headers: str) -> Script:
    async def script(request: Request) -> None:
        await request.error(line, f"{message} {KEY}", code, **headers)

    return script


CONTEXT = "This model's maximum context length is 4096 tokens. However, you requested 9000 max_tokens."
FAULTS: dict[str, tuple[Script, str]] = {
    "401": (status("401 Unauthorized", "Incorrect API key"), "refused the key. Check OPENAI_API_KEY"),
    "403": (status("403 Forbidden"), "refused the key"),
    "404": (status("404 Not Found", "model not found"), "no such model. Check DATELINE_MODEL"),
    "429": (status("429 Too Many Requests", Retry_After="7"), "no more requests now. Try again in 7 s"),
    "429 with nonsense": (status("429 Too Many Requests", Retry_After="soon"), "Try again later"),
    "no quota": (status("429 Too Many Requests", "You exceeded", "insufficient_quota"), "no quota left"),
    "500": (status("500 Internal Server Error"), "failed (status 500)"),
    "503": (status("503 Service Unavailable"), "failed (status 503)"),
    "context": (status("400 Bad Request", CONTEXT), "do not fit into the model's context"),
    "llama.cpp context": (
        status("400 Bad Request", "request (9031 tokens) exceeds the available context size (4096 tokens)"),
        "do not fit into the model's context",
    ),
    "filter before": (status("400 Bad Request", "", "content_filter"), "filter stopped the question"),
    "rejected": (status("400 Bad Request", "no"), "rejected the request (status 400)"),
    "redirect": (redirect, "sends requests elsewhere"),
    "silence": (silent, DEADLINE),
    "html": (html, "perhaps a web page. Check OPENAI_BASE_URL"),
    "json": (json_at_once, "other than a stream"),
    "malformed json": (malformed, "sent what cannot be read"),
    "another shape": (of_another_shape, "sent what is no answer"),
    "comments": (endless_comments, DEADLINE),
    "300 MB line": (long_line, "more than any answer can be"),
    "packed line": (packed_long_line, "compressed"),
    "reset": (reset, "ended before the answer was whole"),
    "empty": (says(""), "empty answer"),
    "closed at once": (says(finish=None), "empty answer"),
}
"""What comes before a word is said."""


def after(text: str, fault: Script) -> Script:
    async def script(request: Request) -> None:
        await request.begin()
        await request.chunk(text)
        request.begin = _nothing  # type: ignore[method-assign]
        await fault(request)

    return script


async def _nothing(*_: object, **__: object) -> None:
    pass


async def error_event(request: Request) -> None:
    await request.send('data: {"error": {"message": "out of memory", "code": 500}}\n\n')


def cuts(said: str) -> dict[str, tuple[Script, str]]:
    """What ends after these words, with nothing that says the answer is whole."""
    return {
        "no finish_reason": (says(said, finish=None), "ended before the answer was whole"),
        "reset": (after(said, reset), "ended before the answer was whole"),
        "silence": (after(said, silent), DEADLINE),
        "comments": (after(said, endless_comments), DEADLINE),
        "malformed": (after(said, malformed), "cannot be read"),
        "300 MB line": (after(said, long_line), "more than any answer can be"),
        "error": (after(said, error_event), "reported an error"),
        "length": (says(said, finish="length"), "tokens. DATELINE_ANSWER_TOKENS"),
        "filter": (says(said, finish="content_filter"), "content filter stopped the answer"),
        "tool": (says(said, finish="tool_calls"), "stopped before its answer was whole"),
    }
