"""What speed is measured on is what it claims to be; nothing here measures."""

from __future__ import annotations

from pathlib import Path

from benchmarks import corpus, report, synthetic
from index.catalog import Catalog


def test_no_sentence_and_no_article_is_made_twice() -> None:
    records = list(corpus.records(corpus.DEFAULT, 30))
    sentences = [s for record in records for s in record["text"].split("\n\n")]
    assert len(set(sentences)) == len(sentences)
    assert len({record["id"] for record in records}) == 30
    assert all(650 < len(record["text"].split()) < 900 for record in records)
    assert records == list(corpus.records(corpus.DEFAULT, 30)), "and it is the same every time"


def test_an_index_of_any_size_is_whole(data: Path) -> None:
    assert 120 <= synthetic.make(data, corpus.DEFAULT, 120) < 140
    with Catalog.open(data) as catalog:
        status = catalog.status()
        assert status["embedded"] == status["chunks"]
        assert (status["copies"], catalog.check()) == (0, [])


def test_tables_hold_what_was_measured() -> None:
    run = {
        "found": 2,
        "articles": 400,
        "chunks": 520,
        "start_seconds": 3.0,
        "index_and_ask_seconds": 20.0,
        "peak_mb": 700,
        "processor_seconds": 40.0,
    }
    ours = {
        "chunks": 28_000, "answerable_seconds": 9.5, "answerable_processor_seconds": 8.25,
        "first_answer_seconds": 14.0, "build_peak_mb": 300,
    }  # fmt: skip
    results = {"answerable": {"on": {}, "result": ours}, "quickstart": {"on": {}, "result": {"default": run}}}
    whole = "\n".join(report.tables(results))
    assert "28,000 | 9.50 | 8.25 | 300" in whole
    assert "5,200 | 203.0 | 400.0 | 700" in whole
