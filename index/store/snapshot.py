"""Snapshots: folders of vectors that are written once, sealed with hashes, and only ever copied.

`build` makes one aside and renames it into place, so a killed build leaves none half made.
`private_copy` gives a reader its own copy, checked against the hashes while it is made: what a reader
opens is bit for bit what was checked at the build, and no two processes share a Chroma folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from . import chroma

FORMAT = 1
MANIFEST = "manifest.json"
BUILDING = ".building-"
_COPY_PREFIX = "dateline-chroma-"
_BLOCK = 1 << 20


class SnapshotError(Exception):
    """The snapshot cannot be used; the text says why. Never leaves this package."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds. `files` has the sha256 of every file by its path in the folder."""

    catalog: str
    revision: int
    model: str
    count: int
    dimension: int
    chromadb: str
    files: dict[str, str]
    format: int = FORMAT


def newest(folder: Path) -> Path | None:
    """The snapshot of the highest revision below `folder`, or None."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.isdecimal()]
    except OSError:
        return None
    return folder / max(names, key=int) if names else None


def read_manifest(snapshot: Path) -> Manifest:
    """The manifest of a snapshot.

    Raises:
        SnapshotError: it is missing, altered, or of another version of chromadb or of Dateline.
    """
    try:
        content = json.loads((snapshot / MANIFEST).read_bytes())
        seal = content.pop("seal")
        if content["format"] != FORMAT or seal != _seal(content):
            raise SnapshotError("its manifest was altered or is of another version")
        manifest = Manifest(**content)
    except FileNotFoundError:
        raise SnapshotError("its manifest is missing") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SnapshotError(f"its manifest cannot be read ({type(error).__name__})") from None
    if manifest.chromadb != chroma.version():
        raise SnapshotError(f"it was made by chromadb {manifest.chromadb}, not {chroma.version()}")
    return manifest


def seal(building: Path, target: Path, manifest: Manifest) -> None:
    """Write the manifest, bring all files to the disk, and move the folder into place."""
    content = asdict(manifest)
    content["seal"] = _seal(content)
    (building / MANIFEST).write_text(json.dumps(content, indent=1), encoding="utf-8")
    for path in [*building.rglob("*"), building]:
        _sync(path)
    if target.exists():
        shutil.rmtree(target)
    building.rename(target)
    _sync(target.parent)


def hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file below the folder but the manifest, by its path within it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            found[path.relative_to(folder).as_posix()] = _hash(path)
    return found


class PrivateCopy:
    """A reader's own copy of a snapshot, in the system's folder for temporary files.

    Raises:
        SnapshotError: the snapshot is not what its manifest says.
        OSError: there is no room for a copy.
    """

    def __init__(self, snapshot: Path, manifest: Manifest) -> None:
        self._home = Path(tempfile.mkdtemp(prefix=_COPY_PREFIX))
        # Held for as long as the copy is in use: a process that died has let go of it.
        self._lock = FileLock(self._home / "lock")
        self._lock.acquire()
        self.folder = self._home / "copy"
        self.folder.mkdir()
        try:
            self._copy(snapshot, manifest)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Delete the copy. May be called twice."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()
        shutil.rmtree(self._home, ignore_errors=True)

    def _copy(self, snapshot: Path, manifest: Manifest) -> None:
        for name, expected in manifest.files.items():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                found = _copy_hashing(snapshot / name, target)
            except FileNotFoundError:
                raise SnapshotError(f"its file {name} is missing") from None
            if found != expected:
                raise SnapshotError(f"its file {name} was altered")


def remove_leftovers() -> None:
    """Delete the private copies of processes of ours that died."""
    for home in Path(tempfile.gettempdir()).glob(_COPY_PREFIX + "*"):
        lock = home / "lock"
        try:
            if not (home / "copy").is_dir() or home.stat().st_uid != os.getuid():
                continue
            with FileLock(lock, timeout=0):
                shutil.rmtree(home / "copy", ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
        except (Timeout, OSError):
            continue


def remove_others(folder: Path, keep: Path | None) -> None:
    """Delete all snapshots but `keep`, and what killed builds left. Readers have copies."""
    for path in folder.iterdir():
        if path != keep and (path.name.isdecimal() or path.name.startswith(BUILDING)):
            shutil.rmtree(path, ignore_errors=True)


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _copy_hashing(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            writing.write(block)
    return digest.hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
