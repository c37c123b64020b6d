"""An index that is replaced, rebuilt, added to and written twice under its readers: nobody sees an error."""

from __future__ import annotations

import threading
from pathlib import Path

from benchmarks.replaced import WAYS, replaced
from index.catalog import Catalog
from tests.making import put


def test_readers_see_no_error(tmp_path: Path) -> None:
    readers, found = replaced(tmp_path, len(WAYS))
    assert readers.errors == {}
    assert [name for name, seconds in found if seconds < 0] == [], "answered from what is gone"
    assert readers.asked > 50


def test_what_was_read_while_the_file_was_replaced_is_not_read_again(catalog: Catalog, data: Path) -> None:
    put(catalog, "old", "Old needle.")
    with Catalog.open(data, read_only=True) as reader:
        reader.article("old")
        with reader._connections.read() as before:
            catalog.close()
            for path in data.glob("catalog.sqlite*"):
                path.unlink()
            with Catalog.open(data) as fresh:
                put(fresh, "new", "New needle.")
            assert reader.article("new") is not None
            assert before.execute("SELECT id FROM articles").fetchall() == [("old",)]
        assert reader.article("new") is not None
        assert reader.article("old") is None


def test_an_index_that_is_away_for_a_moment_is_waited_for(catalog: Catalog, data: Path) -> None:
    put(catalog, "a", "Needle.")
    catalog.close()
    with Catalog.open(data, read_only=True) as reader:
        reader.article("a")
        with reader._connections.read():  # so that another has to be opened
            aside = data.rename(data.with_name("aside"))
            back = threading.Timer(0.3, aside.rename, [data])
            back.start()
            assert reader.article("a") is not None
            back.join()
