"""Changed files of every format: each input becomes articles that can be indexed, or a reason, never a crash.

This is the short part, the same inputs every time; `make fuzz` searches for half an hour, guided by coverage.
"""

from __future__ import annotations

import random
import warnings
import zlib
from pathlib import Path

import pytest

from index.catalog import Catalog
from tests.hostile.ingest import ENDINGS, came_of, mutated, seeds

ROUNDS = 60
FOUND = Path(__file__).parent / "found"
"""Inputs that were findings once, as ENDING-name."""


@pytest.mark.parametrize("ending", ENDINGS)
def test_changed_files(ending: str, catalog: Catalog) -> None:
    chance = random.Random(zlib.crc32(ending.encode()))  # noqa: S311 - no secret
    valid = seeds()[ending]
    for data in valid:
        came_of(data, ending, catalog)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parsers warn of what is damaged; in the child nobody hears it
        for number in range(ROUNDS):
            data = mutated(chance.choice(valid), chance)
            try:
                came_of(data, ending, catalog)
            except Exception as error:
                raise AssertionError(f"change {number} of {ending}: {error!r} of {data[:500]!r}") from error


@pytest.mark.parametrize("path", sorted(FOUND.glob("*")), ids=lambda path: path.name)
def test_what_was_found_stays_mended(path: Path, catalog: Catalog) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        came_of(path.read_bytes(), path.name.partition("-")[0], catalog)
