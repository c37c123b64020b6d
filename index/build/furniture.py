"""Boilerplate that is learnt: lines that one outlet prints under many of its stories.

Learnt at the end of reading, from all the articles of each outlet that got a new one, whatever order
they came in. A line that was learnt stays learnt: later articles are cleaned of it as they are
loaded, and the ones before it was learnt are cleaned at once. What is taken off is kept in the
article's `removed`. Reprints count once, so that no sentence of a wire story looks like furniture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from ..catalog import Catalog
from ..load.clean import clean, learnable, line_key
from ..records import Article, Chunk
from .copies import signature

_LEAST_STORIES = {"invites": 3, "plain": 5}
_LEAST_SHARE = {"invites": 0.1, "plain": 0.3}
"""Of the outlet's stories. A line that asks for nothing must be on nearly every third of them."""


def outlet_of(article: Article, path: Path) -> str:
    """Whose lines the article shares: its source, else the host of its address, else its folder."""
    host = urlsplit(article.url).hostname if article.url and "[" not in article.url else None
    return article.source.casefold() if article.source else host or str(path.parent)


def cleaned(article: Article, learnt: frozenset[str]) -> Article:
    """The article without the lines that were learnt; as it was, if nothing would be left of it."""
    text, gone = clean(article.text, learnt) if learnt else (article.text, ())
    return replace(article, text=text, removed=(*article.removed, *gone)) if gone and text else article


def learn(catalog: Catalog, chunks_of: Callable[[Article], list[Chunk]]) -> None:
    """Learn the lines of each outlet that has new articles, and take them off all of its articles."""
    outlets = catalog.unlearnt_outlets()
    if not outlets:
        return
    stored = catalog.stored_articles()
    known = catalog.furniture()
    groups = catalog.copy_groups()
    for outlet in outlets:
        articles = catalog.articles_of_outlet(outlet)
        learnt = known.get(outlet, frozenset())
        new = repeated_lines(articles, groups) - learnt
        if new:
            catalog.add_furniture(outlet, sorted(new))
        for article in articles:
            better = cleaned(article, learnt | new)
            if better.text != article.text:
                where = stored[article.id]
                catalog.put_article(
                    better, chunks_of(better), path=where.path, root=where.root, outlet=outlet,
                    signature=signature(better.text),
                )  # fmt: skip
        catalog.mark_learnt(outlet)


def repeated_lines(articles: Sequence[Article], groups: dict[str, str]) -> frozenset[str]:
    """Keys of the lines that so many different stories have that they are nobody's sentence.

    Args:
        articles: those of one outlet.
        groups: for an article with near-identical ones, the one that stands for them all.
    """
    stories: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for article in articles:
        story = groups.get(article.id, article.id)
        for line in article.text.splitlines():
            if kind := learnable(line):
                key = line_key(line)
                # In doubt the stricter measure.
                kinds[key] = "plain" if "plain" in (kind, kinds.get(key)) else kind
                stories.setdefault(key, set()).add(story)
    total = len({groups.get(article.id, article.id) for article in articles})
    return frozenset(
        key
        for key, having in stories.items()
        if len(having) >= max(_LEAST_STORIES[kinds[key]], _LEAST_SHARE[kinds[key]] * total)
    )
