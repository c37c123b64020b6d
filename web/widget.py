"""Serves the widget: its parts put together into one script, and the demo page.

Knows nothing of what the script does. There is no build step: the parts in widget/ are what is served.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

WIDGET = Path(__file__).resolve().parent.parent / "widget"

# In the order of their use: main.js runs what the others define.
PARTS = (
    "tag.js", "strings.js", "colour.js", "client.js", "answer.js", "tools.js", "panel.js", "element.js", "main.js",
)  # fmt: skip

DEMO_CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@cache
def widget_script() -> str:
    """The whole script: all parts in one scope that the host page cannot see into."""
    style = json.dumps(_read("widget.css"))
    body = "\n".join(_read(part) for part in PARTS)
    return f'(() => {{\n"use strict";\nconst WIDGET_CSS = {style};\n{body}}})();\n'


@cache
def _served() -> tuple[bytes, str]:
    """The script compressed, and its name for caches."""
    script = widget_script().encode()
    return gzip.compress(script, 9, mtime=0), f'W/"{hashlib.sha256(script).hexdigest()[:24]}"'


def widget_routes() -> APIRouter:
    """`/widget.js` and `/widget/demo.html`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/widget.js")
    def script(request: Request) -> Response:
        body, etag = _served()
        headers = {
            "ETag": etag,
            "Cache-Control": "public, max-age=3600",
            "Vary": "Accept-Encoding",
            # Public, the same for all, and free to be pinned with `integrity` by any page.
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                body, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"}
            )
        return Response(widget_script(), media_type="text/javascript", headers=headers)

    @router.get("/widget/demo.html")
    def demo() -> HTMLResponse:
        return HTMLResponse(_read("demo.html"), headers={"Content-Security-Policy": DEMO_CSP})

    return router


def _read(name: str) -> str:
    return (WIDGET / name).read_text(encoding="utf-8")
