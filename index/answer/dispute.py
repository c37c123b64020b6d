"""Where the articles tell two accounts of what a question asks, and who tells which. Pure.

A matter is in dispute where a sentence near the question says so ("gave conflicting accounts"), has
somebody deny what somebody else alleges, or where one speaker states what another denies. Decides
nothing about who is right. English, by rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from ..language import Term
from ..question import Question
from ..records import Article
from ..speaking import speaker_at
from .evidence import Sentence, Words, coverage, words_about, words_of
from .negation import ALLEGATION, DENIAL, UNSETTLED, is_negated, sense_in
from .verdict import CHOICE

_TWO_ACCOUNTS = re.compile(
    r"\b(?:(?:conflicting|contradictory|differing|different|opposing) (?:accounts?|versions?|figures|stories)|"
    r"disagree[sd]?|(?:do|does|did|could|can)(?: not|n[’']t)(?: even)? agree|at odds|contradict(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_CLOSE = 5
"""How many of the best sentences are looked at, and"""
_MARGIN = 4.0
"""how much less than the best one's their scores may be."""
_IN_ARTICLE = 0.7
"""Of the question's weight, held by the article that the sentence is from;"""
_BY_ITSELF = 0.2
"""and by the sentence alone."""


def accounts(
    question: Question, sentences: Sequence[Sentence], articles: Mapping[str, Article]
) -> tuple[Sentence, ...]:
    """The two sentences that tell the two accounts, or the one that tells of both; none without dispute.

    Args:
        question: the question; none but yes/no questions have two sides.
        sentences: best first.
        articles: the sentences' articles by id, whole.
    """
    if question.kind != "yesno" or CHOICE.search(question.text):
        return ()
    near = [s for s in sentences[:_CLOSE] if s.score >= sentences[0].score - _MARGIN]
    near = [s for s in near if _is_about(question, s, articles)]
    said = {id(s): speaker_at(articles[s.passage.article_id].text, s.start, s.end) for s in near}
    for one, other in combinations(near, 2):
        if said[id(one)] and said[id(other)] and said[id(one)] != said[id(other)]:
            sides = {states(question, one), states(question, other)}
            if sides == {True, False}:
                return one, other
    for sentence in near:
        if _tells_of_both(question, sentence.text):
            others = (s for s in near if s is not sentence and said[id(s)] not in {None, said[id(sentence)]})
            return (sentence, *list(others)[:1])
    return ()


def _tells_of_both(question: Question, text: str) -> bool:
    """Whether a sentence speaks of two accounts, or has somebody deny what is alleged, and that of what is asked."""
    plain = [term for term in question.terms if not term.is_name and not term.is_number]
    # "Rejecting" is the opposite of much, and here tells only that something is denied.
    is_of_it = 2 * sum(sense > 0 for _, sense in _relation(question, words_of(text))) > len(plain)
    return bool(_TWO_ACCOUNTS.search(text) or (is_of_it and DENIAL.search(text) and ALLEGATION.search(text)))


def _is_about(question: Question, sentence: Sentence, articles: Mapping[str, Article]) -> bool:
    own = words_of(sentence.text)
    whole = words_of(articles[sentence.passage.article_id].text) | words_about(sentence.passage)
    return (
        bool(_relation(question, own))
        and coverage(question, own) >= _BY_ITSELF
        and coverage(question, whole) >= _IN_ARTICLE
        and all(whole.hold(term) for term in question.terms if term.is_name)
    )


def states(question: Question, sentence: Sentence) -> bool | None:
    """Whether the sentence states the matter (True) or denies it (False); None where it does neither."""
    own = words_of(sentence.text)
    relation = _relation(question, own)
    if len(relation) < 2 or UNSETTLED.search(sentence.text) or ALLEGATION.search(sentence.text):
        return None
    negated = is_negated(sentence.text, [term for term, _ in relation])
    if negated is None:
        return None
    turned = sum(sense == -1 for _, sense in relation) + bool(DENIAL.search(sentence.text))
    return not (negated + turned) % 2


def _relation(question: Question, own: Words) -> list[tuple[Term, int]]:
    """The words of the question that are no names, as far as the sentence has them, in which sense."""
    matter = (term for term in question.terms if not term.is_name and not term.is_number)
    return [(term, sense) for term in matter if (sense := sense_in(term, own.stems))]
