"""Markdown files: one article a file, its text without the marks. Front matter says what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article
from .dates import Stated
from .decode import decode, encoding_note
from .discover import SourceFile
from .markup import plain_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.{0,5000}?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The one article of the file.

    Raises:
        InputError: the file is empty, too large, or not text.
        OSError: it cannot be read.
    """
    text, encoding = decode(source.read(limits.max_bytes), path=str(source.path))
    known, text = _front_matter(text)
    heading, body = _rendered(text)
    stated = tuple(
        Stated(known[name], f"front matter {name}") for name in ("published", "date") if name in known
    )
    yield make_article(
        source,
        body or heading or "",
        origin=known.get("id") or known.get("url"),
        title=known.get("title") or heading,
        publisher=known.get("source"),
        author=known.get("author"),
        url=known.get("url"),
        stated=stated,
        notes=encoding_note(encoding),
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    known = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(match[1])}
    return known, text[match.end() :]


def _rendered(text: str) -> tuple[str | None, str]:
    """The first heading, if the text begins with it, and the text of all that follows."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    heading = _inline(tokens[1]) if tokens and tokens[0].type == "heading_open" else None
    blocks = [_block(token) for token in (tokens[3:] if heading else tokens)]
    return heading, "\n\n".join(block for block in blocks if block)


def _block(token: Token) -> str:
    if token.type == "inline":
        return _inline(token)
    if token.type == "html_block":
        return plain_text(token.content)
    return token.content.strip() if token.type in {"fence", "code_block"} else ""


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type in {"text", "code_inline"}:
            parts.append(child.content)
    return " ".join("".join(parts).split())
