"""Takes boilerplate lines off an article's text and finds its title. Pure: text in, text out.

Only whole lines go: ones that `boilerplate.txt` names, photo credits and links to other stories that
stand alone, and lines that were learnt of the article's outlet (`learnable` says which may be). A
sentence of the story is never taken, and nothing that stays is altered.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal

LONGEST_TITLE = 200
_TITLE_ENDS = re.compile(r"[.;:,][\"”’')\]]*$")
_SENTENCE_ENDS = re.compile(r"[.!?…:;,。！？؟।][\"”’»')\]]*$")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_BLANK_RUN = re.compile(r"(?:[ \t]*\r?\n){3,}")
_POINTER = re.compile(
    r"(?:read more|also read|read also|see also|read next|more on this(?: story)?)\s*[:：|]\s*\S",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"[(\[]?(?:(?:file )?(?:photo|photograph|image|picture)(?:s|graph)?(?: credits?| courtesy| by)?\s*[:：/]\s*\S"
    r"|(?:AP|AFP|EPA|Reuters|Getty)[ /]?(?:Photos?|Images?)\b|©\s*\S"
    r"|\S[^.]{0,60}[/|]\s?(?:AP|AFP|EPA|Reuters|Getty Images)[)\]]?$)",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 120
_INVITES = re.compile(
    r"(?:sign up|subscribe|follow us|follow @|read more|click (?:here|to)|download (?:the|our)|share (?:this|on)|"
    r"copyright|©|all rights reserved|our standards|(?:additional )?(?:reporting|editing|writing) by|more on|see also|"
    r"this (?:article|story) (?:was|is|has been) (?:originally|first|re)?-?\s?published|for more (?:news|stories)|"
    r"do you have a story|don[’']t miss|like us on|contact us|join our)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 12


@cache
def _boilerplate() -> frozenset[str]:
    lines = (Path(__file__).parent / "boilerplate.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line_key(line) for line in lines if line and not line.startswith("#"))


def line_key(line: str) -> str:
    """The line without case and surrounding punctuation: what makes two lines the same."""
    return _EDGES.sub("", " ".join(line.split())).casefold()


def is_boilerplate(line: str) -> bool:
    """Whether the whole line is page furniture, such as "Share"."""
    return len(line) <= LONGEST_TITLE and line_key(line) in _boilerplate()


def learnable(line: str) -> Literal["invites", "plain"] | None:
    """Whether the line may be taken off if many articles of its outlet have it.

    `invites`: it says what to do with the page ("Sign up for …"). `plain`: it is short and does not
    end like a sentence. None: it may be a sentence of the story.
    """
    flat = " ".join(line.split())
    if not flat or len(flat) > LONGEST_TITLE or not line_key(flat):
        return None
    if _INVITES.match(flat.lstrip("(*>-– ")):
        return "invites"
    return "plain" if len(flat.split()) <= _MOST_WORDS and not _SENTENCE_ENDS.search(flat) else None


def clean(text: str, learnt: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """The text without its boilerplate lines, and those lines in order.

    Args:
        text: the text of an article.
        learnt: keys (`line_key`) of lines that are boilerplate with the article's outlet.
    """
    kept: list[str] = []
    removed: list[str] = []
    for line in text.splitlines(keepends=True):
        before = kept[-1].strip() if kept else ""
        if is_boilerplate(line) or _stands_alone(line.strip(), before) or _is_learnt(line, learnt):
            removed.append(line.strip())
        else:
            kept.append(line)
    if not removed:
        return text.strip(), ()
    # The gap a line leaves is closed; gaps that were there before stay as they were.
    return _BLANK_RUN.sub("\n\n", "".join(kept)).strip(), tuple(removed)


def _is_learnt(line: str, learnt: Collection[str]) -> bool:
    return bool(learnt) and learnable(line) is not None and line_key(line) in learnt


def _stands_alone(line: str, before: str) -> bool:
    """Whether the line is a photo credit or points to another story, and is not a sentence's middle."""
    if before and not _SENTENCE_ENDS.search(before):
        return False
    if not line or line.endswith((".", ",", ";")):
        return False
    pointer = len(line) <= LONGEST_TITLE and _POINTER.match(line)
    return bool(pointer or (len(line) <= _LONGEST_CREDIT and _CREDIT.match(line)))


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
