"""The folder of a run: `run.json`, `results.jsonl`, `summary.json`, `scores.json`, `report.html`.

The only module that reads or writes them. Each file but `results.jsonl` is written whole or not at
all; to `results.jsonl` a line is added with each answer, so that a stopped run can go on.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from index.errors import StorageError, UsageError

from .outcome import Outcome

FORMAT = 1
"""Raise it when a run written before can no longer be read or gone on with."""


class RunFolder:
    """One run on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.results = path / "results.jsonl"

    def begin(self, run: dict[str, Any]) -> dict[str, Outcome]:
        """Make the folder, or take up a stopped run; the outcomes so far, by question id.

        `run["identity"]` names everything that must be the same for results to belong together.

        Raises:
            UsageError: the folder holds another run, or something else.
            StorageError: it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"The folder {self.path} cannot be made: {error.strerror}.") from None
        if (self.path / "run.json").exists():
            before = self.read("run.json")
            if before.get("identity") != run["identity"]:
                changed = _changed(before.get("identity") or {}, run["identity"])
                raise UsageError(
                    f"{self.path} holds another run (not the same: {changed}). Choose another --out."
                )
        elif self.results.exists():
            raise UsageError(
                f"{self.path} holds results of an unknown run. Choose another folder with --out."
            )
        self.write("run.json", run)
        return self.outcomes()

    def outcomes(self) -> dict[str, Outcome]:
        """The outcomes by question id. A last line that was cut off by a crash is left out."""
        found: dict[str, Outcome] = {}
        if not self.results.exists():
            return found
        try:
            # As bytes and by \n alone: an article may hold any other line separator.
            lines = self.results.read_bytes().split(b"\n")
        except OSError as error:
            raise StorageError(f"{self.results} cannot be read: {error.strerror}.") from None
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                outcome = Outcome.from_dict(json.loads(line))
            except (ValueError, KeyError, TypeError):
                if number == len(lines):
                    break
                raise StorageError(f"{self.results}, line {number}: is no result of this version.") from None
            found[outcome.id] = outcome
        return found

    def add(self, outcome: Outcome) -> None:
        """Append one outcome. Call from one thread only."""
        line = json.dumps(outcome.to_dict(), ensure_ascii=True) + "\n"
        try:
            self._drop_torn_line()
            with self.results.open("ab") as file:
                file.write(line.encode("ascii"))
        except OSError as error:
            raise StorageError(f"{self.results} cannot be written: {error.strerror}.") from None

    def finish(self, outcomes: list[Outcome]) -> None:
        """Write the results anew in the order of the questions."""
        self._replace("results.jsonl", "".join(json.dumps(o.to_dict()) + "\n" for o in outcomes))

    def read(self, name: str) -> dict[str, Any]:
        """A JSON file of the run.

        Raises:
            UsageError: it is missing or damaged.
        """
        return read_json(self.path / name)

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Write a JSON file of the run, whole or not at all."""
        self._replace(name, json.dumps(content, indent=1, allow_nan=False) + "\n")

    def write_text(self, name: str, content: str) -> Path:
        """Write a text file of the run, whole or not at all; its path."""
        self._replace(name, content)
        return self.path / name

    def _replace(self, name: str, content: str) -> None:
        write_whole(self.path / name, content)

    def _drop_torn_line(self) -> None:
        """Cut off what a crash left half written, or the next line would be glued to it."""
        if not self.results.exists() or not self.results.stat().st_size:
            return
        with self.results.open("rb+") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        UsageError: there is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise UsageError(f"{path} is not JSON; it may have been cut off.") from None
    if not isinstance(content, dict):
        raise UsageError(f"{path} does not hold what a run writes.")
    return content


def read_scores(path: Path) -> dict[str, Any]:
    """The scores of a run folder, or of a file such as `baseline.json`.

    Raises:
        UsageError: there are none.
    """
    content = read_json(path / "scores.json" if path.is_dir() else path)
    if not isinstance(content.get("questions"), list) or not isinstance(content.get("summary"), dict):
        raise UsageError(f"{path} holds no scores. Name the folder of a run, or a baseline file.")
    return content


def write_whole(path: Path, content: str) -> None:
    """Write a text file, whole or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(content, encoding="utf-8", newline="\n")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from None


def _changed(before: dict[str, Any], now: dict[str, Any]) -> str:
    names = [name for name in now if before.get(name) != now[name]]
    return ", ".join(names) or "the format"
