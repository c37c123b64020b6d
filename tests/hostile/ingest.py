"""What every input must come to, whatever its bytes: articles that can be indexed, or a reason. Holds no tests.

`came_of` reads one input as `index build` would and checks what came of it; fuzzing and the short seeded part
in CI both go through it. `seeds` are small valid files to begin from.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx

from index.build.copies import signature
from index.catalog import Catalog
from index.chunk import chunk_article
from index.errors import InputError
from index.load import Limits, SourceFile
from index.load.formats import is_foreign, load_here
from index.records import Article
from tests.hostile.files import pdf

LIMITS = Limits(200_000)
ENDINGS = (
    "txt", "md", "html", "pdf", "docx", "json", "jsonl", "csv", "rss", "atom", "zip", "jsonl.gz",
)  # fmt: skip

Item = Article | InputError


def came_of(data: bytes, ending: str, catalog: Catalog | None = None) -> list[Item]:
    """What the file holds, checked; an `AssertionError` or any other exception is a finding.

    What a parser of others raises ends in its child process and is reported there, so it is reported here.
    """
    source = SourceFile(Path(f"/nowhere/input.{ending}"), Path("/nowhere"), f"input.{ending}", data)
    items: list[Item] = []
    try:
        items.extend(load_here(source, LIMITS))
    except Exception as error:
        if not is_foreign(source):
            raise
        items.append(InputError(f"cannot be read ({type(error).__name__})", path=str(source.path)))
    assert items, "neither indexed nor reported"
    for item in items:
        if isinstance(item, Article):
            check(item, catalog)
        else:
            assert item.reason
            str(item).encode()
    return items


def check(article: Article, catalog: Catalog | None) -> None:
    """Whether the article can be stored, quoted and shown."""
    text = article.text
    assert text.strip()
    assert unicodedata.is_normalized("NFC", text)
    json.dumps(article.__dict__, ensure_ascii=False).encode()
    assert article.title.strip()
    assert "\n" not in article.title
    assert article.id
    if article.published is not None:
        assert date.fromisoformat(article.published).isoformat() == article.published
    chunks = chunk_article(article, lambda texts: [len(one) // 4 + 1 for one in texts])
    assert chunks, "nothing of it could be found or quoted"
    end = 0
    for chunk in chunks:
        assert end <= chunk.start < chunk.end <= len(text)
        assert all(chunk.start <= a < b <= chunk.end for a, b in chunk.sentences)
        end = chunk.end
    mark = signature(text)
    if catalog is not None:
        catalog.put_article(article, chunks, path="/nowhere", root="/", signature=mark)
        stored = catalog.article(article.id)
        assert stored is not None
        assert stored.text == text


def seeds() -> dict[str, list[bytes]]:
    """A few small valid files of each ending."""
    story = (
        "Harbour opens\n\nThe harbour of Lindholm opened on 3 May 2021. “It is done,” said Ann Oak.\n\nMore."
    )
    record = {
        "id": "a1",
        "title": "Harbour",
        "text": story,
        "published": "2021-05-03",
        "url": "https://a.example/x",
    }
    line = json.dumps(record).encode()
    page = (
        '<!doctype html><html><head><title>Harbour</title><meta property="article:published_time" '
        'content="2021-05-03T08:00:00Z"></head><body><article><h1>Harbour</h1><p>The harbour of Lindholm '
        "opened on Monday, the mayor said.</p><p>It was closed for years.</p></article></body></html>"
    )
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>Harbour</title>'
        "<guid>x1</guid><link>https://a.example/x</link><pubDate>Mon, 03 May 2021 08:00:00 GMT</pubDate>"
        "<description>&lt;p&gt;The harbour opened.&lt;/p&gt;</description></item></channel></rss>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>Harbour</title><id>x1</id>'
        "<updated>2021-05-03T08:00:00Z</updated><content type='html'>The harbour opened.</content></entry></feed>"
    )
    table = 'title,text,date\nHarbour,"The harbour, at last, opened.",2021-05-03\nB,"Say ""yes"".",3.5.2021\n'
    return {
        "txt": [story.encode(), story.encode("utf-16"), story.encode("cp1252", "replace")],
        "md": [
            b"---\ntitle: Harbour\ndate: 2021-05-03\n---\n# Harbour\n\nIt *opened* [today](https://a.example).\n"
        ],
        "html": [page.encode(), page.encode("utf-16")],
        "pdf": [
            pdf(b"BT /F1 12 Tf 72 700 Td (The harbour of Lindholm opened.) Tj ET"),
            pdf(b"BT ET", packed=False),
        ],
        "docx": [_document(story)],
        "json": [b"[" + line + b"]", b'{"articles":[' + line + b"]}"],
        "jsonl": [line + b"\n" + line.replace(b"a1", b"a2") + b"\n"],
        "csv": [table.encode(), table.replace(",", ";").encode()],
        "rss": [feed.encode()],
        "atom": [atom.encode()],
        "zip": [_archive({"a.txt": story.encode(), "b.html": page.encode(), "c.jsonl": line})],
        "jsonl.gz": [gzip.compress(line + b"\n", mtime=0)],
    }


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few cuts, copies, flips and insertions."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        until = min(len(changed), at + chance.choice((1, 2, 8, 64)))
        _CHANGES[chance.randrange(len(_CHANGES))](changed, at, until, chance)
    return bytes(changed)


_BITS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x85", b"\r", b"\n\n", b'"', b"<", b"]]>", b"&#xd800;", b"\\ud800",
    b"\\u0000", b"9" * 40, b"1e999", b"-1", b"{", b"[[", b"<![CDATA[", "\u2028".encode(), "\u0300".encode() * 9,
    b"\x1a", b"00000000",
)  # fmt: skip


def _insert(changed: bytearray, at: int, until: int, chance: random.Random) -> None:
    changed[at:at] = chance.choice(_BITS)


def _replace(changed: bytearray, at: int, until: int, chance: random.Random) -> None:
    changed[at:until] = chance.randbytes(until - at)


def _cut(changed: bytearray, at: int, until: int, chance: random.Random) -> None:
    del changed[at:until]


def _copy(changed: bytearray, at: int, until: int, chance: random.Random) -> None:
    changed[at:at] = changed[at:until] * chance.choice((1, 3, 50))


def _truncate(changed: bytearray, at: int, until: int, chance: random.Random) -> None:
    del changed[at:]


_CHANGES: list[Callable[[bytearray, int, int, random.Random], None]] = [
    _insert, _insert, _replace, _replace, _cut, _copy, _truncate,
]  # fmt: skip


def _document(story: str) -> bytes:
    document = docx.Document()
    for paragraph in story.split("\n\n"):
        document.add_paragraph(paragraph)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def _archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()
