"""What a text's words tell without a model: stems, names, places, numbers, kinds of question. Pure.

Used wherever question and evidence are held against each other. English; other languages pass
through with whole words in place of stems. Knows nothing of articles, storage or scores.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import Stemmer

from .settings import ROOT

QuestionKind = Literal["yesno", "who", "when", "where", "how_many", "why", "what", "other"]

WORD = re.compile(r"(?:[A-Za-z]\.){2,}|\d+(?:[.,:]\d+)*|[^\W_]+(?:-[^\W_]+)*")
_ACCENT = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_POSSESSIVE = re.compile(r"['’]s\b|['’](?!\w)")
_YES_NO = (
    "is are was were am be been do does did has have had can could will would shall should may might must "
    "isn aren wasn weren don doesn didn hasn haven hadn won wouldn couldn"
)
_AUXILIARIES = frozenset(_YES_NO.split())
STOP_WORDS = frozenset(
    f"""{_YES_NO} a an the this that these those it its he she they them his her their him i me my we us
    our you your who whom whose what which when where why how and or but if then than so as of at by for
    with about against between into through during before after above below to from up down in out on off
    over under again further once here there all any both each few more most other some such no nor not
    only own same too very s t just now being having doing because until while also tell give according
    please say said says know does ever get got there many much""".split()
)
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

_BRITISH = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ence(s?)$", r"ense\1"),
        (r"(?<=\w\w)our(?=(?:s|ed|ing|er|ers|able|ite|ites|hood)?$)", "or"),
        (r"is(?=(?:e|es|ed|ing|er|ers|ation|ations)$)", "iz"),
        (r"(?<=[bt])re(s?)$", r"er\1"),
        (r"ll(?=(?:ed|ing|er|ers)$)", "l"),
        (r"ogramme(s?)$", r"ogram\1"),
    )
)

_SEATS_OF_POWER = {
    "kremlin": "Russia", "white house": "United States", "pentagon": "United States", "washington": "United States",
    "state department": "United States", "downing street": "United Kingdom", "whitehall": "United Kingdom",
    "elysee": "France", "america": "United States", "americans": "United States", "u.s": "United States",
    "u.k": "United Kingdom", "britain": "United Kingdom", "england": "United Kingdom", "kiev": "Ukraine",
    "islamic republic": "Iran", "soviet": "Russia", "u.s.a": "United States", "dutch": "Netherlands",
    "tel aviv": "Israel", "states": "United States",
}  # fmt: skip
_SHORT_NAMES = frozenset({"US", "USA", "UK", "UAE"})
_CASE_MATTERS = frozenset({"us", "uk", "usa", "turkey", "china", "chad", "jordan", "georgia", "mali", "man"})


@dataclass(frozen=True)
class Term:
    """A content word: `stem` to match on, `place` if it stands for a country, what it looks like."""

    word: str
    stem: str
    place: str | None
    is_name: bool
    is_number: bool


@cache
def _stemmer() -> Stemmer.Stemmer:
    # The same algorithm as the full-text index, so that document frequencies agree.
    return Stemmer.Stemmer("porter")


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """The word in lower case, without accents on Latin letters (as in the full text) and final stops."""
    lower = word.casefold().rstrip(".")
    if lower.isascii():
        return lower
    apart = _ACCENT.sub("", unicodedata.normalize("NFD", lower))
    return unicodedata.normalize("NFC", apart)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Porter stem of a word, numbers written as digits ("seven" → "7")."""
    lower = plain(word)
    if lower in _NUMBER_WORDS:
        return str(_NUMBER_WORDS[lower])
    if lower[:1].isdigit():
        return lower.replace(",", "")
    result: str = _stemmer().stemWord(american(lower))
    return result


@lru_cache(maxsize=65_536)
def american(word: str) -> str:
    """The American spelling of a lower-case word: "defence" → "defense"; most words stay as they are."""
    return next((spelt for spelt in american_spellings(word) if is_english(spelt)), word)


def american_spellings(word: str) -> Iterator[str]:
    """How a lower-case word might be spelt in American English, if it is British."""
    for pattern, replacement in _BRITISH:
        spelt = pattern.sub(replacement, word)
        if spelt != word:
            yield spelt


def words(text: str) -> list[str]:
    """The words of a text in order, possessive endings taken off."""
    return WORD.findall(_POSSESSIVE.sub("", text))


