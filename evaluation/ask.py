"""Asks one gold question of an assistant, in this process or of a running server, and notes what came.

The only module that talks to the assistant. Whatever goes wrong while asking becomes an outcome with
an error: one bad question never stops a run. Knows no metric.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Protocol
from urllib.parse import quote as percent_encode

import httpx

from index.errors import DatelineError, ModelError, UsageError
from index.records import AnswerReady, Article, Event, Filters, PassagesFound, Turn

from .gold import GoldQuestion
from .outcome import Outcome, QuoteCheck

CONTEXT = 240
"""How many characters on either side of a quote are kept for the report."""
_TIMEOUT = 300.0


class AssistantLike(Protocol):
    """The part of `index.Assistant` that is asked."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]: ...

    def article(self, article_id: str) -> Article | None: ...


class Target(Protocol):
    """Something that answers questions and shows the articles behind its answers. Threads may share it."""

    def reply(self, question: GoldQuestion) -> tuple[dict[str, Any], tuple[str, ...] | None]:
        """The answer object, and the ids of the articles that were found, best first, if that is told."""
        ...

    def article_text(self, article_id: str) -> str | None:
        """The whole text of an article, or None where there is none of that id."""
        ...


class InProcess:
    """The assistant of this process."""

    def __init__(self, assistant: AssistantLike) -> None:
        self._assistant = assistant

    def reply(self, question: GoldQuestion) -> tuple[dict[str, Any], tuple[str, ...] | None]:
        ranking = None
        for event in self._assistant.ask(question.question, question.history, question.filters):
            if isinstance(event, PassagesFound):
                ranking = tuple(dict.fromkeys(passage.article_id for passage in event.passages))
            elif isinstance(event, AnswerReady):
                # By way of JSON: tuples become lists, so that both kinds of target give the same.
                return json.loads(json.dumps(event.answer.to_dict())), ranking
        raise ModelError("The assistant ended without an answer.")

    def article_text(self, article_id: str) -> str | None:
        article = self._assistant.article(article_id)
        return None if article is None else article.text


class Server:
    """A running Dateline server, by its address."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError("--url needs an address that begins with http:// or https://.")
        self._client = httpx.Client(base_url=url.rstrip("/"), timeout=_TIMEOUT, follow_redirects=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def status(self) -> dict[str, Any]:
        """The status object of the contract.

        Raises:
            ModelError: the server cannot be reached, or is no Dateline.
        """
        return self._get("/api/status") or {}

    def reply(self, question: GoldQuestion) -> tuple[dict[str, Any], tuple[str, ...] | None]:
        body = {
            "question": question.question,
            "history": question.history,
            "filters": asdict(question.filters) if question.filters else None,
            "stream": True,
        }
        ranking = None
        try:
            with self._client.stream("POST", "/api/ask", json=body) as response:
                if response.status_code != 200:
                    response.read()
                    raise ModelError(_message(response))
                for name, data in _server_sent_events(response.iter_lines()):
                    if name == "passages":
                        ranking = tuple(dict.fromkeys(passage["article_id"] for passage in data))
                    elif name == "answer":
                        return data, ranking
                    elif name == "error":
                        raise ModelError(str(data["error"]["message"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"The server's answer cannot be used ({_name(error)}).") from None
        raise ModelError("The server's stream ended without an answer.")

    def article_text(self, article_id: str) -> str | None:
        article = self._get(f"/api/articles/{percent_encode(article_id, safe='')}")
        return None if article is None else str(article["text"])

    def _get(self, path: str) -> dict[str, Any] | None:
        try:
            response = self._client.get(path)
            if response.status_code == 404:
                return None
            if response.status_code != 200:
                raise ModelError(_message(response))
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ModelError(
                f"The server at {self._client.base_url.host} cannot be asked ({_name(error)})."
            ) from None
        return found if isinstance(found, dict) else None


def ask(target: Target, question: GoldQuestion) -> Outcome:
    """Ask, and check every quote against its article."""
    began = time.perf_counter()
    try:
        answer, ranking = target.reply(question)
        milliseconds = (time.perf_counter() - began) * 1000
        quotes = tuple(_check(target, citation) for citation in answer["citations"])
        return Outcome(
            id=question.id,
            fingerprint=question.fingerprint,
            answer=answer,
            ranking=ranking,
            quotes=quotes,
            milliseconds=round(milliseconds, 1),
        )
    except DatelineError as error:
        said = str(error)
    except Exception as error:  # noqa: BLE001 - a fault of the engine under test is a result, and is counted
        said = f"{type(error).__name__}: {error}"
    return Outcome(id=question.id, fingerprint=question.fingerprint, error=said)


def _check(target: Target, citation: dict[str, Any]) -> QuoteCheck:
    text = target.article_text(citation["article_id"])
    if text is None:
        return QuoteCheck(verbatim=False)
    start, end = int(citation["start"]), int(citation["end"])
    return QuoteCheck(
        verbatim=0 <= start < end <= len(text) and text[start:end] == citation["quote"],
        before=text[max(0, start - CONTEXT) : max(0, start)],
        after=text[max(0, end) : max(0, end) + CONTEXT],
    )


def _server_sent_events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name, data = "message", ""
    for line in lines:
        if not line:
            if data:
                yield name, json.loads(data)
            name, data = "message", ""
        elif line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            data += line.removeprefix("data:").strip()


def _message(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered with status {response.status_code}."


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
