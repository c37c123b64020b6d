"""The command line as users and scripts meet it: real processes, real model, exit codes, no traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from index import cli_output
from index.__main__ import main
from index.catalog import Catalog
from index.errors import StorageError
from index.records import Answer, Citation, Related
from index.settings import ROOT
from tests.conftest import Run
from tests.making import command, environment, put

QUESTION = "Did Iraq grant permission to use its air space?"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the seed, made by the command itself; tests only read it."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    done = subprocess.run(
        [*command("build", "--json"), "--data", str(folder)],
        capture_output=True, cwd=ROOT, env=environment(), check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == 1
    assert done.stderr == b"", "no bar where there is no terminal"
    return folder


def cli(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Runs a command in this process, for speed."""
    code = main([str(argument) for argument in arguments])
    out, err = capfd.readouterr()
    return code, out, err


def test_ask_prints_an_answer_and_its_quotes(seeded: Path) -> None:
    done = subprocess.run(
        [*command("--data", seeded, "ask", QUESTION)], capture_output=True, cwd=ROOT,
        env=environment() | {"COLUMNS": "60"}, check=False, timeout=120,
    )  # fmt: skip
    out = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "[1]" in out.split("\n\n")[0]
    assert "\n\n[1] “" in out
    assert "Russian Federation hits back" in out
    assert max(len(line) for line in out.splitlines()) <= 60


