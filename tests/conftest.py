"""Shared fixtures: real parts in temporary folders. Only what crosses the network is ever faked."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.settings import ROOT, Settings, load_settings
from tests.browser.launching import browser, pages  # noqa: F401 - fixtures
from tests.making import command, environment


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder for an index that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def catalog(data: Path) -> Iterator[Catalog]:
    with Catalog.open(data) as opened:
        yield opened


@pytest.fixture
def settings(data: Path) -> Settings:
    return load_settings(data=data)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder for article files."""
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(data: Path) -> Run:
    """Runs `python -m index …` on the index in `data`, as a user would."""

    def call(
        *arguments: str | Path, stdin: str | bytes = "", **options: object
    ) -> subprocess.CompletedProcess[str]:
        sent = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [*command(*arguments), "--data", str(data)],
            input=sent, capture_output=True, cwd=ROOT, env=environment(), timeout=120, check=False, **options,
        )  # fmt: skip
        out, err = done.stdout.decode(), done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return call
