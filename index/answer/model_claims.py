"""What a model wrote → draft claims with the exact sentences that carry them. Pure; no I/O.

The model's text is hostile. Its markers are hints only: where a claim stands is found by code, with
the check that `cite.py` repeats. Knows no model, and not how claims are numbered or shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..cite import quoted
from ..question import Question
from ..records import NOT_IN_ARTICLES, Article, DraftClaim, Evidence, Passage, Span, Verdict
from ..speaking import speaker_at
from ..support import HE_OR_SHE, Entailment, Finding, Meaning, is_addressed, senses, support
from ..support.matching import match
from ..support.reading import read
from .evidence import Sentence
from .plain import Statement, statements
from .verdict import verdict

_LEADING_VERDICT = re.compile(r"^(?P<verdict>yes|no)\b(?:\s*[,.:;!–—-]+\s*|\s*$)", re.IGNORECASE)
_SOURCES = r"(?:articles?|passages?|texts?|sources?|documents?|excerpts?|context|reports?)"
_DECLINES = re.compile(
    rf"\b(?:the |these |those |provided |given |available |supplied |news |any of |none of )*{_SOURCES}"
    r"(?: provided| given| above| available| supplied| here)? "
    r"(?:(?:do|does|did)(?: not|n['’]t)|cannot|can['’]t|fail to|contains? no|provides? no|offers? no|"
    r"gives? no|"
    r"makes? no mention|says? nothing|has no|have no)\b|"
    rf"\b(?:no|not enough|insufficient) (?:information|mention|answer|"
    rf"details?)\b.{{0,60}}\b(?:{_SOURCES}|about|on)\b|"
    rf"\b(?:not|n['’]t) (?:\w+ )?(?:mentioned|stated|said|specified|addressed|answered|discussed|"
    rf"covered) (?:in|by) (?:the |these )?(?:\w+ )?{_SOURCES}|"
    r"\bI (?:cannot|can['’]t|could not|couldn['’]t|am unable to|do not|don['’]t) (?:answer|find|"
    r"determine|know|say)|"
    r"\b(?:cannot|can['’]t) be (?:answered|determined) (?:from|based on|by)\b",
    re.IGNORECASE,
)
MOST_STATEMENTS = 40
"""Statements of an answer that are checked: checking has no deadline, and a model may write on and on."""
_MOST_TRIED = 6
"""Sentences of a passage that are tried for a claim, those with most of its words first."""
_MOST_LIKELY = 2
"""Sentences that are tried beside these because the reader finds them likely, whatever words they share."""
_MOST_READ = 4
"""Passages that are read whole for a claim: reading costs time."""
_MOST_PAIRED = 4
_CONTEXT = 2
"""Sentences before one that leans on them that a quote may begin at."""
_CONTEXT_OF_A_PERSON = 4
_LEANS = re.compile(r"\b(?:he|she|they|it|his|her|their|its|him|them|this|these|those|the)\b", re.IGNORECASE)
_LEAST_NEAR = 0.34


@dataclass(frozen=True)
class ModelDraft:
    """What a model's text comes to: its claims, its verdict if it stands, whether it declines, and how many
    of its statements are left out, being past the most that are checked."""

    claims: tuple[DraftClaim, ...]
    verdict: Verdict | None
    declined: bool
    left_out: int = 0


@dataclass(frozen=True)
class _Line:
    """A sentence of a passage, with its place in it."""

    passage: Passage
    number: int
    shared: int


def model_draft(
    text: str,
    question: Question,
    passages: Sequence[Passage],
    articles: Mapping[str, Article],
    meaning: Meaning | None = None,
) -> ModelDraft:
    """The claims of a model's answer, each with the sentences that carry it, or come nearest.

    Args:
        text: what the model wrote, as it came.
        question: what was asked, analysed.
        passages: what the model was shown; markers name them from 1 on.
        articles: the passages' articles by id, whole.
        meaning: what tells words of like meaning, if there is a model that does.
    """
    written = statements(text)
    lead, said = _leading_verdict(written[:MOST_STATEMENTS])
    declined = (bool(said) and bool(_is_refusal(said[0].text))) or (not said and lead is None)
    shown = [(number, p) for number, p in enumerate(passages, 1) if _is_current(p, articles)]
    claims: list[DraftClaim] = []
    carried: list[DraftClaim] = []
    for statement in said:
        if _is_refusal(statement.text):
            continue
        claim, holds = _claim(statement, shown, articles, meaning)
        claims.append(claim)
        if holds:
            carried.append(claim)
    stands = _standing(lead, question, carried, shown, articles)
    return ModelDraft(tuple(claims), stands, declined, max(0, len(written) - MOST_STATEMENTS))


def _leading_verdict(said: list[Statement]) -> tuple[Verdict | None, list[Statement]]:
    """The verdict that the text begins with, and the statements without it."""
    match = _LEADING_VERDICT.match(said[0].text) if said else None
    if not match:
        return None, said
    found: Verdict = "yes" if match["verdict"].casefold() == "yes" else "no"
    rest = said[0].text[match.end() :]
    rest = rest[:1].upper() + rest[1:]
    first = [Statement(rest, said[0].passages, said[0].marked)] if re.search(r"\w", rest) else []
    return found, [*first, *said[1:]]


def _is_refusal(text: str) -> bool:
    return text.casefold().startswith(NOT_IN_ARTICLES.casefold().rstrip(".")) or bool(_DECLINES.search(text))


def _claim(
    statement: Statement,
    shown: Sequence[tuple[int, Passage]],
    articles: Mapping[str, Article],
    meaning: Meaning | None,
) -> tuple[DraftClaim, bool]:
    """The claim with its evidence, and whether that carries it."""
    named = [p for number, p in shown if number in statement.passages]
    if (statement.marked and not named) or is_addressed(statement.text):
        # Its markers name nothing that was shown, so there is no telling what it was taken from; or it
        # speaks to the reader, and even word for word from an article that is no answer.
        return DraftClaim(statement.text, ()), False
    others = [p for _, p in shown if p not in named]
    for places in (named, others):
        evidence = _carrying(statement.text, places, [p for _, p in shown], articles, meaning)
        if evidence:
            return DraftClaim(statement.text, evidence), True
    return DraftClaim(statement.text, _nearest(statement.text, named, articles)), False


def _carrying(
    text: str,
    passages: Sequence[Passage],
    shown: Sequence[Passage],
    articles: Mapping[str, Article],
    meaning: Meaning | None,
) -> tuple[Evidence, ...]:
    """The fewest sentences of the passages that carry the text; empty if none do, or if another sentence
    that was shown of the same article says otherwise more plainly."""
    lines = _ranked(text, passages)
    alone = [_evidence(line.passage, line.number, line.number, articles) for line in lines]
    findings = [_finding(text, (evidence,), articles, meaning) for evidence in alone]
    ids = {evidence.article_id for evidence in alone}
    elsewhere = _ranked(text, [p for p in shown if p not in passages and p.article_id in ids])
    all_findings = findings + [
        _finding(text, (_evidence(line.passage, line.number, line.number, articles),), articles, meaning)
        for line in elsewhere[:_MOST_PAIRED]
    ]
    opposed = max((finding.covered for finding in all_findings if finding.against), default=0.0)
    for evidence, finding in zip(alone, findings, strict=True):
        if finding.carried and finding.covered >= opposed:
            return (evidence,)
    for line in _likely(text, passages, meaning.entailment, lines) if meaning and meaning.entailment else ():
        evidence = _evidence(line.passage, line.number, line.number, articles)
        finding = _finding(text, (evidence,), articles, meaning)
        if finding.carried and finding.covered >= opposed:
            return (evidence,)
        alone.append(evidence)
    if opposed:
        # What a sentence speaks against is not to be put together from others.
        return ()
    for line in lines:
        for window in _windows(line, articles):
            finding = _finding(text, window, articles, meaning)
            if finding.carried:
                return window
            if finding.against:
                break
    return next((pair for pair in _pairs(alone) if _finding(text, pair, articles, meaning).carried), ())


def _nearest(text: str, passages: Sequence[Passage], articles: Mapping[str, Article]) -> tuple[Evidence, ...]:
    """The sentence of the named passages with most of the text's words, to be looked at beside it."""
    lines = _ranked(text, passages)
    if not lines or lines[0].shared < _LEAST_NEAR * len(read(text).content()):
        return ()
    return (_evidence(lines[0].passage, lines[0].number, lines[0].number, articles),)


