"""CSV files with a heading line: one article a row. Comma, semicolon or tab, as the heading shows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from ..errors import InputError
from ..records import Article
from .article import Limits
from .decode import decode, encoding_note
from .discover import SourceFile
from .record import record_article

_SAMPLE_BYTES = 65_536
_WIDE = ("utf-16", "utf-32")


def load(source: SourceFile, limits: Limits) -> Iterator[Article | InputError]:
    """The article of each row, and an `InputError` for each row that holds none.

    Raises:
        InputError: the file is not CSV; rows before the place were given out.
        OSError: it cannot be read.
    """
    path = str(source.path)
    csv.field_size_limit(limits.max_bytes)
    with source.open() as file:
        encoding = _encoding(file.read(_SAMPLE_BYTES), path)
        file.seek(0)
        lines = _Lines(file, encoding, limits.max_bytes, path)
        heading = next(lines, "")
        rows = csv.reader(lines, delimiter=_delimiter(heading))
        try:
            names = [name.strip() for name in next(csv.reader([heading], delimiter=_delimiter(heading)), [])]
            for number, row in enumerate(rows, 1):
                if any(row):
                    record = dict(zip(names, row, strict=False))
                    try:
                        notes = encoding_note(encoding)
                        yield record_article(record, source, limits, number=number, notes=notes)
                    except InputError as error:
                        yield InputError(error.reason, path=path, line=lines.number)
        except csv.Error as error:
            raise InputError(f"is not valid CSV: {error}", path=path, line=lines.number) from None


def _encoding(sample: bytes, path: str) -> str:
    # Cut at a line, so that no character is cut in two.
    whole = sample[: sample.rfind(b"\n") + 1] if len(sample) == _SAMPLE_BYTES else sample
    encoding = decode(whole or sample, path=path)[1]
    if encoding.startswith(_WIDE):
        raise InputError(f"is written in {encoding}; save it as UTF-8", path=path)
    return encoding


def _delimiter(heading: str) -> str:
    return max(",;\t|", key=heading.count)


class _Lines:
    """Lines of a file as text, none longer than allowed; `number` is that of the last one."""

    def __init__(self, file: BinaryIO, encoding: str, max_bytes: int, path: str) -> None:
        self._file = file
        self._encoding = encoding
        self._max_bytes = max_bytes
        self._path = path
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        data = self._file.readline(self._max_bytes + 1)
        if not data:
            raise StopIteration
        self.number += 1
        if len(data) > self._max_bytes:
            limit = self._max_bytes // 1_000_000
            raise InputError(f"the line is longer than {limit} MB", path=self._path, line=self.number)
        try:
            # The first line of a marked file has the mark.
            return data.decode(self._encoding).removeprefix("\ufeff").replace("\0", "")
        except UnicodeDecodeError as error:
            reason = f"is not {self._encoding} here, as it is above ({error.reason}); save it as UTF-8"
            raise InputError(reason, path=self._path, line=self.number) from None
