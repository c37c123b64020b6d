"""What went wrong with a model → one sentence for users that says what happened and what to do.

The words are all ours: what an endpoint says may hold keys, markup or lies. `may_pass` is whether asking
again can help. Knows the errors of the clients, not how they are called.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

_TOO_LONG = ("context", "exceed_context_size", "too many tokens", "maximum length", "prompt is too long")
_NO_MONEY = ("insufficient_quota", "billing", "quota")


@dataclass(frozen=True)
class Failure:
    """`words` are for users. `retry_after` is in seconds, None where the endpoint does not say."""

    kind: str
    words: str
    may_pass: bool = False
    retry_after: float | None = None


class WireError(Exception):
    """What came over the wire cannot be an answer; `kind` is one of those in `_WIRE`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


_WIRE = {
    "not_a_stream": "sent something other than a stream of words, perhaps a web page. "
    "Check OPENAI_BASE_URL; it often ends in /v1.",
    "too_much": "sent more than any answer can be, and was cut off. Check that OPENAI_BASE_URL is a model's endpoint.",
    "encoded": "sent a compressed stream, which is not read. Turn compression off there.",
}


def failure_of(error: BaseException, seconds: float) -> Failure:
    """The failure that an error of the client or the wire stands for.

    Args:
        error: what was raised while asking.
        seconds: the deadline, for its words.
    """
    import httpx
    import openai

    chain = [error, *_causes(error)]
    for cause in chain:
        if isinstance(cause, WireError):
            return Failure(cause.kind, f"The model's endpoint {_WIRE[cause.kind]}")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if any(isinstance(cause, openai.APITimeoutError | httpx.ConnectTimeout) for cause in chain):
        return Failure("unreachable", f"The model cannot be reached: no connection in time. {_REACH}", True)
    if isinstance(error, TimeoutError):
        return Failure(
            "deadline",
            f"The model was not done within {seconds:g} seconds. Ask again, or ask something shorter.",
        )
    if any(isinstance(cause, httpx.ConnectError) for cause in chain):
        return Failure("unreachable", f"The model cannot be reached. {_REACH}", True)
    if any(isinstance(cause, openai.APIConnectionError | httpx.TransportError) for cause in chain):
        return cut_off()
    if isinstance(error, openai.APIError):
        return Failure("error", "The model's endpoint reported an error while answering. Ask again.")
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return Failure("malformed", f"The model's endpoint sent what cannot be read. {_SPEAKS}")
    return Failure("malformed", f"The model's endpoint sent what is no answer. {_SPEAKS}")


_REACH = "Check that it runs, and OPENAI_BASE_URL."
_SPEAKS = "Check that OPENAI_BASE_URL speaks OpenAI's protocol."


def cut_off() -> Failure:
    """The stream ended without saying that the answer was whole."""
    return Failure("cut", "The connection to the model ended before the answer was whole. Ask again.", True)


def unfinished(reason: str, most_tokens: int) -> Failure:
    """The endpoint itself says that the answer is not whole: `finish_reason` was neither stop nor null."""
    if reason == "length":
        return Failure(
            "length",
            f"The answer reached its limit of {most_tokens} tokens. DATELINE_ANSWER_TOKENS raises it.",
        )
    if reason == "content_filter":
        return Failure("filtered", "The endpoint's content filter stopped the answer. Ask in other words.")
    return Failure("unfinished", "The model stopped before its answer was whole. Ask again.")


def empty() -> Failure:
    """Whole, and without a word."""
    return Failure("empty", "The model gave an empty answer. Ask in other words, or try another model.")


def _of_status(error: Any) -> Failure:
    status, said = error.status_code, f"{error.code} {error.message}".casefold()
    if status in (400, 413, 422, 500) and any(mark in said for mark in _TOO_LONG):
        words = "The passages do not fit into the model's context. Set DATELINE_MODEL_CONTEXT to its size."
        return Failure("context", words)
    if status in (400, 403) and ("content_filter" in said or "content management policy" in said):
        return Failure("filtered", "The endpoint's content filter stopped the question. Ask in other words.")
    if status in (401, 403):
        return Failure("refused", "The model's endpoint refused the key. Check OPENAI_API_KEY.")
    if status == 404:
        return Failure(
            "no_model", "The endpoint has no such model. Check DATELINE_MODEL and OPENAI_BASE_URL."
        )
    if status == 429:
        return _of_limit(error, said)
    if 300 <= status < 400:
        words = "The model's endpoint sends requests elsewhere. Set OPENAI_BASE_URL to the final address."
        return Failure("redirect", words)
    if status >= 500 or status in (408, 409):
        words = f"The model's endpoint failed (status {status}). Try again later."
        return Failure("server", words, True, _retry_after(error.response.headers))
    return Failure("rejected", f"The model's endpoint rejected the request (status {status}). {_SPEAKS}")


def _of_limit(error: Any, said: str) -> Failure:
    if any(mark in said for mark in _NO_MONEY):
        return Failure("quota", "The account at the model's endpoint has no quota left. Check its billing.")
    seconds = _retry_after(error.response.headers)
    when = "later" if seconds is None else f"in {max(1, math.ceil(seconds))} s"
    return Failure(
        "limit", f"The model's endpoint takes no more requests now. Try again {when}.", True, seconds
    )


def _retry_after(headers: Any) -> float | None:
    """Seconds, from a number or a date; None where it says nothing that can be read."""
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time()
        except (ValueError, TypeError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and cause not in found and len(found) < 8:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
