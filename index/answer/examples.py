"""Questions that a corpus probably answers, made from its own sentences, to start a chat from. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..attribution import speaker
from ..records import Passage

_PERSON = re.compile(r"[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|al-\w+|de|van|von))+")
_PLACE = re.compile(r"\b(?:in|at|near) (?:the (?:city|town|village) of )?(?P<place>[A-Z][\w-]+)(?![\w’'])")
_NAME = re.compile(r"\b[A-Z][\w-]+(?: [A-Z][\w-]+)*")
_HARMED = re.compile(
    r"\bwere (killed|injured|wounded|arrested|evacuated|displaced|rescued)\b|\bhave been killed\b"
)
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
    said: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences:
        if (name := speaker(sentence, text)) and _PERSON.fullmatch(name):
            said[name].append(sentence)
    people = list(said)
    subjects = _subjects(passages[0].title if passages else "", text)
    if people:
        yield _what_was_said(people[-1], said[people[-1]], subjects)
    places = [m["place"] for s in sentences for m in _PLACE.finditer(s) if not _is_month_or_day(m["place"])]
    place = max(set(places), key=lambda p: (places.count(p), p)) if places else None
    harmed = False
    for sentence in sentences:
        match, verb = _COUNT.search(sentence), _HARMED.search(sentence)
        if match and verb:
            where = f" in {place}" if place and place in sentence else ""
            yield f"How many {match['what']} were {verb.group(1) or 'killed'}{where}?"
            harmed = True
            break
    # So broad a question is answered by any sentence that names the place: better than none.
    if place and not people and not harmed:
        yield f"What happened in {place}?"
    if len(people) > 1:
        yield _what_was_said(people[0], said[people[0]], subjects)


def _subjects(title: str, text: str) -> list[str]:
    """The names of the title that the text has within its sentences too, those most spoken of first."""
    names = dict.fromkeys(m.group() for m in _NAME.finditer(re.sub(r"[’']s\b", "", title)))
    often = {name: len(re.findall(rf"(?<=[a-z,] ){re.escape(name)}\b", text)) for name in names}
    ordered = sorted((name for name in names if often[name]), key=lambda name: -often[name])
    return [f"the {name}" if 2 * text.count(f"the {name}") > often[name] else name for name in ordered]


def _what_was_said(who: str, sentences: Sequence[str], subjects: Sequence[str]) -> str:
    """About what the title names and the speaker speaks of, if there is such a thing."""
    others = [name for name in subjects if name not in who and any(name in s for s in sentences)]
    about = f" about {others[0]}" if others else ""
    return f"What did {_within(who)} say{about}?"


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
