"""What a model wrote → plain sentences, each with the numbers of the passages it refers to. Pure.

The text is hostile: HTML, images, links and Markdown go; what is left is words. Knows no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..chunk import sentence_spans
from ..load.markup import plain_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_NUMBERS = r"\d{1,4}(?:\s?(?:,|;|and|&|-|–)\s?(?:passage\s)?\d{1,4})*"
_MARKER = re.compile(
    rf"\s?(?:\[\s?\^?(?:(?:passages?|sources?|articles?|doc(?:ument)?s?|ref)\.?\s)?(?P<square>{_NUMBERS})\s?\]|"
    rf"【\s?(?P<wide>\d{{1,4}}(?:[,;–-]\s?\d{{1,4}})*)[^【】]{{0,20}}】|"
    rf"\((?:(?:see )?(?:passages?|sources?|articles?)\s(?P<named>{_NUMBERS})|(?P<round>\d{{1,2}}))\)|"
    rf"<sup>\s?\[?(?P<raised>{_NUMBERS})\]?\s?</sup>)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s?[-–]\s?(\d+)")
_LONGEST_RANGE = 20
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private characters that stand for a marker while the markup goes."""
_HELD_MARKER = re.compile(rf"{_OPEN}([\d,]*){_CLOSE}")
_ADDRESS = re.compile(
    r"(?:<?\b(?:https?|ftp|javascript|data|mailto):[^\s\ue000]*|\bwww\.[^\s\ue000]+)", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+|#+\s+|>\s*)")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`+|~~")
_MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class Statement:
    """A sentence of the model. `marked` tells that it had markers, `passages` which they name (1..)."""

    text: str
    passages: tuple[int, ...]
    marked: bool


def statements(text: str) -> list[Statement]:
    """The sentences of what a model wrote, in order, each with the passages that its markers name."""
    held = _MARKER.sub(_hold, text[:_MOST_CHARACTERS].replace(_OPEN, "").replace(_CLOSE, ""))
    found: list[Statement] = []
    for line in _lines(held):
        found += _sentences(line)
    return found


def _hold(match: re.Match[str]) -> str:
    numbers = next(group for group in match.groups() if group)
    wide = _RANGE.sub(_each, numbers)
    return f"{_OPEN}{','.join(re.findall(r'[0-9]+', wide))}{_CLOSE}"


def _each(match: re.Match[str]) -> str:
    first, last = int(match[1]), int(match[2])
    return ",".join(map(str, range(first, min(last, first + _LONGEST_RANGE) + 1)))


def _lines(text: str) -> Iterator[str]:
    """The text's blocks without their marks, each on one line."""
    # Late: only where a model answers.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    # Every link goes; one that the parser finds unsafe would stay as it was written.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    for token in parser.parse(text):
        if token.type == "inline":
            block = _inline(token)
        elif token.type == "html_block":
            block = plain_text(token.content)
        elif token.type in {"fence", "code_block"}:
            block = token.content
        else:
            continue
        for line in block.split("\n"):
            # What was hidden once more (entities, text within HTML) is words and nothing else.
            clean = " ".join(_ADDRESS.sub("", plain_text(_BULLET.sub("", line))).split())
            if clean:
                yield _EMPHASIS.sub("", clean)


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type in {"text", "code_inline"}:
            parts.append(child.content)
    return "".join(parts)


def _sentences(line: str) -> Iterator[Statement]:
    bare, marks = _without_markers(line)
    spans = sentence_spans(bare)
    for n, (start, end) in enumerate(spans):
        following = spans[n + 1][0] if n + 1 < len(spans) else len(bare) + 1
        mine = [
            numbers
            for at, numbers in marks
            if (start < at or n == 0) and at <= following and at > (start if n else -1)
        ]
        passages = tuple(dict.fromkeys(number for numbers in mine for number in numbers))
        words = _tidied(bare[start:end])
        if re.search(r"\w", words):
            yield Statement(words, passages, bool(mine))


def _without_markers(line: str) -> tuple[str, list[tuple[int, tuple[int, ...]]]]:
    """The line without its markers, and where each stood in what is left."""
    parts: list[str] = []
    marks: list[tuple[int, tuple[int, ...]]] = []
    at = length = 0
    for match in _HELD_MARKER.finditer(line):
        parts.append(line[at : match.start()])
        length += match.start() - at
        marks.append((length, tuple(int(n) for n in match[1].split(",") if n)))
        at = match.end()
    return "".join([*parts, line[at:]]), marks


def _tidied(text: str) -> str:
    text = re.sub(rf"[{_OPEN}{_CLOSE}]|\[\]|\(\)", "", text)
    text = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r" +([.,;:!?])", r"\1", " ".join(text.split()))
