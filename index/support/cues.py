"""The words that turn the sense of others round or weaken it, and the words that they reach. English; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .alike import is_past
from .reading import Reading

_KINDS = {
    "not": (
        r"not(?! only)|no|never|none|neither|nor|without|cannot|nobody|nothing|hardly|barely|\w+n['’]t|"
        r"fail(?:s|ed|ing)? to|"
        r"refus(?:e|es|ed|ing) to|declin(?:e|es|ed|ing) to|unable to|unwilling to|rul(?:e|es|ed|ing) out|"
        r"lack(?:s|ed|ing)?|instead of|rather than|avoid(?:s|ed|ing)?|refrain(?:s|ed|ing)?|un(?:clear|known|certain|"
        r"changed|harmed|hurt|affected|aware|precedented)|exclud(?:e|es|ed|ing)|(?:yet|still) to|exempt|far from"
    ),
    "deny": (
        r"den(?:y|ies|ied|ying|ial)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|"
        r"(?<!the )disput(?:e|es|ed|ing)|contradict(?:s|ed)?|disprov(?:e|es|ed)|proved otherwise|untrue|false|"
        r"(?:turn|vote)(?:s|ed|ing)? down|oppos(?:e|es|ed|ing)"
    ),
    "may": (
        r"may|might|could|possibl[ey]|perhaps|probabl[ey]|likely|unlikely|apparently|appear(?:s|ed)? to|"
        r"seem(?:s|ed)?|suspected|suspects? (?:that|of)|believ(?:e|es|ed)|suggest(?:s|ed|ing)?|expect(?:s|ed)?|"
        r"fear(?:s|ed)?|should|potential(?:ly)?|risk(?:s|ed|ing)?|whether|forecasts?|would"
    ),
    "plan": (
        r"will|shall|would|(?<!the )(?<!new )(?<!a )(?<!of )plan(?:s|ned|ning)?|decisions? (?:on|about)|"
        r"requests? (?:for|to)|intend(?:s|ed|ing)?|expect(?:s|ed|ation)?|hop(?:e|es|ed|ing)|"
        r"want(?:s|ed|ing)?|aim(?:s|ed|ing)?|set to|due (?:to (?=\w+\b)|for|in)|scheduled|promis(?:e|es|ed|ing)|"
        r"pledg(?:e|es|ed)|vow(?:s|ed)?|propos(?:e|es|ed)|consider(?:s|ed|ing)|urg(?:e|es|ed|ing)|"
        r"ask(?:s|ed|ing)? (?:\w+ times )?(?:for|to)|call(?:s|ed|ing)? (?:for|on|upon)|"
        r"threaten(?:s|ed|ing)?|demand(?:s|ed|ing)?|"
        r"(?:is|are|was|were|has|have|had) to|going to|should|must|agree(?:s|d)? to|undertook|forecasts?|"
        r"seek(?:s|ing)?|sought|wished|try|tries|trying|tried|attempt(?:s|ed|ing)?|offer(?:s|ed|ing)?|"
        r"(?<=, )to (?=be\b)|(?<=and )to (?!the|an?\b|its|his|her|their)(?=[a-z])|ready to|owes?|"
        r"(?:amendment|motion|proposal|bid|move|call|effort|petition)s? to"
    ),
    "alleged": (
        r"alleg\w+|reportedly|claim(?:s|ed|ing)?|accus(?:e|es|ed|ing|ations?)|rumou?r(?:s|ed)?|purported\w*|"
        r"insist(?:s|ed)?|argu(?:e|es|ed)|maintain(?:s|ed) that|contend(?:s|ed)|supposed(?:ly)?|unconfirmed"
    ),
    "if": (
        r"if|unless|in (?:the event|case)|provided (?:that|they)|(?:(?<=, )|(?<=only ))provided (?:it|the)|"
        r"providing|on (?:the )?condition|as long as|subject to|"
        r"depend(?:s|ing)? on|certain conditions?|conditional"
    ),
}
_NOBODY = re.compile(r"(?:no one|none|nobody|nothing|no)\b", re.IGNORECASE)
_PATTERNS = {kind: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for kind, pattern in _KINDS.items()}
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
    plain: tuple[int, ...]
    """Those of them that are no names."""
    next_to: bool
    """Whether the first of them follows at once: "may open"."""


@lru_cache(maxsize=8192)
def cues(reading: Reading) -> tuple[Cue, ...]:
    """All cues of a text, in order; one word may be several ("would" is a plan and a doubt)."""
    return tuple(sorted(_cues(reading), key=lambda cue: cue.start))


def _cues(reading: Reading) -> Iterator[Cue]:
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(reading.text):
            if kind == "if" and _NOT_CONDITION.match(reading.text, match.start()):
                continue
            before = reading.text[: match.start()].rstrip("“\"' ")
            if match.group()[0].isupper() and before and before[-1] not in ".:":
                continue  # A name: "Wiedlund-Hope".
            after = [i for i, token in enumerate(reading.tokens) if token.start >= match.end()]
            scope: list[int] = []
            if after:
                reached = _clauses(reading, after, kind)
                scope = [
                    i for i in after if reading.tokens[i].clause in reached and reading.tokens[i].content
                ]
            next_to = bool(scope) and scope[0] == after[0]
            if after and _NOBODY.match(reading.text, match.start()):
                # "questioned no one", "found no nests"
                behind = [i for i in range(after[0]) if reading.tokens[i].end <= match.start()]
                clause = reading.tokens[after[0]].clause
                verbs = [i for i in behind[-1:] if _means(reading, i, clause)]
                if match.group().casefold() == "no":
                    verbs = [i for i in verbs if is_past(reading.tokens[i].lower)]
                scope = verbs + scope
            reach = tuple(scope[:_REACH])
            plain = tuple(i for i in reach if not reading.tokens[i].name)
            yield Cue(kind, match.group().casefold(), match.start(), reach, plain, next_to)


def _means(reading: Reading, i: int, clause: int) -> bool:
    return reading.tokens[i].content and reading.tokens[i].clause == clause


def _clauses(reading: Reading, after: list[int], kind: str) -> set[int]:
    """The clauses that a cue reaches: its own and, where somebody denies or insists "that", the next."""
    own = reading.tokens[after[0]].clause
    follows = next((reading.tokens[i].lower for i in after if reading.tokens[i].clause == own + 1), "")
    return {own, own + 1} if follows == "that" and kind in {"deny", "alleged"} else {own}
