"""The engine that needs no model: it answers in the articles' own sentences, or declines.

Knows passages and the question; not where they come from, nor how quotes are checked and numbered.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..parts import FoundPart
from ..question import Question
from ..records import Article, Draft, DraftClaim, Evidence, Passage, Related
from ..speaking import speaker_at
from ..support import is_struck
from ..support.entailment import Entailment
from ..windows import ReadsWindows
from ..wording import same_words, says_nothing_new
from .comparison import compare
from .confidence import confidence
from .differing import differing
from .dispute import accounts
from .evidence import REREAD, Sentence, reread, score_sentences, words_of
from .followup import StandAlone
from .reading import READ, read_sentences
from .verdict import verdict

NAME = "quotes"
THEY_DIFFER = "Accounts differ: the articles give different answers to this."

_MARGIN = 2.0
"""A further sentence is quoted if its score is within this of the best one's,"""
_MARGIN_WHEN_READ = 4.5
"""or within this, where what the reader says is in the scores, and sets them further apart,"""
_MARGIN_OF_DOUBT = 1.0
"""and within as much more as this times the doubt: the less sure, the more there is to see."""
_MARGIN_WHEN_SETTLED = 1.0
"""A sentence that gives a verdict needs little beside it."""
_ORDER_PENALTY = 2.5
"""Taken off an instruction planted in an article: it is quoted only where nothing else is as near."""
_SURE_OF_A_COMPARISON = 0.9
"""Every report that the question names was found."""
_SURE_OF_VERDICT = 0.8
"""Least confidence where a sentence settles the question, in whatever words: verdicts are that rare."""
_NOTHING_SIMILAR = 0.25
_NOTHING_COVERED = 0.2
_MOST_RELATED = 3
_CLEAR_ALONE = 0.6
_LEANS_ON_BEFORE = re.compile(
    r"^[“\"]?(?:He|She|It|They|His|Her|Its|Their|This|These|Those|Such|That|At that|By then|"
    r"The (?:decision|move|comments?|remarks?|announcement|statement|report|incident|attack|deal|two|pair|company|"
    r"group|ruling|vote))\b|"
    # "Nine were passengers": of whom, the sentence before says.
    r"^(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Some|Many|Most|Others?|Another|All|None|Both|Neither|Each|"
    r"Several|Few|Half)(?: of (?:them|these|those|which|whom))? (?:was|were|is|are|had|have|has|will|would|died)\b"
)


def draft(
    question: Question,
    passages: Sequence[Passage],
    articles: dict[str, Article],
    *,
    about: StandAlone,
    similar_alone: Callable[[Sequence[str]], list[float]],
    most_quotes: int,
    threshold: float,
    reader: ReadsWindows | None = None,
    parts: Sequence[FoundPart] = (),
) -> Draft:
    """The sentences that answer the question, or the reason why none does.

    Args:
        question: the stand-alone question, analysed.
        passages: what was retrieved for it, best first.
        articles: the passages' articles by id, whole.
        about: what the question was in the conversation.
        similar_alone: the cosine of each of some sentences, read by itself, with the question.
        most_quotes: how many sentences at the most.
        threshold: least confidence with which to answer; below, it declines.
        reader: reads the best sentences again, beside the question; None if none is at hand.
        parts: what was found for each part of a question that has several.
    """
    sentences = reread(score_sentences(question, passages), similar_alone)
    if reader and sentences:
        sentences = read_sentences(question, sentences, reader)
    sentences = _orders_later(sentences, articles)
    if about.asks_who_said and (said := _said_before(sentences, about.quoted_before, articles)):
        return Draft(confidence=0.9, claims=tuple(_claim(s, articles, question) for s in said[:1]))
    sure = _confidence(question, sentences, articles, follow_up=about.last is not None)
    if compared := compare(question, parts):
        told = _pick(compared.sentences, most_quotes, math.inf)
        claims = _claims(told, articles, question)
        return Draft(confidence=max(sure, _SURE_OF_A_COMPARISON), verdict=compared.verdict, claims=claims)
    found = verdict(question, sentences, Entailment(reader) if reader else None)
    sure = max(sure, _SURE_OF_VERDICT if found else 0.0)
    if sure < threshold:
        return _decline(question, sentences, sure)
    differ = differing(question, sentences, articles)
    sides = differ or (() if found else accounts(question, sentences, articles))
    if sides:
        found = "disputed" if question.kind == "yesno" else None
    usual = _MARGIN_WHEN_READ if READ in sentences[0].features else _MARGIN
    margin = _MARGIN_WHEN_SETTLED if found else usual + _MARGIN_OF_DOUBT * (1 - sure)
    # Who tells the two accounts comes first, whatever else is near.
    ranked = [*sides, *(s for s in sentences if s not in sides)]
    picked = _pick(ranked, most_quotes, margin, at_least=max(len(sides), 2 if found == "disputed" else 1))
    return Draft(
        confidence=sure,
        verdict=found,
        claims=_claims(picked, articles, question),
        accounts=tuple(_claim(s, articles, question) for s in differ),
        notice=THEY_DIFFER if differ else None,
    )