def _ranked(text: str, passages: Sequence[Passage]) -> list[_Line]:
    lines = [
        _Line(p, n, _shared(text, p.text[a - p.start : b - p.start], p.published))
        for p in passages
        for n, (a, b) in enumerate(p.sentences)
    ]
    return [line for line in sorted(lines, key=lambda line: -line.shared)[:_MOST_TRIED] if line.shared]


def _likely(
    text: str, passages: Sequence[Passage], entailment: Entailment, besides: Sequence[_Line]
) -> list[_Line]:
    """The sentences that the reader finds likeliest to carry the text, besides those, the likeliest first."""
    known = {(line.passage.chunk_id, line.number) for line in besides}
    rated = [
        (odds, _Line(p, number, 0))
        for p in passages[:_MOST_READ]
        for number, odds in enumerate(entailment.of_each(text, p))
    ]
    rated.sort(key=lambda pair: -pair[0])
    return [line for _, line in rated if (line.passage.chunk_id, line.number) not in known][:_MOST_LIKELY]


def _shared(text: str, sentence: str, published: str | None) -> int:
    """How many words of meaning, numbers and days a sentence shares with the text."""
    claim, line = read(text, published), read(sentence, published)
    stems = {token.stem for token in claim.tokens if token.content} & line.stems
    values = {figure.value for figure in claim.figures} & {figure.value for figure in line.figures}
    return len(stems) + len(values) + len(set(claim.days) & set(line.days))


