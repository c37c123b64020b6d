"""The child process that reads files of foreign formats: `python -m index.load.worker`.

Takes requests on standard input, one file each, and answers with articles and errors. It may use
little memory and time, may write no file, and knows nothing of the index.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import InputError
from ..records import Article
from .article import Limits
from .discover import SourceFile
from .formats import load_here
from .frames import MEMORY_EXIT, framed

MEMORY_BYTES = 1_300_000_000
"""Address space, of which Python and the parsers take a third before the first file."""
CPU_SECONDS = 8
"""Processor time to the next article."""


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a parser prints must not get between the frames.
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    _limit_memory()
    while size := requests.read(4):
        _serve(json.loads(requests.read(int.from_bytes(size, "big"))), answers)


def _serve(request: dict[str, Any], answers: BinaryIO) -> None:
    path = Path(request["path"])
    source = SourceFile(path, Path(request["root"]), request["origin"])
    limits = Limits(request["max_bytes"], tuple((ours, theirs) for ours, theirs in request["fields"]))

    def begin(number: int, member: str) -> None:
        _limit_time()
        _send(answers, {"at": [number, member]})

    _limit_time()
    try:
        for item in load_here(source, limits, start=request["start"], begin=begin):
            _send(answers, _frame(item))
            _limit_time()
    except MemoryError:
        # Not everything may have been freed: the next file gets a new child.
        os._exit(MEMORY_EXIT)
    except Exception as error:  # noqa: BLE001 - a parser may raise anything
        said = f"{type(error).__name__}: {str(error)[:200]}"
        reason = f"cannot be read, it may be damaged ({said})"
        _send(answers, {"error": reason, "path": str(path), "line": None})
    _send(answers, {"done": True})


def _frame(item: Article | InputError) -> dict[str, Any]:
    if isinstance(item, Article):
        return {"article": asdict(item)}
    return {"error": item.reason, "path": item.path, "line": item.line}


def _send(answers: BinaryIO, value: dict[str, Any]) -> None:
    answers.write(framed(value))
    answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limits; the parent's clock still ends what takes too long.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time() -> None:
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
