"""The catalog: nothing stale, nothing lost, nothing in a question is syntax, readable everywhere."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.catalog import Catalog, search, searching
from index.errors import BusyError, InputError, ModelError, StorageError, UsageError
from index.records import Chunk, Filters
from index.settings import ROOT
from tests.making import article, chunks, put

MODEL = "test-model"


def embed(catalog: Catalog, model: str = MODEL) -> list[int]:
    """Gives every chunk without a vector one that depends on its id alone."""
    missing = sorted(catalog.chunks_to_embed())
    if missing:
        vectors = np.stack([np.random.default_rng(chunk_id).normal(size=8) for chunk_id in missing])
        catalog.put_vectors(missing, vectors.astype(np.float32), model, [v[np.newaxis] for v in vectors])
    return missing


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data / "catalog.sqlite")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def change(data: Path, statement: str) -> None:
    connection = sqlite3.connect(data / "catalog.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()


def test_an_article_comes_back_as_it_was_stored(catalog: Catalog) -> None:
    made = article(
        "a",
        "“Ünïcode” 🛩 text. Second.",
        title="T",
        source="S",
        author="A",
        url="https://x/",
        published="2016-08-17",
    )
    catalog.put_article(made, chunks(made))
    assert catalog.article("a") == made
    assert catalog.article("b") is None
    passages = catalog.article_chunks("a")
    assert (
        [made.text[p.start : p.end] for p in passages]
        == [p.text for p in passages]
        == ["“Ünïcode” 🛩 text.", "Second."]
    )
    assert catalog.passages([passages[1].chunk_id, 999]) == {passages[1].chunk_id: passages[1]}


def test_an_update_leaves_nothing_of_the_old_text(catalog: Catalog, data: Path) -> None:
    put(catalog, "a", "Zeppelin over Hamburg. Second sentence.")
    old = embed(catalog)
    put(catalog, "a", "Airship over Bremen.")
    assert catalog.lexical(["zeppelin"], 5) == []
    assert [hit[0] for hit in catalog.lexical(["airship"], 5)] == [
        p.chunk_id for p in catalog.article_chunks("a")
    ]
    assert catalog.live_chunk_ids(old) == set()
    assert catalog.vectors()[0].size == 0
    for table in ("chunks", "chunks_fts", "articles"):
        assert rows(data, f"SELECT count(*) FROM {table}") == [(1,)], table  # noqa: S608
    assert (
        rows(data, "SELECT count(*) FROM vectors")
        == rows(data, "SELECT count(*) FROM sentence_vectors")
        == [(0,)]
    )
    assert catalog.check() == []


def test_what_is_removed_leaves_nothing(catalog: Catalog, data: Path) -> None:
    put(catalog, "a", "One sentence. Two sentences.")
    embed(catalog)
    before = catalog.revision
    assert catalog.remove(["a", "nobody"]) == 1
    assert catalog.revision == before + 1
    for table in ("articles", "chunks", "chunks_fts", "vectors", "sentence_vectors", "files"):
        assert rows(data, f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608
    assert catalog.stems() == frozenset()


def test_chunk_ids_are_never_used_twice(catalog: Catalog) -> None:
    put(catalog, "a", "One.")
    first = catalog.article_chunks("a")[0].chunk_id
    catalog.remove(["a"])
    put(catalog, "b", "Two.")
    assert catalog.article_chunks("b")[0].chunk_id > first


def test_a_text_is_embedded_once_however_often_it_is_stored(catalog: Catalog) -> None:
    put(catalog, "a", "Kept sentence. Old sentence.", title="T")
    embed(catalog)
    kept = catalog.article_chunks("a")[0].chunk_id
    vector = catalog.vectors([kept])[1]
    put(catalog, "a", "Kept sentence. New sentence.", title="T")
    first, second = (p.chunk_id for p in catalog.article_chunks("a"))
    assert catalog.chunks_to_embed() == [second]
    assert np.array_equal(catalog.vectors([first])[1], vector)
    assert catalog.sentence_vectors([first])[first][1].shape == (1, 8)
    put(catalog, "copy", "Kept sentence.", title="T")
    assert catalog.chunks_to_embed() == [second]


def test_a_heading_that_changed_is_embedded_again(catalog: Catalog) -> None:
    put(catalog, "a", "Same sentence.", title="Old")
    embed(catalog)
    put(catalog, "a", "Same sentence.", title="New")
    assert len(catalog.chunks_to_embed()) == 1


def test_the_newest_articles_are_embedded_first(catalog: Catalog) -> None:
    for name, day in (("old", "2001-01-01"), ("undated", None), ("new", "2020-01-01")):
        put(catalog, name, f"Text of {name}.", published=day)
    order = [catalog.passages([i])[i].article_id for i in catalog.chunks_to_embed()]
    assert order == ["new", "old", "undated"]


def test_a_failed_store_changes_nothing(catalog: Catalog) -> None:
    put(catalog, "a", "Good text.")
    before = (catalog.revision, catalog.article("a"))
    bad = article("a", "Short.")
    for wrong in (
        [],
        [Chunk("a", 0, 0, 7, ((0, 7),), "")],
        [Chunk("a", 0, 2, 6, ((0, 6),), "")],
        [Chunk("a", 0, 0, 6, ((0, 4), (3, 6)), "")],
    ):
        with pytest.raises(InputError):
            catalog.put_article(bad, wrong)
    with pytest.raises(InputError, match="valid Unicode"):
        catalog.put_article(article("a", "Lone \ud800 surrogate."), [Chunk("a", 0, 0, 17, ((0, 17),), "")])
    assert (catalog.revision, catalog.article("a")) == before
    assert catalog.check() == []


def test_words_are_found_in_any_form_with_the_title_counting_more(catalog: Catalog) -> None:
    put(catalog, "body", "They permitted overflights. More words here.", title="Something else")
    put(catalog, "title", "Nothing to see. More words there.", title="Overflights permitted")
    put(catalog, "other", "Unrelated café.", title="Other")
    first = catalog.lexical(["permits"], 5, title_weight=5.0)
    assert catalog.passages([first[0][0]])[first[0][0]].article_id == "title"
    assert [score for _, score in first] == sorted((score for _, score in first), reverse=True)
    assert all(score > 0 for _, score in first)
    assert len(catalog.lexical(["cafe"], 5)) == 1
    assert catalog.document_frequency(["permit", "overflight", "nowhere"]) == {
        "permit": 3,
        "overflight": 3,
        "nowhere": 0,
    }
    assert "permit" in catalog.stems()
    assert catalog.lexical(["permits"], 0) == catalog.lexical([], 5) == catalog.lexical([" "], 5) == []


NASTY = [
    '"',
    "'",
    "*",
    "NEAR(",
    "a AND b",
    "title:x",
    "^x",
    "-x",
    "{a b}: c",
    "\0",
    "a\0b",
    "\ud800",
    "(",
    "OR",
    "+",
    ";--",
]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(st.one_of(st.text(), st.sampled_from(NASTY)), max_size=8))
def test_nothing_in_a_word_is_query_syntax(catalog: Catalog, words: list[str]) -> None:
    if not catalog.chunk_count():
        put(catalog, "a", "Needle in a haystack.")
    hits = catalog.lexical([*words, "needle"], 5)
    assert len(hits) == 1
    catalog.document_frequency(words)


def test_operators_are_words_like_others(catalog: Catalog) -> None:
    put(catalog, "a", "Near the house and not far.")
    for word in ("zebra AND nothing", "zebra*", "title:near zebra", "NOT zebra"):
        assert catalog.lexical([word], 5) == [], word
    assert len(catalog.lexical(["NOT"], 5)) == 1


def test_a_question_of_many_words_is_looked_up(catalog: Catalog) -> None:
    put(catalog, "a", "Needle in a haystack.")
    assert len(catalog.lexical(["needle", *(f"w{n}" for n in range(10_000))], 5)) == 1


@pytest.mark.parametrize("few", [0, 2000], ids=["looked through", "handed to SQLite"])
def test_filters_keep_out_what_they_should(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    put(catalog, "a", "Word.", published="2016-01-01", source="BBC")
    put(catalog, "b", "Word.", published="2017-01-01", source="CNN", title="b2")
    put(catalog, "c", "Word.", title="c2")
    embed(catalog)

    def found(filters: Filters) -> str:
        lexical = {i for i, _ in catalog.lexical(["word"], 9, filters)}
        assert lexical == set(catalog.allowed_chunks(filters).tolist())
        return "".join(sorted(p.article_id for p in catalog.passages(list(lexical)).values()))

    assert found(Filters()) == "abc"
    assert found(Filters(after="2016-01-01")) == "ab"
    assert found(Filters(after="2016-01-02")) == "b"
    assert found(Filters(before="2016-01-01")) == "a"
    assert found(Filters(sources=("bbc", "x"))) == "a"
    assert found(Filters(include=("a", "c"))) == "ac"
    assert found(Filters(exclude=("a",), after="2000-01-01")) == "b"
    assert found(Filters(sources=('"; DROP TABLE articles',))) == ""


def test_filters_follow_every_change(catalog: Catalog) -> None:
    def found(**filters: str) -> set[str]:
        ids = catalog.allowed_chunks(Filters(**filters)).tolist()
        return {passage.article_id for passage in catalog.passages(ids).values()}

    put(catalog, "a", "Word. Two.", published="2016-01-01")
    put(catalog, "b", "Word.", published="2017-01-01")
    assert found(after="2016-06-01") == {"b"}
    put(catalog, "a", "Word. Two.", published="2018-01-01")
    put(catalog, "c", "Word.", published="2019-01-01")
    assert found(after="2016-06-01") == {"a", "b", "c"}
    assert len(catalog.allowed_chunks(Filters(after="2016-06-01"))) == 4, "none twice"
    catalog.remove(["b"])
    assert found(after="2016-06-01") == {"a", "c"}
    assert len(catalog.allowed_chunks(Filters(before="2020-01-01"))) == 3


def test_the_most_common_words_are_left_out_of_a_large_corpus_if_others_are_found(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        put(catalog, f"a{number}", "The common thing." if number else "A common needle.")
    assert len(catalog.lexical(["common", "needle"], 9)) == 8
    monkeypatch.setattr(searching, "MOST_ROWS", 8)
    assert len(catalog.lexical(["common", "needle"], 9)) == 1
    assert len(catalog.lexical(["common"], 9)) == 8
    assert len(catalog.lexical(["common", "zebra"], 9)) == 8
    assert len(catalog.lexical(["zebra", "thing", "needle"], 9)) == 8
    monkeypatch.setattr(searching, "MOST_ROWS", 16)
    monkeypatch.setattr(searching, "LEAST_ROWS", 4)
    assert len(catalog.lexical(["common", "needle"], 9)) == 8
    assert len(catalog.lexical(["common", "needle"], 9, searches=2)) == 1  # they share what it may cost


def test_counts_of_words_follow_every_change(catalog: Catalog) -> None:
    put(catalog, "a", "Needle.")
    assert catalog.document_frequency(["needle", "thread"]) == {"needle": 1, "thread": 0}
    put(catalog, "a", "Thread.")
    assert catalog.document_frequency(["needle", "thread"]) == {"needle": 0, "thread": 1}
    assert "needl" not in catalog.stems()
    catalog.remove(["a"])
    assert catalog.document_frequency(["thread"]) == {"thread": 0}
    assert catalog.chunk_count() == 0


def test_two_models_are_never_mixed(catalog: Catalog) -> None:
    put(catalog, "a", "One. Two.")
    ids = catalog.chunks_to_embed()
    catalog.put_vectors(ids[:1], np.ones((1, 8), np.float32), MODEL)
    assert np.linalg.norm(catalog.vectors()[1][0]) == pytest.approx(1)
    with pytest.raises(ModelError, match="verify --repair"):
        catalog.put_vectors(ids[1:], np.ones((1, 8), np.float32), "another")
    with pytest.raises(ModelError, match="verify --repair"):
        catalog.require_embedding_model("another")
    with pytest.raises(ModelError):
        catalog.put_vectors(ids[1:], np.ones((1, 9), np.float32), MODEL)
    with pytest.raises(ModelError):
        catalog.put_vectors(ids[1:], np.full((1, 8), np.nan, np.float32), MODEL)
    catalog.require_embedding_model(MODEL)
    assert catalog.status()["embedded"] == 1
    catalog.drop_vectors()
    catalog.put_vectors(ids, np.ones((2, 4), np.float32), "another")
    assert catalog.embedding_model == "another"


def test_another_process_sees_each_commit_at_once(catalog: Catalog, data: Path) -> None:
    with Catalog.open(data, read_only=True) as reader:
        before = reader.revision
        put(catalog, "a", "One.")
        assert reader.revision == before + 1
        assert len(reader.lexical(["one"], 5)) == 1
        with pytest.raises(StorageError, match="reading only"):
            reader.remove(["a"])


def test_threads_share_a_catalog(catalog: Catalog) -> None:
    put(catalog, "a", "One needle.")
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(20):
                assert catalog.lexical(["needle"], 100)
                put(catalog, f"t{number}-{turn}", "Another needle.")
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert catalog.status()["articles"] == 121
    assert catalog.check() == []


def test_a_catalog_that_is_replaced_is_read_anew(catalog: Catalog, data: Path) -> None:
    put(catalog, "old", "Old needle.")
    with Catalog.open(data, read_only=True) as reader:
        identity = reader.identity
        catalog.close()
        for path in data.glob("catalog.sqlite*"):
            path.unlink()
        assert reader.article("old") is not None, "what is gone for now is still answered from"
        with Catalog.open(data) as fresh:
            put(fresh, "new", "New needle.")
            assert reader.article("new") is not None
            assert reader.identity == fresh.identity != identity


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from index.catalog import Catalog
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Catalog.open(Path(sys.argv[1]), read_only=True) as catalog:
    print(catalog.status()["articles"], len(catalog.lexical(["needle"], 5)), catalog.check())
try:
    Catalog.open(Path(sys.argv[1]))
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs to drop privileges")
@pytest.mark.parametrize("log", ["checkpointed", "left by a killed process"])
def test_a_folder_without_write_permission_can_be_asked(data: Path, log: str) -> None:
    live = Catalog.open(data)
    put(live, "a", "One needle.")
    frozen = Path(tempfile.mkdtemp(prefix="dateline-test-"))
    try:
        if log == "checkpointed":
            live.close()
            shutil.copy(data / "catalog.sqlite", frozen)
        else:
            shutil.copy(data / "catalog.sqlite", frozen)
            shutil.copy(data / "catalog.sqlite-wal", frozen)
            live.close()
        frozen.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", UNPRIVILEGED, str(frozen)],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=60,
        )  # fmt: skip
        assert done.stdout.splitlines()[0] == "1 1 []", done.stderr
        assert done.stdout.splitlines()[1].startswith("StorageError")
        assert "permissions" in done.stdout
    finally:
        frozen.chmod(0o755)
        shutil.rmtree(frozen)


def test_errors_say_what_to_do(data: Path) -> None:
    with pytest.raises(StorageError, match="python -m index build"):
        Catalog.open(data, read_only=True)
    assert not data.exists(), "a reader makes nothing"
    Catalog.open(data).close()
    change(data, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(StorageError, match="newer Dateline"):
        Catalog.open(data)
    with pytest.raises(StorageError, match="newer Dateline"):
        Catalog.open(data, read_only=True)
    (data / "catalog.sqlite").write_bytes(b"not a database at all" * 500)
    with pytest.raises(StorageError, match="damaged"):
        Catalog.open(data, read_only=True)


def test_a_locked_catalog_says_so(catalog: Catalog, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.catalog.connection.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(data / "catalog.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Catalog.open(data, read_only=True) as reader:
        assert reader.revision == 0, "readers are not stopped by a writer"
    with pytest.raises(BusyError, match="locked"):
        Catalog.open(data)
    other.close()


def test_feedback_is_kept_and_changes_no_revision(catalog: Catalog) -> None:
    before = catalog.revision
    number = catalog.add_feedback("Q?", {"text": "A"}, "down", "wrong date")
    with pytest.raises(UsageError):
        catalog.add_feedback("Q?", {}, "sideways")  # type: ignore[arg-type]
    (kept,) = catalog.feedback()
    assert catalog.add_feedback("Q?", {"text": "A"}, "up", "all right", replaces=number) == number
    (changed,) = catalog.feedback()
    assert (changed["rating"], changed["comment"]) == ("up", "all right")
    assert catalog.add_feedback("Q?", {"text": "A"}, "up", replaces=999) != number
    created = kept.pop("created_at")
    assert created.startswith("20")
    assert kept == {
        "id": number,
        "question": "Q?",
        "answer": {"text": "A"},
        "rating": "down",
        "comment": "wrong date",
    }
    assert catalog.revision == before


def test_status_counts(catalog: Catalog) -> None:
    assert catalog.status()["articles"] == 0
    put(catalog, "a", "One. Two.", published="2016-01-01", source="BBC")
    put(catalog, "b", "Three.", published="2018-01-01", source="CNN")
    embed(catalog)
    put(catalog, "c", "Four.")
    assert catalog.status() == {
        "articles": 3, "copies": 0, "chunks": 4, "embedded": 3, "from": "2016-01-01", "to": "2018-01-01",
        "sources": ["BBC", "CNN"], "embedding_model": MODEL, "failed": 0,
    }  # fmt: skip
    assert [entry["id"] for entry in catalog.list_articles()] == ["b", "a", "c"]


DAMAGE = {
    "DELETE FROM chunks_fts WHERE rowid = 1": "full-text index differs",
    "UPDATE chunks_fts SET body = 'other' WHERE rowid = 1": "full-text index differs",
    "INSERT INTO chunks_fts (rowid, title, body) VALUES (99, 'x', 'y')": "that are gone",
    "UPDATE chunks_fts_data SET block = x'00' WHERE id > 10": "full-text index",
    """UPDATE chunks SET "end" = 9999 WHERE id = 1""": "outside the text",
    "UPDATE chunks SET sentences = '[[5, 3]]' WHERE id = 1": "does not lie in chunk",
    "UPDATE chunks SET sentences = 'rubbish' WHERE id = 1": "cannot be read",
    "DELETE FROM chunks": "no chunks",
    "UPDATE articles SET text = 'Another text, long enough. Second one here.'": "not what was stored",
    "UPDATE vectors SET vector = x'00' WHERE chunk_id = 1": "length",
    "INSERT INTO vectors VALUES (99, zeroblob(32), 1)": "belongs to nothing",
}


@pytest.mark.parametrize("statement", DAMAGE)
def test_the_check_finds_damage(catalog: Catalog, data: Path, statement: str) -> None:
    put(catalog, "a", "First sentence here is long. Second one.")
    embed(catalog)
    assert catalog.check() == []
    change(data, statement)
    assert any(DAMAGE[statement] in problem for problem in catalog.check()), catalog.check()


def test_the_full_text_is_made_anew_from_the_articles(catalog: Catalog, data: Path) -> None:
    put(catalog, "a", "First needle. Second one.")
    change(data, "DELETE FROM chunks_fts")
    assert catalog.lexical(["needle"], 5) == []
    catalog.rebuild_full_text()
    assert len(catalog.lexical(["needle"], 5)) == 1
    assert catalog.check() == []
    assert "needl" in catalog.stems() or "needle" in catalog.stems()


def test_where_no_connection_can_be_opened_a_reader_waits_for_one_that_was(data: Path) -> None:
    with Catalog.open(data) as made:
        revision = made.revision
    lent, asked = threading.Event(), threading.Event()
    with Catalog.open(data, read_only=True) as catalog:
        assert catalog.revision == revision

        def hold() -> None:
            with catalog._connections.read():
                lent.set()
                asked.wait(10)

        holder = threading.Thread(target=hold)
        holder.start()
        assert lent.wait(10)
        data.rename(data.with_name("out of reach"))
        threading.Timer(0.2, asked.set).start()
        assert catalog.revision == revision
        holder.join()
