"""Who may talk to the server, and the headers that every response carries. Pure ASGI, so streams pass.

Knows paths and headers, nothing of what is asked or answered. It stands in front of Gradio, which by
itself takes any Host, echoes any Origin with credentials, accepts uploads and bodies of any size.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .access import Access, Admitted, Refusal
from .answering import Answering, OverloadedError
from .errors import as_error
from .limits import RateLimits

MAX_BODY_BYTES = 1_000_000
"""Enough for a question with the longest history the API takes; Gradio alone would take any size."""

CHAT_CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'"
)
"""Gradio needs inline scripts and styles; nothing of this lets a corpus reach another host."""

_FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# What the Gradio page calls. The rest of its API (uploads, files, proxy, recordings, run history) is shut.
_GRADIO_PREFIX = "/gradio_api/"
_GRADIO_OPEN = (
    "run/predict",
    "queue/join",
    "queue/data",
    "heartbeat/",
    "cancel",
    "reset",
    "startup-events",
    "theme.css",
    "app_id",
)
_SHUT = ("/monitoring", "/login", "/logout", "/deep_link")

# What costs an answer, or a row in the catalog, counts against the limits of its client.
_COUNTED = ("/api/ask", "/api/feedback", "/v1/chat/completions", "/mcp", _GRADIO_PREFIX + "queue/join")

# What waits for a turn. While no more may wait, it is refused before its body is read: see Guard._busy.
_ANSWERED = ("/api/ask", "/v1/chat/completions")

_CORS_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
    "Access-Control-Max-Age": "600",
}


class Guard:
    """Refuses what must not pass, and adds the security headers to what does."""

    def __init__(self, app: ASGIApp, access: Access, limits: RateLimits, answering: Answering) -> None:
        self._app = app
        self._access = access
        self._limits = limits
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks it
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        verdict = self._access.judge(scope)
        if not isinstance(verdict, Admitted):
            await send_error(_with_headers(send, None), *verdict)
            return
        hardened = _with_headers(send, verdict.cors_origin)
        if verdict.cors_origin is not None and scope["method"] == "OPTIONS":
            await _send(hardened, 204, b"", _CORS_HEADERS)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await send_error(hardened, *refusal)
            return
        too_many = self._too_many(scope, verdict.client)
        if too_many is not None:
            refused, seconds = too_many
            await send_error(hardened, *refused, retry_after=seconds)
            return
        passed = _without_origin(scope) | {"scheme": self._access.scheme(scope)}
        await self._pass_on(passed, receive, hardened)

    def _refusal(self, scope: Scope) -> Refusal | None:
        if _is_shut(scope["path"]):
            return 404, "not_found", "There is nothing at this address."
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400, "bad_request", "Content-Length is not a number."
        if int(length[:20]) > MAX_BODY_BYTES:
            return 413, "too_large", _TOO_LARGE
        return None

    def _too_many(self, scope: Scope, client: str) -> tuple[Refusal, int] | None:
        """The refusal of a question too many, and the seconds after which to try again.

        A crowd is turned away here, for a tenth of what the routes would spend on it: what is refused must
        not cost those who are answered. A stream that is taken up again may need no turn: its route decides.
        """
        if scope["method"] != "POST" or not scope["path"].startswith(_COUNTED):
            return None
        if scope["path"] in _ANSWERED and "last-event-id" not in Headers(scope=scope):
            seconds = self._answering.full_for()
            if seconds:
                return (503, "overloaded", str(OverloadedError(seconds))), seconds
        seconds = self._limits.refused(client)
        if seconds:
            return (
                429,
                "rate_limited",
                f"Too many questions in a minute. Try again in {seconds} s.",
            ), seconds
        return None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app while counting the body: a chunked request carries no Content-Length."""
        received = 0
        too_large = False
        started = False

        async def counted_receive() -> Message:
            nonlocal received, too_large
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                too_large = True
                return {"type": "http.disconnect"}
            return message

        async def watched_send(message: Message) -> None:
            nonlocal started
            if too_large and not started:
                return  # the app's reply to the cut body is replaced by ours
            started = True
            await send(message)

        try:
            await self._app(scope, counted_receive, watched_send)
        except Exception as error:
            if started:
                raise  # the reply is on its way: only closing the connection tells that it is cut
            if not too_large:
                status, detail = as_error(error)
                await send_error(send, status, detail["code"], detail["message"])
        if too_large and not started:
            await send_error(send, 413, "too_large", _TOO_LARGE)


_TOO_LARGE = f"The request is larger than {MAX_BODY_BYTES // 1000} kB."


def _is_shut(path: str) -> bool:
    if path.startswith(_GRADIO_PREFIX):
        return not path.removeprefix(_GRADIO_PREFIX).startswith(_GRADIO_OPEN)
    return path.startswith(_SHUT)


def _without_origin(scope: Scope) -> dict[str, Any]:
    """The request without its Origin, so that Gradio's own CORS code has nothing to echo."""
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
    return {**scope, "headers": kept}


def _with_headers(send: Send, cors_origin: str | None) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", CHAT_CSP)
            for name, value in _FIXED_HEADERS.items():
                headers[name] = value
            headers.add_vary_header("Origin")
            if cors_origin is not None:  # never with credentials: nothing here depends on a cookie
                headers["Access-Control-Allow-Origin"] = cors_origin
                headers["Access-Control-Expose-Headers"] = "Retry-After"
        await send(message)

    return hardened


async def send_error(
    send: Send, status: int, code: str, message: str, *, retry_after: int | None = None
) -> None:
    """Sends the contract's error object."""
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    headers = {"Content-Type": "application/json"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    await _send(send, status, body, headers)


async def _send(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    if status != 204:
        raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
