"""What a misspelt word of a question probably meant: a word of English, or one of the corpus. Pure.

A name that the articles do not hold must never become a common word: that would answer another
question. So a capitalised word can only have been meant for a name of the corpus that is nearly the
same and often spoken of; where two are, for neither. Knows the corpus by the `Vocabulary` protocol.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from .language import STOP_WORDS, WORD, american_spellings, is_english, places, plain, stem

MOST_MENDED = 5
"""Words of one question that are looked at: each takes a few milliseconds."""
_LEAST_LETTERS = 5
_LONG_NAME = 10
"""Letters from which two of a name may be wrong; below, so many names are two letters apart."""
_TWO_WRONG = 6
"""Letters from which two of a common word may be wrong, but neither its first nor its last."""
_SPOKEN_OF = 5_000
"""A name may be meant that at least one of so many chunks has: typed wrong are names that are known."""
_COMMON = 100
"""How often the word list must have seen a word that may be meant."""
_NEAR = 8
_EXAMPLES = 10
_ENDS = '.!?:“"«('


class Vocabulary(Protocol):
    """What a question needs to know of the corpus; the catalog provides it."""

    def chunk_count(self) -> int: ...

    def document_frequency(self, words: Iterable[str]) -> dict[str, int]: ...

    def stems(self) -> frozenset[str]: ...

    def examples(self, beginning: str, most: int) -> list[str]:
        """Texts of some chunks that have a word that begins so."""
        ...


@dataclass(frozen=True)
class Repair:
    """A word as it was typed, and as it was read."""

    typed: str
    read: str


def mended(text: str, vocabulary: Vocabulary) -> tuple[str, tuple[Repair, ...]]:
    """The text with each word that is none replaced by what was probably meant, and what was replaced."""
    known = vocabulary.stems()
    unknown = [m for m in WORD.finditer(text) if not _is_word(m.group(), known)][:MOST_MENDED]
    repairs: list[Repair] = []
    for match in reversed(unknown):
        word = match.group()
        read = _read(word, vocabulary, first=not text[: match.start()].strip())
        if read is not None:
            text = f"{text[: match.start()]}{read}{text[match.end() :]}"
            repairs.append(Repair(word, read))
    return text, tuple(reversed(repairs))


def _is_word(word: str, known: frozenset[str]) -> bool:
    lower = plain(word)
    if len(lower) < 3 or not lower.isalpha() or stem(word) in known or lower in known:
        return True
    if is_english(lower) or places(word) or _is_compound(lower):
        return True
    return any(spelt in _word_list() for spelt in (lower, *american_spellings(lower)))


def _is_compound(word: str) -> bool:
    """Whether the word is two English words of four letters and more: "overflight"."""
    return any(is_english(word[:i]) and is_english(word[i:]) for i in range(4, len(word) - 3))


def _read(word: str, vocabulary: Vocabulary, *, first: bool) -> str | None:
    """What the word was meant for; None where that is not sure."""
    capital, typed = word[0].isupper(), plain(word)
    if (first or not capital) and (little := _little_word(typed)):
        return little.capitalize() if capital else little
    if len(typed) < _LEAST_LETTERS:
        return None
    if capital:
        return _name(typed, vocabulary)
    common = _common_word(typed, vocabulary.stems())
    if common and stem(common) in vocabulary.stems():
        return common
    return _name(typed, vocabulary) or common


def _little_word(typed: str) -> str | None:
    """ "whta" → "what": the words that tell what is asked."""
    near = _nearest(typed, _by_letter(STOP_WORDS), 1) if len(typed) <= _LEAST_LETTERS else []
    return next((word for _, word in near if len(word) > 2), None)


def _common_word(typed: str, known: frozenset[str]) -> str | None:
    """The common word that is nearly what was typed; one of the corpus, where there is one."""
    listed = _word_list()
    near = _nearest(typed, _words_by_letter(), 1 if len(typed) < _TWO_WRONG else 2)
    sure = [
        (distance, stem(word) not in known, -listed[word], word)
        for distance, word in near
        if distance == 1 or (word[-1] == typed[-1] and abs(len(word) - len(typed)) < 2)
    ]
    return min(sure)[-1] if sure else None


def _name(typed: str, vocabulary: Vocabulary) -> str | None:
    """The one name of the corpus that is nearly what was typed, as the corpus writes it."""
    allowed = 1 if len(typed) < _LONG_NAME else 2
    found: dict[int, set[str]] = defaultdict(set)
    # Stems may have lost a letter that counts.
    for _, near in _nearest(typed, _by_letter(vocabulary.stems()), allowed + 1, _NEAR):
        written = _written_as_name(near, vocabulary)
        distance = DamerauLevenshtein.distance(typed, plain(written)) if written else allowed + 1
        swapped = written and sorted(plain(written)) == sorted(typed)
        if written and distance <= allowed and (len(typed) > _LEAST_LETTERS or swapped):
            found[distance].add(written)
    names = found[min(found)] if found else set[str]()
    return names.pop() if len(names) == 1 else None


def _written_as_name(stemmed: str, vocabulary: Vocabulary) -> str | None:
    """A stem of the corpus as it is mostly written within sentences, where that is with a capital letter
    and the corpus speaks of it often enough."""
    forms = Counter[str]()
    for text in vocabulary.examples(stemmed, _EXAMPLES):
        for match in WORD.finditer(text):
            before = text[: match.start()].rstrip()[-1:]
            if before and before not in _ENDS and stem(match.group()) == stemmed:
                forms[match.group()] += 1
    names = Counter({form: times for form, times in forms.items() if form[0].isupper()})
    if not names or 2 * names.total() < forms.total():
        return None
    written = names.most_common(1)[0][0]
    often = vocabulary.document_frequency([written])[written] * _SPOKEN_OF >= vocabulary.chunk_count()
    return written if often else None


def _nearest(
    typed: str, among: Mapping[str, Sequence[str]], allowed: int, most: int | None = None
) -> list[tuple[int, str]]:
    """(distance, word) of those that are near, nearest first; the first letter is right, or the second."""
    candidates = [word for letter in dict.fromkeys(typed[:2]) for word in among.get(letter, ())]
    close = process.extract(
        typed, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=most
    )
    return [(int(distance), word) for word, distance, _ in close]


@lru_cache(maxsize=4)
def _by_letter(words: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        found[word[:1]].append(word)
    return found


@cache
def _words_by_letter() -> dict[str, list[str]]:
    return _by_letter(frozenset(word for word, times in _word_list().items() if times >= _COMMON))


@cache
def _word_list() -> Mapping[str, int]:
    """How often each of some 160,000 English words was seen."""
    # Late: it takes a third of a second, and most questions hold no word that is not known without it.
    from spellchecker import SpellChecker

    frequencies: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return frequencies
