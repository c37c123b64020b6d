"""Who says what the words quoted say. English, by rule; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..attribution import speaker
from .reading import SAYING, Reading

_NOBODY = re.compile(
    r"^(?:the |a |an |this |one |some |its |interim )*(?:articles?|reports?|passages?|sources?|text|"
    r"story|news\w*|press|"
    r"media|it|he|she|they|company|poll|survey|study|records?|log|results?|investigators?|officials?|police)$",
    re.IGNORECASE,
)
_SMALL = frozenset("the a an of and for in on mr ms mrs dr who that to by at is".split())
_SAYS_HE = re.compile(
    r"^(?:[“\"][^“”\"]*[”\"],? )?(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|His|Her|Their|Its|This|That|The [a-z]\w+)\b|"
    r"\b(?:he|she|they|it) (?:\w+ )?(?:sa\w+|add\w+|told)\b"
)


def wrong_speaker(
    claim: Reading, sentences: Sequence[Reading], focus: int, article: str, said_by: str | None
) -> str | None:
    """The speaker whom the claim names and the quote does not, or None.

    Args:
        claim: the claim.
        sentences: the sentences quoted, one after another.
        focus: the number of the one that has most of the claim.
        article: the whole article.
        said_by: who says the last of them, where the engine knows.
    """
    name = speaker(claim.text) or _telling(claim)
    if name is None or _NOBODY.match(name) or not (wanted := _weighty(name)):
        return None
    found: set[str] = set()
    for n in range(focus, -1, -1):
        said = said_by if n == len(sentences) - 1 else None
        found |= {word for who in speakers(sentences[n], article, said) for word in _weighty(who)}
        # "He said": whoever was speaking, or spoken of, in the sentence before.
        if found and not _SAYS_HE.search(sentences[n].text):
            break
        if not n and len(sentences) > 1:
            break
        if not n:
            # Who "he" is, these sentences do not tell: the name is missing, not wrong.
            return None if _SAYS_HE.search(sentences[0].text) else name
        before = sentences[n - 1]
        found |= {word for run in before.names for word in _weighty(_words(before, run))}
    return None if wanted & found or not (wanted & _weighty(article)) else name


def _telling(claim: Reading) -> str | None:
    """The name that a claim begins with, if what follows is a verb of saying: "Quill apologized"."""
    if not claim.names or any(token.content for token in claim.tokens[: claim.names[0][0]]):
        return None
    run = claim.names[0]
    after = claim.tokens[run[-1] + 1 : run[-1] + 2]
    return _words(claim, run) if after and SAYING.fullmatch(after[0].lower) else None


def speakers(quote: Reading, article: str, said_by: str | None) -> Iterator[str]:
    """Everybody whom the words quoted have say, call, deny … something."""
    if said_by:
        yield said_by
    for sentence in _sentence_texts(quote):
        if who := speaker(sentence, article):
            yield who
    for match in SAYING.finditer(quote.text):
        yield from _beside(quote, match.start(), match.end())


def _beside(quote: Reading, start: int, end: int) -> Iterator[str]:
    """The names and nouns next before a verb of saying in its sentence, and next after it if it is "
    "inverted."""
    at = next((i for i, t in enumerate(quote.tokens) if t.start >= start), len(quote.tokens) - 1)
    sentence = quote.tokens[at].sentence
    before = [run for run in quote.names if run[-1] < at and quote.tokens[run[0]].sentence == sentence]
    if before:
        if not _in_relative_clause(quote, before[-1][-1], at):
            yield " ".join(quote.tokens[i].text for i in before[-1])
        if quote.tokens[at].clause != quote.tokens[before[-1][-1]].clause:
            yield " ".join(quote.tokens[i].text for i in before[0])
    near = [i for i in range(max(0, at - 5), at) if quote.tokens[i].sentence == sentence]
    yield " ".join(
        quote.tokens[i].text
        for i in near
        if quote.tokens[i].content and not _in_relative_clause(quote, i, at)
    )
    quoted_before = quote.text[:start].rstrip()[-1:] in {"”", '"', ","}
    if quoted_before or quote.text[start:end].casefold() == "according to":
        yield " ".join(t.text for t in quote.tokens if end <= t.start < end + 60 and t.sentence == sentence)


def _in_relative_clause(quote: Reading, name: int, verb: int) -> bool:
    """Whether a name stands in what only tells who somebody is: "Doran, who is challenging Tesk, said"."""
    clause = quote.tokens[name].clause
    first = next(token.lower for token in quote.tokens if token.clause == clause)
    return first in {"who", "whose", "which"} and quote.tokens[verb].clause > clause


def _words(reading: Reading, run: Sequence[int]) -> str:
    return " ".join(reading.tokens[i].text for i in run)


def _weighty(words: str) -> set[str]:
    return {w for w in re.findall(r"[^\W\d_]{2,}", words.casefold()) if w not in _SMALL}


def _sentence_texts(reading: Reading) -> Iterator[str]:
    starts = [0]
    for one, other in pairwise(reading.tokens):
        if other.sentence != one.sentence:
            starts.append(other.start)
    starts.append(len(reading.text))
    for start, end in pairwise(starts):
        yield reading.text[start:end].strip()
