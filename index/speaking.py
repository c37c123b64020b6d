"""Who says a sentence of an article, where it is told by the sentences before: "she said", or a quotation that goes on.

Reads at most a few sentences back, and names nobody where another person could be meant. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from .attribution import are_several, is_person, is_quotation, pronoun, speaker, subject
from .sentences import sentence_bounds

_MOST_BACK = 5
"""A pronoun, or a quotation, leans on no sentence farther back."""
_LONGEST_BACK = 2_500


def speaker_at(article_text: str, start: int, end: int) -> str | None:
    """Who says the sentence `article_text[start:end]`, named there or in the sentences before it, or None."""
    sentence = article_text[start:end]
    if name := speaker(sentence, article_text):
        return name
    if not pronoun(sentence, article_text) and not is_quotation(sentence):
        return None
    begin = max(0, start - _LONGEST_BACK)
    before = article_text[begin:start]
    sentences = [text for a, b in sentence_bounds(before) if (text := before[a:b].strip())]
    return _said_by([*sentences[-_MOST_BACK:], sentence.strip()], article_text)


def _said_by(sentences: Sequence[str], article_text: str) -> str | None:
    """Who says the last of the sentences."""
    *before, sentence = sentences
    if name := speaker(sentence, article_text):
        return name
    who = pronoun(sentence, article_text)
    if who in {"he", "she"}:
        own = subject(sentence, article_text) if sentence[-1] != sentence[0] and "“" in sentence[1:] else None
        return own if own and is_person(own) else _meant(who, before, article_text)
    if not before:
        return None
    if who is None:
        return _said_by(before, article_text) if is_quotation(sentence) else None
    name = _said_by(before, article_text)
    return name if name and not is_person(name) and are_several(name) == (who == "they") else None


def _meant(who: str, before: Sequence[str], article_text: str) -> str | None:
    """Whom "he" or "she" means after some sentences: who spoke last, or whom the last one is about."""
    if not before:
        return None
    *earlier, last = before
    if name := _said_by(before, article_text):
        return name if is_person(name) else None
    about = subject(last, article_text)
    return (
        _meant(who, earlier, article_text) if about == who else about if about not in {"he", "she"} else None
    )
