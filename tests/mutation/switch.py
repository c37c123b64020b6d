"""What the checks of an instrumented tree ask: whether one of them is taken out just now. Holds no tests.

The instrumented tree has this file at its root as `_switch`. One check at a time is out, by number, and at
first the one that `MUTANT` in the environment names: so processes that a test starts have it out too. What
was asked is noted in `asked`; other processes append theirs to the file named in `MUTANTS_ASKED`.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path

asked: set[int] = set()
out: int = int(os.environ.get("MUTANT", "0"))
_OWNER = "_MUTANTS_ASKED_BY"


def condition(value: object, *mutants: tuple[int, bool]) -> object:
    """The value, or what it is taken for while one of its mutants is active."""
    for number, instead in mutants:
        asked.add(number)
        if number == out:
            return instead
    return value


def gone(number: int) -> bool:
    """Whether the statement is taken out."""
    asked.add(number)
    return number == out


def take_out(number: int) -> None:
    """From now on this check is out, here and in processes started from here; 0 is none."""
    global out  # noqa: PLW0603 - one for the process, as it must be
    out = number
    os.environ["MUTANT"] = str(number)


def _tell() -> None:
    with Path(os.environ["MUTANTS_ASKED"]).open("a", encoding="utf-8") as file:
        file.write("".join(f"{number}\n" for number in asked))


# Only what a test starts tells by the file: the process of the tests itself is the first to come here.
if "MUTANTS_ASKED" in os.environ and os.environ.setdefault(_OWNER, str(os.getpid())) != str(os.getpid()):
    atexit.register(_tell)
