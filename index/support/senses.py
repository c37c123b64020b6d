"""What turns the sense of words round or weakens it: "not", "may", "plans to", "alleged", "if". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .reading import Reading

_KINDS = {
    "not": (
        r"not|no|never|none|neither|nor|without|cannot|nobody|nothing|hardly|barely|\w+n['’]t|fail(?:s|"
        r"ed|ing)? to|"
        r"refus(?:e|es|ed|ing)(?: to)?|declin(?:e|es|ed|ing) to|unable to|rul(?:e|es|ed|ing) out|"
        r"lack(?:s|ed|ing)?|"
        r"no longer|instead of|rather than|avoid(?:s|ed|ing)?"
    ),
    "deny": r"den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|"
    "disput(?:e|es|ed|ing)|contradict(?:s|ed)?",
    "may": (
        r"may|might|could|would|possibl[ey]|perhaps|probabl[ey]|likely|unlikely|apparently|appear(?:s|"
        r"ed)?|seem(?:s|ed)?|"
        r"suspect(?:s|ed)?|believ(?:e|es|ed)|suggest(?:s|ed|ing)?|expect(?:s|ed)?|fear(?:s|ed)?|should|"
        r"potential(?:ly)?|"
        r"risk(?:s|ed|ing)?|(?:not|un)clear|whether|forecasts?|estimate[sd]?"
    ),
    "plan": (
        r"will|shall|would|plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|expect(?:s|ed)?|hop(?:e|es|ed|ing)|"
        r"want(?:s|ed|ing)?|"
        r"aim(?:s|ed|ing)?|set to|due to (?=[a-z]+\b(?<!the))|scheduled|promis(?:e|es|ed|ing)|pledg(?:e|"
        r"es|ed)|vow(?:s|ed)?|"
        r"propos(?:e|es|ed|al)|consider(?:s|ed|ing)?|urg(?:e|es|ed|ing)|ask(?:s|ed|ing)? (?:for|to)|"
        r"call(?:s|ed|ing)? for|"
        r"threaten(?:s|ed|ing)?|demand(?:s|ed|ing)?|(?:is|are|was|were) to|(?:is|are) (?:not )?going to|"
        r"should|must|agreed to|"
        r"undertook|forecasts?|seek(?:s|ing)?|sought|wished|try|tries|trying|tried|attempt(?:s|ed|ing)?"
    ),
    "alleged": (
        r"alleg\w+|reportedly|claim(?:s|ed|ing)?|accus(?:e|es|ed|ing|ations?)|rumou?r(?:s|ed)?|"
        r"purported\w*|insist(?:s|ed)?|"
        r"argu(?:e|es|ed)|maintain(?:s|ed) that|contend(?:s|ed)|suspected|supposed(?:ly)?|unconfirmed"
    ),
    "if": r"if|unless|provided|providing|on (?:the )?condition|as long as|only after|subject to|until|"
    "depend(?:s|ing)? on",
}
_ALL = {kind: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for kind, pattern in _KINDS.items()}
_NOT_CONDITION = re.compile(r"on condition (?:of|that \w+ (?:not be|remain|stay))", re.IGNORECASE)
_REACH = 6
"""Words of meaning that a cue reaches, at the most."""


@dataclass(frozen=True)
class Cue:
    """A word that turns or weakens, and the indexes of the words of meaning after it, nearest first."""

    kind: str
    word: str
    start: int
    scope: tuple[int, ...]


@lru_cache(maxsize=8192)
def cues(reading: Reading) -> tuple[Cue, ...]:
    """All cues of a text, in order; one word may be several ("would" is a plan and a doubt)."""
    return tuple(sorted(_cues(reading), key=lambda cue: cue.start))


def kinds(reading: Reading) -> frozenset[str]:
    """The kinds of cue that a text has."""
    return frozenset(cue.kind for cue in cues(reading))


def _cues(reading: Reading) -> Iterator[Cue]:
    for kind, pattern in _ALL.items():
        for match in pattern.finditer(reading.text):
            if kind == "if" and _NOT_CONDITION.match(reading.text, match.start()):
                continue
            after = [i for i, token in enumerate(reading.tokens) if token.start >= match.end()]
            if not after:
                yield Cue(kind, match.group().casefold(), match.start(), ())
                continue
            clause = reading.tokens[after[0]].clause
            scope = [i for i in after if reading.tokens[i].clause == clause and reading.tokens[i].content]
            yield Cue(kind, match.group().casefold(), match.start(), tuple(scope[:_REACH]))
