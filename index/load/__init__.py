"""Files → Articles. The door of this package: `discover` finds files, `load_file` reads one.

A module a format, looked up by the ending of the file's name; a new format is one module with a
`load` function and one line in `LOADERS`. Knows nothing of chunks, embeddings or storage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import InputError
from ..records import Article
from . import jsonl, text
from .discover import SourceFile, discover

Loader = Callable[..., Iterator[Article | InputError]]

LOADERS: dict[str, Loader] = {".txt": text.load, ".jsonl": jsonl.load}

__all__ = ["LOADERS", "SourceFile", "discover", "load_file"]


def load_file(source: SourceFile, *, max_bytes: int) -> Iterator[Article | InputError]:
    """The articles of one file, and an `InputError` in place of each that cannot be read.

    Args:
        source: the file, as `discover` found it.
        max_bytes: the largest article, in bytes of the file.
    """
    suffix = source.path.suffix.lower()
    loader = LOADERS.get(suffix)
    if loader is None:
        known = ", ".join(sorted(LOADERS))
        kind = f"files of type {suffix}" if suffix else "files without an ending"
        yield InputError(f"{kind} cannot be read; these can: {known}", path=str(source.path))
        return
    try:
        yield from loader(source, max_bytes=max_bytes)
    except InputError as error:
        yield error
    except OSError as error:
        yield InputError(f"cannot be read: {error.strerror or error}", path=str(source.path))
