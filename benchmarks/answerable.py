"""From nothing to the first answer, and to all articles answerable: `python -m benchmarks.answerable FILE`.

Starts `python -m index build` in a process of its own and waits until every article has been committed and
cleaned: from then on all can be found by their words, and the build goes on to embed them. Then asks, in
another process, for a sentence of the last article. The build is stopped after that. Prints a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from index.settings import ROOT

BUILD = """
import sys
from pathlib import Path
from index.build import build
from index.settings import load_settings
def progress(stage, done, total):
    if stage == "embedding":
        print(done, total, flush=True)
build([Path(sys.argv[1])], load_settings(data=Path(sys.argv[2])), progress=progress)
"""


def measure(file: Path) -> dict[str, Any]:
    last = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    sentence = last["text"].split("\n\n")[1].split(". ")[0][:300]
    with tempfile.TemporaryDirectory() as data:
        began = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", BUILD, str(file), data], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as build:
            first = build.stdout.readline() if build.stdout else ""
            answerable = time.perf_counter() - began
            processor = processor_seconds(build.pid)
            asked = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "index", "ask", "--json", f"What is said of this: {sentence}?", "--data", data],
                cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            answered = time.perf_counter() - began
            build.send_signal(signal.SIGKILL)
            build.wait()
        answer = json.loads(asked.stdout or "{}")
        found = [c["article_id"] for c in answer.get("citations", []) + answer.get("related", [])]
        size = sum(path.stat().st_size for path in Path(data).rglob("*") if path.is_file())
    return {
        "chunks": int(first.split()[1]), "answerable_seconds": answerable, "answerable_processor_seconds": processor,
        "first_answer_seconds": answered,
        "status": answer.get("status"), "finds_the_article": last["id"] in found,
        "disk_mb": round(size / 1e6), "build_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "load": os.getloadavg()[0],
    }  # fmt: skip


def processor_seconds(process: int) -> float:
    """Of a process that is running, so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    print(json.dumps(measure(parser.parse_args().file)))
