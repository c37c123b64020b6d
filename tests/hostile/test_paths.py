"""Ways out of the folder that was given, and addresses that reach for the server's files: none leads there.

`test_bombs.py` has the names within archives.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import httpx
import pytest

from index.errors import InputError
from index.load import SourceFile, close_sandbox, discover, load_file
from index.records import Article
from index.settings import load_settings
from tests.hostile.parrot import Parrot
from tests.web_serving import running

SECRET = "The secret of the other folder."  # noqa: S105 - only a sentence to look for
MAX = 1_000_000


@pytest.fixture
def given(tmp_path: Path) -> Path:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/secret.txt").write_text(f"Secret\n\n{SECRET}")
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "a.txt").write_text("Title\n\nA story.")
    return folder


def came_of(path: Path) -> list[Article | InputError]:
    found: list[Article | InputError] = []
    for item in discover([path]):
        found += load_file(item, max_bytes=MAX) if isinstance(item, SourceFile) else [item]
    close_sandbox()
    return found


def refused(given: Path, *says: str) -> None:
    """Only the good story is read, and what else is there is reported."""
    found = came_of(given)
    stories = [item for item in found if isinstance(item, Article)]
    assert [story.text for story in stories] == ["A story."]
    reasons = [item.reason for item in found if isinstance(item, InputError)]
    assert len(reasons) == len(says)
    assert all(any(word in reason for reason in reasons) for word in says), reasons


@pytest.mark.parametrize(
    "target",
    [
        "../other/secret.txt",
        "../other",
        "/etc/passwd",
        "/proc/self/environ",
        "/dev/stdin",
        "nowhere",
        "b.txt",
    ],
)
def test_links_that_lead_out(given: Path, target: str) -> None:
    (given / "b.txt").symlink_to(target)
    refused(given, "symbolic link")


def test_a_link_to_a_link_that_leads_out(given: Path) -> None:
    (given / "c.txt").symlink_to("../other/secret.txt")
    (given / "b.txt").symlink_to("c.txt")
    (given / "sub").symlink_to("..")
    refused(given, "symbolic link", "symbolic link", "symbolic link")


def test_what_is_no_file(given: Path) -> None:
    os.mkfifo(given / "b.txt")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(given / "c.txt"))
    refused(given, "not a regular file", "not a regular file")
    listener.close()


@pytest.mark.parametrize("ending", ["txt", "html", "jsonl.gz"])
@pytest.mark.parametrize("swapped", ["link", "folder link", "pipe", "gone"])
def test_what_is_swapped_between_the_look_and_the_reading(given: Path, ending: str, swapped: str) -> None:
    inner = given / "sub"
    inner.mkdir()
    path = inner / f"secret.{ending}"
    path.write_text("x")
    (given.parent / f"other/secret.{ending}").write_text(SECRET)
    (item,) = [
        item for item in discover([inner.parent]) if isinstance(item, SourceFile) and item.path == path
    ]
    path.unlink()
    if swapped == "link":
        path.symlink_to(given.parent / f"other/secret.{ending}")
    elif swapped == "folder link":
        inner.rmdir()
        inner.symlink_to(given.parent / "other")
    elif swapped == "pipe":
        os.mkfifo(path)
    (found,) = load_file(item, max_bytes=MAX)
    close_sandbox()
    assert isinstance(found, InputError), found
    assert SECRET not in str(found)


TARGETS = ("etc/passwd", "pyproject.toml", "web/server.py", ".dateline/catalog.sqlite", ".git/config")
WAYS = (
    "/{up}{t}", "/ui/{up}{t}", "/articles/{up}{t}", "/api/articles/{up}{t}", "/widget/{up}{t}", "/static/{up}{t}",
    "/assets/{up}{t}", "/gradio_api/file={t}", "/gradio_api/file=/{t}", "/gradio_api/file={up}{t}", "/file={up}{t}",
    "/gradio_api/file/{up}{t}", "/theme/{up}{t}", "/svelte/{up}{t}", "/gradio_api/static/{up}{t}", "/ui//{t}",
    "/gradio_api/proxy=file:///{t}", "/proxy=file:///{t}", "/gradio_api/stream/{up}{t}", "/_app/{up}{t}",
    "/custom_component/{up}{t}", "/gradio_api/custom_component/{up}{t}", "/static/img/{up}{t}", "/node/{up}{t}",
)  # fmt: skip
UPS = (
    "../../../../../../", "..%2f..%2f..%2f..%2f..%2f", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/", "..\\..\\..\\..\\",
    "....//....//....//", "..%5c..%5c..%5c", "%252e%252e%252f%252e%252e%252f", "..%c0%af..%c0%af..%c0%af", "/",
    "..;/..;/..;/", "%00../../../",
)  # fmt: skip
TELLING = ("root:x:0", "[build-system]", "def create_app", "SQLite format", "repositoryformatversion")


def test_addresses_that_reach_for_files() -> None:
    """Sent as they are written: an HTTP client would take the dots out."""
    asked = 0
    with running(Parrot([]), load_settings()) as base:
        host, port = base.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as raw:
            replies = raw.makefile("rb")
            for way in WAYS:
                for up in UPS:
                    for target in TARGETS:
                        address = way.format(up=up, t=target).replace(" ", "%20")
                        raw.sendall(f"GET {address} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                        body = _reply(replies)
                        asked += 1
                        assert not any(word.encode() in body for word in TELLING), address
        assert httpx.get(f"{base}/healthz").status_code == 200
    assert asked == len(WAYS) * len(UPS) * len(TARGETS)


def _reply(replies: object) -> bytes:
    """The body of the next reply of a connection that is kept."""
    status = replies.readline()  # type: ignore[attr-defined]
    assert status.startswith(b"HTTP/1.1 "), status
    length, chunked = 0, False
    while (line := replies.readline()) not in {b"\r\n", b""}:  # type: ignore[attr-defined]
        name, _, value = line.lower().partition(b":")
        length = int(value) if name == b"content-length" else length
        chunked = chunked or (name == b"transfer-encoding" and b"chunked" in value)
    if not chunked:
        return bytes(replies.read(length))  # type: ignore[attr-defined]
    body = b""
    while size := int(replies.readline(), 16):  # type: ignore[attr-defined]
        body += replies.read(size + 2)  # type: ignore[attr-defined]
    replies.readline()  # type: ignore[attr-defined]
    return body
