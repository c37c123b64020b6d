"""Takes boilerplate lines off an article's text and finds its title. Pure: text in, text out.

Only whole lines go, and only ones that `boilerplate.txt` names: a sentence of the story is never
taken, and nothing that stays is altered.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LONGEST_TITLE = 200
_TITLE_ENDS = re.compile(r"[.;:,][\"”’')\]]*$")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_BLANK_RUN = re.compile(r"(?:[ \t]*\r?\n){3,}")


@cache
def _boilerplate() -> frozenset[str]:
    lines = (Path(__file__).parent / "boilerplate.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_key(line) for line in lines if line and not line.startswith("#"))


def _key(line: str) -> str:
    return _EDGES.sub("", " ".join(line.split())).casefold()


def is_boilerplate(line: str) -> bool:
    """Whether the whole line is page furniture, such as "Share"."""
    return len(line) <= LONGEST_TITLE and _key(line) in _boilerplate()


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without its boilerplate lines, and those lines in order."""
    kept, removed = [], []
    for line in text.splitlines(keepends=True):
        if is_boilerplate(line):
            removed.append(line.strip())
        else:
            kept.append(line)
    if not removed:
        return text.strip(), ()
    # The gap a line leaves is closed; gaps that were there before stay as they were.
    return _BLANK_RUN.sub("\n\n", "".join(kept)).strip(), tuple(removed)


def split_title(text: str) -> tuple[str | None, str]:
    """The headline that a cleaned text begins with, or None, and the text after it.

    A headline is a first line of at most `LONGEST_TITLE` characters that does not end like a
    sentence, with something after it.
    """
    first, _, rest = text.partition("\n")
    first = first.strip()
    if rest.strip() and 0 < len(first) <= LONGEST_TITLE and not _TITLE_ENDS.search(first):
        return first, rest.strip()
    return None, text
