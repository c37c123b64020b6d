"""Prompt files, filled in: what a model is told, and the passages it is shown, fenced off as data.

Articles are hostile: the fence is a word that no passage holds, so that none can end it. Knows no model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import ModelError
from ..records import NOT_IN_ARTICLES, Passage, Turn
from ..settings import ROOT

_FIELD = re.compile(r"\{([a-z_]+)\}")
_BYTES_A_TOKEN = 3
"""Fewer than any tokenizer in use needs for news prose: an estimate that is rather too high."""
_PASSAGE_OVERHEAD = 30


@dataclass(frozen=True)
class Prompt:
    """What is sent: the rules, and the question with its data. Either may be empty."""

    system: str
    user: str


def answer_prompt(question: str, passages: Sequence[Passage], budget: int) -> tuple[Prompt, list[Passage]]:
    """The prompt for an answer, and the passages it shows, numbered from 1 in this order.

    Args:
        question: the stand-alone question.
        passages: best first; as many are shown as fit, at least one.
        budget: tokens that the whole prompt may have.
    """
    system = _filled("answer_rules", refusal=NOT_IN_ARTICLES)
    left = budget - tokens(system) - tokens(question) - _PASSAGE_OVERHEAD
    shown: list[Passage] = []
    for passage in passages:
        left -= tokens(passage.text) + tokens(_facts(passage)) + _PASSAGE_OVERHEAD
        if shown and left < 0:
            break
        shown.append(passage)
    mark = fence([question, *(part for p in shown for part in (p.text, _facts(p)))])
    blocks = "\n\n".join(_block(number, passage, mark) for number, passage in enumerate(shown, start=1))
    return Prompt(system, _filled("answer_question", passages=blocks, question=question)), shown


def standalone_prompt(question: str, history: Sequence[Turn], budget: int) -> Prompt:
    """The prompt that asks for the question without its conversation; the newest turns that fit are shown."""
    turns: list[str] = []
    left = budget
    for asked, answered in reversed(history):
        turn = f"Question: {asked}\nAnswer: {answered}"
        left -= tokens(turn)
        if left < 0:
            # Of a turn that does not fit, the question at least: it says what was talked about.
            turns += [f"Question: {asked}"] if left + tokens(turn) >= tokens(asked) else []
            break
        turns.append(turn)
    conversation = "\n".join(reversed(turns))
    mark = fence([conversation, question])
    filled = _filled("standalone_question", fence=mark, conversation=conversation, question=question)
    return Prompt("", filled)


def second_opinion_prompt(claims: Iterable[tuple[str, Sequence[str]]]) -> Prompt:
    """The prompt that asks, for each claim and its quotes, whether they carry it."""
    blocks = [
        f"Statement {number}: {_line(claim)}\n" + "\n".join(f"Quote: {_line(quote)}" for quote in quotes)
        for number, (claim, quotes) in enumerate(claims, start=1)
    ]
    listed = "\n\n".join(blocks)
    return Prompt("", _filled("second_opinion", fence=fence([listed]), claims=listed))


def fence(texts: Iterable[str]) -> str:
    """A word that none of the texts holds; the same for the same texts."""
    whole = "\n".join(texts)
    mark = hashlib.sha256(whole.encode()).hexdigest()[:12]
    while mark in whole.casefold():
        mark = hashlib.sha256(mark.encode()).hexdigest()[:12]
    return f"data-{mark}"


def tokens(text: str) -> int:
    """About how many tokens a text has; rather too many."""
    return len(text.encode()) // _BYTES_A_TOKEN + 1


def _block(number: int, passage: Passage, mark: str) -> str:
    return f"<{mark}>\nPassage {number}: {_facts(passage)}\n{passage.text}\n</{mark}>"


def _facts(passage: Passage) -> str:
    known = [passage.title, passage.source, passage.published or "undated"]
    return " | ".join(_line(part) for part in known if part)


def _line(text: str) -> str:
    return " ".join(text.split())


def _filled(name: str, **values: str) -> str:
    path = ROOT / "prompts" / f"{name}.txt"
    try:
        template = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The prompt {path} cannot be read ({error}). Put the file back.") from None
    # In one pass: braces in an article stay what they are.
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), template)
