"""The vector index: right whatever is missing or broken, and never a word about it but one log line."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import index.store.store as store_module
from index.catalog import Catalog
from index.errors import BusyError, ModelError, StorageError
from index.records import Filters
from index.settings import ROOT
from index.store import VectorStore, making, store
from tests.making import put

MODEL = "test-model"
LENGTH = 16


def vector_of(chunk_id: int) -> np.ndarray:
    made = np.random.default_rng(chunk_id).normal(size=LENGTH)
    return (made / np.linalg.norm(made)).astype(np.float32)


def fill(catalog: Catalog, *names: str, sentences: int = 5) -> None:
    """Stores articles with a vector for each chunk that can be told from its id."""
    for name in names:
        put(catalog, name, " ".join(f"Sentence {n} of {name}." for n in range(sentences)))
    ids = catalog.chunks_to_embed()
    catalog.put_vectors(ids, np.stack([vector_of(i) for i in ids]), MODEL)


def exact(catalog: Catalog, vector: np.ndarray, limit: int) -> list[int]:
    ids, matrix = catalog.vectors()
    return ids[np.argsort(-(matrix @ vector), kind="stable")[:limit]].tolist()


def snapshots(data: Path) -> list[Path]:
    folder = data / "chroma"
    return sorted(p for p in folder.iterdir() if p.is_dir()) if folder.exists() else []


def copies() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("dateline-chroma-*"))


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))


@pytest.fixture
def built(catalog: Catalog, data: Path) -> Iterator[VectorStore]:
    fill(catalog, "a", "b", "c")
    opened = VectorStore(data, catalog)
    assert opened.update_snapshot()
    yield opened
    opened.close()


def assert_right(opened: VectorStore, catalog: Catalog) -> None:
    """What it finds is what exact search over the catalog finds, for every vector there is."""
    ids, matrix = catalog.vectors()
    for chunk_id, vector in zip(ids.tolist(), matrix, strict=True):
        hits = opened.search(vector, 4)
        assert [hit[0] for hit in hits] == exact(catalog, vector, 4)
        assert hits[0] == (chunk_id, pytest.approx(1, abs=1e-5))


def test_it_is_chroma_that_answers(
    built: VectorStore, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_right(built, catalog)
    assert built.snapshot_revision() == catalog.revision
    asked: list[int] = []
    nearest = store.OpenSnapshot.nearest
    monkeypatch.setattr(
        store.OpenSnapshot, "nearest", lambda self, *args: asked.append(1) or nearest(self, *args)
    )
    built.search(vector_of(1), 3)
    assert asked == [1]
    assert built.search(vector_of(1), 0) == []
    assert len(built.search(vector_of(1), 10_000)) == 15


def test_what_came_after_the_snapshot_is_found_and_what_went_is_not(
    built: VectorStore, catalog: Catalog
) -> None:
    revision = built.search(vector_of(1), 1) and built.snapshot_revision()
    fill(catalog, "later")
    catalog.remove(["b"])
    put(catalog, "c", "Changed entirely.")
    assert_right(built, catalog)
    assert built.snapshot_revision() == revision
    catalog.remove(["later"])
    assert_right(built, catalog)
    assert {hit[0] for hit in built.search(vector_of(1), 100)} == set(catalog.vectors()[0].tolist())


def test_a_vector_that_was_replaced_under_its_id_wins_over_the_snapshot(
    built: VectorStore, catalog: Catalog
) -> None:
    new = vector_of(777)
    catalog.put_vectors([1], new[np.newaxis], MODEL)
    assert built.search(new, 1) == [(1, pytest.approx(1, abs=1e-5))]
    assert dict(built.search(vector_of(1), 15))[1] == pytest.approx(float(new @ vector_of(1)), abs=1e-5)


def test_a_filtered_search_is_exact_within_the_filter(built: VectorStore, catalog: Catalog) -> None:
    allowed = catalog.allowed_chunks(Filters(include=("b",)))
    hits = built.search(vector_of(1), 100, allowed=allowed)
    assert sorted(hit[0] for hit in hits) == allowed.tolist()
    assert built.search(vector_of(1), 100, allowed=np.zeros(0, np.int64)) == []
    catalog.remove(["b"])
    assert built.search(vector_of(1), 100, allowed=allowed) == []


def test_a_filter_that_lets_many_pass_finds_what_an_exact_search_finds(
    built: VectorStore, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, "later", "One more. And another.")
    new = catalog.chunks_to_embed()
    catalog.put_vectors(new, np.stack([vector_of(i) for i in new]), MODEL)
    filters = Filters(exclude=("b",))
    allowed = catalog.allowed_chunks(filters)
    assert set(new) <= set(allowed.tolist()) < set(catalog.vectors()[0].tolist())
    for seed in range(20):
        exact = built.search(vector_of(seed), 4, allowed=allowed)
        with monkeypatch.context() as patched:
            patched.setattr(store_module, "EXACT", 1)
            patched.setattr(VectorStore, "_allowed", None)
            found = built.search(vector_of(seed), 4, allowed=allowed)
        assert [i for i, _ in found] == [i for i, _ in exact]
    monkeypatch.setattr(store_module, "EXACT", 1)
    catalog.remove(["later"])
    short = built.search(vector_of(1), 100, allowed=allowed)
    assert {i for i, _ in short} == set(allowed.tolist()) - set(new), "all that are left, not more"


def test_a_question_from_another_model_is_an_error(built: VectorStore) -> None:
    with pytest.raises(ModelError, match="16"):
        built.search(np.ones(LENGTH + 1, np.float32), 3)
    assert built.snapshot_revision() is not None, "and not the snapshot's fault"


def test_reading_changes_nothing_in_the_snapshot(built: VectorStore, catalog: Catalog, data: Path) -> None:
    (snapshot,) = snapshots(data)
    before = {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()}
    assert_right(built, catalog)
    built.close()
    assert {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()} == before
    assert built.check() == []


def test_closing_leaves_no_copy_behind(built: VectorStore) -> None:
    built.search(vector_of(1), 1)
    assert len(copies()) == 1
    built.close()
    assert copies() == set()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def break_data(snapshot: Path) -> None:
    flip(next(snapshot.rglob("data_level0.bin")))


def break_database(snapshot: Path) -> None:
    flip(snapshot / "chroma.sqlite3")


def break_manifest(snapshot: Path) -> None:
    flip(snapshot / "manifest.json")


def change_manifest(snapshot: Path) -> None:
    path = snapshot / "manifest.json"
    path.write_text(path.read_text().replace('"count": 15', '"count": 14'))


def other_version(snapshot: Path) -> None:
    path = snapshot / "manifest.json"
    content = __import__("json").loads(path.read_text())
    content["chromadb"] = "0.4.0"
    content.pop("seal")
    content["seal"] = making.snapshot._seal(content)
    path.write_text(__import__("json").dumps(content))


def truncate(snapshot: Path) -> None:
    next(snapshot.rglob("data_level0.bin")).write_bytes(b"")


def lose_file(snapshot: Path) -> None:
    (snapshot / "chroma.sqlite3").unlink()


def lose_manifest(snapshot: Path) -> None:
    (snapshot / "manifest.json").unlink()


def lose_all(snapshot: Path) -> None:
    shutil.rmtree(snapshot.parent)


def another_revision(snapshot: Path) -> None:
    snapshot.rename(snapshot.with_name(str(int(snapshot.name) + 1)))


BREAKS = [
    break_data, break_database, break_manifest, change_manifest, other_version, truncate, lose_file,
    lose_manifest, lose_all, another_revision,
]  # fmt: skip


@pytest.mark.parametrize("harm", BREAKS)
def test_a_broken_snapshot_is_noticed_and_made_anew(
    built: VectorStore, catalog: Catalog, data: Path, caplog: pytest.LogCaptureFixture, harm: object
) -> None:
    harm(snapshots(data)[0])  # type: ignore[operator]
    with VectorStoreOpen(data, catalog) as opened:
        assert opened.check() != [] or opened.is_missing()
        assert_right(opened, catalog)
        assert opened.snapshot_revision() == catalog.revision
        assert opened.check() == []
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
    assert "Nothing is lost" in caplog.text


@pytest.mark.parametrize("harm", BREAKS)
def test_a_reader_that_may_not_write_searches_exactly(
    built: VectorStore, catalog: Catalog, data: Path, caplog: pytest.LogCaptureFixture, harm: object
) -> None:
    harm(snapshots(data)[0])  # type: ignore[operator]
    before = sorted(data.rglob("*"))
    with VectorStoreOpen(data, catalog, read_only=True) as opened:
        assert_right(opened, catalog)
        assert opened.snapshot_revision() is None
    assert sorted(data.rglob("*")) == before
    assert len(caplog.records) == 1


class VectorStoreOpen:
    """A store that is closed at the end of the block."""

    def __init__(self, data: Path, catalog: Catalog, *, read_only: bool = False) -> None:
        self.store = VectorStore(data, catalog, read_only=read_only)

    def __enter__(self) -> VectorStore:
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()


def test_a_large_broken_snapshot_is_made_anew_in_the_background(
    built: VectorStore, catalog: Catalog, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "REBUILD_AT_ONCE", 0)
    break_data(snapshots(data)[0])
    with VectorStoreOpen(data, catalog) as opened:
        assert_right(opened, catalog)
        for thread in list(opened._repairs):
            thread.join()
        assert_right(opened, catalog)
        assert opened.snapshot_revision() == catalog.revision


def test_chroma_failing_altogether_costs_no_answer(
    catalog: Catalog, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill(catalog, "a", "b")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no such symbol: hnsw")

    monkeypatch.setattr(making, "ChromaFolder", broken)
    with VectorStoreOpen(data, catalog) as opened:
        assert_right(opened, catalog)
        with pytest.raises(StorageError, match="Nothing is lost"):
            opened.update_snapshot()
    assert snapshots(data) == []
    assert "no such symbol" in caplog.text


def test_chroma_failing_at_a_question_costs_no_answer(
    built: VectorStore, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.search(vector_of(1), 1)

    def broken(*_: object) -> None:
        raise RuntimeError("internal error")

    monkeypatch.setattr(store.OpenSnapshot, "nearest", broken)
    ids, matrix = catalog.vectors()
    assert built.search(matrix[3], 1)[0][0] == ids[3]


def test_a_snapshot_of_another_catalog_is_not_believed(
    built: VectorStore, catalog: Catalog, data: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    with Catalog.open(other) as fresh:
        fill(fresh, "x", "y", "z", "w")
        shutil.copytree(data / "chroma", other / "chroma")
        with VectorStoreOpen(other, fresh) as opened:
            assert "another catalog" in opened.check()[0]
            assert_right(opened, fresh)


def test_a_snapshot_of_another_model_is_not_believed(built: VectorStore, catalog: Catalog) -> None:
    built.search(vector_of(1), 1)
    catalog.drop_vectors()
    ids = catalog.chunks_to_embed()
    catalog.put_vectors(ids, np.stack([vector_of(i + 500) for i in ids]), "another")
    assert_right(built, catalog)


def test_a_server_sees_the_build_of_another_process(built: VectorStore, catalog: Catalog, data: Path) -> None:
    assert_right(built, catalog)
    first = built.snapshot_revision()
    script = """
