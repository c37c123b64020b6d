"""Bytes → text: the encoding found and told, binary data refused. Knows nothing of articles."""

from __future__ import annotations

import codecs
import re
import unicodedata

import chardetng_py

from ..errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NO_LETTERS = re.compile(r"[^\w\s\x00-\x7f]+")
MOST_MARKS = 500
_MOST_CONTROL_CHARACTERS = 0.005
_SAMPLE_BYTES = 65_536
"""As much tells the encoding as well as all of it would."""
_AS_BROWSERS_READ = {
    "gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs", "windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
_WESTERN = "cp1252"


def decode(data: bytes, *, path: str) -> tuple[str, str]:
    """The text in Unicode NFC, and the name of the encoding it was read with.

    Raises:
        InputError: the bytes are not text, or their encoding cannot be told.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _checked(data[len(mark) :].decode(encoding), path), encoding
            except UnicodeDecodeError as error:
                raise InputError(f"is marked as {encoding} but is not: {error.reason}", path=path) from None
    try:
        return _checked(data.decode("utf-8"), path), "utf-8"
    except UnicodeDecodeError:
        pass
    if _looks_binary(data[:_SAMPLE_BYTES].decode("latin-1")):
        raise InputError("is not text but binary data", path=path)
    encoding = _guess(data[:_SAMPLE_BYTES])
    try:
        return _checked(data.decode(encoding), path), encoding
    except UnicodeDecodeError:
        raise InputError(f"looks like {encoding} but is not; save it as UTF-8", path=path) from None


def _guess(sample: bytes) -> str:
    """The likeliest encoding, by Python's name for what browsers mean by theirs."""
    found = chardetng_py.detect(sample).lower()
    return codecs.lookup(_AS_BROWSERS_READ.get(found, found)).name


def encoding_note(encoding: str) -> tuple[str, ...]:
    """What a reader should know: nothing where the text was UTF-8."""
    return () if encoding == "utf-8" else (f"read as {encoding}",)


def _checked(text: str, path: str) -> str:
    if _looks_binary(text):
        raise InputError("is not text but binary data", path=path)
    return composed(text, path=path)


def composed(text: str, *, path: str = "") -> str:
    """The text in NFC.

    Raises:
        InputError: it has more combining marks in a row than any writing, which take the square of their number
            to be put in order: a million of them, hours.
    """
    for run in _NO_LETTERS.finditer(text):
        if len(run[0]) > MOST_MARKS and sum(map(bool, map(unicodedata.combining, run[0]))) > MOST_MARKS:
            raise InputError(f"has more than {MOST_MARKS} combining marks in a row; not read", path=path)
    return unicodedata.normalize("NFC", text)


def _looks_binary(text: str) -> bool:
    return "\x00" in text or len(_CONTROL.findall(text)) > _MOST_CONTROL_CHARACTERS * len(text)
