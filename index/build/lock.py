"""One writer at a time, whatever happens to it: the system lets go of a dead process's lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ..catalog import require_catalog
from ..errors import BusyError, StorageError


@contextmanager
def write_lock(data_dir: Path, *, make_folder: bool = True) -> Iterator[None]:
    """Be the only one to change the articles of an index for the length of the block.

    Raises:
        BusyError: another process is.
        StorageError: the folder cannot be written; or there is no index, and `make_folder` is off.
    """
    if not make_folder:
        require_catalog(data_dir)
    # Beside the lock, not in it: whoever asks for the lock empties its file.
    owner = data_dir / "write.pid"
    lock = FileLock(data_dir / "write.lock", timeout=0)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        who = _read(owner)
        raise BusyError(
            f"Another build is running in {data_dir}{f' (process {who})' if who else ''}. Questions are "
            "answered meanwhile; run this again when it is done."
        ) from None
    except OSError as error:
        raise StorageError(f"{data_dir} cannot be written: {error.strerror or error}.") from error
    try:
        _write(owner)
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _read(owner: Path) -> str:
    try:
        return owner.read_text().strip()
    except OSError:
        return ""


def _write(owner: Path) -> None:
    try:
        owner.write_text(str(os.getpid()))
    except OSError as error:
        raise StorageError(f"{owner} cannot be written: {error.strerror or error}.") from error
