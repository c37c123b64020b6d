"""The build: incremental, resumable, one at a time; no input and no accident costs what was indexed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import index.build.files as files_module
from index.build import BuildInterrupted, BuildReport, build, group, remove, verify
from index.build.watch import watch
from index.catalog import Catalog, schema
from index.catalog.rows import text_hash
from index.errors import BusyError, ModelError, NotFoundError, StorageError
from index.records import Article
from index.settings import ROOT, Settings, load_settings
from index.store import VectorStore
from tests.conftest import Run
from tests.making import command, environment

NO_RACE = time.time() - 3600


def write(folder: Path, name: str, text: str, *, old: bool = True) -> Path:
    """A file; `old` sets its time back, so that time and size alone are trusted."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if old:
        os.utime(path, (NO_RACE, NO_RACE))
    return path


def write_records(folder: Path, name: str, *records: dict[str, str]) -> Path:
    return write(folder, name, "".join(json.dumps(record) + "\n" for record in records), old=False)


def counts(report: BuildReport) -> dict[str, int]:
    found = {name: value for name, value in report.to_dict().items() if name not in ("failed", "embedded")}
    return {name: value for name, value in (found | {"failed": len(report.failed)}).items() if value}


def texts(settings: Settings) -> dict[str, str]:
    """Every article's text by its origin."""
    with Catalog.open(settings.data, read_only=True) as catalog:
        found = [catalog.article(entry["id"]) for entry in catalog.list_articles()]
    return {article.origin: article.text for article in found if article is not None}


def test_the_seed_is_indexed_whole(settings: Settings) -> None:
    stages: list[tuple[str, int, int]] = []
    report = build([ROOT / "seeds"], settings, progress=lambda *event: stages.append(event))
    assert counts(report) == {"added": 1}
    assert report.embedded > 3
    assert verify(settings) == []
    assert [stage for stage, done, total in stages if done == total] == ["reading", "embedding", "indexing"]
    with Catalog.open(settings.data) as catalog:
        store = VectorStore(settings.data, catalog)
        ids, matrix = catalog.vectors()
        assert store.search(matrix[0], 1)[0][0] == ids[0]
        assert store.snapshot_revision() == catalog.revision, "the seed is in Chroma"
        store.close()
        for chunk_id, (_, sentences) in catalog.sentence_vectors(ids.tolist()).items():
            assert len(sentences) == len(catalog.passages([chunk_id])[chunk_id].sentences)


