"""Where articles give different answers to what is asked: one says 41, another 14. Pure.

An account is a value (a number, a day, a name) or, for yes/no questions, a stance, with the sentences of one
or more articles that give it: five reprints are one account, and so are five that agree. Nothing is told to
differ that may be an update: an article that knows the other's value as well, a time between them. Decides
nothing about who is right. English, by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..language import stem, terms
from ..question import Question
from ..records import Article
from ..support import is_struck
from ..support.reading import Reading, read
from .dispute import states
from .evidence import Sentence, coverage, words_about, words_of
from .verdict import CHOICE

_SAYS = 0.6
"""Of the question's weight, held by the sentence that gives the best account, with its title;"""
_SAYS_OTHERWISE = 0.45
"""by one that gives another: the words of a question are seldom those of the article that it is not made from;"""
_IN_ARTICLE = 0.7
"""and by the article of either."""
_MOST_ACCOUNTS = 3
_MOST_DAYS = 60
"""Between two articles that tell of one state of things."""
_OF_A_TIME = re.compile(
    r"\b(?:latest|newest|now|currently|so far|first|initially|originally|before|after|earlier|later|"
    r"as of|at first|change[ds]?|develop\w*|corrected|by (?=\w+ \d))\b",
    re.IGNORECASE,
)
"""A question that asks for one of several values."""
_UPDATES = re.compile(
    r"\b(?:so far|at least|tolls?|rose|risen|climb\w*|revis\w+|correct(?:ed|s|ion)|updat\w+|lowered|raised|no longer|"
    r"earlier (?:figure|report|estimate)\w*|previous\w*|up from|down from|instead of)\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|large|big|old|high|tall|far|wide|deep)\b|\b(?:what|which) (?:\w+ ){0,2}?(?:"
    r"price|share|stake|damage|percentage|percent|number|sum|amount|cost|fine|turnout|population|length|age|premium|margin)\b",
    re.IGNORECASE,
)
_ASKS_DAY = re.compile(r"^when\b|\b(?:what|which) (?:year|day|date|month)\b", re.IGNORECASE)
_ASKS_NAME = re.compile(
    r"^(?:who|whom)\b|\b(?:what|which) (?:company|firm|person|man|woman|team|party|country|town|city)\b|\bname of\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]\s+(?:and |but )?|\s+(?:because|although|but|while)\s+")
_WHERE = frozenset("in at from near to on off of over".split())
_PEOPLE = frozenset("people person persons residents inhabitants spectators".split())

Value = tuple[str, object]
"""Of which sort, and what: ("people", 41.0), ("day", (3, 18)), ("name", "Lee"), ("stance", True)."""


@dataclass(frozen=True)
class _Told:
    """A sentence, with the values that it gives to what is asked."""

    sentence: Sentence
    values: frozenset[Value]


def differing(
    question: Question, sentences: Sequence[Sentence], articles: Mapping[str, Article]
) -> tuple[Sentence, ...]:
    """The best sentence of each account, the best account first; none where the articles do not differ.

    Args:
        question: the question.
        sentences: best first.
        articles: the sentences' articles by id, whole.
    """
    if (
        not sentences
        or not question.terms
        or _OF_A_TIME.search(question.text)
        or CHOICE.search(question.text)
    ):
        return ()
    first = next((s for s in sentences if _is_about(question, s, articles, _SAYS)), None)
    values = _values(question, first, articles) if first else frozenset()
    if first is None or first is not sentences[0] or not values:
        return ()
    accounts = [_Told(first, values)]
    for one in _best_of_articles(question, sentences, articles, frozenset(sort for sort, _ in values)):
        if all(_contradict(one, other, articles) for other in accounts):
            accounts.append(one)
    return tuple(one.sentence for one in accounts[:_MOST_ACCOUNTS]) if len(accounts) > 1 else ()


def _best_of_articles(
    question: Question, sentences: Sequence[Sentence], articles: Mapping[str, Article], sorts: frozenset[str]
) -> Iterator[_Told]:
    """Of each article the best sentence that gives a value of these sorts, if it is about the question."""
    seen: set[str] = set()
    for sentence in sentences:
        article = sentence.passage.article_id
        if article in seen or not _is_about(question, sentence, articles, _SAYS_OTHERWISE):
            continue
        values = frozenset(value for value in _values(question, sentence, articles) if value[0] in sorts)
        if values:
            seen.add(article)
            yield _Told(sentence, values)


