"""Files → Articles. The door of this package: `discover` finds files, `load_file` reads one.

A module a format, looked up in `formats.LOADERS` by the ending of the file's name. Formats that a
parser of others reads are read in a child process with limits (`sandbox`), so that a bomb or a
crash costs that file alone. Knows nothing of chunks, embeddings or storage.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import InputError
from ..records import Article
from .article import Limits
from .discover import SourceFile, discover, open_inside
from .formats import LOADERS, ROLLING, is_foreign, load_here, problem_with
from .sandbox import close_sandbox, load_apart

__all__ = [
    "LOADERS",
    "ROLLING",
    "Limits",
    "SourceFile",
    "close_sandbox",
    "discover",
    "load_file",
    "open_inside",
]


def load_file(
    source: SourceFile, *, max_bytes: int, fields: tuple[tuple[str, str], ...] = ()
) -> Iterator[Article | InputError]:
    """The articles of one file, and an `InputError` in place of each that cannot be read.

    A file that is read apart is begun at once, before the first article is asked for: whoever calls
    this for the next files before using up this one has them read at the same time.

    Args:
        source: the file, as `discover` found it.
        max_bytes: the largest article, in bytes of the file.
        fields: (our name, the file's name) of the fields of records that are named otherwise.
    """
    limits = Limits(max_bytes, fields)
    if is_foreign(source) and problem_with(source) is None:
        return load_apart(source, limits)
    return load_here(source, limits)
