"""Draft claims ↔ exact spans of articles, and the check that each claim is carried by its quotes.

Pure, and fails closed: evidence that is not word for word in its article is dropped, a claim that
its quotes do not carry is never called verified. Knows no engine and no storage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .records import Article, Citation, Claim, DraftClaim, Evidence, Support
from .support import Meaning, Quote
from .support import support as check


@dataclass(frozen=True)
class Cited:
    """Claims that refer to citations by number; citations numbered 1.. in order of appearance."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def cite(
    drafts: Sequence[DraftClaim], articles: Mapping[str, Article], meaning: Meaning | None = None
) -> Cited:
    """Locate the evidence of each draft claim and check the claim against it.

    Args:
        drafts: the claims in the order in which they will be read.
        articles: the articles as they stand now, by id.
        meaning: what tells words of like meaning, if there is a model that does.

    Returns:
        Every draft as a claim, in order; each citation satisfies `article.text[start:end] == quote`.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    claims = []
    for draft in drafts:
        located = [evidence for evidence in draft.evidence if is_verbatim(evidence, articles)]
        for evidence in located:
            key = (evidence.article_id, evidence.start, evidence.end)
            if key not in numbers:
                numbers[key] = len(citations) + 1
                citations.append(_citation(numbers[key], evidence, articles[evidence.article_id]))
        marks = tuple(dict.fromkeys(numbers[e.article_id, e.start, e.end] for e in located))
        claims.append(Claim(draft.text, marks, support(draft, located, articles, meaning)))
    return Cited(tuple(claims), tuple(citations))


def is_verbatim(evidence: Evidence, articles: Mapping[str, Article]) -> bool:
    """Whether the evidence's quote stands in its article, exactly where it says."""
    article = articles.get(evidence.article_id)
    return (
        article is not None
        and 0 <= evidence.start < evidence.end <= len(article.text)
        and article.text[evidence.start : evidence.end] == evidence.quote
    )


def support(
    draft: DraftClaim,
    located: Sequence[Evidence],
    articles: Mapping[str, Article],
    meaning: Meaning | None = None,
) -> Support:
    """`verified` where the evidence, which must be verbatim, carries the claim."""
    quotes = [quoted(evidence, articles[evidence.article_id]) for evidence in located]
    carried = check(draft.text, quotes, meaning, extracted=draft.extracted).carried
    return "verified" if carried else "unverified"


def quoted(evidence: Evidence, article: Article) -> Quote:
    """The evidence as the check reads it."""
    return Quote(
        evidence.quote, article.text, article.title, article.published, evidence.speaker, evidence.start
    )


def with_markers(claim: Claim) -> str:
    """The claim's text and the markers of its citations, for example "It rained. [1]"."""
    return " ".join([claim.text, *(f"[{n}]" for n in claim.citations)])


def flat(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def _citation(number: int, evidence: Evidence, article: Article) -> Citation:
    return Citation(
        n=number,
        article_id=article.id,
        title=article.title,
        source=article.source,
        published=article.published,
        url=article.url,
        quote=evidence.quote,
        start=evidence.start,
        end=evidence.end,
        speaker=evidence.speaker,
    )
