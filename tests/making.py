"""Small articles, and real command lines, for the tests of the index."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from index.catalog import Catalog
from index.records import Article, Chunk


def article(name: str, text: str, **fields: str | None) -> Article:
    """An article whose origin is `name`.txt."""
    return Article(
        id=name, origin=f"{name}.txt", text=text, title=fields.pop("title", None) or name, **fields
    )


def chunks(of: Article, sentences_each: int = 1) -> list[Chunk]:
    """Cuts at every full stop: simple enough to be right at sight."""
    spans = [match.span() for match in re.finditer(r"[^.\s][^.]*\.?", of.text)]
    runs = [spans[i : i + sentences_each] for i in range(0, len(spans), sentences_each)]
    return [Chunk(of.id, n, run[0][0], run[-1][1], tuple(run), of.title) for n, run in enumerate(runs)]


def put(catalog: Catalog, name: str, text: str, **fields: str | None) -> Article:
    """Stores such an article with a chunk a sentence."""
    made = article(name, text, **fields)
    catalog.put_article(made, chunks(made))
    return made


def command(*arguments: str | Path) -> list[str]:
    """The command line of a real process; a warning in it is an error."""
    return [sys.executable, "-W", "error", "-m", "index", *map(str, arguments)]


def environment() -> dict[str, str]:
    """The environment of a real process, without settings of whoever runs the tests."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "OPENAI_"))}
