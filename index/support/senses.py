"""Whether a claim turns round or weakens what a quote states, or the other way round. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .alike import contrary, is_past
from .cues import Cue, cues
from .matching import Pairs
from .reading import Reading
from .roles import main_verb

_OPEN = re.compile(
    r"\b(?:how|why|whether|who|what|where|when)\b[^.;“”]*?\b(?:is|was|are|were|remains?) "
    r"(?:still |yet )?(?:not (?:yet )?(?:known|clear|certain)|un(?:known|clear|certain))\b",
    re.IGNORECASE,
)
"""What nobody knows."""
_SIDE = re.compile(r"\bvot(?:e|es|ed|ing) (?:\w+ ){0,3}?(?P<side>for|against|in favou?r)\b", re.IGNORECASE)
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
_DISPUTED = re.compile(
    r"\b(?:an?|the|this|that) (?:\w+ )?(?:claim|allegation|accusation|rumou?r|assertion)s?\b", re.I
)
_AS_IF_DONE = re.compile(
    r"\b(?:was|were|has|have|had|been|did|went|came|took|got|made|became|gave|given|named|put|set|held)\b",
    re.IGNORECASE,
)
_DENIALS = frozenset({"not", "deny"})
_DOUBTS = frozenset({"may", "plan"})


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
        # "She said that it would take ten days": so is a plain "it takes" told, and it says less.
        told = attributed and cue.word == "would"
        if not told and not _is_told(cue, claim, pairs) and (reason := _added(cue, claim, quote, theirs)):
            return f"{reason}: {cue.word}"
    verb = main_verb(claim)
    if verb is not None and verb not in pairs and is_past(claim.tokens[verb].lower):
        doubt = next(
            (cue for cue in cues(quote) if cue.kind in {"may", "plan", "if"} and _NOT_DONE.match(cue.word)),
            None,
        )
        if doubt and not mine & _DOUBTS:
            return f"the quote does not say that it happened: {doubt.word}"
    if not mine & (_DENIALS | {"may"}) and any(_is_open(m, quote, said) for m in _OPEN.finditer(quote.text)):
        return "the quote says that it is not known"
    if denied := _denied_twice(claim, quote, mine):
        return f"the quote denies it: {denied}"
    if _DISPUTED.search(quote.text) and not attributed:
        return "the quote calls it a claim"
    return None


def opposite(claim: Reading, quote: Reading, pairs: Pairs) -> str | None:
    """The word of the quote that says the opposite of one of the claim, or None."""
    sides = [{m["side"].casefold() == "against" for m in _SIDE.finditer(r.text)} for r in (claim, quote)]
    if all(len(side) == 1 for side in sides) and sides[0] != sides[1] and not _has_cue(claim, _DENIALS):
        return "the quote says the opposite: the other side"
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


def _has_cue(reading: Reading, kinds: frozenset[str]) -> bool:
    """Whether a text has a cue of one of the kinds."""
    return any(cue.kind in kinds for cue in cues(reading))


def _is_open(match: re.Match[str], quote: Reading, said: Mapping[int, Sequence[int]]) -> bool:
    """Whether the claim takes up most of what the quote says is not known."""
    inside = [j for j, t in enumerate(quote.tokens) if t.content and match.start() <= t.start < match.end()]
    held = sum(j in said for j in inside if quote.tokens[j].lower not in {"known", "clear", "certain"})
    return held > 1


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
