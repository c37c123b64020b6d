"""A corpus of any size to measure speed on: `python -m benchmarks.corpus FOLDER --articles 4000 --out FILE`.

Takes the sentences of the articles below FOLDER (JSON Lines with `text`), shuffles them across new
articles, and exchanges names and numbers, so that no sentence and no article is there twice: nothing
that remembers what it saw before gains by it. The words, their frequencies and the lengths are real;
the articles mean nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sentencex import segment

from index.settings import ROOT

DEFAULT = ROOT / "evaluation" / "corpus"
WORDS = 700
"""Of an article: seven chunks."""
_SOURCES = ("The Courier", "Evening Wire", "Harbour Post", "Daily Register", "The Observer of Trade")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_NUMBER = re.compile(r"\b\d{1,6}\b")


def records(folder: Path, articles: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Records as a loader takes them, each with about `WORDS` words."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    sentences = _sentences(folder)
    names = sorted({name for sentence in sentences for name in _NAME.findall(sentence)})
    bag: list[str] = []
    for number in range(articles):
        paragraphs, words = [], 0
        while words < WORDS:
            run: list[str] = []
            for _ in range(chance.randint(2, 5)):
                if not bag:
                    bag = chance.sample(sentences, len(sentences))
                run.append(_altered(bag.pop(), names, chance))
            paragraphs.append(" ".join(run))
            words += len(paragraphs[-1].split())
        yield {
            "id": f"made-{number:06}",
            "title": " ".join(paragraphs[0].split()[:9]).rstrip(".,;"),
            "published": (date(2020, 1, 1) + timedelta(days=chance.randrange(1800))).isoformat(),
            "source": chance.choice(_SOURCES),
            "text": "\n\n".join(paragraphs),
        }


def write(out: Path, folder: Path, articles: int, seed: int = 1) -> None:
    """Write the records as JSON Lines."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for record in records(folder, articles, seed):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _sentences(folder: Path) -> list[str]:
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("articles.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for sentence in segment("en", json.loads(line)["text"]):
                flat = " ".join(sentence.split())
                if 5 <= len(flat.split()) <= 60:
                    found[flat] = None
    return list(found)


def _altered(sentence: str, names: list[str], chance: random.Random) -> str:
    """The sentence with other names and numbers; with one word of another place where it has neither."""
    changed = _NUMBER.sub(lambda match: str(chance.randrange(10 ** len(match[0]))), sentence)
    changed = _NAME.sub(lambda match: chance.choice(names), changed)
    if changed == sentence:
        words = sentence.split()
        words.insert(chance.randrange(1, len(words)), chance.choice(names))
        changed = " ".join(words)
    return changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    write(options.out, options.folder, options.articles, options.seed)


if __name__ == "__main__":
    main()
