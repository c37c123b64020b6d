"""The one door: `open_assistant(settings).ask(question, history, filters)`.

Ties retrieval, the answer engine and the citing together; chat, widget, HTTP, command line and
evaluation all ask here, so what is measured is what users get. Knows no front end.
"""

from __future__ import annotations

import logging
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self

from .answer import quotes
from .answer.followup import MARKER, StandAlone, stand_alone
from .catalog import Catalog
from .cite import cite, with_markers
from .embed import open_embedding
from .errors import FilterError, QuestionError
from .question import Question
from .records import (
    NOT_IN_ARTICLES,
    Answer,
    AnswerReady,
    Article,
    Citation,
    Claim,
    Copy,
    Delta,
    Draft,
    Event,
    Filters,
    Passage,
    PassagesFound,
    Turn,
)
from .retrieve import DatelineRetriever, Found
from .settings import Settings, load_settings
from .store import VectorStore
from .wording import stands_in

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine

_WHY = {
    "nothing_found": "Nothing in them is about this.",
    "related_only": "What comes nearest is shown as related; it is not evidence.",
    "outside_dates": "There are articles about this, but none within the dates asked for.",
}
_VERDICTS = {"yes": "Yes.", "no": "No.", "disputed": "Accounts differ."}
_HISTORY_TURNS = 6
_HISTORY_CHARACTERS = 4000
_MOST_COPIES = 20
"""Reprints that are named beside a quote."""

logger = logging.getLogger("dateline")


def open_assistant(settings: Settings | None = None) -> Assistant:
    """The assistant over the index that the settings name.

    Raises:
        SettingsError: a setting cannot be used.
        StorageError: there is no index, or it cannot be read.
        ModelError: the embedding model is missing, altered, or not the one that made the index.
    """
    settings = settings or load_settings()
    catalog = Catalog.open(settings.data, read_only=True)
    embedding = open_embedding(settings)
    catalog.require_embedding_model(embedding.model_name)
    store = VectorStore(settings.data, catalog)
    retriever = DatelineRetriever(catalog, store, embedding, passages=settings.passages)
    return Assistant(settings, catalog, store, retriever)


