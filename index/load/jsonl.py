"""JSON Lines: one article a line, with `text` and whatever else is known about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..errors import InputError
from ..records import Article
from .article import Limits
from .decode import decode, encoding_note
from .discover import SourceFile
from .record import record_article


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The article of each line, and an `InputError` for each line that holds none.

    Raises:
        OSError: the file cannot be read.
    """
    path = str(source.path)
    with source.open() as file:
        number = 0
        while data := file.readline(limits.max_bytes + 1):
            number += 1
            if len(data) > limits.max_bytes:
                limit = limits.max_bytes // 1_000_000
                while data and not data.endswith(b"\n"):
                    data = file.readline(limits.max_bytes)
                yield InputError(f"the line is longer than {limit} MB", path=path, line=number)
            elif data.strip():
                try:
                    yield _article(data, source, limits, number)
                except InputError as error:
                    yield InputError(error.reason, path=path, line=number)


def _article(data: bytes, source: SourceFile, limits: Limits, number: int) -> Article:
    line, encoding = decode(data, path=str(source.path))
    record = parse_json(line, source)
    if not isinstance(record, dict):
        raise InputError("is not a JSON object", path=str(source.path))
    return record_article(record, source, limits, number=number, notes=encoding_note(encoding))


def parse_json(text: str, source: SourceFile) -> Any:
    """What the JSON says.

    Raises:
        InputError: it is not JSON, or nested too deeply.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply or a number too long")
        line = getattr(error, "lineno", None)
        raise InputError(f"is not valid JSON: {reason}", path=str(source.path), line=line) from None