import sys; from pathlib import Path
from index.catalog import Catalog; from index.store import VectorStore
from tests.test_store import fill
with Catalog.open(Path(sys.argv[1])) as catalog:
    fill(catalog, "elsewhere " + sys.argv[2])
    catalog.remove(["a"])
    if sys.argv[2] == "snapshot":
        store = VectorStore(Path(sys.argv[1]), catalog); assert store.update_snapshot(); store.close()
"""
    for how in ("commit only", "snapshot"):
        subprocess.run(
            [sys.executable, "-W", "error", "-c", script, str(data), how], cwd=ROOT, check=True, timeout=60
        )
        assert_right(built, catalog)
        assert (built.snapshot_revision() == first) == (how == "commit only")
    assert len(snapshots(data)) == 1, "the old one is gone, and the reader did not need it"


def test_a_small_corpus_always_gets_a_snapshot_and_a_large_one_when_it_pays(
    built: VectorStore, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not built.update_snapshot(), "nothing changed"
    fill(catalog, "d")
    assert built.update_snapshot()
    monkeypatch.setattr(making, "CHANGES", 6)
    fill(catalog, "e")
    assert not built.update_snapshot()
    catalog.remove(["a"])
    assert built.update_snapshot(), "added and removed together"
    assert not built.update_snapshot()
    assert built.update_snapshot(force=True)
    assert_right(built, catalog)


def test_an_empty_index_has_no_snapshot(built: VectorStore, catalog: Catalog, data: Path) -> None:
    catalog.remove(["a", "b", "c"])
    assert not built.update_snapshot()
    assert snapshots(data) == []
    assert built.search(vector_of(1), 5) == []
    assert built.check() == []


def test_one_process_at_a_time_makes_a_snapshot(built: VectorStore, catalog: Catalog, data: Path) -> None:
    fill(catalog, "d")
    with making.FileLock(data / "chroma" / "snapshot.lock"), pytest.raises(BusyError):
        built.update_snapshot()
    assert built.update_snapshot()


KILLED = """
import sys, os, signal; from pathlib import Path
from index.catalog import Catalog; from index.store import VectorStore, making, snapshot
data, moment = Path(sys.argv[1]), sys.argv[2]
die = lambda *args, **options: os.kill(os.getpid(), signal.SIGKILL)
if moment == "reading":
    catalog = Catalog.open(data); store = VectorStore(data, catalog)
    catalog.vectors(); import numpy; store.search(numpy.ones(16, "float32"), 1); die()
