"""PDF files, read by pypdf: one article a file, its lines mended into paragraphs (`pdf_lines`).

A PDF's own dates say when the file was made, not when the story was published: not used.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

from ..errors import InputError
from ..records import Article
from .article import Limits, make_article, printable
from .discover import SourceFile
from .pdf_lines import mend

_LONGEST_TITLE = 200


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The one article of the file.

    Raises:
        InputError: it is too large, damaged, locked, or holds no text (scanned pages).
        OSError: it cannot be read.
    """
    import pypdf
    from pypdf.errors import PyPdfError

    path = str(source.path)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    data = source.read(limits.max_bytes)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("is locked with a password; save it without one", path=path)
        pages = [printable(page.extract_text()).split("\n") for page in reader.pages]
        known = reader.metadata
        title, author = (known.title, known.author) if known else (None, None)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError) as error:
        # pypdf's parts raise what they like on a damaged file.
        raise InputError(f"is not a PDF that can be read: {error}", path=path) from None
    title = _title(title)
    body, removed = mend(pages, title)
    if not body:
        raise InputError("holds no text; scanned pages must go through text recognition first", path=path)
    yield make_article(source, body, title=title, author=author, removed=removed)


def _title(stated: str | None) -> str | None:
    """The title, unless it is what a program made up, such as "Microsoft Word - draft2.docx"."""
    flat = " ".join((stated or "").split())
    made_up = (
        not flat or len(flat) > _LONGEST_TITLE or "." in flat[-6:] or flat.lower().startswith("untitled")
    )
    return None if made_up else flat
