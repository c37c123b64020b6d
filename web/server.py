"""Everything in one FastAPI app: the HTTP API, our own static files, and the Gradio chat at `/`.

Starts nothing and opens nothing: app.py does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from index.settings import Settings

from .access import Access, is_published
from .answering import Answering
from .api import api_routes
from .chat import mount_chat
from .contract import AssistantLike
from .errors import install_error_handlers
from .guard import Guard
from .limits import RateLimits
from .mcp_api import McpDoor
from .openai_api import openai_routes
from .status_page import status_routes
from .widget import widget_routes

STATIC = Path(__file__).resolve().parent / "static"


def create_app(assistant: AssistantLike, settings: Settings) -> FastAPI:
    """The whole application. Call it inside the event loop (uvicorn's `factory`): Gradio leaks loops else."""
    answering = Answering(
        assistant,
        at_once=settings.concurrent_answers,
        waiting=settings.waiting_questions,
        deadline=settings.answer_seconds,
    )
    mcp = McpDoor(assistant, answering)

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        tidying = asyncio.create_task(sessions.keep_tidy()) if sessions else None
        async with mcp.sessions.run():
            yield
        answering.close()
        if tidying is not None:
            tidying.cancel()

    app = FastAPI(
        title="Dateline", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=running
    )
    install_error_handlers(app)
    app.include_router(api_routes(assistant, answering))
    app.include_router(openai_routes(answering))
    app.router.routes.append(mcp.route())
    app.include_router(widget_routes())
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    app.add_middleware(Guard, access=Access(settings), limits=_limits(settings), answering=answering)
    sessions = None
    if settings.chat:
        app.include_router(status_routes(assistant, names_failures=not is_published(settings)))
        sessions = mount_chat(app, assistant)  # last: it takes every path that is left
    return app


def _limits(settings: Settings) -> RateLimits:
    return RateLimits.of(
        settings.questions_per_minute,
        settings.questions_per_minute_all,
        published=is_published(settings),
    )
