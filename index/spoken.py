"""On which day a speaker spoke, where the sentence says so: "said on Tuesday", "told reporters on 17 August". Pure.

The day must belong to the saying, not to what is said ("said the flights on Tuesday were …"), and must
not come after the article. English, by rule; None wherever that is not sure.
"""

from __future__ import annotations

import re

from .attribution import SAYING
from .support.days import day_of, find_days

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = (
    r"(?:late |early )?(?:on |(?<!\ba )(?<!\bhis )(?<!\bher )(?<!\bthe )(?<!\btheir ))"
    r"(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|"
    rf"\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)"
    r"(?: morning| afternoon| evening| night)?(?![\w-]|[’']s\b| an? | (?:telephone|phone|news|television)\b)"
)
_NO_CLAUSE = r"(?!(?:that|which|who|was|were|is|are|had|has|have|will|would|\w+ed)\b)"
_WHERE = rf"(?:in|at|during|to|via|from|before|after|through) (?:{_NO_CLAUSE}[\w’'.-]+ ){{1,8}}?"
_HEARERS = (
    r"(?:reporters|journalists|lawmakers|senators|viewers|parliament|the [\w’'.-]+|[A-Z][\w’'.-]+)"
    r"(?: [A-Z][\w’'.-]+){0,2}"
)
_WHO = rf"(?:{_NO_CLAUSE}[\w’'.-]+ ){{1,8}}?"
_PATTERNS = (
    # "said on Tuesday", "told reporters in Moscow on Tuesday"
    re.compile(rf"\b(?:{SAYING}|(?:told|tells|warned|urged) {_HEARERS}) (?:{_WHERE})?{_DAY}"),
    # "…,” said Sergei Lavrov on Tuesday"
    re.compile(rf"[,”\"] (?:said|says|added|insisted|warned|wrote) {_WHO}{_DAY}(?=[.,;]|$)"),
    # "On Tuesday, Lavrov said"
    re.compile(rf"^(?:Late |Early )?(?:On )?{_DAY},? {_WHO}{SAYING}\b"),
    # "Lavrov on Tuesday said", but not "the man arrested on Tuesday said"
    re.compile(rf"(?<![a-z]ed )(?<![a-z]ed on )\b{_DAY} {SAYING}\b"),
)
_WITHIN_QUOTES = re.compile(r"(?<=[“\"])[^“”\"]*(?=[”\"])")


def said_on(sentence: str, published: str | None) -> str | None:
    """The ISO date of the day on which the speaker of a sentence spoke, or None.

    Args:
        sentence: with its speaker; what is within quotation marks is not read.
        published: the ISO date of the article; without it only days with a year are known.
    """
    bare = _WITHIN_QUOTES.sub("", sentence)
    found = {
        day
        for pattern in _PATTERNS
        for match in pattern.finditer(bare)
        if (day := _date(match["day"], published))
    }
    return found.pop() if len(found) == 1 else None


def _date(words: str, published: str | None) -> str | None:
    mentions, _ = find_days(words, published)
    # Of the last and the next Tuesday, the one before the article.
    day = mentions[0][0] if mentions else None
    if day is None or not (day.year and day.month and day.day):
        return None
    when = f"{day.year:04}-{day.month:02}-{day.day:02}"
    return when if day_of(when) and (published is None or when <= published) else None