def test_ask_json_keeps_the_contract(seeded: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = cli(capfd, "ask", QUESTION, "--json", "--data", seeded)
    answer = json.loads(out)
    assert code == 0
    assert answer["question"] == QUESTION
    assert answer["status"] == "answered"
    with Catalog.open(seeded, read_only=True) as catalog:
        for citation in answer["citations"]:
            article = catalog.article(citation["article_id"])
            assert article is not None
            assert article.text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_lines_answers_in_order_and_goes_on_after_a_bad_one(seeded: Path) -> None:
    lines = [
        json.dumps({"id": 7, "question": QUESTION}), "not json", "[1]", '{"id": "x"}',
        '{"id": "y", "question": 3}', '{"id": "z", "question": ""}',
        '{"id": "f", "question": "Why?", "filters": {"after": "soon"}}',
        '{"id": "g", "question": "Why?", "filters": {"when": "soon"}}',
        '{"id": "h", "question": "?", "history": 3}',
        '{"id": "u", "question": "Why?", "typo": 1}', "", "\udcff",
        '{"question": "Who is the president of France?"}',
        json.dumps({"id": [1], "question": "And under what conditions?", "history": [[QUESTION, "Yes."]]}),
    ]  # fmt: skip
    done = subprocess.run(
        [*command("ask", "-", "--data", seeded)], input="\n".join(lines).encode("utf-8", "surrogateescape"),
        capture_output=True, cwd=ROOT, env=environment(), check=False, timeout=120,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [answer.get("id") for answer in answers] == [
        7,
        None,
        None,
        "x",
        "y",
        "z",
        "f",
        "g",
        "h",
        "u",
        None,
        None,
        [1],
    ]
    assert [number for number, answer in enumerate(answers) if "error" not in answer] == [0, 11, 12]
    assert "id" not in answers[11]
    assert all(set(answer) == {"id", "error"} for answer in answers[1:11])
    assert answers[11]["status"] == "not_in_corpus"
    assert "empty" in answers[5]["error"]
    assert "not a date" in answers[6]["error"]


def test_the_options_stand_before_or_after_the_command(
    seeded: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    expected = cli(capfd, "status", "--json", "--data", seeded)
    assert cli(capfd, "--json", "--data", seeded, "status") == expected
    assert cli(capfd, "--json", "status", "--data", seeded) == expected
    status = json.loads(expected[1])
    assert set(status) >= {
        "articles", "chunks", "embedded", "from", "to", "sources", "engine", "embedding_model", "healthy",
    }  # fmt: skip
    assert status["articles"] == 1
    assert status["chunks"] == status["embedded"]
    assert status["healthy"] is True


def test_list_and_show(seeded: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (entry,) = json.loads(cli(capfd, "list", "--json", "--data", seeded)[1])
    assert entry["id"] in cli(capfd, "list", "--data", seeded)[1]
    shown = json.loads(cli(capfd, "show", entry["id"], "--json", "--data", seeded)[1])
    assert shown["text"].startswith("Iran") or len(shown["text"]) == entry["characters"]
    code, out, _ = cli(capfd, "show", entry["id"], "--data", seeded)
    assert code == 0
    assert shown["text"][-80:] in out


def test_wrong_usage_is_2_and_other_errors_are_1(
    seeded: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["frobnicate"], [], ["ask"], ["remove"], ["show"], ["build", "--nonsense"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2, arguments
    capfd.readouterr()
    for arguments in (
        ["show", "nobody"], ["remove", "nobody"], ["remove", "--origin", "nowhere.txt"], ["ask", " "],
        ["ask", "Why?", "--after", "soon"], ["ask", "x" * 10_000],
    ):  # fmt: skip
        code, out, err = cli(capfd, *arguments, "--data", seeded)
        assert (code, out) == (2, ""), arguments
        assert err.count("\n") == 1
        code, out, _ = cli(capfd, *arguments, "--data", seeded, "--json")
        assert set(json.loads(out)) == {"error"}
    for arguments in (
        ["ask", "Why?"],
        ["list"],
        ["status"],
        ["verify"],
        ["show", "x"],
        ["remove", "x"],
        ["ask", "-"],
    ):
        code, out, err = cli(capfd, *arguments, "--data", tmp_path / "none")
        assert (code, out) == (1, ""), arguments
        assert "python -m index build" in err
    assert not (tmp_path / "none").exists()


def test_an_empty_index_says_how_to_fill_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nothing").mkdir()
    assert cli(capfd, "build", tmp_path / "nothing", "--data", tmp_path / "data")[0] == 0
    code, _, err = cli(capfd, "ask", "Why?", "--data", tmp_path / "data")
    assert code == 1
    assert "is empty" in err
    assert "python -m index build" in err
    assert json.loads(cli(capfd, "list", "--json", "--data", tmp_path / "data")[1]) == []


def test_bad_inputs_each_fail_alone_with_exit_code_3(
    articles: Path, tmp_path: Path, data: Path, run: Run
) -> None:
    (articles / "good.txt").write_text("A good title\n\nA good text stands here.", encoding="utf-8")
    (articles / "latin.txt").write_bytes(
        "Old encoding\n\nThe minister’s office said: “Yes.” The café was full, he said.".encode("cp1252")
    )
    (articles / "empty.txt").write_bytes(b"")
    (articles / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (articles / "line.jsonl").write_bytes(
        b'{"id": "long", "text": "' + b"a" * 50_000_000 + b'"}\n{"id": "ok", "text": "Fine."}\n'
    )
    outside = tmp_path / "outside.txt"
    outside.write_text("Secret\n\nNot to be indexed.")
    (articles / "link.txt").symlink_to(outside)
    (articles / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    os.mkfifo(articles / "pipe.txt")
    done = run("build", articles, tmp_path / "missing", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert report["added"] == 3
    failed = {Path(failure["path"]).name for failure in report["failed"]}
    assert failed == {
        "empty.txt",
        "binary.txt",
        "line.jsonl",
        "link.txt",
        "dangling.txt",
        "pipe.txt",
        "missing",
    }
    with Catalog.open(data, read_only=True) as catalog:
        found = {entry["origin"]: entry for entry in catalog.list_articles()}
        assert set(found) == {"good.txt", "latin.txt", "ok"}
        latin = catalog.article(found["latin.txt"]["id"])
        assert latin is not None
        assert "The minister’s office said: “Yes.”" in latin.text
        assert "read as" in latin.notes[0]
    human = run("build", articles)
    assert human.returncode == 3
    assert "3 unchanged" in human.stdout
    assert "failed: " in human.stdout


def test_an_unreadable_file_fails_alone(
    articles: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = articles / "secret.txt"
    secret.write_text("Title\n\nText.")
    secret.chmod(0)
    if os.getuid() == 0:  # root reads everything: the refusal has to be made
        opened = os.open

        def refusing(file: Any, *arguments: Any, **options: Any) -> int:
            if str(file) == str(secret):
                raise PermissionError(errno.EACCES, "Permission denied", str(file))
            return opened(file, *arguments, **options)

        monkeypatch.setattr(os, "open", refusing)
    (articles / "good.txt").write_text("Good title\n\nA good text.")
    assert main(["build", str(articles), "--data", str(data)]) == 3
    told = capsys.readouterr().out
    assert "1 added" in told
    assert "secret.txt" in told
    assert "Permission denied" in told


def test_ctrl_c_says_what_was_kept(articles: Path, data: Path) -> None:
    for number in range(2000):
        (articles / f"{number}.txt").write_text(
            f"Title {number}\n\nText number {number}. " + "More of it. " * 20
        )
    process = subprocess.Popen(
        [*command("build", articles, "--data", data, "--json")], cwd=ROOT, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    committed = 0
    while process.poll() is None and not committed:
        # Before its first commit there is nothing to open.
        with suppress(StorageError), Catalog.open(data, read_only=True) as catalog:
            committed = catalog.status()["articles"]
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "kept" in err
    report = json.loads(out)
    with Catalog.open(data, read_only=True) as catalog:
        assert catalog.status()["articles"] == report["added"] >= committed
        assert catalog.check() == []


def test_two_builds_at_once(articles: Path, data: Path, run: Run) -> None:
    from index.build.lock import write_lock

    (articles / "a.txt").write_text("Title\n\nText.")
    with write_lock(data):
        done = run("build", articles)
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr


def test_remove_by_origin_and_verify(articles: Path, data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (articles / "a.txt").write_text("Title\n\nText.")
    (articles / "b.txt").write_text("Title\n\nOther.")
    assert cli(capfd, "build", articles, "--data", data)[0] == 0
    assert json.loads(cli(capfd, "remove", "--origin", "a.txt", "--json", "--data", data)[1]) == {
        "removed": 1
    }
    assert cli(capfd, "verify", "--data", data)[:2] == (0, "The index agrees with the catalog.\n")
    next((data / "chroma").rglob("data_level0.bin")).write_bytes(b"rubbish")
    code, out, _ = cli(capfd, "verify", "--json", "--data", data)
    assert (code, json.loads(out)["healthy"]) == (1, False)
    assert json.loads(cli(capfd, "status", "--json", "--data", data)[1])["healthy"] is False
    assert cli(capfd, "verify", "--data", data)[1].endswith("--repair\n")
    assert cli(capfd, "verify", "--repair", "--data", data)[0] == 0


def test_what_is_not_embedded_yet_is_said(
    data: Path, seeded: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import shutil

    shutil.copytree(seeded, data)
    with Catalog.open(data) as catalog:
        put(catalog, "new", "A new text about zeppelins over Hamburg.")
    code, out, err = cli(capfd, "ask", "What flew over Hamburg?", "--data", data, "--json")
    assert code == 0
    assert json.loads(out)["question"]
    assert "5 of 6 passages are embedded" in err or "of 6" in err


def test_an_unknown_setting_is_wrong_usage(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DATTA", "x")
    code, _, err = cli(capfd, "list")
    assert code == 2
    assert "DATELINE_DATA" in err


def test_a_reader_that_goes_away_gets_no_traceback(seeded: Path) -> None:
    for arguments in (["list"], ["ask", QUESTION]):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as gone:
            done = subprocess.run(
                [*command(*arguments, "--data", seeded)], stdout=gone, stderr=subprocess.PIPE, text=True,
                cwd=ROOT, env=environment(), check=False, timeout=120,
            )  # fmt: skip
        assert (done.returncode, done.stderr) == (1, ""), arguments


def test_an_unexpected_error_is_one_line(
    seeded: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(Catalog, "list_articles", broken)
    code, out, err = cli(capfd, "list", "--data", seeded)
    assert (code, out) == (1, "")
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err


def test_light_commands_import_nothing_heavy(seeded: Path) -> None:
    script = (
        "import sys; from index.__main__ import main; main(sys.argv[1:]); "
        "heavy = ('chromadb', 'llama_index', 'onnxruntime', 'gradio', 'openai'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    for name in ("list", "status", "verify"):
        done = subprocess.run(
            [command()[0], "-c", script, name, "--data", str(seeded)], capture_output=True, text=True,
            cwd=ROOT, env=environment(), check=True, timeout=60,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == "[]", name


ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07tail \x9b5n \u202egnp\u202c \x08\x7f\r"


def test_no_control_character_reaches_a_terminal(
    articles: Path, data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli_output.plain(ESCAPES).split() == ["red", "tail", "5n", "gnp"]
    (articles / "evil\x1b[2J.jsonl").write_text(
        json.dumps(
            {"id": "e\x1b[31m", "title": ESCAPES, "text": f"Zeppelins fly. {ESCAPES}", "source": ESCAPES}
        )
        + "\n{bad\n"
    )
    code, out, err = cli(capfd, "build", articles, "--data", data)
    assert code == 3
    shown = out + err
    (entry,) = json.loads(cli(capfd, "list", "--json", "--data", data)[1])
    for arguments in (
        ["list"],
        ["show", entry["id"]],
        ["ask", "Do zeppelins fly?"],
        ["show", "\x1b[31m"],
        ["status"],
    ):
        _, out, err = cli(capfd, *arguments, "--data", data)
        shown += out + err
    assert not set(shown) & set("\x1b\x07\x08\x7f\x9b\r\u202e")


def test_answers_are_laid_out_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    cited = Citation(1, "a", "Title", "BBC", "2016-08-17", None, "Quoted words " * 8, 0, 9, "Haider al-Abadi")
    answered = Answer("Q", "Q", "answered", None, None, 0.9, "Text [1]", citations=(cited,))
    shown = cli_output.answer_text(answered)
    assert shown.startswith("Text [1]\n\n[1] “Quoted words")
    assert "Title · BBC · 2016-08-17" in shown
    assert "Haider al-Abadi" in shown
    assert all(len(line) <= 40 for line in shown.splitlines())
    bare = Citation(1, "a", "Title", None, None, None, "Words", 0, 5)
    assert cli_output.answer_text(
        Answer("Q", "Q", "answered", None, None, 1, "T [1]", citations=(bare,))
    ).endswith("“Words”\n    Title")
    related = Related("a", "Title", "Near words", 0, 9, 0.4)
    refused = Answer("Q", "Q", "not_in_corpus", "related_only", None, 0.1, "No.", related=(related,))
    assert "Related, not evidence:\n\n-   “Near words”" in cli_output.answer_text(refused)


def test_a_terminal_without_unicode_gets_an_answer(seeded: Path) -> None:
    done = subprocess.run(
        [*command("ask", QUESTION, "--data", seeded)], capture_output=True, cwd=ROOT, check=False, timeout=60,
        env=environment() | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert isinstance(io.BytesIO(done.stdout).read().decode("ascii"), str)
