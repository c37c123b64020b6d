"""Questions from templates: about a sentence, and of the four kinds that have no answer. Pure.

English only, and plain: a draft that a person mends is worth more than a clever one that is wrong.
Knows no catalog; what the articles hold comes in as a function.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_NAME = r"[A-Z][\w’'-]+(?: (?:al-|de |van |von )?[A-Z][\w’'-]+){1,2}"
_SAID = re.compile(rf"\b({_NAME}),? (?:said|told|announced|confirmed|insisted|warned|added)\b")
_COUNT = re.compile(
    r"\b(\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds)"
    r" ((?:[a-z]+ )?[a-z]{3,}s)\b"
)
_STATES = re.compile(
    rf"^((?:The )?{_NAME}|The [a-z]+) (is|was|are|were|has|had|will) ([^,:;“”\"]{{15,120}})\.$"
)
_NOT = re.compile(r"^(?:not|never) ")
_NO_COUNT = frozenset(
    {
        "crowns",
        "dollars",
        "euros",
        "times",
        "years",
        "days",
        "months",
        "weeks",
        "hours",
        "minutes",
        "this",
        "was",
        "has",
    }
)
_LEADING = re.compile(r"^The ")

_OFF_TOPIC = (
    ("What is the boiling point of tungsten?", "tungsten"),
    ("Who composed the opera Rigoletto?", "rigoletto"),
    ("How do I make sourdough bread rise?", "sourdough"),
    ("What is the derivative of a cosine?", "cosine"),
    ("Which moves can a knight make in chess?", "chess"),
    ("How long do giraffes sleep?", "giraffes"),
    ("Write a Python function that reverses a list.", "python"),
    ("What does photosynthesis need besides light?", "photosynthesis"),
    ("Who painted the ceiling of the Sistine Chapel?", "sistine"),
    ("How many strings does a mandolin have?", "mandolin"),
    ("What is the plot of Wuthering Heights?", "wuthering"),
    ("How do I remove a wine stain from wool?", "stain"),
)
_STRANGERS = ("Marguerite Ostrowalde", "Tobiasz Kellenquist", "Ingvild Baranyai", "Olumide Trentacoste",
              "Rosalba Whitchurch-Nakano", "Zdenko Abernathy-Liu")  # fmt: skip


def ask_about(sentence: str, title: str) -> dict[str, Any] | None:
    """A question that the sentence answers, with its gold; None where no template fits."""
    if not 30 <= len(sentence) <= 320 or "\n" in sentence or sentence.endswith("?"):
        return None
    if states := _STATES.match(sentence):
        subject, verb, rest = states.groups()
        negated = _NOT.match(rest)
        subject = _LEADING.sub("the ", subject)
        return {
            "question": f"{verb.capitalize()} {subject} {_NOT.sub('', rest)}?",
            "kind": "yesno",
            "answerable": True,
            "verdict": "no" if negated else "yes",
        }
    if (count := _COUNT.search(sentence)) and count[2].split()[-1] not in _NO_COUNT:
        about = " ".join(title.split())
        return {
            "question": f"How many {count[2]} does the report “{about}” speak of?",
            "kind": "span",
            "answerable": True,
            "answers": [count[1]],
        }
    if said := _SAID.search(sentence):
        return {"question": f"What did {said[1]} say?", "kind": "open", "answerable": True}
    return None


def off_topic(chance: random.Random, is_absent: Callable[[str], bool]) -> Iterator[str]:
    """Questions about what none of the articles mentions."""
    for question, word in chance.sample(_OFF_TOPIC, len(_OFF_TOPIC)):
        if is_absent(word):
            yield question


def near_misses(
    questions: Sequence[str], chance: random.Random, is_absent: Callable[[str], bool]
) -> Iterator[str]:
    """Questions that the articles answer, asked of somebody whom they do not know."""
    strangers = [
        name for name in _STRANGERS if all(is_absent(part) for part in name.replace("-", " ").split())
    ]
    for question in chance.sample(list(questions), len(questions)):
        found = re.search(rf"(?<!^)(?<!the )\b{_NAME}", question)
        if found and strangers and "“" not in question:
            yield question[: found.start()] + chance.choice(strangers) + question[found.end() :]


def outside_dates(questions: Sequence[str], first: str | None, chance: random.Random) -> Iterator[str]:
    """Questions that the articles answer, asked of a time long before the first of them."""
    before = int(first[:4]) if first else 1900
    for question in chance.sample(list(questions), len(questions)):
        if "“" not in question and not re.search(r"\d", question):
            year = before - chance.randint(20, 60)
            yield f"{question.rstrip('?')} in {year}?"


def nonsense(questions: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Words of a question, shuffled until they mean nothing."""
    for question in chance.sample(list(questions), len(questions)):
        parts = re.findall(r"[\w’'-]+", question)
        chance.shuffle(parts)
        yield " ".join(parts[:9]) + "?"
