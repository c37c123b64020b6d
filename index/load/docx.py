"""Word documents (.docx), read by python-docx: paragraphs and tables in order, one article a file.

The document's own dates say when the file was made, not when the story was published: not used.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article
from .discover import SourceFile

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

_MOST_EXPANSION = 10
"""The XML of a document may be this many times as large as an article."""


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The one article of the document.

    Raises:
        InputError: it is too large, empty, or no Word document.
        OSError: it cannot be read.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    path = str(source.path)
    data = source.read(limits.max_bytes)
    try:
        _refuse_bomb(data, limits, path)
        document = docx.Document(io.BytesIO(data))
        title, blocks = _blocks(document)
        properties = document.core_properties
        title, author = properties.title or title, properties.author
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError) as error:
        raise InputError(f"is not a Word document that can be read: {error}", path=path) from None
    author = None if author == "python-docx" else author
    yield make_article(source, "\n\n".join(blocks), title=title, author=author)


def _refuse_bomb(data: bytes, limits: Limits, path: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [
            entry.file_size for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels"))
        ]
    if sum(parts) > _MOST_EXPANSION * limits.max_bytes:
        raise InputError(f"would unpack to {sum(parts) // 1_000_000} MB of XML; not read", path=path)


def _blocks(document: Document) -> tuple[str | None, list[str]]:
    """The title, where a paragraph in a title's style begins the document, and the text of each block."""
    from docx.text.paragraph import Paragraph

    title: str | None = None
    blocks: list[str] = []
    for item in document.iter_inner_content():
        text = item.text.strip() if isinstance(item, Paragraph) else _rows(item)
        if not text:
            continue
        style = (item.style.name if item.style else None) or ""
        if not blocks and title is None and style in {"Title", "Heading 1"}:
            title = text
        else:
            blocks.append(text)
    return (title, blocks) if blocks else (None, [title] if title else [])


def _rows(table: Table) -> str:
    rows = [" | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in table.rows]
    return "\n".join(row for row in rows if row.strip(" |"))
