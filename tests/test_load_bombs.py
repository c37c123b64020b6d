"""Files made to exhaust or crash a reader: each is reported, and the files beside it are read."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import InputError
from index.load import SourceFile, child, close_sandbox, discover, load_file
from index.records import Article

MB = 1_000_000
GOOD = "<html><body><article><h1>Good</h1><p>A good story, told in one sentence.</p></article></body></html>"


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    close_sandbox()


def load(path: Path, max_bytes: int = 20 * MB) -> list[Article | InputError]:
    found: list[Article | InputError] = []
    for item in discover([path]):
        found += load_file(item, max_bytes=max_bytes) if isinstance(item, SourceFile) else [item]
    return found


def refused(path: Path, data: bytes, *says: str) -> None:
    """The file alone gives one error that says why; a good page read after it, by the same reader, is well."""
    path.write_bytes(data)
    (found,) = load(path)
    assert isinstance(found, InputError), found
    assert any(word in found.reason for word in says), found.reason
    good = path.parent / "good.html"
    good.write_text(GOOD)
    (article,) = load(good)
    assert isinstance(article, Article)
    assert "A good story" in article.text


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def pdf(content: bytes, *, packed: bool = True) -> bytes:
    """A PDF of one page with that content stream."""
    stream = zlib.compress(content) if packed else content
    filters = b"/Filter /FlateDecode " if packed else b""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< " + filters + b"/Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF" % start)


def test_zip_bombs(tmp_path: Path) -> None:
    refused(tmp_path / "bomb.zip", zipped(a__txt=b"0" * 300 * MB), "far too many", "larger than")
    inner = zipped(a__txt=b"Title\n\nText.")
    refused(tmp_path / "bomb.zip", zipped(inner__zip=inner), "archive within an archive")


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    data = bytearray(zipped(a__txt=b"0" * 40 * MB))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    refused(tmp_path / "lies.zip", bytes(data), "cannot be unpacked", "larger than", "zip archive")


def test_a_gzip_bomb_without_a_line_end(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(b"[" * 10 * MB)
    refused(path, path.read_bytes(), "longer than 20 MB", "processor time")


def test_deep_documents(tmp_path: Path) -> None:
    refused(tmp_path / "deep.json", b'{"a":' * 2 * MB, "nested too deeply")
    refused(tmp_path / "deep.html", b"<div>" * 3 * MB, "no HTML", "no story", "memory", "crash", "time")
    refused(
        tmp_path / "deep.xml",
        b"<a>" * 3 * MB,
        "no RSS or Atom",
        "processor time",
        "memory",
        "crash",
        "cannot",
    )
    document = zipped(
        **{
            "[Content_Types]__xml": b"<a>" * 3 * MB,
            "word/document__xml": b"<a>" * 3 * MB,
        }
    )
    refused(tmp_path / "deep.docx", document, "Word document", "memory", "cannot")


def test_a_document_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    with io.BytesIO() as packed:
        with (
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("word/document.xml", "w") as file,
        ):
            for _ in range(30):
                file.write(b" " * 10 * MB)
        refused(tmp_path / "bomb.docx", packed.getvalue(), "would unpack to 300 MB")


def test_entities_that_expand(tmp_path: Path) -> None:
    lines = [b'<!ENTITY a0 "lol">']
    lines += [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    bomb = b'<?xml version="1.0"?><!DOCTYPE rss [' + b"".join(lines) + b"]><rss><channel><item>"
    bomb += b"<description>&a9;</description></item></channel></rss>"
    refused(tmp_path / "lol.rss", bomb, "entities")
    refused(tmp_path / "lol.xml", bomb.decode().encode("utf-16"), "entities")


def test_a_pdf_whose_stream_unpacks_to_gigabytes(tmp_path: Path) -> None:
    refused(
        tmp_path / "bomb.pdf",
        pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 12 * MB),
        "memory", "processor time", "not a PDF", "cannot be read", "limit",
    )  # fmt: skip


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL_SECONDS", 0.001)
    path = tmp_path / "slow.html"
    path.write_text(GOOD)
    (found,) = load(path)
    assert isinstance(found, InputError)
    assert "took longer than" in found.reason


def test_what_kills_its_reader_costs_one_member(tmp_path: Path) -> None:
    page = GOOD.encode()
    deadly = b"[" + b"[]," * 30 * MB + b"[]]"
    refused(tmp_path / "deadly.json", deadly, "too much memory")
    path = tmp_path / "news.zip"
    # What does not pack keeps the archive itself from looking like a bomb.
    path.write_bytes(zipped(a__html=page, b__json=deadly, c__html=page, d__png=os.urandom(MB)))
    first, second, third, _ = load(path)
    assert isinstance(first, Article)
    assert isinstance(second, InputError)
    assert second.path.endswith("news.zip!/b.json")
    assert "too much memory" in second.reason
    assert isinstance(third, Article)
    assert third.origin == "news.zip!/c.html"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../evil.txt", "leads out"),
        ("/etc/evil.txt", "leads out"),
        ("C:\\evil.txt", "leads out"),
        ("a\\..\\..\\evil.txt", "leads out"),
        ("aux.txt", "device"),
        ("inner.zip", "archive within"),
    ],
)
def test_names_that_lead_out_of_an_archive(tmp_path: Path, name: str, says: str) -> None:
    path = tmp_path / "news.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "Title\n\nA story.")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.txt", "Title\n\nA story.")
    out, linked, good = load(path)
    assert isinstance(out, InputError)
    assert says in out.reason
    assert isinstance(linked, InputError)
    assert "is a link" in linked.reason
    assert isinstance(good, Article)
    assert good.origin == "news.zip!/good.txt"
    assert [entry.name for entry in tmp_path.iterdir()] == ["news.zip"], "nothing is unpacked"
