"""A yes/no question put as a statement, and a sentence without the conditions that it sets, so that the one can be held
against the other. English, by the forms of words; pure. Knows nothing of what bears what out.
"""

from __future__ import annotations

import re

from .reading import Reading, Token
from .roles import BEFORE_A_NOUN

_CONDITION = re.compile(
    r",? (?:on (?:the |one )?condition|provid(?:ed|ing) (?:that|they|it|the)|as long as|subject to)\b.*"
)
_BEFORE_A_VERB = frozenset("did does do will would can could should may might must".split())
_PRONOUNS = frozenset("he she it they there this that".split())
_JOINS = frozenset("of s and in on at for from with by".split())


def as_statement(asked: Reading, verb: int | None = None) -> str | None:
    """A yes/no question as a statement: "Did Iraq permit it?" is "Iraq did permit it."; None if it has no subject.

    Args:
        asked: a question that begins with "did", "is", "will" or the like.
        verb: which of its words is what is done, where that is known.
    """
    at = _after_subject(asked) if verb is None else verb
    if at is None:
        return None
    text, (first, *_), start = asked.text, asked.tokens, asked.tokens[at].start
    return f"{text[first.end : start].strip()} {first.lower} {text[start:].rstrip(' ?')}."


def _after_subject(asked: Reading) -> int | None:
    """Where what is asked of the subject begins, as far as the forms of words tell."""
    tokens = asked.tokens
    does = tokens[0].lower in _BEFORE_A_VERB
    for at in range(2, len(tokens)):
        token, before = tokens[at], tokens[at - 1].lower
        is_of_subject = (
            token.name or before in BEFORE_A_NOUN or not any(_may_be_doer(t) for t in tokens[1:at])
        )
        if does and not is_of_subject:
            behind = tokens[at + 1].lower if at + 1 < len(tokens) else ""
            plural = token.lower.endswith("s") and not token.lower.endswith("ss")
            is_of_subject = plural or token.lower in _JOINS or behind == "of"
        if not is_of_subject:
            return at
    return None


def _may_be_doer(token: Token) -> bool:
    return token.content or token.lower in _PRONOUNS


def unconditional(sentence: str) -> str:
    """A sentence up to the conditions that it sets: what is done on conditions is done."""
    return _CONDITION.sub("", sentence)
