"""Files made to exhaust or crash a reader: each is reported, and the files beside it are read."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.chunk import chunk_article
from index.errors import InputError
from index.load import SourceFile, child, close_sandbox, discover, load_file
from index.records import Article
from tests.hostile.files import pdf, zipped

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
    # Strings of one letter that is not Latin: much memory for little work, on any machine.
    deadly = ("[" + '"ā",' * 16 * MB + '"ā"]').encode()
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


def test_a_million_combining_marks(tmp_path: Path) -> None:
    bomb = "a" + "\u0300\u0316" * MB
    refused(tmp_path / "marks.txt", bomb.encode(), "combining marks")
    refused(
        tmp_path / "marks.jsonl", ('{"text": "a' + "\\u0300\\u0316" * MB + '"}').encode(), "combining marks"
    )


def test_a_flood_of_errors_is_counted_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "flood.jsonl"
    path.write_text("[]\n" * 5000 + '{"text": "A story.", "title": "T"}\n' + "[]\n" * 5000)
    found = load(path)
    assert [item.text for item in found if isinstance(item, Article)] == ["A story."]
    assert len(found) == 1000 + 1 + 1
    assert isinstance(found[-1], InputError)
    assert found[-1].reason == "9,000 more parts of it cannot be read; not listed"


def test_millions_of_lines_or_sentences(tmp_path: Path) -> None:
    refused(tmp_path / "lines.txt", b"a\n" * 9 * MB, "lines")
    article = Article("a", "a.txt", "Aa bb. " * 400_000 + "\n" + "Cc.", "Title")
    with pytest.raises(InputError, match="sentences"):
        chunk_article(article, lambda texts: [1] * len(texts))
