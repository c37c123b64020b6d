"""The commands that ask: one question for people or machines, or JSON Lines from standard input."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .catalog import Catalog, require_catalog
from .cli_output import answer_text, plain
from .errors import DatelineError, StorageError, UsageError
from .records import Answer, AnswerReady, Delta, Event, Filters, Turn
from .settings import Settings

if TYPE_CHECKING:
    from .assistant import Assistant

logger = logging.getLogger("dateline")

_FIELDS = {"id", "question", "history", "filters"}
_FILTERS = {"after", "before", "sources", "include", "exclude"}


def ask(settings: Settings, question: str, filters: Filters, *, as_json: bool) -> str:
    """What to print for one question.

    Raises:
        StorageError: there is no index, or nothing in it.
        UsageError: the question or a filter cannot be used.
    """
    shown = sys.stderr.isatty() and not as_json and settings.model is not None
    with _open(settings) as assistant:
        answer = _answer(assistant.ask(question, (), filters or None), shown=shown)
    return json.dumps(answer.to_dict()) if as_json else answer_text(answer)


def _answer(events: Iterator[Event], *, shown: bool) -> Answer:
    """The answer; `shown`: meanwhile what a model writes, as it comes and before it is checked."""
    begun = False
    for event in events:
        if isinstance(event, AnswerReady):
            print("\n" if begun else "", file=sys.stderr, end="\n" if begun else "")
            return event.answer
        if shown and isinstance(event, Delta) and event.text:
            lead = "" if begun else "Not checked yet: "
            print(lead + plain(event.text), file=sys.stderr, end="", flush=True)
            begun = True
    raise AssertionError("ask ends with the answer")


def ask_lines(settings: Settings, lines: Iterable[bytes]) -> Iterator[str]:
    """For each line of JSON its answer as a line of JSON, in order; `{"id", "error"}` for a bad one."""
    with _open(settings) as assistant:
        for line in lines:
            if line.strip():
                yield json.dumps(_answer_line(assistant, line))


def _open(settings: Settings) -> Assistant:
    # Before the imports below, which take seconds: say at once if there is nothing to ask.
    require_catalog(settings.data)
    with Catalog.open(settings.data, read_only=True) as catalog:
        status = catalog.status()
    if not status["articles"]:
        raise StorageError(f"The index in {settings.data} is empty. Add articles: python -m index build PATH")
    if status["embedded"] < status["chunks"]:
        print(
            f"{status['embedded']:,} of {status['chunks']:,} passages are embedded; the others are found by "
            "their words only until `python -m index build` is done.",
            file=sys.stderr,
        )
    from .assistant import open_assistant

    return open_assistant(settings)


def _answer_line(assistant: Assistant, line: bytes) -> dict[str, Any]:
    request: Any = None
    try:
        request = _parse(line)
        copied = {"id": request["id"]} if "id" in request else {}
        history = _history(request.get("history"))
        answer = assistant.answer(request["question"], history, _filters(request.get("filters")) or None)
        return copied | answer.to_dict()
    except DatelineError as error:
        return {"id": _id_of(line), "error": str(error)}
    except Exception as error:
        logger.debug("Unexpected error", exc_info=True)
        said = f"Unexpected error, please report this ({type(error).__name__}: {error})"
        return {"id": _id_of(line), "error": said}


def _parse(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"This line is not JSON: {error}") from None
    if not isinstance(request, dict):
        raise UsageError("This line is not a JSON object.")
    if unknown := sorted(request.keys() - _FIELDS):
        raise UsageError(f"Unknown field {unknown[0]!r}; known are {', '.join(sorted(_FIELDS))}.")
    if not isinstance(request.get("question"), str):
        raise UsageError('"question" is missing, or not a string.')
    return request


def _history(value: Any) -> list[Turn]:
    turns = value or []
    if not isinstance(turns, list):
        raise UsageError('"history" is not a list of [question, answer] pairs.')
    for turn in turns:
        if not isinstance(turn, list) or len(turn) != 2 or not all(isinstance(part, str) for part in turn):
            raise UsageError('"history" is not a list of [question, answer] pairs.')
    return [(question, answer) for question, answer in turns]


def _filters(value: Any) -> Filters:
    given = value or {}
    if not isinstance(given, dict) or given.keys() - _FILTERS:
        raise UsageError(f'"filters" is not an object with any of {", ".join(sorted(_FILTERS))}.')
    for name in ("after", "before"):
        if not isinstance(given.get(name), str | None):
            raise UsageError(f'"filters": {name!r} is not a date.')
    lists = {name: given.get(name) or [] for name in ("sources", "include", "exclude")}
    for name, items in lists.items():
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise UsageError(f'"filters": {name!r} is not a list of strings.')
    return Filters(given.get("after"), given.get("before"), **{name: tuple(lists[name]) for name in lists})


def _id_of(line: bytes) -> Any:
    try:
        return json.loads(line).get("id")
    except (ValueError, RecursionError, AttributeError):
        return None
