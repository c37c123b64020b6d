"""A long question → its parts, each with the sources and days it names. English, by rule. Pure.

"Does the Verge article suggest X, while the TechCrunch article of 3 May says Y?" asks two things of
two articles. Each is looked up, and checked, by itself. Knows no search and no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from .language import is_english, terms
from .question import Question
from .records import Passage

MOST_PARTS = 6
_LEAST_TERMS = 3
"""Content words that a clause needs to be a part of its own."""
_LONG = 14
"""Content words from which a question that names no source is split at its commas too."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_DAYS = tuple(
    re.compile(rf"(?P<side>\b(?:before|after|since|until|by) )?{written}")
    for written in (
        r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?:T[\d:.+Z-]*)?",
        rf"\b{_MONTH} {_DAY}(?:,? (?P<year>\d{{4}}))?",
        rf"\b{_DAY} (?:of )?{_MONTH}(?:,? (?P<year>\d{{4}}))?",
    )
)
_REPORT = r"(?:article|report|post|story|piece|coverage|review|interview|editorial|column|guide|blog)"
_NAMES_A_SOURCE_AFTER = re.compile(
    rf"['’\"”]?(?:'s|’s)? (?:\w+ )?(?:{_REPORT}s?\b|(?:report|say|suggest|claim|describe|discuss|indicate|mention|"
    r"state|write|publish|credit|attribute|imply|allege)(?:s|d|ed)?\b|magazine\b|newspaper\b)"
)
_NAMES_A_SOURCE_BEFORE = re.compile(
    rf"(?:\b(?:by|from|according to|{_REPORT}s? (?:in|from|by)|"
    r"(?:reported|published|mentioned|stated) in) ['‘\"“]?|['‘\"“])$"
)
_TELLS = (
    r"publish|report|discuss|suggest|indicat|mention|stat|claim|impl|focus|describ|detail|attribut|credit|"
    r"identif|recogni[sz]|characteri[sz]|depict|highlight|emphasi[sz]|portray|argu|alleg|acknowledg|regard|concern"
)
_FRAME = re.compile(
    rf"\b(?:{_REPORT}s?|(?:{_TELLS})(?:e|es|ed|ing|s|y|ies|ied)?(?: on| that)?|portrayals?|narratives?|"
    r"the (?:same |news )?(?:source|outlet)|according to|\w*consisten(?:t|cy|tly)|subsequent(?:ly)?|"
    r"specifically|respectively)\b",
    re.IGNORECASE,
)
_LATER_REPORT = rf"(?:the|an?|another|its|their|later|subsequent)\b[^,;?]{{0,60}}?\b{_REPORT}s?\b"
_BOUNDARY = re.compile(
    r"[;?]|,? \b(?:while|whereas|but|as opposed to|in contrast (?:to|with)|compared (?:to|with))\b|"
    rf",? \b(?:and|or) (?=(?:did|does|do|is|was|were|are|has|have|then|the (?:other|same|one))\b|{_LATER_REPORT})|"
    rf"\bbetween (?=the [^,;?]{{0,60}}?\b{_REPORT}\b)|"
    r"\b(?:before|after|than) (?=[^;?]{0,140}?\b(?:report|article|mention|publish|discuss|cover|announc|describ))",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(r"(?:as|according to|by|reported|published)\b", re.IGNORECASE)
_COMMAS = re.compile(r", (?:and |or )?|[—–]")


@dataclass(frozen=True)
class Days:
    """Days, inclusive, as ISO dates; "MM-DD" where the question names no year. None: no end."""

    first: str | None
    last: str | None

    def hold(self, published: str | None) -> bool:
        """Whether a day is one of these."""
        if published is None:
            return False
        sample = self.first or self.last or ""
        day = published if len(sample) > 5 else published[5:]
        return (self.first or day) <= day <= (self.last or day)

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


@dataclass(frozen=True)
class Part:
    """One thing that a question asks. `text` is its own words; sources and days those it names."""

    text: str
    sources: frozenset[str] = frozenset()
    days: tuple[Days, ...] = ()
    link: str = ""
    """The word that ties it to the part before: "while", "before"; empty where there is none."""


WHOLE = Part("")
"""Stands for a question that is not taken apart."""


@dataclass(frozen=True)
class FoundPart:
    """What was found for one part of a question: the same passages, scored and ordered for it alone."""

    part: Part
    question: Question
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    sources: frozenset[str] = frozenset()
    days: Days | None = None


def parts_of(question: str, sources: Iterable[str]) -> tuple[Part, ...]:
    """What the question asks, one by one, in order; a short question that names no source is one part.

    Args:
        question: in words.
        sources: the names of all sources of the corpus.
    """
    mentions = sorted([*_sources_in(question, tuple(sources)), *_days_in(question)], key=lambda m: m.start)
    parts: list[Part] = []
    waiting: list[_Mention] = []
    for start, end, link in _clauses(question, mentions):
        named = [m for m in mentions if start <= m.start < end]
        text = _without(question, start, end, named, framed=bool(mentions))
        if len(terms(text)) < _LEAST_TERMS - bool(named):
            # "…, as The Age reported," tells of whom the words before are; "After The Age reported, …", after.
            if parts and _LOOKS_BACK.match(question[start:end].strip()):
                parts[-1:] = _with(parts[-1], named)
            else:
                waiting += named
                parts += [] if named or not terms(text) or parts else [Part(text)]
            continue
        parts += _with(Part(text, link=link), [*waiting, *named])
        waiting = []
    if parts and waiting:
        parts[-1:] = _with(parts[-1], waiting)
    return tuple(_with_inherited(parts))[:MOST_PARTS]


def _with(part: Part, mentions: list[_Mention]) -> list[Part]:
    """The part once for each report that its mentions name: a source, and the days told with it."""
    reports: list[tuple[frozenset[str], list[Days]]] = []
    days: list[Days] = [*part.days]
    for mention in mentions:
        if mention.sources:
            reports.append((mention.sources, days))
            days = []
        elif mention.days and reports:
            reports[-1][1].append(mention.days)
        elif mention.days:
            days.append(mention.days)
    named = dict.fromkeys((sources, tuple(when)) for sources, when in reports or [(part.sources, days)])
    return [replace(part, sources=sources, days=when) for sources, when in named]


def _with_inherited(parts: list[Part]) -> list[Part]:
    """A clause that names no source means the one named last: "… another article by the same source"."""
    found: list[Part] = []
    first = next((part.sources for part in parts if part.sources), frozenset())
    for part in parts:
        before = found[-1].sources if found else first
        found.append(part if part.sources else replace(part, sources=before))
    return found


def _clauses(question: str, mentions: list[_Mention]) -> list[tuple[int, int, str]]:
    """The clauses: where each begins and ends, and the word that ties it to the one before."""
    cuts = list(_BOUNDARY.finditer(question))
    if len(terms(question)) >= _LONG:
        cuts += _COMMAS.finditer(question)
    spans, at, link = [], 0, ""
    for cut in sorted(cuts, key=lambda c: (c.start(), -c.end())):
        if cut.start() >= at and not any(m.start <= cut.start() < m.end for m in mentions):
            spans.append((at, cut.start(), link))
            at, link = cut.end(), cut.group().strip(" ,;?").casefold()
    return [*spans, (at, len(question), link)]


def _without(question: str, start: int, end: int, mentions: list[_Mention], *, framed: bool) -> str:
    """The clause without the names and days of its articles, and without "the article suggests that"."""
    text = question[start:end]
    for mention in reversed(mentions):
        text = text[: mention.start - start] + " " + text[max(0, mention.end - start) :]
    if framed:
        text = _FRAME.sub(" ", text)
    return " ".join(re.sub(r"['‘“\"] ['’”\"]", " ", text).split()).strip(" ,'\"")


def _days_in(question: str) -> list[_Mention]:
    found: list[_Mention] = []
    for pattern in _DAYS:
        for match in pattern.finditer(question):
            if any(m.start < match.end() and match.start() < m.end for m in found):
                continue
            parts = match.groupdict()
            month = int(parts.get("number") or _MONTHS.index(parts["month"][:3].lower()) + 1)
            day = f"{month:02d}-{int(parts['day']):02d}"
            if parts["year"]:
                day = f"{parts['year']}-{day}"
            side = (match.group("side") or "").strip()
            first = None if side in {"before", "until", "by"} else day
            last = None if side in {"after", "since"} else day
            found.append(_Mention(match.start(), match.end(), days=Days(first, last)))
    return found


def _sources_in(question: str, sources: tuple[str, ...]) -> list[_Mention]:
    pattern, meant = _spellings(sources)
    found = []
    for match in pattern.finditer(question) if meant else ():
        name = match.group()
        if name[0].isupper() and (not _is_plain_word(name) or _is_named_as_source(question, match)):
            found.append(_Mention(match.start(), match.end(), sources=meant[name.casefold()]))
    return found


def _is_plain_word(name: str) -> bool:
    return " " not in name and is_english(name)


def _is_named_as_source(question: str, match: re.Match[str]) -> bool:
    return bool(
        _NAMES_A_SOURCE_AFTER.match(question, match.end())
        or _NAMES_A_SOURCE_BEFORE.search(question[: match.start()])
    )


@lru_cache(maxsize=8)
def _spellings(sources: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """How each source may be written: "The Roar | Sports Blog" also as "The Roar"."""
    meant: dict[str, set[str]] = {}
    for source in sources:
        core = re.split(r" [|–—-] ", source)[0]
        for spelling in {source, core, re.sub(r"\.(?:com|org|net|co\.uk)$", "", core)}:
            if len(spelling) > 2:
                meant.setdefault(spelling.casefold(), set()).add(source)
    ordered = sorted(meant, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)
    return pattern, {name: frozenset(found) for name, found in meant.items()}
