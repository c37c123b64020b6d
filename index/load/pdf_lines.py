"""Lines as they stand on the pages of a PDF → paragraphs: no running heads, no hyphens at line ends. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

_EDGE = 2
"""Running heads and page numbers stand among the first and the last two lines of a page."""
_LEAST_PAGES = 3
_PAGE_NUMBER = re.compile(r"(?:page |[-–—] ?)?\d{1,4}(?: ?[-–—]| ?(?:of|/) ?\d{1,4})?", re.IGNORECASE)
_LONGEST_SECOND_HEAD = 60
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?:…][\"”’»)\]]*$")
_PART_OF_STORY = re.compile(r"[.!?:…,;][\"”’»)\]]*$|.{61}")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
"""Shapes of the page, not letters: nobody types them into a search box."""
_HYPHEN = re.compile(r"([^\W\d_]{2,})[-\u00ad\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SHORT_LINE = 0.75
"""A line shorter than this share of a full one, that ends a sentence, ends its paragraph."""


def mend(pages: Sequence[Sequence[str]], title: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The paragraphs, a blank line between, and the lines that were taken off. The title, where it is
    known and the text begins with it, is no part of the text, on however many lines it stands."""
    stripped = [[line.translate(_LIGATURES).strip() for line in page] for page in pages]
    kept, removed = _without_heads(stripped)
    lines = [line for page in kept for line in page]
    return "\n\n".join(_paragraphs(_without_title(lines, title))), tuple(removed)


def _without_title(lines: list[str], title: str | None) -> list[str]:
    wanted = "".join((title or "").split()).casefold()
    seen = ""
    for number, line in enumerate(lines if wanted else ()):
        seen += "".join(line.split()).casefold()
        if not wanted.startswith(seen):
            break
        if seen == wanted:
            return lines[number + 1 :] if any(lines[number + 1 :]) else lines
    return lines


def _without_heads(pages: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Pages without the lines that stand at the edge of at least half of them, numbers apart."""
    edges = [_edges(page) for page in pages]
    seen = Counter(
        key
        for page, sides in zip(pages, edges, strict=True)
        for key in {_key(page[number]) for side in sides for number in side}
    )
    heads = {key for key, count in seen.items() if count >= max(_LEAST_PAGES, len(pages) / 2)}
    if len(pages) == 2:
        heads |= {key for key, count in seen.items() if count == 2 and not _PART_OF_STORY.search(key)}
    kept, removed = [], []
    for page, sides in zip(pages, edges, strict=True):
        gone = {number for side in sides for number in _heads(page, side, heads, only=len(pages) == 1)}
        removed += [page[number] for number in sorted(gone)]
        kept.append([line for number, line in enumerate(page) if number not in gone])
    return kept, removed


def _edges(page: list[str]) -> tuple[list[int], list[int]]:
    """The numbers of the first and of the last written lines, the outermost first."""
    written = [number for number, line in enumerate(page) if line]
    return written[:_EDGE], written[::-1][:_EDGE]


def _heads(page: list[str], side: list[int], heads: set[str], *, only: bool) -> Iterator[int]:
    for place, number in enumerate(side):
        line = page[number]
        # Only a head has another below it, and what ends like a sentence is none.
        story = place > 0 and (len(line) > _LONGEST_SECOND_HEAD or bool(_ENDS.search(line)))
        if story or not (_key(line) in heads or (not only and _PAGE_NUMBER.fullmatch(line))):
            return
        yield number


def _key(line: str) -> str:
    return _DIGITS.sub("#", line.casefold())


def _paragraphs(lines: list[str]) -> list[str]:
    full = sorted(len(line) for line in lines if line)
    usual = full[len(full) * 9 // 10] if full else 0
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line))
    paragraphs: list[str] = []
    open_ = False
    for line in lines:
        if not line:
            # A page's end leaves no blank line in the middle of a sentence.
            open_ = open_ and not _ENDS.search(paragraphs[-1])
            continue
        if open_:
            paragraphs[-1] = _join(paragraphs[-1], line, words)
        else:
            paragraphs.append(line)
        heading = len(paragraphs) == 1 and len(line) < usual * _SHORT_LINE
        open_ = not (heading or (_ENDS.search(line) and len(line) < usual * _SHORT_LINE))
    return paragraphs


def _join(before: str, line: str, words: Counter[str]) -> str:
    """One line after another; a word that was cut at the line's end becomes whole.

    The hyphen stays where the text elsewhere writes the word with it, or knows both halves as words
    but not the whole: "well-" and "known".
    """
    cut = _HYPHEN.search(before)
    rest = _WORD.match(line)
    if not cut or not rest or not rest[0][0].islower():
        return f"{before} {line}"
    half, tail = cut[1].casefold(), rest[0].casefold()
    whole, hyphened = words[half + tail], words[f"{half}-{tail}"]
    compound = hyphened > whole or (not whole and words[half] > 1 and words[tail] > 1)
    if before[-1] != "\u00ad" and compound:
        return before + line
    return before[:-1] + line