def _is_about(question: Question, sentence: Sentence, articles: Mapping[str, Article], least: float) -> bool:
    article = articles[sentence.passage.article_id]
    own = words_of(sentence.text) | words_about(sentence.passage)
    whole = words_of(article.text) | own
    return (
        coverage(question, own) >= least
        and coverage(question, whole) >= _IN_ARTICLE
        and all(whole.hold(term) for term in question.terms if term.is_name or term.is_number)
        and not is_struck(article.text, sentence.start, sentence.end)
    )


def _values(question: Question, sentence: Sentence, articles: Mapping[str, Article]) -> frozenset[Value]:
    """What the sentence gives as an answer."""
    article = articles[sentence.passage.article_id]
    if question.kind == "yesno":
        clauses = [replace(sentence, text=clause) for clause in _CLAUSE.split(sentence.text) if clause]
        best = max(clauses, key=lambda clause: coverage(question, words_of(clause.text)), default=sentence)
        said = states(question, best)
        return frozenset() if said is None else frozenset([("stance", said)])
    reading = read(sentence.text, article.published)
    if _ASKS_DAY.search(question.text):
        return _days(reading) - _days(read(question.text))
    if _ASKS_NUMBER.search(question.text):
        return _numbers(reading, question.text) - _numbers(read(question.text), question.text)
    if _ASKS_NAME.search(question.text):
        return _names(reading, question.text)
    return frozenset()


def _days(reading: Reading) -> frozenset[Value]:
    """The days by the most that is said of them; not what "Monday" may mean."""
    found: set[Value] = set()
    for mention in reading.days:
        day = mention[0]
        if len(mention) > 1 or (day.weekday is not None and not re.search(r"\d", day.words)):
            continue
        if day.month and day.day:
            found.add(("day", (day.month, day.day)))
        elif day.year:
            found.add(("year", day.year))
    return frozenset(found)


def _numbers(reading: Reading, question: str) -> frozenset[Value]:
    """The numbers with what they count, of those that the question may mean."""
    asked = re.search(r"\bhow many (?:\w+ )??(?:of (?:the|its|those) )?(\w+)", question, re.IGNORECASE)
    counted = _unit(asked[1]) if asked else None
    found: set[Value] = set()
    for figure in reading.figures:
        if figure.kind == "rank":
            continue
        after = next(
            (t for t in reading.tokens if t.start >= figure.end and (t.content or t.lower in _PEOPLE)), None
        )
        unit = "percent" if figure.kind != "plain" else _unit(after.lower) if after else ""
        if "how old" in question.casefold():
            unit = "age"
        if counted is None or unit == counted:
            found.add((unit, float(f"{figure.value:.2g}")))
    return frozenset(found)


def _unit(word: str) -> str:
    return "people" if word.casefold() in _PEOPLE else stem(word.casefold())


def _names(reading: Reading, question: str) -> frozenset[Value]:
    """The names that the question does not have, but for where something is."""
    asked = {term.stem for term in terms(question)}
    found: set[Value] = set()
    for run in reading.names:
        name = [reading.tokens[i] for i in run]
        before = reading.tokens[run[0] - 1].lower if run[0] else ""
        if before not in _WHERE and not name[-1].text.isupper() and not all(t.stem in asked for t in name):
            found.add(("name", name[-1].text))
    return frozenset(found)


def _contradict(one: _Told, other: _Told, articles: Mapping[str, Article]) -> bool:
    """Whether both cannot be so: values of one sort, near in time, and neither article knows the other's."""
    ids = (one.sentence.passage.article_id, other.sentence.passage.article_id)
    if ids[0] == ids[1] or not {sort for sort, _ in one.values} & {sort for sort, _ in other.values}:
        return False
    if one.values & other.values:
        return False
    published = [articles[i].published for i in ids]
    if _days_between(*published) > _MOST_DAYS:
        return False
    dated = published[0] != published[1]
    for told, article, second in ((one, articles[ids[1]], other), (other, articles[ids[0]], one)):
        if dated and _UPDATES.search(f"{second.sentence.text} {article.title}"):
            return False
        if any(_knows(article, value) for value in told.values):
            return False
    return True


def _knows(article: Article, value: Value) -> bool:
    sort, said = value
    if sort == "stance":
        return False
    if sort == "name":
        return bool(re.search(rf"\b{re.escape(str(said))}\b", article.text))
    reading = read(article.text, article.published)
    if sort in {"day", "year"}:
        return value in _days(reading)
    return any(float(f"{figure.value:.2g}") == said for figure in reading.figures)


def _days_between(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 0
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
