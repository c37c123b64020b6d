"""A statement → the sentences of some passages that carry it, or come nearest. Pure; no I/O.

The sentences with most of its words are tried first, then those that the learnt reader finds likely, then
sentences together. Knows neither the model that made the statement nor its markers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..cite import quoted
from ..records import Article, Evidence, Passage, Span
from ..speaking import speaker_at
from ..support import HE_OR_SHE, Entailment, Finding, Meaning, support
from ..support.reading import read

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
class _Line:
    """A sentence of a passage, with its place in it."""

    passage: Passage
    number: int
    shared: int


def carrying(
    text: str,
    passages: Sequence[Passage],
    shown: Sequence[Passage],
    articles: Mapping[str, Article],
    meaning: Meaning | None,
) -> tuple[Evidence, ...]:
    """The fewest sentences of the passages that carry the text; empty if none do, or if another sentence
    that was shown of the same article says otherwise more plainly."""
    lines = _ranked(text, passages)
    alone = [_alone(line, articles) for line in lines]
    findings = [_finding(text, (evidence,), articles, meaning) for evidence in alone]
    ids = {evidence.article_id for evidence in alone}
    elsewhere = _ranked(text, [p for p in shown if p not in passages and p.article_id in ids])
    all_findings = findings + [
        _finding(text, (_alone(line, articles),), articles, meaning) for line in elsewhere[:_MOST_PAIRED]
    ]
    opposed = max((finding.covered for finding in all_findings if finding.against), default=0.0)
    for evidence, finding in zip(alone, findings, strict=True):
        if finding.carried and finding.covered >= opposed:
            return (evidence,)
    for line in _likely(text, passages, meaning.entailment, lines) if meaning and meaning.entailment else ():
        evidence = _alone(line, articles)
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


def nearest(text: str, passages: Sequence[Passage], articles: Mapping[str, Article]) -> tuple[Evidence, ...]:
    """The sentence of the named passages with most of the text's words, to be looked at beside it."""
    lines = _ranked(text, passages)
    if not lines or lines[0].shared < _LEAST_NEAR * len(read(text).content()):
        return ()
    return (_alone(lines[0], articles),)


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


def _alone(line: _Line, articles: Mapping[str, Article]) -> Evidence:
    return _evidence(line.passage, line.number, line.number, articles)


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
