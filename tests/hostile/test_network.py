"""Build, ask and serve, each look-up and connection noted: none leaves this machine.

Python's by an audit hook; compiled code's by tracing the system's calls with strace, which CI installs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from index.settings import ROOT
from tests.making import command, environment

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
HOOK = """
import json, os, sys
_out = open(os.environ["NETWORK_LOG"], "a", buffering=1)
_places = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
def _note(event, args):
    if event in _places:
        _out.write(json.dumps([event, repr(args[_places[event]])]) + chr(10))
sys.addaudithook(_note)
"""
HERE = re.compile(r"127\.0\.0\.\d+|::1|localhost|0\.0\.0\.0|None|^'/")


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """The environment of processes that note what they connect to."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(HOOK)
    more = {"PYTHONPATH": str(tmp_path / "hook"), "NETWORK_LOG": str(tmp_path / "network.log")}
    return environment() | more | {"DATELINE_DATA": str(tmp_path / "data"), "DATELINE_PORT": "0"}


def strangers(watched: dict[str, str]) -> list[str]:
    lines = Path(watched["NETWORK_LOG"]).read_text(encoding="utf-8").splitlines()
    return [place for event, place in map(json.loads, lines) if not HERE.search(place)]


def test_nothing_leaves_this_machine(watched: dict[str, str]) -> None:
    subprocess.run(command("build", "seeds"), cwd=ROOT, env=watched, check=True, capture_output=True)
    subprocess.run(command("ask", QUESTION), cwd=ROOT, env=watched, check=True, capture_output=True)
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=watched, stdout=subprocess.PIPE, text=True
    ) as app:
        try:
            assert app.stdout is not None
            base = re.search(r"http://\S+", app.stdout.readline())
            assert base is not None
            assert httpx.get(base[0], timeout=60).status_code == 200
            answer = httpx.post(f"{base[0]}/api/ask", json={"question": QUESTION}, timeout=60)
            assert answer.json()["status"] == "answered"
        finally:
            app.terminate()
    assert strangers(watched) == []


def test_the_hook_sees_what_leaves(watched: dict[str, str]) -> None:
    code = "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", code], env=watched, check=True, cwd=os.sep)
    assert strangers(watched) == ["('192.0.2.1', 9)"]


def test_compiled_code_connects_to_nothing(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        if os.environ.get("CI"):
            pytest.fail("strace is not installed")
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    for arguments in (("build", "seeds"), ("ask", QUESTION)):
        run = [strace, "-f", "-qq", "-A", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(trace)]
        asked = [*run, *command(*arguments), "--data", str(tmp_path / "data")]
        subprocess.run(asked, cwd=ROOT, env=environment(), check=True, capture_output=True)
    calls = [
        line for line in trace.read_text(encoding="utf-8", errors="replace").splitlines() if "AF_INET" in line
    ]
    assert [call for call in calls if not re.search(r'"(?:127\.0\.0\.\d+|::1)"', call)] == []
