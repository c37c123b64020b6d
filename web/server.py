"""Everything in one FastAPI app: the HTTP API, our own static files, and the Gradio chat at `/`.

Starts nothing and opens nothing: app.py does. Later front ends (widget, /v1, /mcp) add routers here.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from index.settings import Settings

from .api import api_routes
from .chat import mount_chat
from .contract import AssistantLike
from .errors import install_error_handlers
from .guard import Guard

STATIC = Path(__file__).resolve().parent / "static"


def create_app(assistant: AssistantLike, settings: Settings) -> FastAPI:
    """The whole application. Call it inside the event loop (uvicorn's `factory`): Gradio leaks loops else."""
    app = FastAPI(title="Dateline", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    install_error_handlers(app)
    app.include_router(api_routes(assistant))
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    app.add_middleware(Guard, host=settings.host)
    mount_chat(app, assistant)  # last: it takes every path that is left
    return app
