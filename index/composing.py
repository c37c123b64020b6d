"""An engine's draft → the answer object: claims cited and checked, or the silence that fits.

The only place where an answer becomes `answered`: no verified claim, no answer. Knows no engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .answer.followup import MARKER
from .catalog import Catalog
from .cite import cite, with_markers
from .language import STOP_WORDS, words
from .question import Question
from .records import NOT_IN_ARTICLES, Answer, Article, Citation, Claim, Copy, Draft
from .relative_days import relative_days
from .spoken import said_on
from .support import Meaning
from .wording import stands_in

_WHY = {
    "nothing_found": "Nothing in them is about this.",
    "related_only": "What comes nearest is shown as related; it is not evidence.",
    "outside_dates": "There are articles about this, but none within the dates asked for.",
}
_VERDICTS = {"yes": "Yes.", "no": "No.", "disputed": "Accounts differ."}
_MOST_COPIES = 20
"""Reprints that are named beside a quote."""


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, as it stands alone, and analysed."""

    typed: str
    standalone: str
    question: Question


def compose(asked: Asked, draft: Draft, catalog: Catalog, meaning: Meaning | None = None) -> Answer:
    """The answer that a draft comes to, every claim checked against the articles as they stand now."""
    ids = {evidence.article_id for claim in draft.claims for evidence in claim.evidence}
    articles = {i: article for i in ids if (article := catalog.article(i)) is not None}
    cited = cite(draft.claims, articles, meaning)
    verified = any(claim.support == "verified" for claim in cited.claims)
    incomplete = draft.cut is not None and bool(cited.claims)
    said = verified or incomplete
    reason = draft.reason or "related_only"
    verdict = draft.verdict if verified else None
    return Answer(
        question=asked.typed,
        standalone_question=asked.standalone,
        status="incomplete" if incomplete else "answered" if verified else "not_in_corpus",
        reason=draft.cut if incomplete else None if verified else reason,
        verdict=verdict,
        confidence=round(draft.confidence, 4),
        text=_text(cited.claims, verdict) if said else _silence(reason, asked.question),
        claims=cited.claims if said else (),
        citations=_with_copies(_with_days(cited.citations, articles), catalog) if said else (),
        related=() if said else draft.related,
        engine=draft.engine,
        notice=_notice(draft, asked),
        usage=draft.usage,
    )


def pieces(answer: Answer) -> Iterator[str]:
    """The answer's text in pieces that end after a citation, so that it appears claim by claim."""
    at = 0
    for match in MARKER.finditer(answer.text):
        if answer.text[match.end() : match.end() + 2] != " [":
            yield answer.text[at : match.end()]
            at = match.end()
    if at < len(answer.text):
        yield answer.text[at:]


def _text(claims: Sequence[Claim], verdict: str | None) -> str:
    lead = [_VERDICTS[verdict]] if verdict else []
    return " ".join([*lead, *(with_markers(claim) for claim in claims)])


def _notice(draft: Draft, asked: Asked) -> str | None:
    """What the engine has to say, and which words of the question were read as others."""
    typed = words(asked.typed)
    read = [
        f"“{repair.typed}” was read as “{repair.read}”."
        for repair in asked.question.repairs
        if repair.typed in typed and repair.read.casefold() not in STOP_WORDS
    ]
    return " ".join([*([draft.notice] if draft.notice else []), *read]) or None


def _silence(reason: str, question: Question) -> str:
    parts = [NOT_IN_ARTICLES]
    if question.unknown_names:
        parts.append(f"They do not mention {' or '.join(question.unknown_names[:3])}.")
    return " ".join([*parts, _WHY[reason]])


def _with_days(citations: Sequence[Citation], articles: dict[str, Article]) -> tuple[Citation, ...]:
    """The citations, each with the days that its quote names by their relation to the article's date, and
    the day on which its speaker spoke."""
    return tuple(
        replace(
            c,
            days=relative_days(articles[c.article_id].text, c.start, c.end, c.published),
            said_on=said_on(c.quote, c.published) if c.speaker else None,
        )
        for c in citations
    )


def _with_copies(citations: Sequence[Citation], catalog: Catalog) -> tuple[Citation, ...]:
    """The citations, each with the near-identical articles that have its quote too."""
    return tuple(
        replace(citation, also_in=tuple(_copies_with(citation.quote, citation.article_id, catalog)))
        for citation in citations
    )


def _copies_with(quote: str, article_id: str, catalog: Catalog) -> Iterator[Copy]:
    for other in catalog.copies_of(article_id)[:_MOST_COPIES]:
        article = catalog.article(other)
        if article is not None and stands_in(quote, article.text):
            yield Copy(article.id, article.title, article.source, article.published, article.url)
