"""Words of like and of opposite meaning, by stems; pure.

`like` and `opposite` know a few dozen groups of words of the news (`thesaurus.txt`); `synonyms` and
`antonyms` the common words of English at large (`wordnet/`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .language import stem

_Groups = tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]


def like(stemmed: str) -> frozenset[str]:
    """Stems that mean nearly the same as a stem, itself left out."""
    return _groups()[0].get(stemmed, frozenset())


def opposite(stemmed: str) -> frozenset[str]:
    """Stems that mean the opposite of a stem."""
    return _groups()[1].get(stemmed, frozenset())


def synonyms(stemmed: str) -> frozenset[str]:
    """Stems that can mean the same in English; a verb with its particle is `stem_particle`."""
    return _wordnet()[0].get(stemmed, frozenset())


def antonyms(stemmed: str) -> frozenset[str]:
    """Stems that mean the opposite in English."""
    return _wordnet()[1].get(stemmed, frozenset())


@cache
def _groups() -> _Groups:
    likes: dict[str, set[str]] = defaultdict(set)
    opposites: dict[str, set[str]] = defaultdict(set)
    for line in _lines("thesaurus.txt"):
        same, _, against = line.partition("|")
        one, other = {stem(w) for w in same.split()}, {stem(w) for w in against.split()}
        for near, far in ((one, other), (other, one)):
            for word in near:
                likes[word] |= near - {word}
                opposites[word] |= far
    return _frozen(likes), _frozen(opposites)


@cache
def _wordnet() -> _Groups:
    likes: dict[str, set[str]] = defaultdict(set)
    opposites: dict[str, set[str]] = defaultdict(set)
    for line in _lines("wordnet/synonyms.txt"):
        word, _, rest = line.partition(": ")
        same, _, against = rest.partition("|")
        likes[_stem(word)] |= {_stem(w) for w in same.split()}
        opposites[_stem(word)] |= {_stem(w) for w in against.split()}
    return _frozen(likes), _frozen(opposites)


def _stem(word: str) -> str:
    head, mark, particle = word.partition("_")
    return f"{stem(head)}{mark}{particle}"


def _lines(name: str) -> Iterator[str]:
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _frozen(sets: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(found) for word, found in sets.items() if found}
