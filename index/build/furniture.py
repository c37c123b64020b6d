"""Boilerplate that is learnt: lines that one outlet prints under many of its stories.

Learnt at the end of reading, from all the articles of each outlet that got a new one, whatever order
they came in; what nearly every article has, after the first hundred already. A line that was learnt
stays learnt: later articles are cleaned of it as they are loaded, and the ones before it was learnt
are cleaned at once. What is taken off is kept in the article's `removed`. Reprints count once, so
that no sentence of a wire story looks like furniture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from ..catalog import Catalog, StoredArticle
from ..load.clean import clean, learnable, line_key
from ..records import Article, Chunk
from .copies import signature

Kind = Literal["invites", "plain"]
_LEAST_STORIES: dict[Kind, int] = {"invites": 3, "plain": 5}
_LEAST_SHARE: dict[Kind, float] = {"invites": 0.1, "plain": 0.3}
"""Of the outlet's stories. A line that asks for nothing must be on nearly every third of them."""
EARLY = 100
"""New articles of an outlet after which what is plain to see is learnt, before all are read."""
_EARLY_SHARE: dict[Kind, float] = {"invites": 0.2, "plain": 0.5}
"""Higher: what the first articles share, the later ones may not."""
_TOGETHER = 100
"""Articles in one transaction."""


def outlet_of(article: Article, path: Path) -> str:
    """Whose lines the article shares: its source, else the host of its address, else its folder."""
    host = urlsplit(article.url).hostname if article.url and "[" not in article.url else None
    return article.source.casefold() if article.source else host or str(path.parent)


def cleaned(article: Article, learnt: frozenset[str]) -> Article:
    """The article without the lines that were learnt; as it was, if nothing would be left of it."""
    text, gone = clean(article.text, learnt) if learnt else (article.text, ())
    return replace(article, text=text, removed=(*article.removed, *gone)) if gone and text else article


class Learner:
    """Learns the lines of outlets, and takes them off the articles that were stored before.

    Args:
        catalog: keeps what was learnt, and the articles.
        chunks_of: cuts an article that was cleaned.
        stored: where each article came from, by its id; kept up to date with what is cleaned.
    """

    def __init__(
        self, catalog: Catalog, chunks_of: Callable[[Article], list[Chunk]], stored: dict[str, StoredArticle]
    ) -> None:
        self._catalog = catalog
        self._chunks_of = chunks_of
        self._stored = stored
        self._known = catalog.furniture()
        self._new: Counter[str] = Counter()

    def lines(self, outlet: str) -> frozenset[str]:
        """Keys of the lines that were learnt of the outlet so far."""
        return self._known.get(outlet, frozenset())

    def is_due(self, outlet: str) -> bool:
        """Count a new article of the outlet; whether there are now enough to learn early from."""
        self._new[outlet] += 1
        return self._new[outlet] == EARLY

    def learn_early(self, outlet: str) -> None:
        """Learn what already stands out, so that few articles must be cleaned when all are read."""
        articles = self._catalog.articles_of_outlet(outlet)
        groups = {a.id: min([a.id, *self._catalog.copies_of(a.id)]) for a in articles}
        self._learn(outlet, articles, groups, _EARLY_SHARE)

    def learn(self) -> None:
        """Learn the lines of each outlet that has new articles."""
        outlets = self._catalog.unlearnt_outlets()
        groups = self._catalog.copy_groups() if outlets else {}
        for outlet in outlets:
            self._learn(outlet, self._catalog.articles_of_outlet(outlet), groups, _LEAST_SHARE)
            self._catalog.mark_learnt(outlet)

    def _learn(
        self, outlet: str, articles: Sequence[Article], groups: dict[str, str], least: Mapping[Kind, float]
    ) -> None:
        keys = {article.id: learnable_keys(article.text) for article in articles}
        new = repeated_lines(keys, groups, least) - self.lines(outlet)
        if new:
            self._catalog.add_furniture(outlet, sorted(new))
            self._known[outlet] = self.lines(outlet) | new
        known = self.lines(outlet)
        having = [article for article in articles if not known.isdisjoint(keys[article.id])]
        better = [after for before in having if (after := cleaned(before, known)).text != before.text]
        for begin in range(0, len(better), _TOGETHER):
            self._put(better[begin : begin + _TOGETHER], outlet)

    def _put(self, articles: Sequence[Article], outlet: str) -> None:
        changes = []
        for article in articles:
            where = self._stored[article.id]
            new = self._catalog.prepared(
                article, self._chunks_of(article), path=where.path, root=where.root, outlet=outlet,
                signature=signature(article.text),
            )  # fmt: skip
            changes.append(new)
            self._stored[article.id] = replace(where, fingerprint=new.fingerprint)
        self._catalog.commit(changes)


def learnable_keys(text: str) -> dict[str, Kind]:
    """By key, the lines of a text that may be learnt, and whether they are "invites" or "plain"."""
    found: dict[str, Kind] = {}
    for line in text.splitlines():
        if kind := learnable(line):
            key = line_key(line)
            # In doubt the stricter measure.
            found[key] = "plain" if found.get(key) == "plain" else kind
    return found


def repeated_lines(
    keys: Mapping[str, Mapping[str, Kind]],
    groups: Mapping[str, str],
    least: Mapping[Kind, float] = _LEAST_SHARE,
) -> frozenset[str]:
    """Keys of the lines that so many different stories have that they are nobody's sentence.

    Args:
        keys: by article id, of all articles of one outlet: `learnable_keys`.
        groups: for an article with near-identical ones, the one that stands for them all.
        least: by kind, the share of the stories that must have the line.
    """
    stories: dict[str, set[str]] = {}
    kinds: dict[str, Kind] = {}
    for article_id, found in keys.items():
        for key, kind in found.items():
            kinds[key] = "plain" if kinds.get(key) == "plain" else kind
            stories.setdefault(key, set()).add(groups.get(article_id, article_id))
    total = len({groups.get(article_id, article_id) for article_id in keys})
    return frozenset(
        key
        for key, having in stories.items()
        if len(having) >= max(_LEAST_STORIES[kinds[key]], least[kinds[key]] * total)
    )
