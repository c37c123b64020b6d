"""Questions that a corpus probably answers, made from its own sentences, to start a chat from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..attribution import speaker
from ..records import Passage

_PERSON = re.compile(r"[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|al-\w+|de|van|von))+")
_PLACE = re.compile(r"\b(?:in|at|near) (?:the (?:city|town|village) of )?(?P<place>[A-Z][\w’'-]+)\b")
_COUNT = re.compile(
    r"\b(?P<number>two|three|four|five|six|seven|eight|nine|ten|\d{1,6}) (?P<what>people|[a-z]+s)\b",
    re.IGNORECASE,
)


def varied(articles: Iterable[Iterable[str]]) -> Iterator[str]:
    """The questions of several articles, each once; those come first whose kind and article are new."""
    remaining = [list(dict.fromkeys(questions)) for questions in articles]
    asked: set[str] = set()
    while any(remaining):
        kinds: set[str] = set()
        for questions in remaining:
            fresh = next((q for q in questions if _kind(q) not in kinds), None)
            if fresh is not None:
                kinds.add(_kind(fresh))
                questions.remove(fresh)
                if fresh not in asked:
                    asked.add(fresh)
                    yield fresh


def _kind(question: str) -> str:
    return " ".join(question.split()[:2])


def example_questions(passages: Sequence[Passage]) -> Iterator[str]:
    """Questions about the passages of one article, of several kinds; not all need be answerable."""
    text = "\n".join(passage.text for passage in passages)
    sentences = [p.text[a - p.start : b - p.start] for p in passages for a, b in p.sentences]
    names = dict.fromkeys(name for s in sentences if (name := speaker(s, text)) and _PERSON.fullmatch(name))
    people = list(names)
    if people:
        yield f"What did {_within(people[-1])} say?"
    for sentence in sentences:
        match = _COUNT.search(sentence)
        verb = re.search(
            r"\bwere (killed|injured|wounded|arrested|evacuated|displaced|rescued)\b|\bhave been killed\b",
            sentence,
        )
        if match and verb:
            yield f"How many {match['what']} were {(verb.group(1) or 'killed')}?"
            break
    places = [m["place"] for s in sentences for m in _PLACE.finditer(s) if not _is_month_or_day(m["place"])]
    if places:
        yield f"What happened in {max(set(places), key=lambda p: (places.count(p), p))}?"
    if len(people) > 1:
        yield f"What did {_within(people[0])} say?"


def _within(name: str) -> str:
    """A name as it is written within a sentence."""
    return re.sub(r"^The ", "the ", name)


def _is_month_or_day(word: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan\w*|Feb\w*|March|April|May|June|July|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*",
            word,
        )
    )
