"""A follow-up and its conversation → a question that stands alone. By rule, without a model. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..language import STOP_WORDS, terms, words
from ..question import Background
from ..records import NOT_IN_ARTICLES, Turn

_CONNECTS = re.compile(
    r"^(?:and|but|so|or|then|what about|how about|why not|what else|anything else|"
    r"(?:(?:oops|sorry|no|yes),? )?i meant?)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|theirs|this|these|those|there|then|so|that|one|ones|"
    r"both|former|latter|same|else)\b",
    re.IGNORECASE,
)
_TIMES = r"(?:day|night|morning|evening|week|month|year|time|season|period)"
_INTRODUCES = re.compile(rf"\bthat\b(?=\s+(?!{_TIMES}\b)[\w’'-]+)", re.IGNORECASE)
_EXISTS = re.compile(r"\b(?:is|are|was|were|be|been) there\b", re.IGNORECASE)
_ENDS_ON_WHAT_WAS_SAID = re.compile(
    rf"\b(?:about|of|on|to|for|with|after|before|against|from|by) (?:it|this|that|these|those)(?: {_TIMES})?\W*$",
    re.IGNORECASE,
)
"""Whoever is named: "What did Lavrov say about it?" """
_ASKS_WHO_SAID = re.compile(
    r"\b(?:who (?:said|says|claims?|claimed|told|reported|confirmed|announced)|according to who(?:m)?|"
    r"whose words|what is the source|says who|how do (?:we|you) know)\b",
    re.IGNORECASE,
)
_MOST_OF_AN_ANSWER = 300
"""Characters of an answer that tell what it was about."""
MARKER = re.compile(r"\s*\[\d{1,3}\]")


@dataclass(frozen=True)
class StandAlone:
    """`text` is the question with what it is about; `last` the question alone, if it was a follow-up."""

    text: str
    last: str | None = None
    quoted_before: str = ""
    """The previous answer without its markers: where "who said so?" finds its answer."""
    asks_who_said: bool = False
    background: Background | None = None
    """What was spoken of before, follow-up or not; it counts a little in what is found."""


def stand_alone(question: str, history: Sequence[Turn]) -> StandAlone:
    """The question as it would be asked without the conversation before it."""
    if not history:
        return StandAlone(question)
    if not depends_on_history(question):
        return StandAlone(question, background=_background(*history[-1]))
    earlier, answer = _topic(history)
    asks_who = bool(_ASKS_WHO_SAID.search(question)) and _adds_nothing(question, earlier, answer)
    return StandAlone(
        f"{earlier} {question}",
        question,
        MARKER.sub("", answer),
        asks_who,
        _background(earlier, answer),
    )


def _background(question: str, answer: str) -> Background | None:
    if not question.strip():
        return None
    declined = answer.startswith(NOT_IN_ARTICLES)
    return Background(question, "" if declined else MARKER.sub("", answer)[:_MOST_OF_AN_ANSWER])


def depends_on_history(question: str) -> bool:
    """Whether the question leans on what was said before: "And when?", "Who said so?", "Did he?"."""
    content = terms(question)
    if _CONNECTS.match(question) or _ENDS_ON_WHAT_WAS_SAID.search(question) or len(content) < 2:
        return True
    named = any(term.is_name for term in content)
    first = next((w for w in words(question) if w.casefold() not in STOP_WORDS), "")
    before_first = question.casefold().partition(first.casefold())[0] if first else question
    return bool(_REFERS.search(_EXISTS.sub("", before_first))) or (
        not named and bool(_REFERS.search(_INTRODUCES.sub("", question)))
    )


def _adds_nothing(question: str, earlier: str, answer: str) -> bool:
    """Whether the question has no word of its own: "Who said that the pier was closed?" asks of something else."""
    spoken_of = {term.stem for term in terms(f"{earlier} {answer}")}
    return all(term.stem in spoken_of for term in terms(_ASKS_WHO_SAID.sub(" ", question)))


def _topic(history: Sequence[Turn]) -> Turn:
    """The last turn, led by the question it leaned on itself, if it was a follow-up too."""
    question, answer = history[-1]
    if len(history) > 1 and depends_on_history(question):
        before = next((q for q, _ in reversed(history[:-1]) if not depends_on_history(q)), history[0][0])
        return f"{before} {question}", answer
    return question, answer