def terms(text: str) -> list[Term]:
    """The content words of a text, in order; stop words are left out."""
    found: list[Term] = []
    spans = places(text)
    start_of_sentence = True
    cleaned = _POSSESSIVE.sub(lambda m: " " * len(m.group()), text)
    for match in WORD.finditer(cleaned):
        word = match.group()
        capital = word[:1].isupper()
        place = next((country for a, b, country in spans if a <= match.start() < b), None)
        if place or word.casefold().rstrip(".") not in STOP_WORDS:
            number = stem(word)[:1].isdigit()
            name = (
                capital and (not start_of_sentence or place is not None or word[1:2].isupper()) and not number
            )
            found.append(Term(word, stem(word), place, name or place is not None, number))
        start_of_sentence = cleaned[match.end() : match.end() + 3].lstrip('"”’)')[:1] in {".", "!", "?"} and (
            not word.endswith(".")
        )
    return found


@cache
def _place_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Names, capitals and people's names of all countries, as (pattern, name → country)."""
    from countryinfo import all_countries

    names: dict[str, str] = {}
    # A name that several share ("American" Samoa) means the most populous of them.
    records = sorted((c.info() for c in all_countries()), key=lambda record: -(record.get("population") or 0))
    for record in records:
        spellings = [record.get("capital"), *(record.get("altSpellings") or [])]
        if people := record.get("demonym"):
            spellings += [people, f"{people}s"]
        for spelling in spellings:
            if isinstance(spelling, str) and (len(spelling) > 3 or spelling in _SHORT_NAMES):
                names.setdefault(spelling.casefold(), record["name"])
    names |= {record["name"].casefold(): record["name"] for record in records}
    names |= _SEATS_OF_POWER
    ordered = sorted(names, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)", re.IGNORECASE)
    return pattern, names


@lru_cache(maxsize=4096)  # of whole texts, questions too, each of which is new
def places(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where a country is named, by its name, its people's or its capital's: (start, end, country)."""
    pattern, names = _place_names()
    found = []
    for match in pattern.finditer(text):
        key = match.group().casefold()
        if key not in _CASE_MATTERS or match.group()[0].isupper():
            found.append((match.start(), match.end(), names[key]))
    return tuple(found)


@lru_cache(maxsize=512)
def place_spellings(country: str) -> tuple[str, ...]:
    """All that a country, its people and its capital are called."""
    return tuple(spelling for spelling, name in _place_names()[1].items() if name == country)


def question_kind(question: str) -> QuestionKind:
    """What a question asks for, by its leading words."""
    lower = [word.casefold() for word in words(question)]
    head = " ".join(lower[:12])
    if lower and lower[0] in _AUXILIARIES:
        return "yesno"
    if re.search(r"\bhow (many|much|old|long|far|often|big|large|high|tall)\b|\bnumber of\b", head):
        return "how_many"
    for kind, pattern in _KIND_PATTERNS:
        if re.search(pattern, head):
            return kind
    return "other"


_KIND_PATTERNS: tuple[tuple[QuestionKind, str], ...] = (
    ("who", r"\b(who|whom|whose)\b"),
    ("when", r"\b(when|what (year|day|date|month|time)|which (year|day|date|month)|since when)\b"),
    ("where", r"\b(where|(what|which) (country|city|place|state|town|province|region|county))\b"),
    ("why", r"\b(why|what (is|was) the reason|reason)\b"),
    ("what", r"\b(what|which)\b"),
)


@cache
def _vocabulary() -> Mapping[str, int]:
    data = json.loads((ROOT / "index" / "models" / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = data["model"]["vocab"]
    return vocabulary


def is_english(word: str) -> bool:
    """Whether the word is an English word (of some 30,000), or a common name."""
    return word.casefold() in _vocabulary()


@lru_cache(maxsize=65_536)
def commonness(word: str) -> float:
    """Roughly the share of passages that hold a word, 0..1, in English at large.

    WordPiece vocabularies are ordered by frequency, so a word's rank gives its frequency by Zipf's law.
    """
    rank = _vocabulary().get(word.casefold())
    return 20.0 / 30_000.0 if rank is None else min(0.9, 20.0 / max(rank - 1990, 20))


def inverse_document_frequency(word: str, holding: int, total: int) -> float:
    """Weight of a word in nats: its frequency in the corpus, with English at large as 200 more passages."""
    share = (holding + 200 * commonness(word)) / (total + 200)
    return math.log(1 / min(max(share, 1e-6), 1.0)) + 0.1
