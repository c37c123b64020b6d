"""The short part of `python -m benchmarks.kills`: a few kills, and a harness that would notice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from benchmarks.kills import BrokenError, Kills


def test_a_few_kills_break_no_promise(tmp_path: Path) -> None:
    kills = Kills(tmp_path, seed=7)
    result = kills.run(4)
    assert sum(result.kills.values()) >= 4
    assert result.answers >= 4
    with sqlite3.connect(tmp_path / "data" / "catalog.sqlite") as connection:
        connection.execute("DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)")
    connection.close()
    with pytest.raises(BrokenError):
        kills.check_settled()
