"""What is wrong with a gold file: shapes, ids, and whether what it names stands in the articles.

Reads the file and the catalog; changes neither. One line of text a problem, with file and line number.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.errors import InputError, UsageError
from index.load import discover, load_file
from index.settings import load_settings

from .gold import KINDS, UNANSWERABLE_KINDS, GoldQuestion, GoldRow, parse_file, raw_lines

_OTHER_FIELDS = frozenset(
    {"note", "choices", "distractor_article_ids", "question_type", "multi_turn", "collection"}
)


class Articles(Mapping[str, str]):
    """The texts of a catalog's articles by id, white space made even."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._ids = [summary["id"] for summary in catalog.list_articles()]
        self._texts: dict[str, str] = {}

    def __getitem__(self, key: str) -> str:
        if key not in self._texts:
            article = self._catalog.article(key)
            if article is None:
                raise KeyError(key)
            self._texts[key] = flat(article.text)
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def check(path: Path, data: Path | None, corpus: Sequence[Path] = ()) -> list[str]:
    """The problems of a gold file against an index, or against articles that are read for it.

    Raises:
        UsageError: the file cannot be read, or an article of the corpus cannot be.
        StorageError: there is no index.
    """
    settings = load_settings(data=data)
    if corpus:
        return list(check_against(path, _texts(corpus, settings.max_article_mb * 1_000_000)))
    with Catalog.open(settings.data, read_only=True) as catalog:
        return list(check_against(path, Articles(catalog)))


def check_against(path: Path, articles: Mapping[str, str]) -> Iterator[str]:
    """The problems of a gold file against texts by article id."""
    seen_ids: dict[str, int] = {}
    seen_questions: dict[str, int] = {}
    records = dict(raw_lines(path))
    if not records:
        yield f"{path}: holds no questions"
    for number, found in parse_file(path):
        where = f"{path}, line {number}: "
        if isinstance(found, str):
            yield where + found
            continue
        key = repr((flat(found.question).casefold(), found.history, found.filters))
        if found.id in seen_ids:
            yield f"{where}the id {found.id!r} was used on line {seen_ids[found.id]}"
        elif key in seen_questions:
            yield f"{where}the question was asked on line {seen_questions[key]}"
        seen_ids.setdefault(found.id, number)
        seen_questions.setdefault(key, number)
        record = json.loads(records[number])
        for problem in (*_shape(found, record), *_evidence(found, record, articles)):
            yield where + problem


def flat(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def _shape(question: GoldQuestion, record: dict[str, Any]) -> Iterator[str]:
    for name in record.keys() - GoldRow.model_fields.keys() - _OTHER_FIELDS:
        near = difflib.get_close_matches(name, [*GoldRow.model_fields, *_OTHER_FIELDS], n=1)
        yield f"the field {name!r} is unknown" + (f"; is {near[0]!r} meant?" if near else "")
    if question.draft:
        yield "is a draft: check it against the article, then take `draft` off"
    if question.kind not in KINDS:
        yield f"the kind {question.kind!r} is none of {', '.join(KINDS)}"
    if (question.kind == "unanswerable") == question.answerable:
        yield f"a question of kind {question.kind!r} cannot have answerable {json.dumps(question.answerable)}"
    if question.kind in ("yesno", "disputed") and question.answerable and not question.verdict:
        yield "a yes/no question needs a verdict"
    kind = record.get("unanswerable_kind")
    if kind is not None and (question.answerable or kind not in UNANSWERABLE_KINDS):
        yield f"unanswerable_kind is for unanswerable questions, and one of {', '.join(UNANSWERABLE_KINDS)}"
    if question.answerable and not (
        question.verdict or question.answers or question.must_cite or question.gold_passages
    ):
        yield "says nothing of a right answer: give verdict, answers or must_cite"


def _evidence(question: GoldQuestion, record: dict[str, Any], articles: Mapping[str, str]) -> Iterator[str]:
    if not question.answerable:
        for name in ("answers", "must_cite", "gold_article_ids", "gold_passages", "verdict"):
            if record.get(name):
                yield f"has no answer, so {name} means nothing"
        return
    known = [key for key in question.gold_article_ids if key in articles]
    for key in question.gold_article_ids:
        if key not in articles:
            yield f"there is no article {key!r}"
    texts = [articles[key] for key in known] or list(articles.values())
    for passage in question.must_cite:
        if not any(flat(passage) in text for text in texts):
            where = "in its gold articles" if known else "in any article"
            yield f"must_cite does not stand {where}: {passage[:80]!r}"
    for gold in question.gold_passages:
        if gold.article_id not in articles:
            yield f"there is no article {gold.article_id!r}"
        elif flat(gold.text) not in articles[gold.article_id]:
            yield f"gold passage does not stand in {gold.article_id}: {gold.text[:80]!r}"


def _texts(corpus: Sequence[Path], max_bytes: int) -> dict[str, str]:
    """Texts by id of the articles of files and folders; nothing is indexed."""
    texts: dict[str, str] = {}
    for source in discover(corpus):
        loaded = [source] if isinstance(source, InputError) else load_file(source, max_bytes=max_bytes)
        for article in loaded:
            if isinstance(article, InputError):
                raise UsageError(str(article))
            texts[article.id] = flat(article.text)
    return texts
