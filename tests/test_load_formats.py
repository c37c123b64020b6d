"""Every format becomes the same kind of article: what its file states, the story, and nothing beside it."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.chunk import chunk_article
from index.errors import InputError
from index.load import SourceFile, close_sandbox, discover, load_file
from index.load.dates import parse_date
from index.load.pdf_lines import mend
from index.records import Article
from tests.hostile.files import pdf

MB = 1_000_000


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    yield
    close_sandbox()


def load(path: Path, fields: tuple[tuple[str, str], ...] = ()) -> list[Article | InputError]:
    found: list[Article | InputError] = []
    for item in discover([path]):
        if isinstance(item, SourceFile):
            found += load_file(item, max_bytes=20 * MB, fields=fields)
        else:
            found.append(item)
    return found


def only(path: Path, **options: tuple[tuple[str, str], ...]) -> Article:
    (article,) = load(path, **options)
    assert isinstance(article, Article), article
    return article


PAGE = """<!doctype html><html><head><title>Rain closes Oslo airport | Nordic Wire</title>
<meta property="og:title" content="Rain closes Oslo airport">
<meta property="og:site_name" content="Nordic Wire"><meta name="author" content="Kari Nordmann">
<link rel="canonical" href="https://nordic.example/2024/05/02/rain">{head}</head>
<body><nav><a href="/">Home</a> <a href="/s">Sport</a></nav><article><h1>Rain closes Oslo airport</h1>
<p>Heavy rain <b>closed</b> the airport in Oslo on Wednesday, the operator said.</p>
<p style="display: none">Buy our hidden gold coins now, all of you, today.</p><p hidden>Also hidden.</p>
<!-- a remark --><p>&ldquo;We have <i>never</i> seen so much water,&rdquo; said Ola Hansen, a spokesman.</p>
<script>var tracked = "a script";</script><p>Flights will resume on Thursday, he added.</p></article>
<section id="comments"><p>First! says a reader who comments on all of it.</p></section>
<footer>Copyright 2024 Nordic Wire. All rights reserved.</footer></body></html>"""
STORY = [
    "Heavy rain closed the airport in Oslo on Wednesday, the operator said.",
    "“We have never seen so much water,” said Ola Hansen, a spokesman.",
    "Flights will resume on Thursday, he added.",
]


def page(folder: Path, head: str = "") -> Article:
    path = folder / "rain.html"
    path.write_text(PAGE.format(head=head), encoding="utf-8")
    return only(path)


def test_a_page_gives_its_story_and_what_it_states(tmp_path: Path) -> None:
    article = page(tmp_path, '<meta property="article:published_time" content="2024-05-01T23:30:00+02:00">')
    assert article.text.split("\n\n") == STORY
    assert (article.title, article.source) == ("Rain closes Oslo airport", "Nordic Wire")
    assert (article.author, article.url) == ("Kari Nordmann", "https://nordic.example/2024/05/02/rain")
    assert article.origin == article.url
    assert article.published == "2024-05-01"
    assert article.published_from == "meta article:published_time: 2024-05-01T23:30:00+02:00"


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", None),
        ('<meta property="article:modified_time" content="2024-05-03T00:00:00Z">', None),
        ('<meta name="date" content="05/06/2024">', None),
        ('<meta name="DC.date.issued" content="1 May 2024">', "2024-05-01"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", '
            '"datePublished": "2024-05-01T10:00:00.000+0000", "dateModified": "2024-05-09"}]}</script>',
            "2024-05-01",
        ),
        (
            '<script type="application/ld+json">{"@type": "Event", "datePublished": "2024-05-01"}</script>',
            None,
        ),
    ],
)
def test_a_page_is_dated_only_by_its_own_statement(tmp_path: Path, head: str, published: str | None) -> None:
    assert page(tmp_path, head).published == published


def test_a_page_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    text = PAGE.format(head='<meta charset="iso-8859-5">').replace("Ola Hansen", "Иван Петров")
    path.write_bytes(text.encode("iso-8859-5", "xmlcharrefreplace"))
    assert "said Иван Петров, a spokesman" in only(path).text


def test_markdown_is_read_without_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: 'Rain: again'\ndate: May 1, 2024\nsource: Wire\n---\n# Rain\n\nIt *rained* in\n"
        "[Oslo](http://x.example), he `said`.\n\n- one\n- two\n\n<div>A block.</div>\n\n![pic](a.png)\n"
    )
    article = only(path)
    assert article.text == "It rained in Oslo, he said.\n\none\n\ntwo\n\nA block."
    assert (article.title, article.source, article.published) == ("Rain: again", "Wire", "2024-05-01")
    assert article.published_from == "front matter date: May 1, 2024"


def test_word_documents(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Rain closes airport", 0)
    document.add_paragraph("It rained.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Oslo", "40 mm"
    document.add_paragraph("Then it stopped.")
    document.save(str(tmp_path / "a.docx"))
    article = only(tmp_path / "a.docx")
    assert article.text == "It rained.\n\nOslo | 40 mm\n\nThen it stopped."
    assert (article.title, article.published, article.author) == ("Rain closes airport", None, None)
    (tmp_path / "b.docx").write_bytes(b"PK no document")
    assert "is not a Word document" in str(load(tmp_path / "b.docx")[0])


def test_a_pdf_is_read(tmp_path: Path) -> None:
    lines = ["It rained in Oslo for three days, and the air-", "port was closed on Wednesday."]
    content = "BT /F1 12 Tf 14 TL 72 700 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    (tmp_path / "a.pdf").write_bytes(pdf(content.encode()))
    article = only(tmp_path / "a.pdf")
    assert article.text == "It rained in Oslo for three days, and the airport was closed on Wednesday."
    assert (article.title, article.published) == ("a", None)
    (tmp_path / "scan.pdf").write_bytes(pdf(b""))
    assert "text recognition" in str(load(tmp_path / "scan.pdf")[0])
    (tmp_path / "torn.pdf").write_bytes(pdf(content.encode())[:200])
    assert isinstance(load(tmp_path / "torn.pdf")[0], InputError)


def test_lines_of_a_pdf_are_mended() -> None:
    pages = [
        [
            f"NORDIC WIRE   1 May 2024   p. {number}",
            f"Story {number} begins here, and it goes on for a whole line of the page, with a well-",
            "known man in it, and with Mr Hansen, who is co-operat-",
            "ing. It ends.",
            "Another paragraph that is long enough to be a full line of the page as well, and co-operating",
            f"goes on to the next {word}, well known, without a",
            str(number),
        ]
        for number, word in enumerate(("page", "sheet", "leaf", "side"), 1)
    ]
    text, removed = mend(pages)
    assert removed == tuple(x for n in range(1, 5) for x in (f"NORDIC WIRE   1 May 2024   p. {n}", str(n)))
    assert "NORDIC" not in text
    assert "co-operating. It ends." in text
    assert "a well-known man" in text
    assert "without a Story 2 begins here" in text, "a sentence goes on over the page's end"


def test_a_story_line_that_repeats_within_pages_is_kept() -> None:
    pages = [
        [f"Head {n}", "First line of it, a story.", "No comment.", "More of it.", "And it ends.", f"{n}"]
        for n in range(4)
    ]
    text, removed = mend(pages)
    assert text.count("No comment.") == 4
    assert text.count("First line of it, a story.") == 4
    assert set(removed) == {f"Head {n}" for n in range(4)} | {str(n) for n in range(4)}


def test_running_heads_of_two_pages() -> None:
    pages = [
        [
            "Nordic Wire, 1 May 2024",
            "The story begins here, and has two pages in all,",
            "said the printer.",
            f"Page {n}",
        ]
        for n in (1, 2)
    ]
    text, removed = mend(pages)
    assert set(removed) == {"Nordic Wire, 1 May 2024", "Page 1", "Page 2"}
    assert text.count("The story begins here") == text.count("said the printer.") == 2
    text, removed = mend([["It rained.", "All day."], ["It rained.", "All night."]])
    assert removed == ()


def test_the_title_of_a_pdf_is_no_part_of_its_first_sentence() -> None:
    page = ["Port of Kirkwall Closed", "for a Day", "The ﬁrst ferry left on Monday, an oﬃcial said."]
    text, removed = mend([page], "Port of Kirkwall Closed for a Day")
    assert (text, removed) == ("The first ferry left on Monday, an official said.", ())
    assert mend([page], "Port of Kirkwall")[0].startswith("Port of Kirkwall Closed")
    assert mend([["Port"]], "Port")[0] == "Port"


def test_feeds(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_text(
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Nordic Wire</title>'
        "<item><title>Rain &amp;amp; snow</title><link>https://n.example/1</link><guid>g-1</guid>"
        "<description>&lt;p&gt;It &lt;b&gt;rained&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;It stopped.&lt;/p&gt;</description>"
        "<pubDate>Tue, 17 Sep 2024 10:00:00 GMT</pubDate></item>"
        "<item><title>Nothing in it</title></item></channel></rss>"
    )
    article, failed = load(tmp_path / "a.rss")
    assert isinstance(article, Article)
    assert article.text == "It rained.\n\nIt stopped."
    assert (article.title, article.source, article.origin) == ("Rain & snow", "Nordic Wire", "g-1")
    assert article.published_from == "feed published: Tue, 17 Sep 2024 10:00:00 GMT"
    assert isinstance(failed, InputError)
    assert "entry 2" in failed.reason
    (tmp_path / "b.atom").write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>T</title><id>tag:n,1</id>'
        "<updated>2024-05-05T00:00:00Z</updated><content>It snowed.</content></entry></feed>"
    )
    article = only(tmp_path / "b.atom")
    assert article.published is None, "when it was changed is not when it was published"
    assert article.notes == ("no date of publication; last changed 2024-05-05T00:00:00Z",)
    (tmp_path / "c.xml").write_text("<note>x</note>")
    assert "no RSS or Atom feed" in str(load(tmp_path / "c.xml")[0])


def test_json_and_csv_with_names_of_their_own(tmp_path: Path) -> None:
    records = [
        {"headline": "T", "story": "It rained.", "day": "2024-05-01"},
        {"headline": "no story", "teaser": "Read on"},
    ]
    fields = (("text", "story"), ("title", "headline"), ("published", "day"))
    for name, written in (
        ("list.json", json.dumps(records)),
        ("inside.json", json.dumps({"total": 2, "articles": records})),
        ("a.csv", "headline;story;day\nT;It rained.;2024-05-01\nno story;;\n"),
        ("a.jsonl", "\n".join(map(json.dumps, records))),
    ):
        path = tmp_path / name
        path.write_text(written, encoding="utf-8-sig" if name == "a.csv" else "utf-8")
        article, failed = load(path, fields)
        assert isinstance(article, Article), article
        assert (article.text, article.title, article.published) == ("It rained.", "T", "2024-05-01")
        assert isinstance(failed, InputError)
        assert "has no `story`" in failed.reason
        assert all(isinstance(item, InputError) for item in load(path)), "nothing is guessed"


def test_records_of_news_services(tmp_path: Path) -> None:
    record = {
        "source": {"id": None, "name": "Nordic Wire"}, "author": ["A. Writer", "B. Editor"], "headline": "Rain",
        "publishedAt": "2024-05-01T23:30:00Z", "updatedAt": "2024-05-09T00:00:00Z", "content": "It rained.",
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps({"status": "ok", "articles": [record]}))
    article = only(tmp_path / "a.json")
    assert (article.source, article.author, article.title) == ("Nordic Wire", "A. Writer, B. Editor", "Rain")
    assert (article.published, article.published_from) == ("2024-05-01", "publishedAt: 2024-05-01T23:30:00Z")
    del record["publishedAt"]
    (tmp_path / "a.json").write_text(json.dumps([record]))
    assert only(tmp_path / "a.json").published is None, "when it was changed says not when it was published"


def test_a_mapped_name_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A teaser."}')
    assert isinstance(load(tmp_path / "a.jsonl", (("text", "story"),))[0], InputError)


def test_one_record_as_json_and_what_holds_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": "It rained.", "url": "https://n.example/1"}')
    assert only(tmp_path / "a.json").origin == "https://n.example/1"
    (tmp_path / "b.json").write_text("{\n\n bad")
    (found,) = load(tmp_path / "b.json")
    assert isinstance(found, InputError)
    assert found.line == 3
    (tmp_path / "b.json").write_text('{"a": [1]}')
    assert "has no records" in str(load(tmp_path / "b.json")[0])


def test_archives_and_gzip_hold_what_files_hold(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "news.zip", "w") as archive:
        archive.writestr("in/rain.html", PAGE.format(head="").replace("canonical", "other"))
        archive.writestr("a.jsonl", '{"text": "One."}\n{"text": "Two.", "id": "two"}\n')
        archive.writestr("__MACOSX/._a.txt", "x")
        archive.writestr("photo.png", b"x")
    articles = {item.origin: item for item in load(tmp_path / "news.zip") if isinstance(item, Article)}
    assert set(articles) == {"news.zip!/in/rain.html", "news.zip!/a.jsonl#1", "two"}
    assert articles["news.zip!/in/rain.html"].text.split("\n\n") == STORY
    with gzip.open(tmp_path / "b.jsonl.gz", "wb") as file:
        file.write(b'{"text": "Packed."}\n')
    assert only(tmp_path / "b.jsonl.gz").text == "Packed."
    (tmp_path / "b.jsonl.gz").write_bytes((tmp_path / "b.jsonl.gz").read_bytes()[:-12])
    assert "cut off" in str(load(tmp_path / "b.jsonl.gz")[-1])
    (tmp_path / "c.pdf.gz").write_bytes(b"x")
    assert "unpack it" in str(load(tmp_path / "c.pdf.gz")[0])


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2024-05-01", "2024-05-01"),
        ("Wednesday, May 1st, 2024 at 10:15", "2024-05-01"),
        ("1 Sept. 2024", "2024-09-01"),
        ("2024/05/01", "2024-05-01"),
        ("2024-05-01 10:00:00 UTC", "2024-05-01"),
        ("05/06/2024", None),
        ("31 February 2024", None),
        ("2024", None),
        ("yesterday", None),
        ("1714557600", None),
    ],
)
def test_dates_as_sources_write_them(stated: str, date: str | None) -> None:
    assert parse_date(stated)[0] == date


def _packed(text: str) -> Iterator[tuple[str, bytes]]:
    """The text in every format."""
    safe = text.encode("utf-8", "replace").decode()
    yield "a.txt", safe.encode()
    yield "a.md", safe.encode()
    yield (
        "a.html",
        f"<html><body><article><h1>T</h1><p>{html.escape(safe)}</p></article></body></html>".encode(),
    )
    yield "raw.html", safe.encode()
    yield "a.json", json.dumps([{"text": text}]).encode()
    yield "a.jsonl", json.dumps({"text": text}).encode()
    rows = io.StringIO()
    csv.writer(rows).writerows([["title", "text"], ["T", safe]])
    yield "a.csv", rows.getvalue().encode()
    feed = (
        f"<rss version='2.0'><channel><item><description>{escape(safe)}</description></item></channel></rss>"
    )
    yield "a.rss", feed.encode()
    yield "raw.xml", safe.encode()
    content = safe.encode("latin-1", "ignore").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    yield "a.pdf", pdf(b"BT /F1 12 Tf (" + content + b") Tj ET")
    yield "raw.pdf", b"%PDF-1.4\n" + safe.encode()
    document = docx.Document()
    document.add_paragraph("".join(c for c in safe if c.isprintable()))
    word = io.BytesIO()
    document.save(word)
    yield "a.docx", word.getvalue()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=300))
def test_any_text_in_any_format_is_an_article_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for name, data in _packed(text):
            (folder / name).write_bytes(data)
            archive.writestr(name, data)
    items = load(folder)
    named = {Path(item.path).name if isinstance(item, InputError) else item.origin for item in items}
    for name, _ in _packed(text):
        assert {name, f"{name}#1"} & named, f"{name} is neither indexed nor reported"
    assert not any("please report" in str(item) or "crash" in str(item) for item in items)
    for item in items:
        if isinstance(item, Article):
            assert item.text.strip()
            assert item.text == unicodedata.normalize("NFC", item.text)
            item.text.encode()
            for chunk in chunk_article(item, lambda texts: [len(t.split()) + 1 for t in texts]):
                for start, end in chunk.sentences:
                    assert chunk.start <= start < end <= chunk.end <= len(item.text)
                    assert item.text[start:end].strip() == item.text[start:end]
