"""Article files → the articles that may be trained on. Knows nothing of questions' wording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Article:
    """What is read of an article."""

    title: str
    text: str


def read_articles(source: str) -> Iterator[Article]:
    """Yield the articles of `ARTICLES[:GOLD]`, two JSON Lines files.

    Articles that an even-numbered question of GOLD is about, or was written to look as if it were, are left
    out: the even-numbered questions are for measuring.
    """
    articles, _, gold = source.partition(":")
    kept_out = _articles_of_even_questions(Path(gold)) if gold else frozenset[str]()
    for article in _lines(Path(articles)):
        if article["id"] not in kept_out:
            yield Article(title=article.get("title") or "", text=article["text"])


def _articles_of_even_questions(gold: Path) -> frozenset[str]:
    found: set[str] = set()
    for number, question in enumerate(_lines(gold), start=1):
        if number % 2 == 0:
            found |= set(question.get("gold_article_ids") or ())
            found |= set(question.get("distractor_article_ids") or ())
    return frozenset(found)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
