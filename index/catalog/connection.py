"""Connections to the SQLite file: one per thread at a time, reading where writing is impossible.

Knows nothing of the tables. Turns every SQLite error into a `StorageError` that says what to do.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import BusyError, StorageError
from .schema import check_version, prepare

BUSY_SECONDS = 30.0
REPLACED_SECONDS = 3.0
"""How long a file that was there is waited for: the moment between the old index and the new one."""


class Connections:
    """A pool of connections to one database; threads borrow them and give them back."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._inode: int | None = None
        self._replacements = 0
        self._lent: dict[sqlite3.Connection, int] = {}
        """How often the file had been replaced when each was lent: an outdated one is not lent again."""
        self._frozen: tuple[int, ...] | None = None
        """What the files looked like when they were opened as unchanging; None if opened normally."""
        with self.explained():
            if not read_only:
                connection = self._connect(f"{path.absolute().as_uri()}?mode=rwc")
                try:
                    connection.execute("PRAGMA journal_mode = WAL")
                    prepare(connection)
                except BaseException:
                    connection.close()
                    raise
                self._idle.append(connection)
            else:
                self._idle.append(self._open_reader())

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database for the whole block.

        Raises:
            StorageError: it cannot be read, or was closed.
        """
        with self.explained():
            connection = self._borrow()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end of the block, undone if anything is raised in it.

        Raises:
            BusyError: another process kept the database locked for too long.
            StorageError: it cannot be written, for example because the disk is full.
        """
        if self.read_only:
            raise StorageError(f"{self.path} was opened for reading only; it cannot be changed.")
        with self.explained():
            connection = self._borrow()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                self._give_back(connection)

    def checkpoint(self) -> None:
        """Bring everything committed so far onto the disk, and empty the write-ahead log."""
        with self.explained():
            connection = self._borrow()
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Close what is idle now and what is borrowed when it comes back. May be called twice."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StorageError(f"{self.path} was closed; open the catalog again.")
            if self._replaced() or (self._frozen is not None and self._frozen != self._look()):
                for connection in self._idle:
                    connection.close()
                self._idle.clear()
                self._replacements += 1
            replacements = self._replacements
            found = self._idle.pop() if self._idle else None
        if found is None:
            found = self._open_soon() if self.read_only else self._open_writer()
        self._lent[found] = replacements
        return found

    def _open_writer(self) -> sqlite3.Connection:
        return self._connect(f"{self.path.absolute().as_uri()}?mode=rw")

    def _open_soon(self) -> sqlite3.Connection:
        """A reader; waited for while an index that was there is being replaced.

        One that was open before and comes back is as good: it reads on though files can't be opened any more.
        """
        until = time.monotonic() + REPLACED_SECONDS
        while True:
            try:
                return self._open_reader()
            except (StorageError, sqlite3.OperationalError):
                with self._lock:
                    if self._idle:
                        return self._idle.pop()
                if self._inode is None or time.monotonic() > until:
                    raise
            time.sleep(0.02)

    def _replaced(self) -> bool:
        """Whether the file was deleted and made anew: our connections would read the old one for ever."""
        try:
            inode = self.path.stat().st_ino
        except OSError:
            return False
        before, self._inode = self._inode, inode
        return before not in (None, inode)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            # After a full disk SQLite may have rolled back already, and says so with an error.
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        with self._lock:
            current = self._lent.pop(connection) == self._replacements
            if current and not self._closed and not connection.in_transaction:
                self._idle.append(connection)
                return
        connection.close()

    def _open_reader(self) -> sqlite3.Connection:
        try:
            return self._open_as_it_may_be()
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be opened ({error.strerror}). Check the folder's permissions."
            ) from error

    def _open_as_it_may_be(self) -> sqlite3.Connection:
        if not self.path.is_file():
            raise StorageError(
                f"There is no index in {self.path.parent}. Make one: python -m index build PATH"
            )
        uri = self.path.absolute().as_uri()
        try:
            connection = self._connect(f"{uri}?mode=ro")
            self._frozen = None
            return self._checked(connection)
        except sqlite3.OperationalError:
            # A database in WAL mode needs a shared-memory file beside it, which a folder without
            # write permission does not let us make. Nobody else can write there either (and if
            # somebody can, `_borrow` sees the files change), so it may be read as unchanging.
            self._frozen = self._look()
        log = Path(f"{self.path}-wal")
        if log.exists() and log.stat().st_size:
            return self._checked(self._connect(f"{self._private_copy(log).as_uri()}?mode=ro"))
        return self._checked(self._connect(f"{uri}?mode=ro&immutable=1"))

    def _private_copy(self, log: Path) -> Path:
        """A copy of the database with its log: read as unchanging, what is in the log would be missed."""
        folder = Path(tempfile.mkdtemp(prefix="dateline-catalog-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        copy = folder / self.path.name
        shutil.copyfile(self.path, copy)
        shutil.copyfile(log, f"{copy}-wal")
        return copy

    def _checked(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        try:
            check_version(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, uri: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        # In WAL mode NORMAL keeps the database whole through a kill or a power cut; only a power
        # cut may cost the very last commits, and the files they came from are then read again.
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _look(self) -> tuple[int, ...]:
        seen: list[int] = []
        for path in (self.path, Path(f"{self.path}-wal")):
            try:
                found = path.stat()
                seen += [found.st_ino, found.st_size, found.st_mtime_ns]
            except OSError:
                seen += [0, 0, 0]
        return tuple(seen)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn SQLite's errors within the block into ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise _explain(error, self.path) from error


def _explain(error: sqlite3.Error, path: Path) -> StorageError:
    said = str(error)
    if "disk is full" in said or "disk I/O error" in said:
        return StorageError(
            f"{path} cannot be written ({said}). What was committed before is kept; "
            "free some space and run the command again."
        )
    if "locked" in said or "busy" in said:
        return BusyError(f"{path} is locked by another process ({said}). Try again when it is done.")
    if "readonly" in said or "unable to open" in said:
        return StorageError(f"{path} cannot be opened or written ({said}). Check the folder's permissions.")
    if "malformed" in said or "not a database" in said:
        return StorageError(
            f"{path} is damaged ({said}). Restore it from a backup, or delete it and build again."
        )
    return StorageError(f"{path}: {said}. Run `python -m index verify` to see what is wrong.")
