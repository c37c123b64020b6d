"""A machine against us: no home, an old locale, a strict umask, a full disk, lost permissions, a clock set back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import open_assistant
from index.settings import ROOT, load_settings
from tests.making import command

QUESTION = "Who is the mayor of Świdnik?"
TEXT = "Świdnik votes\n\nThe mayor of Świdnik is {}. The council met on Monday. 🚢\n"
# Root could make a home that is missing, but none in a file.
BARE = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "LANG": "C", "HOME": "/dev/null/home"}
ASCII = BARE | {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Python by itself takes UTF-8 where the locale is C; where it is another old one, it does not."""
ROOT_ONLY = pytest.mark.skipif(os.getuid() != 0, reason="needs to mount, or to drop privileges")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that others may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-adversity-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "full"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(folder)], check=True)
    (folder / "all").write_bytes(b"x" * 4096)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def run(
    *arguments: str | Path,
    environment: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Any:
    """The JSON that a command prints; its code must be 0."""
    done = subprocess.run(
        [*command(*arguments), "--json"], cwd=ROOT, env=environment or BARE, preexec_fn=before,
        capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, said
    assert "Traceback" not in said
    return json.loads(done.stdout)


def written(home: Path, mayor: str = "Ana Kowal") -> Path:
    articles = home / "articles"
    articles.mkdir(exist_ok=True)
    (articles / "świdnik.txt").write_text(TEXT.format(mayor), encoding="utf-8")
    return articles


def strictly() -> None:
    os.umask(0o077)


@pytest.mark.parametrize("without_home", [False, True])
def test_no_home_an_old_locale_and_a_strict_umask(home: Path, without_home: bool) -> None:
    environment = {k: v for k, v in BARE.items() if k != "HOME"} if without_home else BARE
    data = home / "data"
    built = run("build", written(home), "--data", data, environment=environment, before=strictly)
    assert len(built["added"]) == 1 if isinstance(built["added"], list) else built["added"] == 1
    answer = run("ask", QUESTION, "--data", data, environment=environment, before=strictly)
    assert "Ana Kowal" in answer["text"]
    assert "Świdnik" in answer["citations"][0]["quote"]
    assert data.stat().st_mode & 0o077 == 0, "others may look into what was made"


def test_a_locale_that_knows_ascii_only(home: Path) -> None:
    data, articles = home / "data", written(home)
    (articles / "plain.txt").write_text(TEXT.format("Ana Kowal"), encoding="utf-8")
    build = subprocess.run(
        command("build", articles, "--data", data, "--json"),
        cwd=ROOT,
        env=ASCII,
        capture_output=True,
        check=False,
    )
    (failed,) = json.loads(build.stdout)["failed"]
    assert failed["path"].endswith("świdnik.txt")
    assert "LC_ALL" in failed["reason"]
    answer = run("ask", "Who is the mayor?", "--data", data, environment=ASCII)
    assert "The mayor of Świdnik is Ana Kowal." in answer["text"]
    shown = subprocess.run(
        command("ask", "Who is the mayor?", "--data", data),
        cwd=ROOT,
        env=ASCII,
        capture_output=True,
        check=True,
    )
    assert b"The mayor of ?widnik is Ana Kowal." in shown.stdout


@ROOT_ONLY
def test_temporary_files_find_no_room(
    home: Path, full_disk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    data = home / "data"
    run("build", written(home), "--data", data)
    # Not by the environment: of the folders that it may name, Python takes the first that has room.
    monkeypatch.setattr(tempfile, "tempdir", str(full_disk))
    with open_assistant(load_settings(data=data)) as assistant:
        answer = assistant.answer(QUESTION)
    assert "Ana Kowal" in answer.text
    assert "No space left on device" in caplog.text
    assert "searching exactly" in caplog.text


ASKING = """
import json, os, sys
from pathlib import Path
from index import open_assistant
from index.errors import StorageError
from index.settings import load_settings
data = Path(sys.argv[1])
with open_assistant(load_settings(data=data)) as assistant:
    said = [assistant.answer(sys.argv[2]).text]
    assistant.add_feedback("q", {}, "up")  # all is imported that is needed
    for path in (data, *data.rglob("*")):
        os.chown(path, 65534, 65534)
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
    data.chmod(0)
    said.append(assistant.answer(sys.argv[2]).text)
    try:
        assistant.add_feedback("q", {}, "up")
        said.append("kept")
    except StorageError as error:
        said.append(str(error))
    data.chmod(0o700)
    said.append(assistant.answer(sys.argv[2]).text)
    said.append(assistant.add_feedback("q", {}, "up"))
print(json.dumps(said))
"""


@ROOT_ONLY
def test_a_permission_that_is_lost_and_given_back(home: Path) -> None:
    data = home / "data"
    run("build", written(home), "--data", data)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASKING, str(data), QUESTION], cwd=ROOT, env=BARE,
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    before, lost, refused, after, kept = json.loads(done.stdout)
    assert "Ana Kowal" in before
    assert before == lost == after
    assert "permission" in refused
    assert kept == 2


CLOCK = """
import datetime, time
BACK = 400 * 86400
_time, _time_ns = time.time, time.time_ns
time.time = lambda: _time() - BACK
time.time_ns = lambda: _time_ns() - BACK * 10**9
"""


def test_a_clock_set_back(home: Path, tmp_path: Path) -> None:
    """By more than a year, between two builds: a file that was changed since carries a time before the last build."""
    (tmp_path / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    back = BARE | {"PYTHONPATH": str(tmp_path)}
    data, articles = home / "data", written(home)
    run("build", articles, "--data", data)
    changed = written(home, "Ewa Nowak") / "świdnik.txt"  # as long as before
    # Earlier than when it was read, and to come by the clock of the next build.
    then = changed.stat().st_mtime - 400 * 86400 + 3600
    os.utime(changed, (then, then))
    run("build", articles, "--data", data, environment=back)
    for environment in (back, BARE):
        assert "Ewa Nowak" in run("ask", QUESTION, "--data", data, environment=environment)["text"]
    written(home, "Iza Mazur")
    os.utime(changed, (then, then))  # it was read at a time when it was not to be believed
    run("build", articles, "--data", data)
    assert "Iza Mazur" in run("ask", QUESTION, "--data", data)["text"]