def _orders_later(sentences: list[Sentence], articles: dict[str, Article]) -> list[Sentence]:
    """The sentences, of the best those put back that order about whoever reads them: they report nothing."""
    struck = [s for s in sentences[:REREAD] if is_struck(articles[s.passage.article_id].text, s.start, s.end)]
    if not struck:
        return sentences
    later = [replace(s, score=s.score - _ORDER_PENALTY) if s in struck else s for s in sentences]
    return sorted(later, key=lambda sentence: -sentence.score)


def _confidence(
    question: Question, sentences: Sequence[Sentence], articles: dict[str, Article], *, follow_up: bool
) -> float:
    if not sentences:
        return 0.0
    whole = articles[sentences[0].passage.article_id]
    return confidence(question, sentences, words_of(whole.text) | words_of(whole.title), follow_up=follow_up)


def _said_before(sentences: Sequence[Sentence], quoted: str, articles: dict[str, Article]) -> list[Sentence]:
    flat = " ".join(quoted.split())
    return [
        s
        for s in sentences
        if " ".join(s.text.split()) in flat
        and speaker_at(articles[s.passage.article_id].text, s.start, s.end)
    ]


def _pick(sentences: Sequence[Sentence], most: int, margin: float, *, at_least: int = 0) -> list[Sentence]:
    picked: list[Sentence] = []
    for sentence in sentences:
        if len(picked) == most or (len(picked) >= at_least and sentence.score < sentences[0].score - margin):
            break
        # A reprint with a word changed says nothing new; its article is named beside the quote.
        known = (before.text for before in picked)
        if not any(same_words(sentence.text, t) or says_nothing_new(sentence.text, t) for t in known):
            picked.append(sentence)
    return picked


def _claims(
    sentences: Sequence[Sentence], articles: dict[str, Article], question: Question
) -> tuple[DraftClaim, ...]:
    """A claim for each sentence, no words quoted twice: what one leans on may be quoted already, or be the next."""
    quoted: dict[str, list[Evidence]] = {}
    claims = []
    for sentence in sentences:
        before = quoted.setdefault(sentence.passage.article_id, [])
        if not any(e.start <= sentence.start and sentence.end <= e.end for e in before):
            claim = _claim(sentence, articles, question, before)
            before += claim.evidence
            claims.append(claim)
    return tuple(claims)


def _claim(
    sentence: Sentence, articles: dict[str, Article], question: Question, before: Sequence[Evidence] = ()
) -> DraftClaim:
    """`before` is what is quoted of the article already."""
    article = articles[sentence.passage.article_id]
    start = _start_with_context(sentence, article, question)
    if any(e.start <= start < e.end for e in before):
        start = sentence.start
    quote = article.text[start : sentence.end]
    said_by = speaker_at(article.text, sentence.start, sentence.end)
    evidence = Evidence(article.id, start, sentence.end, quote, said_by)
    return DraftClaim(" ".join(quote.split()), (evidence,), extracted=True)


def _start_with_context(sentence: Sentence, article: Article, question: Question) -> int:
    """Where the quote begins: at the sentence before, in the same paragraph, if this one leans on it.

    A sentence that has most of the question's words says by itself what it is about; but not who "she" is,
    if that is the question.
    """
    clear = sentence.features["covered"] >= _CLEAR_ALONE and question.kind != "who"
    if sentence.number == 0 or clear or not _LEANS_ON_BEFORE.match(sentence.text):
        return sentence.start
    start, end = sentence.passage.sentences[sentence.number - 1]
    return start if "\n\n" not in article.text[end : sentence.start] else sentence.start


def _decline(question: Question, sentences: Sequence[Sentence], sure: float) -> Draft:
    near = [
        s
        for s in sentences
        if s.features["similar"] > _NOTHING_SIMILAR or s.features["covered"] > _NOTHING_COVERED
    ]
    related = tuple(
        Related(
            article_id=s.passage.article_id,
            title=s.passage.title,
            quote=s.text,
            start=s.start,
            end=s.end,
            score=round(max(0.0, min(1.0, s.features["similar"])), 4),
        )
        for s in _pick(near, _MOST_RELATED, math.inf)
    )
    return Draft(confidence=sure, reason="related_only" if related else "nothing_found", related=related)
