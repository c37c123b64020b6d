"""Who may talk to the server, and the headers that every response carries. Pure ASGI, so streams pass.

Knows paths and headers, nothing of what is asked or answered. It stands in front of Gradio, which by
itself takes any Host, echoes any Origin with credentials, accepts uploads and bodies of any size.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import as_error

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

_SAFE_METHODS = frozenset({"GET", "HEAD"})


class Guard:
    """Refuses what must not pass, and adds the security headers to what does."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._known_host = host_checker(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks it
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hardened = _with_headers(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await send_error(hardened, *refusal)
            return
        await self._pass_on(_without_origin(scope), receive, hardened)

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._known_host(host):
            return 400, "bad_host", "This server does not answer under that host name."
        origin = headers.get("origin")
        if scope["method"] not in _SAFE_METHODS and origin is not None and not same_origin(origin, host):
            return 403, "cross_origin", "Requests from other sites are not allowed."
        if _is_shut(scope["path"]):
            return 404, "not_found", "There is nothing at this address."
        length = headers.get("content-length", "0")
        if not length.isdigit():
            return 400, "bad_request", "Content-Length is not a number."
        if int(length) > MAX_BODY_BYTES:
            return 413, "too_large", _TOO_LARGE
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


def host_checker(bound_to: str) -> Callable[[str], bool]:
    """Tells whether a Host header may be answered.

    A server on loopback answers loopback names only: a foreign name that resolves to this machine
    (DNS rebinding) would let any web page read it. On other addresses the names are the owner's affair.
    """
    if not _is_loopback(bound_to):
        return bool

    def known(host: str) -> bool:
        name = _host_name(host)
        return name == bound_to.strip("[]").lower() or _is_loopback(name)

    return known


def same_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names the host that was asked. `null` never does."""
    parts = urlsplit(origin)
    return parts.scheme in {"http", "https"} and bool(host) and parts.netloc.lower() == host.lower()


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_shut(path: str) -> bool:
    if path.startswith(_GRADIO_PREFIX):
        return not path.removeprefix(_GRADIO_PREFIX).startswith(_GRADIO_OPEN)
    return path.startswith(_SHUT)


def _without_origin(scope: Scope) -> Scope:
    """The request without its Origin, so that Gradio's own CORS code has nothing to echo."""
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
    return {**scope, "headers": kept}


def _with_headers(send: Send) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", CHAT_CSP)
            for name, value in _FIXED_HEADERS.items():
                headers[name] = value
        await send(message)

    return hardened


async def send_error(send: Send, status: int, code: str, message: str) -> None:
    """Sends the contract's error object."""
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
