"""A folder of articles that changes all the time, for `kills`: each version of each article has a word of its own."""

from __future__ import annotations

import json
import random
from pathlib import Path

_PLACES = ("Oslo", "Lima", "Accra", "Perth", "Quito", "Turin", "Osaka", "Minsk")


def marker(text: str) -> str:
    """The word that no other version of any article has."""
    return text.split()[1]


class Corpus:
    """A folder of articles, and what each of them says, was and will be."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self._chance = chance
        self._made = 0
        self.texts: dict[str, str] = {}
        """By origin, the words of each article as its file has them now."""

    def write(self, origin: str) -> None:
        """A new story in the file: its marker is a word that no other version of any article has."""
        self._made += 1
        word, place = self._word(), self._chance.choice(_PLACES)
        text = f"The {word} treaty was signed in {place} by {self._made} states. It took {self._made} days."
        title = f"The {word} treaty"
        path = self.folder / origin
        if path.suffix == ".txt":
            path.write_text(f"{title}\n\n{text}\n", encoding="utf-8")
        elif path.suffix == ".json":
            path.write_text(json.dumps([{"title": title, "text": text, "id": origin}]), encoding="utf-8")
        else:
            page = f"<html><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
            path.write_text(page, encoding="utf-8")
        self.texts[origin] = text

    def _word(self) -> str:
        # No two alike: Dateline takes a word that is nearly one of the articles' for misspelt.
        return (
            "Zq"
            + "".join(self._chance.choice("bdfgklmnprtv") + self._chance.choice("aiou") for _ in range(5))
            + "x"
        )

    def add(self) -> None:
        """Some new files."""
        for _ in range(self._chance.randint(2, 8)):
            suffix = self._chance.choice((".txt", ".txt", ".json", ".html"))
            self.write(f"article{self._made:05}{suffix}")

    def change(self) -> None:
        """Some files with another story."""
        for origin in self._some():
            self.write(origin)

    def delete(self) -> None:
        """Some files less."""
        for origin in self._some():
            (self.folder / origin).unlink()
            del self.texts[origin]

    def _some(self) -> list[str]:
        known = sorted(self.texts)
        return self._chance.sample(known, min(len(known), self._chance.randint(1, 6)))