def _windows(line: _Line, articles: Mapping[str, Article]) -> Iterator[tuple[Evidence, ...]]:
    """The sentence with what stands before it, as far as it may lean on that, the shortest first."""
    offset = line.passage.start
    texts = [line.passage.text[a - offset : b - offset] for a, b in line.passage.sentences]
    most = _CONTEXT_OF_A_PERSON if HE_OR_SHE.search(texts[line.number]) else _CONTEXT
    for back in range(1, min(most, line.number) + 1):
        if back <= _CONTEXT and not _LEANS.search(texts[line.number - back + 1]):
            return
        yield (_evidence(line.passage, line.number - back, line.number, articles),)


def _pairs(alone: Sequence[Evidence]) -> Iterator[tuple[Evidence, ...]]:
    for one, other in combinations(alone[:_MOST_PAIRED], 2):
        yield tuple(sorted((one, other), key=lambda e: (e.article_id, e.start)))


def _evidence(passage: Passage, first: int, last: int, articles: Mapping[str, Article]) -> Evidence:
    article = articles[passage.article_id]
    start, end = passage.sentences[first][0], passage.sentences[last][1]
    own: Span = passage.sentences[last]
    said_by = speaker_at(article.text, *own)
    return Evidence(article.id, start, end, article.text[start:end], said_by)


def _finding(
    text: str, evidence: Sequence[Evidence], articles: Mapping[str, Article], meaning: Meaning | None
) -> Finding:
    return support(text, [quoted(e, articles[e.article_id]) for e in evidence], meaning)


def _is_current(passage: Passage, articles: Mapping[str, Article]) -> bool:
    article = articles.get(passage.article_id)
    return article is not None and article.text[passage.start : passage.end] == passage.text


def _standing(
    lead: Verdict | None,
    question: Question,
    carried: Sequence[DraftClaim],
    shown: Sequence[tuple[int, Passage]],
    articles: Mapping[str, Article],
) -> Verdict | None:
    """The verdict, if the sentences that were quoted bear it out and no shown sentence is against it."""
    if lead is None or question.kind != "yesno" or not carried:
        return None
    quoted = [e for claim in carried for e in claim.evidence]
    sentences = [
        Sentence(p, n, p.text[a - p.start : b - p.start], a, b, {}, 0.0)
        for _, p in shown
        for n, (a, b) in enumerate(p.sentences)
    ]
    mine = [
        s
        for s in sentences
        if any(e.start <= s.start and s.end <= e.end and e.article_id == s.passage.article_id for e in quoted)
    ]
    against = {verdict(question, [s]) for s in sentences} - {None}
    if against - {lead}:
        return None
    denied = any(_denies(s.text, question) for s in mine)
    return lead if verdict(question, mine) in {lead, None} and denied == (lead == "no") else None


def _denies(sentence: str, question: Question) -> bool:
    """Whether a sentence says "not", or the opposite, of what the question asks."""
    asked, said = read(question.text), read(sentence)
    pairs = match(asked, said)
    reason = senses.differs(asked, said, pairs, attributed=True) or ""
    return reason.startswith("the quote denies it") or bool(senses.opposite(asked, said, pairs))
