"""A sentence as the check reads it: words with their stems, clauses, numbers, dates and names. Pure.

Knows nothing of claims and quotes: both are read in the same way. English, by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..language import STOP_WORDS, is_english, places
from .alike import base
from .days import Mention, find_days
from .figures import Figure, find_figures

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|[,;:()\[\]—–]|[.!?…]+"
)
_OPENS_CLAUSE = frozenset(
    """but because although though while whereas who which whose when whereby where unless if since until
    after before as""".split()
)
_BREAKS = frozenset(",;:()[]—–")
_HARD_BREAKS = frozenset(";:()[]—–")
_WORDS_WITHOUT_CONTENT = STOP_WORDS | frozenset(
    """according article articles reports passage also however meanwhile moreover additionally "
    "furthermore yes
    mr mrs ms dr sir one ones whether within upon among around toward towards per via amid via near nearly about
    approximately roughly some several would him himself herself itself themselves still already yet later earlier
    added stated told including included includes include well another other others make made makes making take
    took taken get got become became came come went go put due able order currently recently reportedly allegedly
    stating saying noting adding specifically respectively follow following based amount total number
    described call called set new""".split()
)
_TITLES = frozenset(
    """president minister prime foreign defense defence secretary state chancellor king queen prince "
    "princess
    senator representative rep sen governor mayor general gen colonel col captain lieutenant lt sergeant
    major admiral judge justice dr mr mrs ms sir lord lady professor prof chief executive officer director
    chairman chairwoman chair spokesman spokeswoman speaker deputy vice former attorney ambassador envoy
    commissioner inspector superintendent commodore councilor councillor coach manager pope leader interior
    finance health transport ministry government parliament council party street""".split()
)


@dataclass(frozen=True)
class Token:
    """One word. `clause` counts the clauses before it; `place` is the country it stands for."""

    text: str
    lower: str
    stem: str
    start: int
    end: int
    clause: int
    content: bool
    name: bool
    place: str | None
    quoted: bool


@dataclass(frozen=True)
class Reading:
    """A text, read. `names` are runs of indexes of `tokens`: "Haider al-Abadi" is one."""

    text: str
    tokens: tuple[Token, ...]
    names: tuple[tuple[int, ...], ...]
    figures: tuple[Figure, ...]
    days: tuple[Mention, ...]
    stems: frozenset[str]
    places: frozenset[str]

    def content(self) -> list[int]:
        """The indexes of the words that carry meaning and are neither names nor numbers."""
        return [i for i, token in enumerate(self.tokens) if token.content and not token.name]


@lru_cache(maxsize=8192)
def read(text: str, published: str | None = None) -> Reading:
    """The text, read; days are counted from the date of publication."""
    days, day_spans = find_days(text, published)
    figures, figure_spans = find_figures(text, day_spans)
    taken = [*day_spans, *figure_spans]
    tokens = tuple(_tokens(text, taken))
    return Reading(
        text,
        tokens,
        tuple(_names(tokens, text)),
        figures,
        days,
        frozenset(t.stem for t in tokens),
        frozenset(t.place for t in tokens if t.place),
    )


def is_title(token: Token) -> bool:
    """Whether the word is part of what somebody is called before the name: "President", "Ms."."""
    return token.lower.rstrip(".") in _TITLES


def _tokens(text: str, taken: list[tuple[int, int]]) -> Iterator[Token]:
    countries = places(text)
    clause, starts, quoted, at = 0, True, False, 0
    for match in _TOKEN.finditer(text):
        word = match.group()
        between = text[at : match.start()]
        marks = sum(between.count(mark) for mark in '“”"')
        quoted = quoted != bool(marks % 2)
        at = match.end()
        if word in _BREAKS or word[0] in ".!?…":
            clause += 1
            starts = (
                starts or word[0] in ".!?…" or (word in ":" and text[at : at + 2].strip()[:1] in {"“", '"'})
            )
            continue
        lower = word.casefold().replace("’", "'")
        if lower in _OPENS_CLAUSE:
            clause += 1
        inside = any(a <= match.start() < b for a, b in taken)
        place = next((country for a, b, country in countries if a <= match.start() < b), None)
        capital = word[:1].isupper()
        starts = starts or "“" in between
        name = (
            capital
            and not inside
            and lower.rstrip(".") not in _WORDS_WITHOUT_CONTENT
            and (not starts or place is not None or word[1:2].isupper() or not is_english(lower))
        )
        content = not inside and lower.rstrip(".") not in _WORDS_WITHOUT_CONTENT and "n't" not in lower
        yield Token(word, lower, base(lower), match.start(), at, clause, content, name, place, quoted)
        starts = False


def _names(tokens: tuple[Token, ...], text: str) -> Iterator[tuple[int, ...]]:
    run: list[int] = []
    for i, token in enumerate(tokens):
        joined = (
            run and i - run[-1] == 1 and re.fullmatch(r"[\s.’'-]*", text[tokens[run[-1]].end : token.start])
        )
        if token.name and (not run or joined):
            run.append(i)
            continue
        if run:
            yield tuple(run)
        run = [i] if token.name else []
    if run:
        yield tuple(run)
