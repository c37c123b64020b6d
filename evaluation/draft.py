"""Proposes gold questions for one's own articles: a person checks each before it counts.

Samples passages of the catalog, asks about them with templates or a model, and adds the four kinds of
question without an answer. Everything drafted says `"draft": true`, which `check` complains about.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from index.catalog import Catalog
from index.errors import ModelError, UsageError
from index.records import Passage
from index.settings import load_settings

from . import draft_templates as templates
from .model import JsonModel, fill, prompt_text

Row = dict[str, Any]
_UNANSWERABLE_SHARE = 0.3


def draft(data: Path | None, *, count: int, model: str | None = None, seed: int = 1) -> list[Row]:
    """About `count` drafts, three in ten of them without an answer. The same seed gives the same drafts.

    Raises:
        UsageError: the count is too small, or no passage is fit to ask about.
        StorageError: there is no index.
        ModelError: the model cannot be asked.
    """
    if count < 1:
        raise UsageError("--count must be 1 or more.")
    settings = load_settings(data=data)
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    with Catalog.open(settings.data, read_only=True) as catalog:
        wanted = max(1, round(count * (1 - _UNANSWERABLE_SHARE)))
        writer = JsonModel(model, settings) if model else None
        try:
            rows = _answerable(
                _sample(catalog, chance), wanted, _by_model(writer) if writer else _by_template
            )
        finally:
            if writer:
                writer.close()
        if not rows:
            raise UsageError("No passage of these articles is fit for a draft. Write some questions by hand.")
        rows += _unanswerable(rows, count - len(rows), catalog, chance)
    for number, row in enumerate(rows, 1):
        row["id"] = f"draft-{number:03}"
    return [{"id": row.pop("id"), **row, "draft": True} for row in rows]


def write_draft(path: Path, rows: list[Row]) -> None:
    """Write drafts to a new file.

    Raises:
        UsageError: the file exists, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except FileExistsError:
        raise UsageError(f"{path} exists, and may hold work of yours. Choose another file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _sample(catalog: Catalog, chance: random.Random) -> Iterator[Passage]:
    """Passages in random order, one of each article before a second of any."""
    articles = sorted(summary["id"] for summary in catalog.list_articles())
    rounds = {article_id: chance.sample(found, len(found)) for article_id in articles
              if (found := catalog.article_chunks(article_id))}  # fmt: skip
    while rounds:
        for article_id in chance.sample(sorted(rounds), len(rounds)):
            yield rounds[article_id].pop()
            if not rounds[article_id]:
                del rounds[article_id]


def _answerable(
    passages: Iterator[Passage], wanted: int, write: Callable[[Passage], Row | None]
) -> list[Row]:
    rows: list[Row] = []
    asked: set[str] = set()
    failed = 0
    with tqdm(total=wanted, unit="question", disable=None) as bar:
        for passage in passages:
            if len(rows) == wanted:
                break
            try:
                row = write(passage)
            except ModelError:
                # One bad reply is nothing; nothing but bad replies is a model that does not work.
                failed += 1
                if failed >= 5 and not rows:
                    raise
                continue
            if row and row["question"].casefold() not in asked:
                asked.add(row["question"].casefold())
                rows.append(row)
                bar.update()
    return rows


def _by_template(passage: Passage) -> Row | None:
    for start, end in passage.sentences:
        sentence = passage.text[start - passage.start : end - passage.start]
        proposed = templates.ask_about(sentence, passage.title)
        if proposed:
            return {**proposed, "must_cite": [sentence], "gold_article_ids": [passage.article_id]}
    return None


def _by_model(model: JsonModel) -> Callable[[Passage], Row | None]:
    template = prompt_text("draft")

    def write(passage: Passage) -> Row | None:
        reply = model.ask(fill(template, title=passage.title, passage=passage.text))
        question, answer, quote = (
            str(reply.get(name) or "").strip() for name in ("question", "answer", "quote")
        )
        # Only what the passage really says: a model's quote is checked like any other.
        if (
            not question.endswith("?")
            or not quote
            or " ".join(quote.split()) not in " ".join(passage.text.split())
        ):
            return None
        row: Row = {"question": question, "kind": "open", "answerable": True}
        if 0 < len(answer.split()) <= 6:
            row |= {"kind": "span", "answers": [answer]}
        return row | {"must_cite": [quote], "gold_article_ids": [passage.article_id]}

    return write


def _unanswerable(rows: list[Row], wanted: int, catalog: Catalog, chance: random.Random) -> list[Row]:
    """As many of each of the four kinds as can be made, in turn."""
    first = catalog.status()["from"]
    questions = [str(row["question"]) for row in rows]

    def is_absent(word: str) -> bool:
        return not any(catalog.document_frequency([word]).values())

    makers = {
        "off_topic": templates.off_topic(chance, is_absent),
        "near_miss": templates.near_misses(questions, chance, is_absent),
        "outside_dates": templates.outside_dates(questions, first, chance),
        "nonsense": templates.nonsense(questions, chance),
    }
    made: list[Row] = []
    while makers and len(made) < wanted:
        for kind in list(makers):
            question = next(makers[kind], None)
            if question is None:
                del makers[kind]
            elif len(made) < wanted:
                made.append({"question": question, "kind": "unanswerable", "answerable": False,
                             "unanswerable_kind": kind})  # fmt: skip
    return made
