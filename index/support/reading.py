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
    after before that where so""".split()
)
_BREAKS = frozenset(",;:()[]—–")
_SHORT = frozenset(
    """mr mrs ms dr lt gen col capt sgt sen rep gov st prof no vs jan feb mar apr jun jul aug sep sept oct
    nov dec inc ltd co corp jr sr""".split()
)
"""Words whose full stop does not end a sentence."""
_WORDS_WITHOUT_CONTENT = (STOP_WORDS - {"won", "know"}) | frozenset(
    """according article articles reports passage also however meanwhile moreover additionally "
    "furthermore yes
    mr mrs ms dr sir one ones whether within upon among around toward towards per via amid via near nearly about
    approximately roughly some several would him himself herself itself themselves still already yet later earlier
    added stated told including included includes include well another other others make made makes making take
    took taken get got become became came come went go put due able order currently recently reportedly allegedly
    stating saying noting adding specifically respectively follow following based amount total number
    described call called set new nobody everybody everyone someone somebody anyone anybody nothing everything
    none though although whereas named suffer suffers suffered spent
    intend intends intended plan plans planned planning expect expects expected hope hopes hoped want
    wants wanted must need needs needed van der de la von al el bin""".split()
)
SAYING = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:old|ells?)|add(?:s|ed|ing)|insist\w*|claim\w*|den(?:y|ies|ied)|reject\w*|"
    r"dismiss\w*|warn\w*|argu\w+|explain\w*|acknowledg\w*|confirm\w*|wr(?:ote|ites?)|repl(?:y|ied|ies)|vow\w*|"
    r"promis\w*|declar\w*|call(?:ed|s|ing)|expect\w*|believ\w*|stat(?:es|ed|ing)|announc\w*|accus\w*|admit\w*|"
    r"according to|describ\w*|estimat\w*|report(?:s|ed|ing)|predict\w*|put(?:s|ting)?|refus\w*|declin\w*|"
    r"caution\w*|disput\w*|blam\w*|asks?|asked|demand\w*|note[sd]|noting|testif\w*|recall\w*|pledg\w*|"
    r"welcom\w*|critici[sz]\w*|respond\w*|ruled out|agree[sd]?|wants?|hopes?|fear(?:s|ed)?|apologi[sz]\w*|"
    r"threaten\w*|advis\w*|complain\w*|worr(?:y|ie[sd])|favou?r\w*|finds?|found|wished|conceded|citing|cites?|cited)\b",
    re.IGNORECASE,
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
    """One word. `clause`, `sentence` count those before it; `place` is the country it stands for."""

    text: str
    lower: str
    stem: str
    start: int
    end: int
    clause: int
    sentence: int
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


def _is_english(word: str) -> bool:
    """Whether a lower-case word is a common one, or compares one: "costlier"."""
    return is_english(word) or (word.endswith("ier") and is_english(f"{word[:-3]}y"))


def _tokens(text: str, taken: list[tuple[int, int]]) -> Iterator[Token]:
    countries = places(text)
    clause = sentence = at = 0
    starts, quoted, last = True, False, ""
    for match in _TOKEN.finditer(text):
        word = match.group()
        between = text[at : match.start()]
        opens = sum(between.count(mark) for mark in '“”"')
        quoted = quoted != bool(opens % 2)
        at = match.end()
        if word in _BREAKS:
            clause += 1
            continue
        if word[0] in ".!?…":
            if word == "." and (last.casefold() in _SHORT or len(last) == 1):
                continue
            clause, sentence, starts = clause + 1, sentence + 1, True
            continue
        lower = word.casefold().replace("’", "'")
        clause += lower in _OPENS_CLAUSE
        starts = starts or "“" in between or between.strip() == '"'
        inside = any(a <= match.start() < b for a, b in taken)
        place = next((country for a, b, country in countries if a <= match.start() < b), None)
        meaning = not inside and lower.rstrip(".") not in _WORDS_WITHOUT_CONTENT and "n't" not in lower
        named = not starts or place is not None or word[1:2].isupper() or not _is_english(lower)
        name = meaning and word[:1].isupper() and named
        yield Token(
            word, lower, base(lower), match.start(), at, clause, sentence, meaning, name, place, quoted
        )
        starts, last = False, word


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