def test_only_what_changed_is_read_and_embedded(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        write(articles, f"{name}.txt", f"Title of {name}\n\nThe text of {name} is here.")
    assert counts(build([articles], settings)) == {"added": 3}
    read: list[str] = []
    real = files_module.load_file

    def spy(source: object, **options: int) -> Iterator[object]:
        read.append(source.origin)  # type: ignore[attr-defined]
        return real(source, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(files_module, "load_file", spy)
    again = build([articles], settings)
    assert (counts(again), again.embedded, read) == ({"unchanged": 3}, 0, [])
    (articles / "a.txt").touch()
    assert counts(build([articles], settings)) == {"unchanged": 3}
    assert read == [], "the time changed, the content did not"
    write(articles, "b.txt", "Title of b\n\nAnother text.", old=False)
    third = build([articles], settings)
    assert (counts(third), third.embedded, read) == ({"updated": 1, "unchanged": 2}, 1, ["b.txt"])
    assert "Another text." in texts(settings)["b.txt"]
    assert verify(settings) == []


def test_a_change_that_size_and_time_hide_is_seen(articles: Path, settings: Settings) -> None:
    path = write(articles, "a.txt", "Title\n\nText one.", old=False)
    build([articles], settings)
    before = path.stat()
    path.write_text("Title\n\nText two.", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert counts(build([articles], settings)) == {"updated": 1}


def test_a_newer_loader_reads_every_file_again(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(articles, "a.txt", "Title\n\nFirst sentence. Second sentence.")
    build([articles], settings)
    monkeypatch.setattr(files_module, "PIPELINE", files_module.PIPELINE + 1)
    assert counts(build([articles], settings)) == {"unchanged": 1}
    real = files_module.chunk_article
    monkeypatch.setattr(
        files_module, "chunk_article", lambda article, count: _cut_in_two(real(article, count))
    )
    monkeypatch.setattr(files_module, "PIPELINE", files_module.PIPELINE + 1)
    assert counts(build([articles], settings)) == {"updated": 1}
    assert verify(settings) == []


def _cut_in_two(chunks: list[object]) -> list[object]:
    from index.records import Chunk

    (chunk,) = chunks
    assert isinstance(chunk, Chunk)
    first, *rest = chunk.sentences
    return [
        Chunk(chunk.article_id, 0, first[0], first[1], (first,), chunk.heading),
        Chunk(chunk.article_id, 1, rest[0][0], rest[-1][1], tuple(rest), chunk.heading),
    ]


def test_a_record_that_left_its_file_leaves_the_index(articles: Path, settings: Settings) -> None:
    one, two = {"id": "one", "text": "Text one."}, {"id": "two", "text": "Text two."}
    write_records(articles, "news.jsonl", one, two)
    assert counts(build([articles], settings)) == {"added": 2}
    write_records(articles, "news.jsonl", two)
    assert counts(build([articles], settings)) == {"unchanged": 1, "removed": 1}
    assert set(texts(settings)) == {"two"}
    assert verify(settings) == []


def test_a_file_that_broke_keeps_its_articles_and_is_reported_each_time(
    articles: Path, settings: Settings
) -> None:
    write_records(
        articles, "news.jsonl", {"id": "one", "text": "Text one."}, {"id": "two", "text": "Text two."}
    )
    write(articles, "a.txt", "Title\n\nGood text.")
    build([articles], settings)
    (articles / "news.jsonl").write_text('{"id": "one", "text": "Text one, newer."}\n{"id": "two", "tex\n')
    (articles / "a.txt").write_bytes(bytes(range(256)) * 10)
    for expected in ({"updated": 1, "failed": 2}, {"unchanged": 1, "failed": 2}):
        report = build([articles], settings)
        assert counts(report) == expected
        assert {(Path(f.path).name, f.line) for f in report.failed} == {("news.jsonl", 2), ("a.txt", None)}
    kept = texts(settings)
    assert kept["one"] == "Text one, newer."
    assert kept["two"] == "Text two."
    assert "Good text." in kept["a.txt"]


def test_a_parser_that_fails_in_its_own_way_fails_alone(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        write(articles, f"{name}.txt", f"Title\n\nText of {name}.")
    real = files_module.load_file

    def broken(source: object, **options: int) -> Iterator[object]:
        if source.origin == "b.txt":  # type: ignore[attr-defined]
            raise RecursionError("too deep")
        return real(source, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(files_module, "load_file", broken)
    report = build([articles], settings)
    assert counts(report) == {"added": 2, "failed": 1}
    assert "RecursionError: too deep" in report.failed[0].reason


def test_exact_copies_are_kept_and_counted(articles: Path, settings: Settings) -> None:
    write(articles, "a.txt", "Title\n\nThe very same text.")
    write(articles, "b.txt", "Title\n\nThe very same text.")
    report = build([articles], settings)
    assert counts(report) == {"added": 2, "duplicates": 1}
    assert verify(settings) == []


def test_one_origin_from_two_folders_is_reported_not_overwritten(articles: Path, settings: Settings) -> None:
    write(articles, "x/a.txt", "Title\n\nText in x.")
    write(articles, "y/a.txt", "Title\n\nText in y.")
    assert counts(build([articles / "x"], settings)) == {"added": 1}
    report = build([articles / "y"], settings)
    assert counts(report) == {"failed": 1}
    assert str(articles / "x" / "a.txt") in report.failed[0].reason
    assert texts(settings) == {"a.txt": texts(settings)["a.txt"]}
    assert "Text in x." in texts(settings)["a.txt"]
    (articles / "x" / "a.txt").unlink()
    assert counts(build([articles / "y"], settings)) == {"updated": 1}
    assert "Text in y." in texts(settings)["a.txt"]


def test_a_file_given_by_another_path_stays_one_article(articles: Path, settings: Settings) -> None:
    path = write(articles, "deep/a.txt", "Title\n\nText.")
    build([articles], settings)
    for given in (articles / "deep", path, articles / "deep" / ".." / "deep"):
        assert counts(build([given], settings)) == {"unchanged": 1}
    write(articles, "deep/a.txt", "Title\n\nNewer text.", old=False)
    assert counts(build([path], settings)) == {"updated": 1}
    assert set(texts(settings)) == {"deep/a.txt"}


def test_the_same_record_in_two_files_is_one_article(articles: Path, settings: Settings) -> None:
    record = {"id": "one", "text": "Text one."}
    write_records(articles, "a.jsonl", record, record)
    write_records(articles, "b.jsonl", record)
    assert counts(build([articles], settings)) == {"added": 1, "duplicates": 2}
    write_records(articles, "c.jsonl", {"id": "two", "text": "X."}, {"id": "two", "text": "Y."})
    report = build([articles / "c.jsonl"], settings)
    assert "twice" in report.failed[0].reason


def test_a_file_that_moved_takes_its_article_along(articles: Path, settings: Settings) -> None:
    write_records(articles, "a.jsonl", {"id": "one", "text": "Text one."})
    build([articles], settings)
    (articles / "a.jsonl").rename(articles / "b.jsonl")
    assert counts(build([articles], settings, prune=True)) == {"unchanged": 1}
    assert set(texts(settings)) == {"one"}


def test_pruning_removes_only_what_is_certainly_gone(
    articles: Path, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    gone, kept = (
        write(articles, "gone.txt", "T\n\nGone text."),
        write(articles, "kept.txt", "T\n\nKept text."),
    )
    outside = write(elsewhere, "outside.txt", "T\n\nOutside text.")
    build([articles, elsewhere], settings)
    gone.unlink()
    outside.unlink()
    assert counts(build([articles], settings)) == {"unchanged": 1}, "nothing goes without --prune"
    assert counts(build([articles], settings, prune=True)) == {"unchanged": 1, "removed": 1}
    assert set(texts(settings)) == {"kept.txt", "outside.txt"}
    kept.unlink()
    articles.rmdir()
    report = build([articles], settings, prune=True)
    assert counts(report) == {"failed": 1}, "a whole folder that is missing may be a disk not mounted"
    assert "kept.txt" in texts(settings)
    assert verify(settings) == []


def test_removing_leaves_nothing_and_the_file_may_come_back(articles: Path, settings: Settings) -> None:
    write(articles, "a.txt", "Title\n\nText about zeppelins.")
    write(articles, "b.txt", "Title\n\nText about airships.")
    build([articles], settings)
    with Catalog.open(settings.data) as catalog:
        article_id = catalog.article_id_of("a.txt")
        assert article_id is not None
    with pytest.raises(NotFoundError):
        remove(settings, [article_id, "nobody"])
    assert remove(settings, [article_id]) == 1
    with Catalog.open(settings.data) as catalog:
        assert catalog.lexical(["zeppelins"], 5) == []
        assert catalog.status()["embedded"] == catalog.status()["chunks"] == 1
        store = VectorStore(settings.data, catalog)
        assert len(store.search(catalog.vectors()[1][0], 10)) == 1
        assert store.snapshot_revision() == catalog.revision, "Chroma does not hold it either"
        store.close()
    assert verify(settings) == []
    assert counts(build([articles], settings)) == {"added": 1, "unchanged": 1}


def test_two_builds_at_once(articles: Path, settings: Settings) -> None:
    write(articles, "a.txt", "Title\n\nText.")
    seen: list[str] = []

    def second(stage: str, done: int, total: int) -> None:
        if not seen:
            with pytest.raises(BusyError) as caught:
                build([articles], settings)
            seen.append(str(caught.value))

    build([articles], settings, progress=second)
    assert f"process {os.getpid()}" in seen[0]
    assert verify(settings) == []


def test_another_model_is_refused_until_the_index_is_repaired(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(articles, "a.txt", "Title\n\nText.")
    build([articles], settings)
    with Catalog.open(settings.data) as catalog:
        catalog.drop_vectors()
        ids = catalog.chunks_to_embed()
        catalog.put_vectors(ids, [[1.0] * 8] * len(ids), "another-model")  # type: ignore[arg-type]
    write(articles, "b.txt", "Title\n\nNew text.")
    with pytest.raises(ModelError, match="verify --repair"):
        build([articles], settings)
    assert set(texts(settings)) == {"a.txt", "b.txt"}, "what was read is kept, and found by its words"
    assert verify(settings, repair=True) == []
    with Catalog.open(settings.data) as catalog:
        assert catalog.vectors()[1].shape == (2, 384)
    assert counts(build([articles], settings)) == {"unchanged": 2}


REPAIRABLE = [
    "DELETE FROM chunks_fts",
    "UPDATE chunks_fts SET body = 'rubbish'",
    "UPDATE chunks_fts_data SET block = x'00' WHERE id > 10",
    """UPDATE chunks SET "end" = 99999""",
    "DELETE FROM chunks",
    "DELETE FROM vectors",
    "UPDATE vectors SET vector = x'0000'",
    "UPDATE chunks SET sentences = 'rubbish'",
]


@pytest.mark.parametrize("statement", REPAIRABLE)
def test_what_is_derived_is_repaired(articles: Path, settings: Settings, statement: str) -> None:
    write(articles, "a.txt", "Title\n\nText about zeppelins. Second sentence.")
    build([articles], settings)
    assert verify(settings) == []
    connection = sqlite3.connect(settings.data / "catalog.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()
    assert verify(settings) != []
    assert verify(settings, repair=True) == []
    with Catalog.open(settings.data) as catalog:
        assert len(catalog.lexical(["zeppelin"], 5)) == 1


@pytest.mark.parametrize("characters", [0, 30, 1_000_000], ids=["each alone", "some", "all together"])
def test_ctrl_c_keeps_what_was_committed(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, characters: int
) -> None:
    monkeypatch.setattr(group, "MOST_CHARACTERS", characters)
    for number in range(6):
        write(articles, f"{number}.txt", f"Title\n\nText number {number}.")
    kept = []

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "reading" and done >= 2:
            kept.append(len(texts(settings)))
            assert done <= kept[0], "a file is told to be done before it is kept"
            raise KeyboardInterrupt

    with pytest.raises(BuildInterrupted) as caught:
        build([articles], settings, progress=stop)
    assert counts(caught.value.report) == {"added": len(texts(settings))}
    assert kept[0] == 6 if characters == 1_000_000 else kept[0] < 6
    assert {problem.kind for problem in verify(settings)} == {"incomplete"}
    rest = {"added": 6 - len(texts(settings)), "unchanged": len(texts(settings))}
    assert counts(build([articles], settings)) == {name: n for name, n in rest.items() if n}
    assert verify(settings) == []


def test_an_article_appears_whole_or_not_at_all(
    articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(articles, "a.txt", "Title\n\nOld text.")
    build([articles], settings)
    write(articles, "a.txt", "Title\n\nNew text.", old=False)
    from index.catalog import rows

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rows, "delete_chunks", interrupted)
        with pytest.raises(BuildInterrupted):
            build([articles], settings)
    assert "Old text." in texts(settings)["a.txt"]
    assert verify(settings) == []
    assert counts(build([articles], settings)) == {"updated": 1}


CHILD = """
import sys
from pathlib import Path
from index.build import build
from index.settings import load_settings
import index.embed, chromadb
print("ready", flush=True)
build([Path(sys.argv[1])], load_settings(data=sys.argv[2]), progress=lambda *event: print(*event, flush=True))
print("done", flush=True)
"""


def test_a_killed_build_loses_nothing_and_goes_on(articles: Path, settings: Settings) -> None:
    seed = int.from_bytes(os.urandom(3), "big")
    chance = random.Random(seed)  # noqa: S311 - picks moments, not secrets
    written: dict[str, str] = {}
    # Some early, some late: reading, the first vectors, the snapshot, and whatever chance adds.
    stages = ["reading", "embedding", "indexing", "reading", "embedding", "indexing", "embedding", "indexing"]
    kills = 0
    for turn, stage in enumerate(stages):
        for number in range(12):
            name = f"{turn}-{number}.txt"
            write(articles, name, f"Title {turn} {number}\n\nSentence {number} of turn {turn}. Another one.")
        before = texts(settings) if turn else {}
        kills += _build_and_kill(articles, settings, stage, chance)
        after = texts(settings)
        assert before.items() <= after.items(), f"articles were lost (seed {seed}, turn {turn})"
        problems = verify(settings)
        assert {problem.kind for problem in problems} <= {"incomplete"}, (seed, turn, problems)
        written |= after
    assert kills >= 4, "many of the builds were still running when they were killed"
    build([articles], settings)
    assert len(texts(settings)) == 12 * len(stages)
    assert verify(settings) == []
    with Catalog.open(settings.data) as catalog:
        assert len(catalog.lexical(["sentence"], 1000)) == 12 * len(stages)
        assert catalog.status()["embedded"] == catalog.status()["chunks"]
    assert [path.name for path in (settings.data / "chroma").glob(".building*")] == []


def _build_and_kill(articles: Path, settings: Settings, stage: str, chance: random.Random) -> bool:
    """Kills a real build at some moment after it said that it is in that stage; whether it still ran."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(articles), str(settings.data)],
        cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    skip = chance.randrange(15) if stage == "reading" else 0
    for line in process.stdout:
        if line.startswith(stage):
            if not skip:
                break
            skip -= 1
    time.sleep(chance.random() * (0.02 if stage == "reading" else 0.2))
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.2 MB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("making a small file system needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(articles: Path, tiny_disk: Path) -> None:
    settings = load_settings(data=tiny_disk / "data")
    write(articles, "0.txt", "Title\n\nThe first text.")
    # Two builds: what was there before the disk was full must survive.
    build([articles], settings)
    for number in range(1, 200):
        write(articles, f"{number}.txt", f"Title {number}\n\n" + f"Text number {number} has words. " * 40)
    with pytest.raises(StorageError, match=r"free some space|No space"):
        build([articles], settings)
    kept = texts(settings)
    assert "0.txt" in kept
    copied = load_settings(data=_copied(settings.data, articles))
    assert {problem.kind for problem in verify(copied)} <= {"incomplete"}


def _copied(data: Path, beside: Path) -> Path:
    return Path(shutil.copytree(data, beside.parent / "copied"))


def test_a_file_that_may_not_grow(articles: Path, settings: Settings) -> None:
    import resource

    write(articles, "0.txt", "Title\n\nThe first text.")
    build([articles], settings)
    for number in range(1, 40):
        write(articles, f"{number}.txt", f"Title {number}\n\n" + f"Text number {number} has words. " * 4)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run(
        [*command("build", articles), "--data", str(settings.data)],
        capture_output=True, text=True, cwd=ROOT, env=environment(), preexec_fn=limit, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < len(texts(settings)) < 40
    assert {problem.kind for problem in verify(settings)} <= {"incomplete"}
    build([articles], settings)
    assert verify(settings) == []


def test_articles_can_be_asked_before_they_are_embedded(articles: Path, settings: Settings) -> None:
    write(articles, "a.txt", "Title\n\nText about zeppelins.")

    def look(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("embedding", 0):
            with Catalog.open(settings.data, read_only=True) as catalog:
                assert len(catalog.lexical(["zeppelin"], 5)) == 1
                assert catalog.status()["embedded"] == 0
                found.append(True)

    found: list[bool] = []
    build([articles], settings, progress=look)
    assert found == [True]


def test_no_index_is_made_by_looking(settings: Settings) -> None:
    for look in (
        lambda: verify(settings),
        lambda: verify(settings, repair=True),
        lambda: remove(settings, ["a"]),
    ):
        with pytest.raises(StorageError, match="python -m index build"):
            look()
    assert not settings.data.exists()


def test_a_data_folder_that_cannot_be_made(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be"):
        build([articles], load_settings(data=tmp_path / "file" / "data"))


def test_the_fingerprint_covers_every_field() -> None:
    base = Article("i", "o", "t", "T")
    others = [
        Article("i", "o", "t2", "T"), Article("i", "o", "t", "T2"), Article("i", "o", "t", "T", source="s"),
        Article("i", "o", "t", "T", published="2020-01-01"), Article("i", "o", "t", "T", notes=("n",)),
    ]  # fmt: skip
    assert len({Catalog.fingerprint(article) for article in [base, *others]}) == 6


def test_many_formats_in_one_folder_and_the_bad_ones_reported(articles: Path, settings: Settings) -> None:
    page = "<html><body><article><h1>Rain</h1><p>It rained in Oslo, said page {}.</p></article></body></html>"
    for number in range(25):
        write(articles, f"page{number:02}.html", page.format(number))
    write(articles, "bad.pdf", "no pdf")
    write(articles, "a.txt", "Title\n\nA text.")
    write(articles, "list.json", json.dumps([{"text": "One."}, {"text": "Two."}, {"none": 1}]))
    report = build([articles], settings)
    assert counts(report) == {"added": 28, "failed": 2}
    found = texts(settings)
    for number in range(25):
        assert found[f"page{number:02}.html"] == f"It rained in Oslo, said page {number}."
    again = build([articles], settings)
    assert counts(again) == {"unchanged": 28, "failed": 2}
    assert verify(settings) == []


def test_a_mapping_of_fields_reads_the_files_again(articles: Path, settings: Settings) -> None:
    write(articles, "a.jsonl", json.dumps({"id": "a", "text": "Short.", "full": "The whole story."}))
    build([articles], settings)
    assert texts(settings) == {"a": "Short."}
    mapping = (("text", "full"),)
    assert counts(build([articles], settings, fields=mapping)) == {"updated": 1}
    assert texts(settings) == {"a": "The whole story."}
    assert counts(build([articles], settings, fields=mapping)) == {"unchanged": 1}


def test_the_command_line_maps_fields_and_refuses_others(
    articles: Path, run: Run, settings: Settings
) -> None:
    write(articles, "a.csv", "headline,story\nRain,It rained.\n")
    done = run("build", articles, "--field", "text=story", "--field", "title=headline")
    assert done.returncode == 0, done.stderr
    assert set(texts(settings).values()) == {"It rained."}
    done = run("build", articles, "--field", "body=story")
    assert done.returncode == 2
    assert "NAME is one of text, id, title" in done.stderr


def test_an_index_of_the_first_schema_is_brought_up_to_date(articles: Path, settings: Settings) -> None:
    settings.data.mkdir()
    connection = sqlite3.connect(settings.data / "catalog.sqlite")
    for statement in schema.TABLES:
        connection.execute(statement)
    start = {"schema_version": "1", "revision": "0", "identity": "x"}
    connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", start.items())
    connection.execute(
        "INSERT INTO articles VALUES ('old', 'old', 'It rained.', 'T', NULL, NULL, NULL, NULL, '[]', '[]', "
        "?, 'f', NULL, NULL, 0, '2024')", (text_hash("It rained."),)
    )  # fmt: skip
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="older Dateline"):
        Catalog.open(settings.data, read_only=True)
    write(articles, "a.txt", "Title\n\nA text.")
    assert counts(build([articles], settings)) == {"added": 1}
    assert texts(settings) == {"old": "It rained.", "a.txt": "A text."}


def test_watching_brings_in_what_changes(articles: Path, settings: Settings) -> None:
    write(articles, "a.txt", "Title\n\nFirst.")
    stop = threading.Event()
    watching = watch([articles], settings, lambda: build([articles], settings, prune=True), stop=stop)
    try:
        assert counts(next(watching)) == {"added": 1}
        write(articles, "b.txt", "Title\n\nSecond.", old=False)
        assert counts(next(watching)) == {"added": 1, "unchanged": 1}
        write(articles, "a.txt", "Title\n\nFirst, again.", old=False)
        assert counts(next(watching)) == {"updated": 1, "unchanged": 1}
        (articles / "b.txt").unlink()
        assert counts(next(watching)) == {"removed": 1, "unchanged": 1}
    finally:
        stop.set()
        watching.close()
    assert texts(settings) == {"a.txt": "First, again."}


def test_a_watch_waits_for_an_index_that_is_busy(articles: Path, settings: Settings) -> None:
    outcomes: list[BuildReport | BusyError] = [
        BuildReport(added=1), BuildReport(added=2), BusyError("Another build is running."), BuildReport(added=3),
    ]  # fmt: skip

    def once() -> BuildReport:
        outcome = outcomes.pop(0)
        if isinstance(outcome, BusyError):
            raise outcome
        return outcome

    watching = watch([articles], settings, once)
    assert next(watching).added == 1
    assert next(watching).added == 2, "what changed before the watch began"
    write(articles, "a.txt", "x")
    assert next(watching).added == 3
    watching.close()


def test_what_failed_is_known_until_it_is_mended_or_gone(
    articles: Path, settings: Settings, run: Run
) -> None:
    def failing() -> list[tuple[str, int | None]]:
        with Catalog.open(settings.data, read_only=True) as catalog:
            assert catalog.status()["failed"] == len(catalog.failures())
            return [(failure.name, failure.line) for failure in catalog.failures()]

    write(articles, "x/bad.pdf", "no pdf")
    write(articles, "x/list.jsonl", '{"text": "A."}\nnot json\n')
    write(articles, "y/empty.txt", "")
    with zipfile.ZipFile(articles / "y" / "a.zip", "w") as archive:
        archive.writestr("b.doc", "x")
    build([articles / "x", articles / "y"], settings)
    expected = [("a.zip!/b.doc", None), ("bad.pdf", None), ("empty.txt", None), ("list.jsonl", 2)]
    assert sorted(failing()) == expected
    build([articles / "x"], settings)
    assert sorted(failing()) == expected, "a build of one folder says nothing of another"
    write(articles, "x/list.jsonl", '{"text": "A."}\n', old=False)
    (articles / "x" / "bad.pdf").unlink()
    build([articles / "x"], settings)
    assert sorted(failing()) == [("a.zip!/b.doc", None), ("empty.txt", None)]
    shown = run("status").stdout
    assert "failed           2, when they were last tried:" in shown
    assert f"{articles}/y/empty.txt: is empty" in shown
    told = json.loads(run("status", "--json").stdout)
    assert [failure["reason"] for failure in told["failures"]][1:] == ["is empty"]
    build([articles / "y" / "a.zip", articles / "nowhere"], settings)
    assert sorted(failing()) == [("a.zip!/b.doc", None), ("empty.txt", None), ("nowhere", None)]


def test_what_a_feed_shows_no_more_stays(articles: Path, settings: Settings) -> None:
    def feed(*names: str) -> str:
        items = "".join(
            f"<item><guid>{n}</guid><title>{n}</title><description>Story {n}.</description></item>"
            for n in names
        )
        return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"

    path = write(articles, "news.xml", feed("a", "b"))
    assert counts(build([articles], settings)) == {"added": 2}
    write(articles, "news.xml", feed("b", "c"), old=False)
    assert counts(build([articles], settings)) == {"added": 1, "unchanged": 1}
    assert set(texts(settings)) == {"a", "b", "c"}
    path.unlink()
    assert counts(build([articles], settings, prune=True)) == {"removed": 3}
    assert verify(settings) == []
