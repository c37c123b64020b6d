"""Which day "on Tuesday" was: for display beside a quote, where the article's date of publication is known.

English, by rule, and careful: what could mean two days means none. So nothing is said of days within
direct speech (spoken on another day than printed), of days to come that no word pins down, of habits ("on
Fridays"), of ranges, or where the text goes on with the date itself. Pure; changes no text.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from .records import Day

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = "|".join(_WEEKDAYS)
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_WEEKDAY = re.compile(
    rf"(?<![\w’'-])(?:(?P<on>on) )?(?:(?P<which>last|next|this|this past|this coming) )?(?P<day>{_NAMES})(?![\w-])"
    rf"(?![’']s\b)(?!,? (?:the )?(?:{_MONTHS} \d|\d{{1,2}}\b))"
    rf"(?! (?:through|thru|to|until|till|and|or|(?-i:[A-Z][a-z])))(?!\s?[-–—/]\s?(?:{_NAMES}))",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?: (?:morning|afternoon|evening|night))?(?=[.,;]|$| (?:that|in|at|with|when|as|after|for)\b)"
)
"""What may follow "Tuesday" without "on": not "a shorter Friday shift", nor "declared Friday a holiday"."""
# "Black Friday", "the previous Monday", "every Sunday", "Monday to Friday", "a Tuesday".
_OTHER_DAY = re.compile(
    r"(?:\b(?:the|a|an|one|each|every|most|some|any|that|of|and|or|to|through|until|till|by|from|between|previous|"
    r"following|coming|past|black|good|super|bloody|easter|ash|palm|cyber|fat|holy|shrove|whit|if|when|whenever|"
    r"since|before|after)|[-–—/])\s$",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"(?<![\w’'-])(?P<word>yesterday|today|tonight|tomorrow|(?:this|last|next) (?:week|month|year))(?![\w-]|[’']s\b)",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:the|of|until|than|as of|like|day before|day after|a year ago|by|these|for|over)\s$", re.IGNORECASE
)
_TO_COME = re.compile(
    r"\b(?:will|shall|would|could|may|might|to be|(?:is|are|was|were) (?:to|due|set|going|about|scheduled|expected)|"
    r"plans?|planned|scheduled|expect(?:s|ed)?|due|set to|upcoming|going to|ahead of|later|next|should|must|if|"
    r"unless|hopes?|hoped|intends?)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:\w{2,}ed|said|told|was|were|had|met|held|began|won|lost|killed|took|made|came|went|left|found|gave|wrote|"
    r"spoke|saw|led|struck|fell|rose|got|kept|sent|brought|hit|put|shot|broke|drew|flew|paid|sold|set|stood|became|"
    r"beat|built|bought|cut|did|drove|fought|grew|heard|let|read|ran|sat|thought|threw|understood)\b"
)
_SENTENCE_END = re.compile(r"[.!?][”\"’)]*\s+(?=[A-Z“\"‘])")
_FORTNIGHT = timedelta(14)
_OPENS, _CLOSES = "“«", "”»"


def relative_days(text: str, start: int, end: int, published: str | None) -> tuple[Day, ...]:
    """The days that words within `text[start:end]` mean, in order; none where `published` is None.

    Args:
        text: the whole text of the article.
        start, end: the quote, in code points of the text; `Day.start` and `Day.end` count alike.
        published: the ISO date of publication.
    """
    try:
        day = date.fromisoformat(published) if published else None
    except ValueError:
        day = None
    if day is None or not date.min + _FORTNIGHT < day < date.max - _FORTNIGHT:
        return ()
    # From the paragraph's beginning: where speech was opened, and where the sentence starts.
    paragraph = text.rfind("\n\n", 0, start) + 1
    found = []
    for pattern, meant in ((_WEEKDAY, _weekday), (_NEAR, _near)):
        for match in pattern.finditer(text, start, end):
            if not _is_spoken(text[paragraph : match.start()]):
                when = meant(match, _sentence(text, paragraph, match), day)
                found += [Day(match[0], when, match.start(), match.end())] if when else []
    return tuple(sorted(found, key=lambda found_day: found_day.start))


def written(when: str) -> str:
    """A `Day.date` as people write it: "16 August 2016", "July 2016", "2015", "8 to 14 August 2016"."""
    if "/" in when:
        first, last = (date.fromisoformat(part) for part in when.split("/"))
        begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
        begin += "" if first.year == last.year else f" {first.year}"
        return f"{begin} to {last.day} {last:%B} {last.year}"
    if len(when) == 4:
        return when
    day = date.fromisoformat(when if len(when) == 10 else f"{when}-01")
    return f"{day:%B} {day.year}" if len(when) == 7 else f"{day.day} {day:%B} {day.year}"


def _weekday(match: re.Match[str], sentence: str, published: date) -> str | None:
    which = " ".join((match["which"] or "").lower().split())
    if not which and _OTHER_DAY.search(match.string[max(0, match.start() - 12) : match.start()]):
        return None
    if not which and not match["on"] and not _BARE.match(match.string, match.end()):
        return None
    number = _WEEKDAYS.index(match["day"].lower())
    monday = published - timedelta(published.weekday())
    latest = published - timedelta((published.weekday() - number) % 7)
    before = latest if latest < published else latest - timedelta(7)
    after = before + timedelta(14 if latest == published else 7)
    if which in {"last", "this past"}:
        # "Last Tuesday" is the latest or that of the week before: said only where they are one day.
        return before.isoformat() if before == monday - timedelta(7 - number) else None
    if which in {"next", "this coming"}:
        return after.isoformat() if after == monday + timedelta(7 + number) else None
    if which == "this":
        return (monday + timedelta(number)).isoformat()
    if _TO_COME.search(sentence) or not _PAST.search(sentence):
        return None
    return latest.isoformat()


def _near(match: re.Match[str], sentence: str, published: date) -> str | None:
    word = " ".join(match["word"].lower().split())
    if _OTHER_TIME.search(match.string[max(0, match.start() - 12) : match.start()]):
        return None
    days = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
    if word in days:
        return (published + timedelta(days[word])).isoformat()
    which, unit = word.split()
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "year":
        return f"{published.year + step:04}"
    if unit == "month":
        months = published.year * 12 + published.month - 1 + step
        return f"{months // 12:04}-{months % 12 + 1:02}"
    if published.weekday() == 6:
        return None  # where weeks begin on Sunday, this is another one
    monday = published - timedelta(published.weekday()) + timedelta(7 * step)
    return f"{monday.isoformat()}/{(monday + timedelta(6)).isoformat()}"


def _is_spoken(before: str) -> bool:
    """Whether speech is open at the end of what comes before in the paragraph."""
    curly = sum(before.count(mark) for mark in _OPENS) > sum(before.count(mark) for mark in _CLOSES)
    return curly or before.count('"') % 2 == 1


def _sentence(text: str, paragraph: int, match: re.Match[str]) -> str:
    """The sentence around the match, what is said in it left out."""
    begin = paragraph
    for border in _SENTENCE_END.finditer(text, paragraph, match.start()):
        begin = border.end()
    after = _SENTENCE_END.search(text, match.end())
    blank = text.find("\n\n", match.end())
    ends = [place for place in (after.start() + 1 if after else -1, blank) if place >= 0]
    return re.sub(r"“[^”]*”|\"[^\"]*\"", "", text[begin : min(ends, default=len(text))])
