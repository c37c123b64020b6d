"""A model's wording of a follow-up → a question that stands alone, or None if it cannot be trusted. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language import terms
from ..records import Turn

MOST_REWRITTEN_TOKENS = 100
_MOST_CHARACTERS = 400
_LABEL = re.compile(r"^(?:(?:last |standalone |rewritten )?question|rewritten)\s*:\s*", re.IGNORECASE)


def rewritten(reply: str, question: str, history: Sequence[Turn]) -> str | None:
    """The question in the model's reply.

    None where it is no question of the conversation: several lines, too long, or with names or numbers
    that nobody has mentioned.
    """
    lines = reply.strip().splitlines()
    if len(lines) != 1:
        return None
    found = _LABEL.sub("", lines[0]).strip("\"'“”‘’ ")
    said = {term.stem for turn in history for text in turn for term in terms(text)}
    said |= {term.stem for term in terms(question)}
    new = terms(found)
    if not new or len(found) > _MOST_CHARACTERS or not _printable(found):
        return None
    if any(term.stem not in said for term in new if term.is_name or term.is_number):
        return None
    # At least half of what it is about was said before: no other question, and no answer to it.
    known = sum(term.stem in said for term in new)
    return found if 2 * known >= len(new) else None


def _printable(text: str) -> bool:
    return all(c.isprintable() for c in text)
