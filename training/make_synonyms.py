"""Princeton WordNet 3.0 → `index/wordnet/synonyms.txt`: common words with those of like and opposite meaning.

Run as `python -m training.make_synonyms DICT`, where DICT holds `data.noun` and the other files of
WordNet's database. Kept are words of the embedding model's vocabulary and verbs with a particle
("turn down"), in their most frequent senses only: a rare sense would make too much alike.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from index.language import is_english
from index.settings import ROOT

_PARTS = {"noun": 3, "verb": 5, "adj": 3, "adv": 3}
"""Senses that are kept of each part of speech, the most frequent first."""
_PARTICLES = frozenset("up down out off on over away back in through".split())


def _is_kept(lemma: str) -> bool:
    head, _, particle = lemma.partition("_")
    if particle:
        return particle in _PARTICLES and is_english(head)
    return lemma.isalpha() and len(lemma) > 2 and is_english(lemma)


def _senses(folder: Path, part: str) -> dict[str, list[str]]:
    """The kept words of each synset, named by part and offset."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (folder / f"index.{part}").read_text("utf-8").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split()
        lemma, senses = fields[0], int(fields[2])
        if _is_kept(lemma):
            for offset in fields[-senses:][: _PARTS[part]]:
                found[offset].append(lemma)
    return found


def _antonyms(folder: Path, part: str) -> set[tuple[str, str]]:
    words: dict[str, list[str]] = {}
    pointers: list[tuple[str, int, str, int]] = []
    for line in (folder / f"data.{part}").read_text("utf-8").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words[fields[0]] = [fields[4 + 2 * n].split("(")[0].casefold() for n in range(count)]
        rest = fields[4 + 2 * count + 1 :]
        for n in range(int(fields[4 + 2 * count])):
            symbol, target, _, numbers = rest[4 * n : 4 * n + 4]
            if symbol == "!":
                pointers.append((fields[0], int(numbers[:2], 16), target, int(numbers[2:], 16)))
    return {
        (words[a][n - 1], words[b][m - 1])
        for a, n, b, m in pointers
        if n and m and _is_kept(words[a][n - 1]) and _is_kept(words[b][m - 1])
    }


def main(folder: Path) -> None:
    """Write the file."""
    like: dict[str, set[str]] = defaultdict(set)
    opposite: dict[str, set[str]] = defaultdict(set)
    for part in _PARTS:
        for group in _senses(folder, part).values():
            for word in group:
                like[word] |= {other for other in group if other != word}
        for one, other in _antonyms(folder, part):
            opposite[one].add(other)
    lines = [
        f"{word}: {' '.join(sorted(like[word]))} | {' '.join(sorted(opposite[word]))}".rstrip(" |")
        for word in sorted({*like, *opposite})
        if like[word] or opposite[word]
    ]
    head = "# Words of like meaning, and after the bar of the opposite; from WordNet 3.0 by training/make_synonyms.py\n"
    (ROOT / "index" / "wordnet" / "synonyms.txt").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
