"""What turns the sense of words round or weakens it: "not", "may", "plans to", "alleged", "if". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .alike import contrary, is_past
from .matching import Pairs
from .reading import Reading
from .roles import main_verb

_KINDS = {
    "not": (
        r"not|no|never|none|neither|nor|without|cannot|nobody|nothing|hardly|barely|\w+n['’]t|fail(?:s|ed|ing)? to|"
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
        r"ask(?:s|ed|ing)? (?:for|to)|call(?:s|ed|ing)? for|threaten(?:s|ed|ing)?|demand(?:s|ed|ing)?|"
        r"(?:is|are|was|were|has|have|had) to|going to|should|must|agree(?:s|d)? to|undertook|forecasts?|"
        r"seek(?:s|ing)?|sought|wished|try|tries|trying|tried|attempt(?:s|ed|ing)?|offer(?:s|ed|ing)?|"
        r"(?<=, )to (?=be\b)|ready to|owes?"
    ),
    "alleged": (
        r"alleg\w+|reportedly|claim(?:s|ed|ing)?|accus(?:e|es|ed|ing|ations?)|rumou?r(?:s|ed)?|purported\w*|"
        r"insist(?:s|ed)?|argu(?:e|es|ed)|maintain(?:s|ed) that|contend(?:s|ed)|supposed(?:ly)?|unconfirmed"
    ),
    "if": (
        r"if|unless|provided (?:that|they|it|the)|providing|on (?:the )?condition|as long as|subject to|"
        r"depend(?:s|ing)? on|certain conditions?|conditional"
    ),
}
_NOBODY = re.compile(r"(?:no one|none|nobody|nothing)\b", re.IGNORECASE)
_DENIES_TOO = re.compile(
    r"\b(?:against|only|absent|absence|oppos\w*|exceed|except|limit\w*)\b", re.IGNORECASE
)
"""What stands for a denial in other words."""
_DOUBTS_TOO = re.compile(
    r"\b(?:can|cannot|able|unable|predict\w*|estimat\w*|indicat\w+|point(?:s|ed)? to|remains?|recommend\w*|warn\w*|"
    r"ha(?:s|ve|d) to)\b",
    re.IGNORECASE,
)
_PLANS_TOO = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|orders?|ordered|forc(?:es?|ed|ing)|require[sd]?|until|power to|want\w*|fee)\b",
    re.IGNORECASE,
)
"""What stands for a doubt or a plan in other words."""
_CORE = re.compile(
    r"(?:may|might|could|possibl[ey]|perhaps|probabl[ey]|likely|unlikely|apparently|appear\w* to|seem\w*|will|shall|"
    r"would|plan\w*|intend\w*|set to|scheduled|expect\w*|(?:is|are|was|were) to|going to|risk\w*|due \w+ ?)$"
)
"""What must not be added to a plain statement."""
_NOT_DONE = re.compile(_CORE.pattern + r"|(?:if|unless|offer\w*|want\w*|demand\w*|threaten\w*)$")
"""What tells that something has not happened."""
_SURE = re.compile(r"will|shall|(?:is|are) to|going to")
_UNSURE = re.compile(r"may|might|could|possibl[ey]|perhaps|probabl[ey]|likely|unlikely|whether")
_UNDECIDED = re.compile(
    r"decision|request|propos|consider|urg|ask|call|demand|threat|seek|sought|wish|tr[iy]|attempt|offer"
)
"""What does not bear out that it will be done."""
_DENIED = re.compile(
    r"\b(?:rul(?:e|es|ed|ing) out|den(?:y|ie[sd])|reject|refus|dismiss|oppos|exclud)", re.IGNORECASE
)
_NOT_DENIED = re.compile(rf"(?:\bnot|n['’]t|\bnever) (?:yet )?{_DENIED.pattern}", re.IGNORECASE)
_NOT_SAID = re.compile(
    r"(?:\bnot|n['’]t|\bnever) (?:yet )?(?:sa(?:y|id)|tell|told|named?|explain(?:ed)?)\b", re.IGNORECASE
)
_SAID = re.compile(r"\b(?:sa(?:ys?|id)|t(?:ells?|old)|named?s?|explain(?:ed|s))\b", re.IGNORECASE)
_PATTERNS = {kind: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for kind, pattern in _KINDS.items()}
_NOT_CONDITION = re.compile(r"on condition (?:of|that \w+ (?:not be|remain|stay))", re.IGNORECASE)
_DISPUTED = re.compile(
    r"\b(?:an?|the|this|that) (?:\w+ )?(?:claim|allegation|accusation|rumou?r|assertion)s?\b", re.I
)
_AS_IF_DONE = re.compile(
    r"\b(?:was|were|has|have|had|been|did|went|came|took|got|made|became)\b", re.IGNORECASE
)
_REACH = 6
"""Words of meaning that a cue reaches, at the most."""
_DENIALS = frozenset({"not", "deny"})
_DOUBTS = frozenset({"may", "plan"})


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


def differs(claim: Reading, quote: Reading, pairs: Pairs, *, attributed: bool) -> str | None:
    """How the claim turns or weakens what the quote states, or the other way round; None if it does not.

    Args:
        claim: the claim.
        quote: the words quoted.
        pairs: the words that they share.
        attributed: whether the claim says whose word it is.
    """
    mine = frozenset(cue.kind for cue in cues(claim))
    theirs = frozenset(cue.kind for cue in cues(quote))
    said: dict[int, list[int]] = {}
    for i, found in pairs.items():
        for j in found:
            said.setdefault(j, []).append(i)
    for cue in cues(quote):
        if _reaches(cue, said) and not _is_told(cue, quote, said):
            near = [i for j in cue.scope for i in said.get(j, ())]
            if reason := _dropped(cue, claim, near, mine, attributed=attributed):
                return f"{reason}: {cue.word}"
    for cue in cues(claim):
        if not _is_told(cue, claim, pairs) and (reason := _added(cue, claim, quote, theirs)):
            return f"{reason}: {cue.word}"
    verb = main_verb(claim)
    if verb is not None and verb not in pairs and is_past(claim.tokens[verb].lower):
        doubt = next(
            (cue for cue in cues(quote) if cue.kind in {"may", "plan", "if"} and _NOT_DONE.match(cue.word)),
            None,
        )
        if doubt and not mine & _DOUBTS:
            return f"the quote does not say that it happened: {doubt.word}"
    if denied := _denied_twice(claim, quote, mine):
        return f"the quote denies it: {denied}"
    if _DISPUTED.search(quote.text) and not attributed:
        return "the quote calls it a claim"
    return None


def opposite(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """The word of the quote that says the opposite of one of the claim, or None."""
    back = {j for js in pairs.values() for j in js}
    for i in claim.content():
        if i in pairs:
            continue
        for j, other in enumerate(quote.tokens):
            if j in back or not other.content or not contrary(claim.tokens[i].stem, other.stem):
                continue
            if _is_negated(claim, i) == _is_negated(quote, j):
                return f"the quote says the opposite: {other.text}"
    return None


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
                # "questioned no one"
                behind = [i for i in range(after[0]) if reading.tokens[i].end <= match.start()]
                clause = reading.tokens[after[0]].clause
                scope = [i for i in behind[-1:] if _means(reading, i, clause)] + scope
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


def _reaches(cue: Cue, said: dict[int, list[int]]) -> bool:
    """Whether the claim takes up what the cue is about."""
    near = [j for j in cue.scope if j in said]
    if cue.kind == "not":
        return any(j in said for j in cue.plain[:2])
    first = bool(cue.scope) and cue.scope[0] in said and (cue.next_to or len(near) > 1)
    return first or 2 * len(near) > len(cue.scope) or (bool(cue.scope) and len(near) == len(cue.scope))


def _dropped(
    cue: Cue, claim: Reading, near: list[int], mine: frozenset[str], *, attributed: bool
) -> str | None:
    """Why the claim may not leave the quote's cue out, if it does."""
    if cue.kind in _DENIALS and not mine & _DENIALS:
        return "the quote denies it"
    sure = bool(mine & _DOUBTS) and all(
        _SURE.fullmatch(other.word) for other in cues(claim) if other.kind in _DOUBTS
    )
    if sure and (_UNSURE if cue.kind == "may" else _UNDECIDED).match(cue.word):
        return "the quote is not sure of it"
    satisfied = bool(mine & _DOUBTS) or bool(_DOUBTS_TOO.search(claim.text))
    if cue.kind == "may" and not satisfied:
        return "the quote is not sure of it"
    if cue.kind == "plan" and not satisfied and _as_if_done(claim, near):
        return "the quote does not say that it happened"
    if cue.kind == "alleged" and not attributed and "alleged" not in mine:
        return "the quote only has somebody say so"
    if cue.kind == "if" and not mine & {"if", "plan", "may"}:
        return "the quote sets a condition"
    return None


