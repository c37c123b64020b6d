"""The frozen records that flow through the pipeline, and their JSON shape.

Knows nothing of files, storage, models or front ends. All offsets are in Unicode code points of
`Article.text`, half open: `article.text[start:end]`. All dates are ISO strings (YYYY-MM-DD) or None.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Span = tuple[int, int]
Status = Literal["answered", "not_in_corpus", "incomplete"]
Verdict = Literal["yes", "no", "disputed"]
Support = Literal["verified", "unverified"]
Turn = tuple[str, str]
"""One turn of a conversation: (question, answer)."""

NOT_IN_ARTICLES = "The articles do not say."
"""Begins every answer that declines, and is what a model is told to say: front ends, evaluation and
tests know a refusal by it."""


@dataclass(frozen=True)
class Article:
    """An article as it was loaded: `text` is what quotes are cut from and never changes afterwards."""

    id: str
    origin: str
    text: str
    title: str
    source: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    published_from: str | None = None
    """Where its source states the date, and in which words: `article:published_time: 2016-08-17T08:00Z`."""
    removed: tuple[str, ...] = ()
    """Lines that were taken off as boilerplate, in order."""
    notes: tuple[str, ...] = ()
    """What a reader should know about the loading, for example the encoding that was found."""


@dataclass(frozen=True)
class Chunk:
    """A run of whole sentences of one article, small enough for the embedding model."""

    article_id: str
    position: int
    start: int
    end: int
    sentences: tuple[Span, ...]
    heading: str
    """Title and date, put before the text when it is embedded; never part of a quote."""


@dataclass(frozen=True)
class Passage:
    """A chunk that was retrieved for a question. `text` is `article.text[start:end]`."""

    chunk_id: int
    article_id: str
    title: str
    source: str | None
    published: str | None
    url: str | None
    text: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    score: float = 0.0
    lexical: float = 0.0
    """BM25 score, 0 where no word matched."""
    dense: float = 0.0
    """Cosine similarity of the embeddings, 0 where it was not computed."""
    sentence_scores: tuple[float, ...] = ()
    """Cosine similarity of each sentence, in the order of `sentences`; empty while not yet embedded."""


@dataclass(frozen=True)
class Related:
    """What came nearest when the articles do not answer. Not evidence."""

    article_id: str
    title: str
    quote: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Evidence:
    """The words of an article that an engine wants to cite; `cite.py` checks them."""

    article_id: str
    start: int
    end: int
    quote: str
    speaker: str | None = None


@dataclass(frozen=True)
class DraftClaim:
    """A statement before it was checked, with the evidence that is to carry it."""

    text: str
    evidence: tuple[Evidence, ...]
    extracted: bool = False
    """Code took it from the article as it stands: no model chose its words."""


@dataclass(frozen=True)
class Usage:
    """Tokens that a model counted for one answer, all calls together."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Draft:
    """What an engine makes of a question: claims, or a reason for having none. Not yet checked."""

    confidence: float
    verdict: Verdict | None = None
    claims: tuple[DraftClaim, ...] = ()
    reason: str | None = None
    related: tuple[Related, ...] = ()
    accounts: tuple[DraftClaim, ...] = ()
    """Where articles give different answers, one claim for each answer; they are among the claims."""
    engine: str = "quotes"
    cut: str | None = None
    """Why the claims are not all that there was to say, in words for users; None where they are."""
    notice: str | None = None
    """What a reader should know of how the answer was made, in words for users."""
    usage: Usage | None = None
    first_word: float | None = None
    """When the first word was shown, by `time.perf_counter`; None where nothing has been shown yet."""


@dataclass(frozen=True)
class Copy:
    """Another article that prints the same words: wire copy reprinted is one source, not two."""

    article_id: str
    title: str
    source: str | None
    published: str | None
    url: str | None


@dataclass(frozen=True)
class Day:
    """What words such as "on Tuesday" mean, by the article's date: `article.text[start:end] == words`.

    `date` is an ISO date (2016-08-16), month (2016-07), year (2015), or week
    (2016-08-08/2016-08-14). For display beside the words, never in their place.
    """

    words: str
    date: str
    start: int
    end: int


@dataclass(frozen=True)
class Citation:
    """Words of an article that back an answer: `article.text[start:end] == quote`."""

    n: int
    article_id: str
    title: str
    source: str | None
    published: str | None
    url: str | None
    quote: str
    start: int
    end: int
    speaker: str | None = None
    also_in: tuple[Copy, ...] = ()
    """Near-identical articles in which the quote stands too."""
    days: tuple[Day, ...] = ()
    """The days that the quote names by their relation to the article's date, as far as that is certain."""
    said_on: str | None = None
    """The ISO date of the day on which the speaker spoke; None unless the quote tells it."""


@dataclass(frozen=True)
class Claim:
    """One statement of an answer and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True)
class Filters:
    """Which articles may be used. Empty means all; dates are inclusive."""

    after: str | None = None
    before: str | None = None
    sources: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.after or self.before or self.sources or self.include or self.exclude)


@dataclass(frozen=True)
class Answer:
    """The answer object of the contract: the same in every front end."""

    question: str
    standalone_question: str
    status: Status
    reason: str | None
    verdict: Verdict | None
    confidence: float
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    related: tuple[Related, ...] = ()
    engine: str = "quotes"
    timings_ms: dict[str, float] = field(default_factory=dict)
    """retrieve, answer, total; with a model also first_token: from the question to its first word."""
    notice: str | None = None
    """What a reader should know of how the answer was made, for example that the model failed."""
    usage: Usage | None = None
    """What the model counted; null without a model, or where its endpoint does not count."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON shape of the contract, ready for `json.dumps`."""
        return asdict(self)


@dataclass(frozen=True)
class PassagesFound:
    """Event: what the answer will be drawn from."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Delta:
    """Event: a further piece of the answer's text; `AnswerReady` replaces it by what was checked.

    An empty piece only tells that work goes on: a chance to leave for whoever has stopped reading.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    """Where the markers of this piece lead while it is not checked yet: whole passages."""
    checked: bool = True
    """False for what a model is still writing."""


@dataclass(frozen=True)
class AnswerReady:
    """Event, always the last: the whole answer, checked."""

    answer: Answer


Event = PassagesFound | Delta | AnswerReady
