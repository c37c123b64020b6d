"""A claim cut into parts that each tell something. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .cues import cues
from .reading import Reading, read

_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|may|might|can|could|must|do|does|did|said|says|[a-z]{2,}ed|"
    r"fell|rose|won|lost|took|gave|made|found|began|led|told|put|held|met|paid|sold|built|grew|left|kept|"
    r"[a-z]{3,}(?<!s)s)\b"
)


def parts_of(claim: Reading) -> Iterator[str]:
    """The claim cut at its clauses and at "and", where each piece tells something: it has a verb."""
    cuts = [0]
    for before, token in pairwise(claim.tokens):
        if (token.clause != before.clause and token.lower != "that") or token.lower == "and":
            cuts.append(token.start)
    cuts.append(len(claim.text))
    piece, held = "", ""
    for start, end in pairwise(cuts):
        piece += claim.text[start:end]
        if _tells(piece):
            if held:
                yield held.strip(" ,;:")
            held, piece = piece, ""
    yield (held + piece).strip(" ,;:")


def _tells(piece: str) -> bool:
    reading = read(piece.strip())
    least = 1 if any(cue.kind == "not" for cue in cues(reading)) else 2
    enough = len(reading.content()) + len(reading.names) + len(reading.figures) >= least
    return enough and bool(_VERB.search(piece))
