"""Files become articles unaltered; what cannot be read is reported, and costs nothing else."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import InputError
from index.load import SourceFile, discover, load_file
from index.load.clean import clean
from index.load.dates import parse_date
from index.load.decode import decode
from index.records import Article
from index.settings import ROOT

MB = 1_000_000


def load(path: Path, max_bytes: int = 20 * MB) -> list[Article | InputError]:
    """All that the files at or below a path give."""
    found: list[Article | InputError] = []
    for item in discover([path]):
        found += load_file(item, max_bytes=max_bytes) if isinstance(item, SourceFile) else [item]
    return found


def only(path: Path, **options: int) -> Article:
    (article,) = load(path, **options)
    assert isinstance(article, Article), article
    return article


def error(path: Path, **options: int) -> InputError:
    (found,) = load(path, **options)
    assert isinstance(found, InputError), found
    return found


def test_the_seed_article_has_its_title_and_loses_only_furniture() -> None:
    raw = next((ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    article = only(ROOT / "seeds")
    assert article.title == (
        "Russian Federation hits back at United States claims over its Syria raids from Iran"
    )
    assert article.removed == ("Share", "Advertisement", "Advertisement")
    assert "Advertisement" not in article.text
    assert "Russia’s use" in article.text, "typographic quotes are kept"
    assert article.text.endswith("Russia uses Iran as base to bomb Syrian militants for first time")
    kept = [line for line in raw.split("\n\n") if line not in {"Share", "Advertisement", article.title}]
    assert article.text == "\n\n".join(kept).strip(), "nothing else is altered"


def test_a_story_that_mentions_advertising_keeps_its_sentences() -> None:
    text = "Headline\n\nAdvertisement revenue fell.\n\nShare prices rose. Share this with no one.\n\nSHARE"
    cleaned, removed = clean(text)
    assert removed == ("SHARE",)
    assert "Advertisement revenue fell." in cleaned
    assert "Share prices rose." in cleaned


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (
            "Café Müller\n\nEs war schön, sagte er über den Fluß und die Bäume im Süden.".encode("cp1252"),
            None,
        ),
        ("Title\n\nA sentence.".encode("utf-16"), "utf-16-le"),
        (b"\xef\xbb\xbfTitle\n\nA sentence.", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path: Path, data: bytes, encoding: str | None) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    article = only(path)
    assert not article.text.startswith("\ufeff")
    if encoding == "utf-8":
        assert article.notes == ()
    else:
        assert article.notes
        assert article.notes[0].startswith("read as " + (encoding or ""))
    if b"Caf" in data:
        assert "schön" in article.text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\n ", "is empty"),
        ("only.txt", b"Share\n", "is empty"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8, "binary"),
        ("noise.txt", bytes((i * 37 + i // 7) % 256 or 1 for i in range(4096)), "binary"),
        ("photo.jpg", b"x", "files of type .jpg cannot be read; these can: .atom, .csv, .docx"),
    ],
)
def test_what_is_no_article_is_reported(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = error(path)
    assert says in str(found)
    assert found.path == str(path)


def test_a_line_of_50_mb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * (50 * MB))
    assert "is larger than 20 MB" in str(error(path))
    lines = tmp_path / "long.jsonl"
    good = json.dumps({"text": "A short one."}).encode()
    lines.write_bytes(b"[" * (3 * MB) + b"\n" + good + b"\n")
    first, second = load(lines, max_bytes=MB)
    assert isinstance(first, InputError)
    assert first.line == 1
    assert isinstance(second, Article), "the line after it is read"


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("A secret.\n\nNot for the index.", encoding="utf-8")
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "inside.txt").write_text("Title\n\nA story.", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "also.txt").symlink_to(folder / "inside.txt")
    os.mkfifo(folder / "pipe.txt")
    found = load(folder)
    errors = {Path(item.path).name: item.reason for item in found if isinstance(item, InputError)}
    assert set(errors) == {"link.txt", "pipe.txt"}
    assert "leads out of the folder" in errors["link.txt"]
    assert "not a regular file" in errors["pipe.txt"]
    assert not any("secret" in item.text for item in found if isinstance(item, Article))


def test_a_missing_path_and_an_unreadable_file_are_reported(tmp_path: Path) -> None:
    assert "no such file or folder" in str(error(tmp_path / "nowhere"))
    path = tmp_path / "gone.txt"
    path.write_text("Title\n\nText.", encoding="utf-8")
    (source,) = discover([path])
    path.unlink()
    assert isinstance(source, SourceFile)
    (found,) = load_file(source, max_bytes=MB)
    assert isinstance(found, InputError)


def test_json_lines_carry_what_is_known_and_bad_lines_alone_fail(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    records = [
        '{"id": "a1", "text": "It rained.", "title": "Rain", "source": "Wire", "date": "2024-05-01T10:00:00Z"}',
        "{not json",
        "[1, 2]",
        '{"title": "no text"}',
        '{"url": "https://example.org/x?y=1", "body": "It snowed. \\ud800", "published": "1 May 2024"}',
        '{"text": "Caf\\u0065\\u0301 closed.", "id": "../../etc/passwd", "date": "yesterday"}',
        "[" * 100_000,
        '{"content": "Line nine.", "date": "Tue, 17 Sep 2024 10:00:00 GMT"}',
    ]
    path.write_text("\n".join(records) + "\n", encoding="utf-8")
    found = load(path)
    assert [item.line for item in found if isinstance(item, InputError)] == [2, 3, 4, 7]
    articles = [item for item in found if isinstance(item, Article)]
    assert (articles[0].id, articles[0].title, articles[0].published) == ("a1", "Rain", "2024-05-01")
    assert articles[1].origin == "https://example.org/x?y=1"
    assert articles[1].text == "It snowed. ?"
    assert articles[2].text == unicodedata.normalize("NFC", articles[2].text)
    assert "/" not in articles[2].id
    assert articles[2].published is None
    assert articles[2].notes == ("date not understood: yesterday",)
    assert articles[3].published == "2024-09-17"


@given(st.text())
def test_no_date_is_guessed(stated: str) -> None:
    found, notes = parse_date(stated)
    assert found is None or (len(found) == 10 and not notes)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_loaded_or_reported(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.txt", "a.jsonl"):
        path = folder / name
        path.write_bytes(data)
        for item in load(path):
            if isinstance(item, Article):
                assert item.text.strip()
                assert item.text == unicodedata.normalize("NFC", item.text)
                item.text.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("El Niño trajo lluvias a España. «El señor Peña dijo que mañana», según el año.", "cp1252"),
        ("El Niño brought rain, said Señor Peña — “we can’t stay,” he told reporters in Montréal.", "cp1252"),
        ("Où êtes-vous allé? L’été dernier, le président a déclaré que ça coûte 10 €.", "cp1252"),
        ("The fine was £500 — €1,600 in all — and the café’s owner, Zoë Müller, paid ½ of it.", "cp1252"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy.", "cp1250"),
        ("首相は火曜日、政府が来週法案を提出すると述べた。", "cp932"),
        ("Łódź jest pięknym miastem. Żółta łódka płynie rzeką, powiedział burmistrz.", "cp1250"),
        ("Президент сказал во вторник, что страна готова.", "cp1251"),
    ],
)  # fmt: skip
def test_no_letter_is_taken_for_another(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), path="a.txt") == (text, encoding)
