"""Files a few bytes of which are meant to take all time or memory of whoever reads them. Holds no tests.

`BOMBS` maps a file's name to the function that makes it. Some are merely as large as a file may be, and must
be read in time.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.hostile.files import pdf, zipped

MB = 1_000_000
LARGE = 19 * MB
"""Just below the largest article."""

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
    b'"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
    b'document.main+xml"/></Types>'
)
_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def document(body: bytes, before: bytes = b"") -> bytes:
    """A Word document with that body."""
    whole = before + f"<w:document {_W}><w:body>".encode() + body + b"</w:body></w:document>"
    parts = {"[Content_Types]__xml": _TYPES, "_rels/__rels": _RELATIONS, "word/document__xml": whole}
    return zipped(**parts)


def objects(*parts: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(
        out + b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(data), more) + data + b"\nendstream"


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def _page(resources: bytes) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << "
        + resources
        + b" >> >>"
    )


_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def forms_within_forms() -> bytes:
    """Each form draws the next one ten times: 10^8 texts from a kilobyte."""
    forms = [
        stream(b"/F Do " * 10, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
               b"/Resources << /XObject << /F %d 0 R >> >>" % (number + 1))
        for number in range(5, 13)
    ]  # fmt: skip
    last = stream(b"BT (text) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return objects(_CATALOG, _PAGES, _page(b"/XObject << /F 5 0 R >>"), stream(b"/F Do " * 10), *forms, last)


def characters_without_end() -> bytes:
    """A font whose table of characters claims four thousand million of them."""
    table = stream(b"1 beginbfrange\n<00000000> <FFFFFFFF> <0041>\nendbfrange", b"")
    font = b"/Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 5 0 R >> >>"
    return objects(_CATALOG, _PAGES, _page(font), stream(b"BT /F1 9 Tf <0041> Tj ET"), table)


def pages_in_a_ring() -> bytes:
    return objects(_CATALOG, b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", _page(b""), stream(b"BT ET"))


def packed_again_and_again() -> bytes:
    data = b"BT (a) Tj ET\n" * 20 * MB
    for _ in range(3):
        data = zlib.compress(data)
    filters = b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"
    return objects(_CATALOG, _PAGES, _page(b""), stream(data, filters))


def overlapping_archive() -> bytes:
    """Two hundred members that are all the same bytes of the file: it packs better than anything may."""
    single = zipped(a__txt=b"0" * 15 * MB)
    with zipfile.ZipFile(io.BytesIO(single)) as archive:
        at = archive.start_dir
    entry, end = single[at : single.rindex(b"PK\x05\x06")], bytearray(single[single.rindex(b"PK\x05\x06") :])
    entries = b"".join(entry.replace(b"a.txt", b"%05d" % number) for number in range(200))
    end[8:12] = struct.pack("<HH", 200, 200)
    end[12:16] = struct.pack("<I", len(entries))
    return single[:at] + entries + bytes(end)


def _gzip_of(piece: bytes, times: int) -> bytes:
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=1) as file:
        for _ in range(times):
            file.write(piece)
    return packed.getvalue()


def _entities(levels: int) -> bytes:
    lines = [b'<!ENTITY a0 "lol">']
    lines += [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, levels)]
    return b'<?xml version="1.0"?><!DOCTYPE x [' + b"".join(lines) + b"]>"


def _feed(inner: bytes) -> bytes:
    return b'<rss version="2.0"><channel><title>x</title>' + inner + b"</channel></rss>"


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros.zip": lambda: zipped(a__txt=b"0" * 300 * MB),
    "nested.zip": lambda: zipped(a__zip=zipped(b__zip=zipped(c__txt=b"x"))),
    "overlap.zip": overlapping_archive,
    "members.zip": lambda: zipped(**{f"a{number}__txt": b"" for number in range(30_000)}),
    "oneline.jsonl.gz": lambda: _gzip_of(b"[" * 10 * MB, 100),
    "text.txt.gz": lambda: _gzip_of(b"a " * 5 * MB, 100),
    "cell.csv.gz": lambda: _gzip_of(b'text\n"' + b"a" * 10 * MB, 60),
    "deep.json": lambda: b'{"a":' * 2 * MB,
    "wide.json": lambda: b"[" + b"[]," * 6 * MB + b"[]]",
    "digits.json": lambda: b'{"text": "a", "n": ' + b"9" * 9 * MB + b"}",
    "marks.json": lambda: b'{"text": "a' + b"\\u0300\\u0316" * MB + b'"}',
    "deep.html": lambda: b"<div>" * 3 * MB,
    "attributes.html": lambda: b"<html><p " + b"".join(b"a%d=1 " % n for n in range(10**6)) + b">x</p>",
    "unclosed.html": lambda: b"<html><body>" + b"<a><b><table><td>" * 500_000,
    "comment.html": lambda: b"<html><body><p>x</p>" + b"<!--" * 4 * MB,
    "entities.html": lambda: b"<html><body><article><p>" + b"&amp;&lt;&#x41;" * MB,
    "lol.rss": lambda: _entities(10) + _feed(b"<item><description>&a9;</description></item>"),
    "quadratic.rss": lambda: (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * MB + b'">]>'
        + _feed(b"<item><description>" + b"&a;" * 10_000 + b"</description></item>")
    ),
    "deep.xml": lambda: b"<a>" * 3 * MB,
    "entries.rss": lambda: _feed(b"<item><title>x</title><description>y</description></item>" * 250_000),
    "deep.docx": lambda: document(b"<w:p>" * 2 * MB),
    "large.docx": lambda: document(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 8 * MB),
    "span.docx": lambda: document(
        b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    ),
    "lol.docx": lambda: document(b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", _entities(10)),
    "stream.pdf": lambda: pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 12 * MB),
    "filters.pdf": packed_again_and_again,
    "forms.pdf": forms_within_forms,
    "characters.pdf": characters_without_end,
    "ring.pdf": pages_in_a_ring,
    "arrays.pdf": lambda: objects(_CATALOG, b"[" * 5 * MB),
    "kids.pdf": lambda: objects(
        _CATALOG, b"<< /Type /Pages /Kids [" + b"3 0 R " * 300_000 + b"] /Count 300000 >>", _page(b""),
        stream(b"BT (a) Tj ET"),
    ),
    "word.txt": lambda: b"a" * LARGE,
    "stops.txt": lambda: b". " * (LARGE // 2),
    "lines.txt": lambda: b"a\n" * (LARGE // 2),
    "blank.txt": lambda: b"a" + b" " * LARGE + b"\n" * 10 + b"b",
    "marks.txt": lambda: b"a" + "\u0300\u0316".encode() * (LARGE // 4),
    "brackets.md": lambda: b"[" * 2 * MB,
    "quotes.md": lambda: b">" * 2 * MB + b" a",
    "stars.md": lambda: b"*a _b " * 300_000,
    "ticks.md": lambda: b"".join(b"`" * n + b" " for n in range(2000)),
    "links.md": lambda: b"[a](" * 400_000,
    "tags.md": lambda: b"<a b='" * 300_000,
    "lists.md": lambda: b"".join(b" " * n + b"- a\n" for n in range(2500)),
    "quote.csv": lambda: b'title,text\na,"' + b"b\n" * (LARGE // 2),
    "columns.csv": lambda: b"text" + b"," * 5 * MB + b"\n" + b"a," * 5 * MB,
    "line.jsonl": lambda: b'{"text": "' + b"a " * (LARGE // 2) + b'"}',
}  # fmt: skip