class Assistant:
    """Answers questions over one index. Threads may share it."""

    def __init__(
        self, settings: Settings, catalog: Catalog, store: VectorStore, retriever: DatelineRetriever
    ) -> None:
        self.settings = settings
        self.retriever = retriever
        self._catalog = catalog
        self._store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._store.close()
        self._catalog.close()

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """The answer at once; otherwise as `ask`."""
        for event in self.ask(question, history, filters):
            if isinstance(event, AnswerReady):
                return event.answer
        raise AssertionError("ask ends with the answer")

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        """The answer as it is made: `PassagesFound`, `Delta` …, and last `AnswerReady`.

        Args:
            question: what the user typed.
            history: the conversation so far, as (question, answer) pairs, oldest first.
            filters: which articles may be used.

        Raises:
            QuestionError: the question is empty or too long.
            FilterError: a date is none, or the range is empty.
            StorageError: the index cannot be read.
        """
        began = time.perf_counter()
        question = self._checked(question)
        filters = _checked_filters(filters)
        about = stand_alone(question, _bounded(history))
        found = self.retriever.search(about.text, filters, emphasis=about.last)
        yield PassagesFound(found.passages)
        retrieved = time.perf_counter()
        draft = self._draft(found, about, filters)
        answer = self._checked_answer(question, about, found.question, draft)
        done = time.perf_counter()
        timings = {"retrieve": retrieved - began, "answer": done - retrieved, "total": done - began}
        answer = replace(answer, timings_ms={name: round(s * 1000, 1) for name, s in timings.items()})
        for piece in _pieces(answer):
            yield Delta(piece)
        yield AnswerReady(answer)

    def article(self, article_id: str) -> Article | None:
        """The article of that id, or None."""
        return self._catalog.article(article_id)

    def status(self) -> dict[str, Any]:
        """The status object of the contract."""
        return self._catalog.status() | {"engine": quotes.NAME}

    def add_feedback(
        self, question: str, answer: dict[str, Any], rating: Literal["up", "down"], comment: str | None = None
    ) -> int:
        """Keep what a reader thought of an answer; the id it got."""
        with Catalog.open(self.settings.data) as catalog:
            return catalog.add_feedback(question, answer, rating, comment)

    def examples(self, most: int = 4) -> list[str]:
        """Questions that this corpus answers, to start from."""
        from .answer.examples import example_questions

        found: list[str] = []
        for summary in self._catalog.list_articles()[: most * 4]:
            chunks = self._catalog.article_chunks(summary["id"])
            for question in example_questions(chunks):
                if len(found) < most and question not in found and self.answer(question).status == "answered":
                    found.append(question)
        return found

    def as_query_engine(self) -> BaseQueryEngine:
        """A llama-index query engine whose `source_nodes` are the cited quotes."""
        from .query_engine import DatelineQueryEngine

        return DatelineQueryEngine(self)

    def _checked(self, question: str) -> str:
        flat = _readable(question)
        most = self.settings.max_question_characters
        if not flat:
            raise QuestionError("The question is empty. Ask something about the articles.")
        if len(flat) > most:
            raise QuestionError(
                f"The question has {len(flat):,} characters; at most {most:,} are read. Please shorten it."
            )
        return flat

    def _draft(self, found: Found, about: StandAlone, filters: Filters | None) -> Draft:
        draft = self._quotes(found, about)
        if not draft.claims and filters and (filters.after or filters.before):
            undated = replace(filters, after=None, before=None)
            elsewhere = self.retriever.search(about.text, undated or None, emphasis=about.last)
            if self._quotes(elsewhere, about).claims:
                return replace(draft, reason="outside_dates")
        return draft

    def _quotes(self, found: Found, about: StandAlone) -> Draft:
        ids = dict.fromkeys(passage.article_id for passage in found.passages)
        articles = {i: article for i in ids if (article := self._catalog.article(i)) is not None}
        # An article may have been removed or changed since its passage was read.
        current = [p for p in found.passages if _is_current(p, articles)]
        return quotes.draft(
            found.question,
            current,
            articles,
            about=about,
            similar_alone=partial(self.retriever.similar_alone, found),
            most_quotes=self.settings.max_quotes,
            threshold=self.settings.answer_threshold,
        )

    def _checked_answer(self, asked: str, about: StandAlone, question: Question, draft: Draft) -> Answer:
        ids = {evidence.article_id for claim in draft.claims for evidence in claim.evidence}
        articles = {i: article for i in ids if (article := self._catalog.article(i)) is not None}
        cited = cite(draft.claims, articles)
        answered = any(claim.support == "verified" for claim in cited.claims)
        reason = None if answered else draft.reason or "related_only"
        verdict = draft.verdict if answered else None
        return Answer(
            question=asked,
            standalone_question=about.text,
            status="answered" if answered else "not_in_corpus",
            reason=reason,
            verdict=verdict,
            confidence=round(draft.confidence, 4),
            text=_text(cited.claims, verdict) if answered else _silence(str(reason), question),
            claims=cited.claims if answered else (),
            citations=self._with_copies(cited.citations) if answered else (),
            related=() if answered else draft.related,
            engine=quotes.NAME,
        )

    def _with_copies(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """The citations, each with the near-identical articles that have its quote too."""
        return tuple(
            replace(citation, also_in=tuple(self._copies_with(citation.quote, citation.article_id)))
            for citation in citations
        )

    def _copies_with(self, quote: str, article_id: str) -> Iterator[Copy]:
        for other in self._catalog.copies_of(article_id)[:_MOST_COPIES]:
            article = self._catalog.article(other)
            if article is not None and stands_in(quote, article.text):
                yield Copy(article.id, article.title, article.source, article.published, article.url)


def _text(claims: Sequence[Claim], verdict: str | None) -> str:
    lead = [_VERDICTS[verdict]] if verdict else []
    return " ".join([*lead, *(with_markers(claim) for claim in claims)])


def _silence(reason: str, question: Question) -> str:
    parts = [NOT_IN_ARTICLES]
    if question.unknown_names:
        parts.append(f"They do not mention {' or '.join(question.unknown_names[:3])}.")
    return " ".join([*parts, _WHY[reason]])


def _pieces(answer: Answer) -> Iterator[str]:
    """The answer's text in pieces that end after a citation, so that it appears claim by claim."""
    at = 0
    for match in MARKER.finditer(answer.text):
        if answer.text[match.end() : match.end() + 2] != " [":
            yield answer.text[at : match.end()]
            at = match.end()
    if at < len(answer.text):
        yield answer.text[at:]


def _bounded(history: Sequence[Turn]) -> list[Turn]:
    return [
        (_readable(question)[:_HISTORY_CHARACTERS], _readable(answer)[:_HISTORY_CHARACTERS])
        for question, answer in list(history)[-_HISTORY_TURNS:]
    ]


def _readable(typed: str) -> str:
    """The text on one line, without what is no character: lone surrogates, control characters."""
    valid = unicodedata.normalize("NFC", typed.encode("utf-8", "replace").decode("utf-8"))
    return " ".join("".join(c if c.isprintable() else " " for c in valid).split())


def _is_current(passage: Passage, articles: dict[str, Article]) -> bool:
    article = articles.get(passage.article_id)
    return article is not None and article.text[passage.start : passage.end] == passage.text


def _checked_filters(filters: Filters | None) -> Filters | None:
    """The filters with their dates written in full, or None where they let everything pass."""
    if not filters:
        return None
    checked = replace(filters, after=_day("after", filters.after), before=_day("before", filters.before))
    if checked.after and checked.before and checked.after > checked.before:
        raise FilterError(f"after ({checked.after}) is later than before ({checked.before}).")
    return checked


def _day(name: str, value: str | None) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError:
        raise FilterError(f"{name}: {value!r} is not a date; write it as 2016-08-17.") from None
