"""Errors as the contract's JSON: `{"error": {"code", "message"}}` with the right status, never a traceback.

Knows the branches of the error tree, not what raised them.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.errors import BusyError, DatelineError, ModelError, NotFoundError, UsageError

from .answering import DeadlineError, OverloadedError

log = logging.getLogger("dateline.web")

UNEXPECTED = "Something went wrong on the server. The question was fine; please try again."

_STATUS: tuple[tuple[type[DatelineError], int, str], ...] = (
    (NotFoundError, 404, "not_found"),
    (UsageError, 400, "bad_request"),
    (OverloadedError, 503, "overloaded"),
    (DeadlineError, 504, "deadline"),
    (BusyError, 503, "busy"),
    (ModelError, 503, "model_unavailable"),
    (DatelineError, 500, "storage"),
)

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def as_error(error: Exception) -> tuple[int, dict[str, str]]:
    """Status and error detail. An error that nobody meant is logged in full and told in general."""
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            return status, {"code": code, "message": str(error)}
    log.error("Unexpected error while answering a request", exc_info=error)
    return 500, {"code": "internal", "message": UNEXPECTED}


def error_response(error: Exception) -> JSONResponse:
    status, detail = as_error(error)
    headers = {"Retry-After": str(getattr(error, "retry_after", 5))} if status == 503 else None
    return JSONResponse({"error": detail}, status_code=status, headers=headers)


def install_error_handlers(app: FastAPI) -> None:
    """Makes every route of `app` answer errors in the contract's shape. Unexpected ones reach the guard."""

    @app.exception_handler(DatelineError)
    async def dateline_error(_: Request, error: DatelineError) -> JSONResponse:
        return error_response(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        problems = [_problem(e["loc"], e["msg"]) for e in error.errors()[:5]]
        detail = {"code": "invalid", "message": "; ".join(problems)}
        return JSONResponse({"error": detail}, status_code=422)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        detail = {"code": _CODES.get(error.status_code, "error"), "message": str(error.detail)}
        return JSONResponse({"error": detail}, status_code=error.status_code, headers=error.headers)


def _problem(location: tuple[int | str, ...], message: str) -> str:
    # The location may hold names that the client chose: shortened, and never the value itself.
    where = ".".join(str(part)[:60] for part in location if part != "body")
    return f"{where}: {message}" if where else message