def _added(cue: Cue, claim: Reading, quote: Reading, theirs: frozenset[str]) -> str | None:
    """Why the claim's cue needs one in the quote, if that has none."""
    if cue.kind in _DENIALS and not theirs & _DENIALS and not _DENIES_TOO.search(quote.text):
        turned = any(contrary(claim.tokens[i].stem, t.stem) for i in cue.scope for t in quote.tokens)
        return None if turned else "the quote does not deny it"
    otherwise = _DOUBTS_TOO.search(quote.text) or _PLANS_TOO.search(quote.text)
    if cue.kind in _DOUBTS and _CORE.match(cue.word) and not theirs & _DOUBTS and not otherwise:
        return "the quote states it plainly"
    if cue.kind == "if" and not theirs & {"if", "plan"}:
        return "the quote sets no condition"
    return None


def _as_if_done(claim: Reading, near: list[int]) -> bool:
    """Whether the claim tells in the past what the cue is about."""
    for i in near:
        token = claim.tokens[i]
        before = " ".join(t.lower for t in claim.tokens[max(0, i - 3) : i])
        if _AS_IF_DONE.search(before) or (token.text[:1].islower() and is_past(token.lower)):
            return True
    return False


def _denied_twice(claim: Reading, quote: Reading, mine: frozenset[str]) -> str | None:
    """What the quote does not deny, or does not say, where the claim has it the other way; None if nothing."""
    twice = [bool(_NOT_DENIED.search(reading.text)) for reading in (claim, quote)]
    if twice[0] != twice[1] and _DENIED.search(claim.text) and _DENIED.search(quote.text):
        return "not denied"
    if _NOT_SAID.search(quote.text) and _SAID.search(claim.text) and not mine & _DENIALS:
        return "not said"
    return None


def _is_told(cue: Cue, reading: Reading, paired: Mapping[int, Sequence[int]]) -> bool:
    """Whether the other text has the very word that denies, as "turned down" for "declined"."""
    end = cue.start + len(cue.word)
    own = [i for i, token in enumerate(reading.tokens) if cue.start <= token.start < end]
    return cue.kind == "deny" and any(i in paired for i in own)


def _is_negated(reading: Reading, i: int) -> bool:
    return any(cue.kind in _DENIALS and i in cue.scope for cue in cues(reading))
