"""Words of like and of opposite meaning in the news, from `thesaurus.txt`. By stems; pure."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from .language import stem


def like(stemmed: str) -> frozenset[str]:
    """Stems that mean nearly the same as a stem, itself left out."""
    return _groups()[0].get(stemmed, frozenset())


def opposite(stemmed: str) -> frozenset[str]:
    """Stems that mean the opposite of a stem."""
    return _groups()[1].get(stemmed, frozenset())


@cache
def _groups() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    likes: dict[str, set[str]] = defaultdict(set)
    opposites: dict[str, set[str]] = defaultdict(set)
    for line in (Path(__file__).parent / "thesaurus.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            same, _, against = line.partition("|")
            one, other = {stem(w) for w in same.split()}, {stem(w) for w in against.split()}
            for near, far in ((one, other), (other, one)):
                for word in near:
                    likes[word] |= near - {word}
                    opposites[word] |= far
    return _frozen(likes), _frozen(opposites)


def _frozen(sets: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(found) for word, found in sets.items()}
