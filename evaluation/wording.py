"""How two texts are compared: SQuAD's exact match and token F1, and "is this contained in that". Pure.

Knows only strings: not questions, answers or citations.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A number with its decimals is one word; so is each character of scripts that put no spaces between words.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|\d+")
_LEAST_PART = 4
"""A quote of fewer words than this is not evidence for a passage only because the passage holds it."""


def squad_normalise(text: str) -> str:
    """Lower case, without punctuation, articles (a, an, the) and spare white space.

    Source: `normalize_answer` of the official SQuAD 2.0 script (Rajpurkar et al. 2018,
    arXiv:1806.03822); here punctuation is Unicode's, not ASCII's alone, and the text is NFKC first.
    """
    lower = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(c for c in lower if c not in string.punctuation and unicodedata.category(c)[0] != "P")
    return " ".join(_ARTICLES.sub(" ", kept).split())


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """1 if the answer equals one of the gold answers after `squad_normalise`, else 0. Source: SQuAD."""
    said = squad_normalise(answer)
    return float(any(said == squad_normalise(gold) for gold in golds))


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """The best F1 of shared words between the answer and one of the gold answers. Source: SQuAD.

    Words count as often as they occur; if either side has no words, 1 where both have none, else 0.
    """
    return max((_f1(squad_normalise(answer).split(), squad_normalise(g).split()) for g in golds), default=0.0)


def _f1(said: list[str], gold: list[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    shared = sum((Counter(said) & Counter(gold)).values())
    return 2 * shared / (len(said) + len(gold)) if shared else 0.0


def words(text: str) -> list[str]:
    """The text as comparable words: NFKC, case folded, punctuation and thousands commas left out."""
    return _WORD.findall(_THOUSANDS.sub("", unicodedata.normalize("NFKC", text).casefold()))


def contains(text: str, part: str) -> bool:
    """Whether the words of `part` stand in `text`, in a row: "no" is not contained in "not".

    A part that has no words at all, for example "%", must stand there as it is.
    """
    inner = words(part)
    if not inner:
        return bool(part.strip()) and part.strip() in text
    outer = words(text)
    size = len(inner)
    return any(outer[at : at + size] == inner for at in range(len(outer) - size + 1))


def overlaps(quote: str, passage: str) -> bool:
    """Whether one of a quote and a gold passage holds the other; a quote of under four words does not."""
    return contains(quote, passage) or (len(words(quote)) >= _LEAST_PART and contains(passage, quote))
