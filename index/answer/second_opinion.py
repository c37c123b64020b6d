"""The model's second opinion on claims that the check by code let pass: it can only doubt. Pure."""

from __future__ import annotations

import re

from ..cite import Cited
from .prompt import Prompt, second_opinion_prompt

MOST_OPINION_TOKENS = 200
_LINE = re.compile(r"^\W*(\d{1,3})\W+(yes|no)\b", re.IGNORECASE | re.MULTILINE)


def opinion_prompt(cited: Cited) -> Prompt | None:
    """What to ask about the verified claims; None where there are none."""
    asked = [
        (cited.claims[i].text, [cited.citations[n - 1].quote for n in cited.claims[i].citations])
        for i in _verified(cited)
    ]
    return second_opinion_prompt(asked) if asked else None


def doubted(reply: str, cited: Cited) -> set[int]:
    """The positions of the claims that the model does not say yes to: no word about a claim is doubt."""
    said = {int(number): word.casefold() for number, word in reversed(_LINE.findall(reply))}
    return {i for number, i in enumerate(_verified(cited), start=1) if said.get(number) != "yes"}


def _verified(cited: Cited) -> list[int]:
    return [i for i, claim in enumerate(cited.claims) if claim.support == "verified"]
