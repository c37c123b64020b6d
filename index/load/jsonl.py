"""JSON Lines: one article a line, with `text` and whatever else is known about it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from ..errors import InputError
from ..records import Article
from .clean import clean, split_title
from .dates import parse_date
from .decode import decode
from .discover import SourceFile

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}")


def load(source: SourceFile, *, max_bytes: int) -> Iterator[Article | InputError]:
    """The article of each line, and an `InputError` for each line that holds none.

    Raises:
        OSError: the file cannot be read.
    """
    path = str(source.path)
    with source.path.open("rb") as file:
        number = 0
        while data := file.readline(max_bytes + 1):
            number += 1
            if len(data) > max_bytes:
                limit = max_bytes // 1_000_000
                while data and not data.endswith(b"\n"):
                    data = file.readline(max_bytes)
                yield InputError(f"the line is longer than {limit} MB", path=path, line=number)
            elif data.strip():
                try:
                    yield _article(data, source, number)
                except InputError as error:
                    yield InputError(error.reason, path=path, line=number)


def _article(data: bytes, source: SourceFile, number: int) -> Article:
    path = str(source.path)
    line, encoding = decode(data, path=path)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply or a number too long")
        raise InputError(f"is not valid JSON: {reason}", path=path) from None
    if not isinstance(record, dict):
        raise InputError("is not a JSON object", path=path)
    raw = next((record[key] for key in ("text", "body", "content") if record.get(key)), None)
    if not isinstance(raw, str):
        raise InputError("has no `text` (nor `body`, `content`) with text in it", path=path)
    text, removed = clean(_valid(raw))
    title = _field(record, "title")
    if title is None:
        title, text = split_title(text)
    if not text:
        raise InputError("has an empty text", path=path)
    origin = _field(record, "id") or _field(record, "url") or f"{source.origin}#{number}"
    published, date_note = parse_date(_field(record, "published") or _field(record, "date"))
    notes = [] if encoding == "utf-8" else [f"read as {encoding}"]
    return Article(
        id=origin if _SAFE_ID.fullmatch(origin) else hashlib.sha256(origin.encode()).hexdigest()[:16],
        origin=origin,
        text=text,
        title=title or _opening(text),
        source=_field(record, "source"),
        author=_field(record, "author"),
        url=_field(record, "url"),
        published=published,
        removed=removed,
        notes=(*notes, *date_note),
    )


def _field(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return " ".join(_valid(str(value)).split()) or None


def _valid(text: str) -> str:
    """NFC, and without lone surrogates: JSON escapes can spell both after the line was decoded."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


def _opening(text: str) -> str:
    words = text[:80].split()
    return " ".join(words[:8]) + " …" if len(words) > 8 else " ".join(words)
