"""A record (an object of JSON, a row of CSV) → an Article. Knows the names of fields, not their format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article, one_line, valid
from .dates import Stated
from .discover import SourceFile

TEXT_NAMES = ("text", "body", "content")
FIELDS = ("text", "id", "title", "published", "source", "author", "url")
"""Our names: what `--field` may map."""
_OTHER_NAMES = {
    "text": TEXT_NAMES,
    "title": ("title", "headline"),
    # schema.org's, and those of the news services' APIs.
    "published": ("published", "date", "published_at", "publishedAt", "datePublished", "pubDate"),
}


def record_article(
    record: Mapping[str, Any], source: SourceFile, limits: Limits, *, number: int, notes: tuple[str, ...] = ()
) -> Article:
    """The article of a record.

    Args:
        record: what the file has, by its own names.
        source: the file.
        limits: names given by the user come before ours.
        number: the record's line or place in the file, from 1: its origin where it names none.
        notes: what a reader should know about the loading.

    Raises:
        InputError: there is no text in it.
    """
    names = {field: _OTHER_NAMES.get(field, (field,)) for field in FIELDS}
    names |= {ours: (theirs,) for ours, theirs in limits.fields}
    raw = next((record[name] for name in names["text"] if record.get(name)), None)
    if not isinstance(raw, str):
        missing = " (nor ".join([f"`{names['text'][0]}`", ", ".join(f"`{n}`" for n in names["text"][1:])])
        closing = ")" if len(names["text"]) > 1 else ""
        missing = missing if closing else f"`{names['text'][0]}`"
        raise InputError(
            f"has no {missing}{closing} with text in it; another name is given by --field text=NAME",
            path=str(source.path),
            line=number,
        )
    found = {field: _value(record, names[field]) for field in FIELDS if field != "text"}
    stated = tuple(
        Stated(value, name) for name in names["published"] if (value := _value(record, (name,))) is not None
    )
    return make_article(
        source,
        raw,
        origin=found["id"] or found["url"] or f"{source.origin}#{number}",
        title=found["title"],
        publisher=found["source"],
        author=found["author"],
        url=found["url"],
        stated=stated,
        notes=notes,
        line=number,
    )


def _value(record: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = record.get(name)
        # {"source": {"id": null, "name": "Reuters"}}, {"author": ["A. Writer", "B. Editor"]}
        if isinstance(value, dict):
            value = value.get("name")
        elif isinstance(value, list):
            value = ", ".join(item for item in value if isinstance(item, str))
        if isinstance(value, str | int) and not isinstance(value, bool) and (said := one_line(str(value))):
            return valid(said)
    return None
