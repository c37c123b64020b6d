"""The lists of claims that the support check is measured on: faithful ones and adversarial ones.

`python -m tests.claim_lists [odd|even] [--show]` prints how many are verified, by kind. Odd lines are
for tuning; even lines are for reporting, and what fails among them is not to be looked at.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from index.answer.model_claims import model_draft
from index.chunk import chunk_article
from index.cite import cite
from index.embed.minilm import MiniLM
from index.question import Question, analyse
from index.reader import Reader
from index.records import Article, Passage
from index.support import Entailment, Meaning

_HERE = Path(__file__).parent / "claims"
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Line:
    """A claim as a model would have written it about an article, marker included."""

    claim: str
    article: str
    marker: str
    kind: str
    expected: str


class _Corpus:
    def chunk_count(self) -> int:
        return 200

    def document_frequency(self, words: Any) -> dict[str, int]:
        return dict.fromkeys(words, 3)

    def stems(self) -> frozenset[str]:
        return frozenset()

    def examples(self, beginning: str, most: int) -> list[str]:
        return []


def lines(name: str, half: str) -> list[Line]:
    """The lines of a list ("faithful", "blind_adversarial"): the odd or the even ones, counted from 1, or all."""
    rows = (_HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [Line(**json.loads(row)) for row in rows[half == "even" :: 1 if half == "all" else 2]]


@cache
def articles() -> dict[str, Article]:
    """The seed article, the invented ones, and two that have instructions planted in them."""
    found = {}
    for path in (_ROOT / "evaluation" / "corpus" / "articles.jsonl", _HERE / "planted.jsonl"):
        for row in path.read_text("utf-8").splitlines():
            record = json.loads(row)
            found[record["id"]] = Article(
                id=record["id"],
                origin=record["id"],
                text=record["text"],
                title=record["title"],
                source=record.get("source"),
                published=record.get("published"),
            )
    (seed,) = (_ROOT / "seeds").glob("*.txt")
    title = "Russian Federation hits back at United States claims over its Syria raids from Iran"
    found["seed"] = Article("seed", "seed", seed.read_text("utf-8"), title, published="2016-08-17")
    return found


@cache
def passages(article_id: str) -> tuple[Passage, ...]:
    """The article as the passages that a model is shown."""
    article = articles()[article_id]
    chunks = chunk_article(article, lambda texts: [len(text.split()) * 4 // 3 for text in texts])
    return tuple(
        Passage(n, article.id, article.title, article.source, article.published, None,
                article.text[c.start : c.end], c.start, c.end, c.sentences)
        for n, c in enumerate(chunks)
    )  # fmt: skip


@cache
def question() -> Question:
    """Some question: what is claimed is checked whatever was asked."""
    return analyse("What happened?", _Corpus())


@cache
def meaning() -> Meaning:
    """What tells words of like meaning, and reads claims: the bundled models."""
    return Meaning(MiniLM().pieces, Entailment(Reader()))


def is_verified(line: Line, *, by_rules_alone: bool = False) -> bool:
    """Whether any of what the line comes to is shown as verified."""
    helped = None if by_rules_alone else meaning()
    text = f"{line.claim} {line.marker}"
    draft = model_draft(text, question(), passages(line.article), articles(), helped)
    return any(claim.support == "verified" for claim in cite(draft.claims, articles(), helped).claims)


def scores(name: str, half: str, *, by_rules_alone: bool = False) -> Iterator[tuple[Line, bool]]:
    """Each line of a half, and whether it came out verified."""
    return ((line, is_verified(line, by_rules_alone=by_rules_alone)) for line in lines(name, half))


def _main(arguments: list[str]) -> None:
    half = next((a for a in arguments if a in {"odd", "even"}), "odd")
    for name in ("faithful", "adversarial", "blind", "blind_adversarial", "unseen", "unseen_adversarial"):
        total, verified = Counter[str](), Counter[str]()
        # The unseen lists are for reporting, whole.
        for line, was in scores(name, "all" if name.startswith("unseen") else half):
            total[line.kind] += 1
            verified[line.kind] += was
            if (
                "--show" in arguments
                and not name.startswith("unseen")
                and was != (line.expected == "verified")
            ):
                print(f"{line.kind} {line.article}: {line.claim}")
        print(f"{name}, {half}: {sum(verified.values())} of {sum(total.values())} verified")
        if name.endswith("adversarial"):
            print("  " + ", ".join(f"{kind} {verified[kind]}/{n}" for kind, n in total.items()))


if __name__ == "__main__":
    _main(sys.argv[1:])
