"""The one door: `open_assistant(settings).ask(question, history, filters)`.

Ties retrieval, the answer engine and the citing together; chat, widget, HTTP, command line and
evaluation all ask here, so what is measured is what users get. Knows no front end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self

from .answer.engine import Engine, QuotesEngine, Task
from .answer.followup import StandAlone
from .answer.opening import open_engine
from .asking import bounded_history, checked_filters, checked_question
from .catalog import Catalog
from .composing import Asked, compose, pieces
from .embed import MiniLMEmbedding, open_embedding
from .reader import Reader
from .records import (
    Answer,
    AnswerReady,
    Article,
    Delta,
    Event,
    Filters,
    Passage,
    PassagesFound,
    Turn,
)
from .remembered import Remembered
from .retrieve import DatelineRetriever, Found
from .settings import Settings, load_settings
from .store import VectorStore
from .support import Entailment, Meaning
from .windows import ReadsWindows

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine


def open_assistant(settings: Settings | None = None) -> Assistant:
    """The assistant over the index that the settings name.

    Raises:
        SettingsError: a setting cannot be used.
        StorageError: there is no index, or it cannot be read.
        ModelError: the embedding model is missing, altered, or not the one that made the index; or the
            model in a file cannot be loaded.
    """
    settings = settings or load_settings()
    catalog = Catalog.open(settings.data, read_only=True)
    embedding = open_embedding(settings)
    catalog.require_embedding_model(embedding.model_name)
    quotes = QuotesEngine(most_quotes=settings.max_quotes, threshold=settings.answer_threshold)
    reader = Reader(settings.threads) if settings.reader else None
    # The models that are open anyway; another embedding model than the bundled one gives no vectors of words.
    entailment = Entailment(reader) if reader else None
    meaning = Meaning(embedding.pieces if isinstance(embedding, MiniLMEmbedding) else None, entailment)
    engine = open_engine(settings, quotes, meaning)
    store = VectorStore(settings.data, catalog)
    retriever = DatelineRetriever(catalog, store, embedding, passages=settings.passages)
    return Assistant(
        settings, catalog, store, retriever, engine=engine, quotes=quotes, meaning=meaning, reader=reader
    )


class Assistant:
    """Answers questions over one index. Threads may share it."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        store: VectorStore,
        retriever: DatelineRetriever,
        *,
        engine: Engine,
        quotes: QuotesEngine,
        meaning: Meaning | None = None,
        reader: ReadsWindows | None = None,
    ) -> None:
        self.settings = settings
        self.retriever = retriever
        self._catalog = catalog
        self._store = store
        self._engine = engine
        self._quotes = quotes
        self._meaning = meaning
        self._reader = reader
        self._remembered = Remembered(settings.answer_cache)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index and the model."""
        self._engine.close()
        self._store.close()
        self._catalog.close()

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """The answer at once; otherwise as `ask`."""
        return _last(self.ask(question, history, filters))

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        """The answer as it is made: `PassagesFound`, `Delta` …, and last `AnswerReady`.

        Closing the iterator ends what a model is still at. While a model is waited for, empty deltas
        come, several a second, so that there is always a moment to close it.

        Args:
            question: what the user typed.
            history: the conversation so far, as (question, answer) pairs, oldest first.
            filters: which articles may be used.

        Raises:
            QuestionError: the question is empty or too long.
            FilterError: a date is none, or the range is empty.
            StorageError: the index cannot be read.
        """
        question = checked_question(question, self.settings.max_question_characters)
        turns, allowed = bounded_history(history), checked_filters(filters)
        if self._engine is self._quotes or not self.settings.answer_cache:
            return self._events(self._engine, question, turns, allowed)
        key = (question, tuple(turns), allowed, self._catalog.revision)
        before = self._remembered.events(key)
        if before is not None:
            return iter(before)
        return self._remembered.noting(key, self._events(self._engine, question, turns, allowed))

    def article(self, article_id: str) -> Article | None:
        """The article of that id, or None."""
        return self._catalog.article(article_id)

    def status(self) -> dict[str, Any]:
        """The status object of the contract; `engine_problem` says why the engine failed last, or is None."""
        return self._catalog.status() | {
            "engine": self._engine.name,
            "engine_problem": self._engine.problem,
        }

    def newest(self, most: int) -> list[dict[str, Any]]:
        """{id, title, source, published} of the newest articles."""
        return self._catalog.newest(most)

    def holdings(self) -> dict[str, Any]:
        """What the index holds and could not take: {by_source, by_day, failures}, as the catalog has them;
        the failures as {name, line, reason, at}, without the paths of this machine."""
        failures = [
            {"name": f.name, "line": f.line, "reason": f.reason, "at": f.at} for f in self._catalog.failures()
        ]
        return {
            "by_source": self._catalog.by_source(),
            "by_day": self._catalog.by_day(),
            "failures": failures,
        }

    def add_feedback(
        self,
        question: str,
        answer: dict[str, Any],
        rating: Literal["up", "down"],
        comment: str | None = None,
        *,
        replaces: int | None = None,
    ) -> int:
        """Keep what a reader thought of an answer, or what they think now (`replaces`); the id it got."""
        with Catalog.open(self.settings.data) as catalog:
            return catalog.add_feedback(question, answer, rating, comment, replaces=replaces)

    def examples(self, most: int = 4) -> list[str]:
        """Questions that this corpus answers in its own sentences, to start from. Asks no model."""
        from .answer.examples import example_questions, varied

        found: list[str] = []
        articles = self._catalog.list_articles()[: most * 4]
        for question in varied(example_questions(self._catalog.article_chunks(a["id"])) for a in articles):
            if len(found) == most:
                break
            answer = _last(self._events(self._quotes, question, [], None))
            found += [question] if answer.status == "answered" else []
        return found

    def as_query_engine(self) -> BaseQueryEngine:
        """A llama-index query engine whose `source_nodes` are the cited quotes."""
        from .query_engine import DatelineQueryEngine

        return DatelineQueryEngine(self)

    def _events(
        self, engine: Engine, question: str, history: Sequence[Turn], filters: Filters | None
    ) -> Iterator[Event]:
        began = time.perf_counter()
        work = engine.begin()
        about = yield from work.stand_alone(question, history)
        found = self.retriever.search(about.text, filters, emphasis=about.last, background=about.background)
        yield PassagesFound(found.passages)
        retrieved = time.perf_counter()
        draft = yield from work.draft(self._task(found, about))
        if not draft.claims and filters and self._answered_on_other_days(about, filters):
            draft = replace(draft, reason="outside_dates")
        answer = compose(Asked(question, about.text, found.question), draft, self._catalog, self._meaning)
        done = time.perf_counter()
        timings = {"retrieve": retrieved - began, "answer": done - retrieved, "total": done - began}
        if draft.first_word is None:
            yield from map(Delta, pieces(answer))
        else:
            timings["first_token"] = draft.first_word - began
        timings_ms = {name: round(seconds * 1000, 1) for name, seconds in timings.items()}
        yield AnswerReady(replace(answer, timings_ms=timings_ms))

    def _answered_on_other_days(self, about: StandAlone, filters: Filters) -> bool:
        if not filters.after and not filters.before:
            return False
        undated = replace(filters, after=None, before=None)
        elsewhere = self.retriever.search(
            about.text, undated or None, emphasis=about.last, background=about.background
        )
        return bool(self._quotes.quotes(self._task(elsewhere, about)).claims)

    def _task(self, found: Found, about: StandAlone) -> Task:
        ids = dict.fromkeys(passage.article_id for passage in found.passages)
        articles = {i: article for i in ids if (article := self._catalog.article(i)) is not None}
        # An article may have been removed or changed since its passage was read.
        current = [p for p in found.passages if _is_current(p, articles)]
        similar_alone = partial(self.retriever.similar_alone, found)
        parts = [
            replace(part, passages=tuple(p for p in part.passages if _is_current(p, articles)))
            for part in found.parts
        ]
        return Task(found.question, current, articles, about, similar_alone, self._reader, parts)


def _last(events: Iterator[Event]) -> Answer:
    for event in events:
        if isinstance(event, AnswerReady):
            return event.answer
    raise AssertionError("ask ends with the answer")


def _is_current(passage: Passage, articles: dict[str, Article]) -> bool:
    article = articles.get(passage.article_id)
    return article is not None and article.text[passage.start : passage.end] == passage.text