moments = {"filling": (making, "_probe"), "hashing": (snapshot, "hashes"), "sealing": (snapshot, "_sync")}
setattr(*moments[moment], die)
catalog = Catalog.open(data)
VectorStore(data, catalog).update_snapshot(force=True)
"""


@pytest.mark.parametrize("moment", ["filling", "hashing", "sealing", "reading"])
def test_a_killed_process_harms_nothing(
    built: VectorStore, catalog: Catalog, data: Path, moment: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(data), moment], cwd=ROOT, check=False, timeout=60,
        env=os.environ | {"TMPDIR": tempfile.gettempdir()},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert len(copies()) == (moment == "reading")
    with VectorStoreOpen(data, catalog) as opened:
        assert_right(opened, catalog)
        assert len(copies()) == 1, "what the dead process left is gone"
        assert opened.update_snapshot(force=True)
    assert [path.name for path in snapshots(data)] == [str(catalog.revision)]
    assert copies() == set()


def test_a_copy_in_use_is_not_taken_for_a_leftover(built: VectorStore, catalog: Catalog, data: Path) -> None:
    built.search(vector_of(1), 1)
    with VectorStoreOpen(data, catalog) as opened:
        opened.search(vector_of(1), 1)
        assert len(copies()) == 2
        assert_right(built, catalog)


def test_no_room_for_a_copy_costs_no_answer(
    built: VectorStore,
    catalog: Catalog,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.snapshot, "_copy_hashing", full)
    with VectorStoreOpen(data, catalog) as opened:
        assert_right(opened, catalog)
    assert "No space left" in caplog.text
