"""A server's threads share two arenas of the C allocator: each with its own would hold on to what it once used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from index.settings import ROOT
from tests.making import environment

# Where app.py reads its settings, its threads are yet to come.
PROBE = """
import ctypes, sys, tempfile, threading
import app

def probe():
    libc = ctypes.CDLL(None)
    libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
    together = threading.Barrier(12)
    def allocate():
        together.wait()
        libc.malloc(5000)
        together.wait()  # who ends hands its arena on
    threads = [threading.Thread(target=allocate) for _ in range(12)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    with tempfile.NamedTemporaryFile() as told:
        file = libc.fopen(told.name.encode(), b"w")
        libc.malloc_info(0, ctypes.c_void_p(file))
        libc.fclose(ctypes.c_void_p(file))
        print(told.read().count(b"<heap nr="))
    raise SystemExit

app.load_settings = probe
if "apart" in sys.argv.pop():
    app._share_arenas = lambda: None
app.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another allocator")
def test_threads_of_the_server_share_two_arenas() -> None:
    def arenas(how: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", PROBE, how],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    assert arenas("shared") <= 2
    assert arenas("apart") > 2
