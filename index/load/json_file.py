"""JSON files: an array of records, an object that holds one, or a single record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import InputError
from ..records import Article
from .article import Limits
from .decode import decode, encoding_note
from .discover import SourceFile
from .jsonl import parse_json
from .record import TEXT_NAMES, record_article

MANY = 5
"""A file of many articles may be as large as this many of the largest."""


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The article of each record, and an `InputError` for each record that holds none.

    Raises:
        InputError: the file is too large, not JSON, or has no records in it.
        OSError: it cannot be read.
    """
    text, encoding = decode(source.read(limits.max_bytes * MANY), path=str(source.path))
    records = _records(parse_json(text, source), limits)
    if not records:
        reason = "has no records: neither an object with `text`, nor a list of such objects"
        raise InputError(reason, path=str(source.path))
    for number, record in enumerate(records, 1):
        try:
            if not isinstance(record, dict):
                raise InputError("is not a JSON object", path=str(source.path))
            yield record_article(record, source, limits, number=number, notes=encoding_note(encoding))
        except InputError as error:
            yield InputError(f"record {number} {error.reason}", path=str(source.path))


def _records(value: Any, limits: Limits) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return []
    names = {theirs for ours, theirs in limits.fields if ours == "text"} or set(TEXT_NAMES)
    if any(isinstance(value.get(name), str) for name in names):
        return [value]
    # {"articles": […], "total": 2}: the one list of objects, whatever it is called.
    lists = [items for items in value.values() if isinstance(items, list) and items]
    lists = [items for items in lists if isinstance(items[0], dict)]
    return lists[0] if len(lists) == 1 else []
