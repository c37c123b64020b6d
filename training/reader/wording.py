"""Words of a sentence → the words of a question, said a little otherwise.

A reader who asks does not repeat the sentence that answers. So adjectives and adverbs are left out now
and then, common words exchanged for words of like meaning, and questions typed as people type them:
without capitals, without a question mark, now and then as mere keywords. Knows nothing of grammar.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Token

SYNONYMS = Path(__file__).parents[2] / "index" / "wordnet" / "synonyms.txt"
MOST_SYNONYMS = 3
"""A word with more of them has many meanings, and one is likely to be of the wrong one."""
_FRONT = re.compile(
    r"(?:\w+ )?(?:how (?:many|much|long)|what|who|whom|when|where|which|why|how)\b", re.IGNORECASE
)


class Word(NamedTuple):
    """A word of a question, and the token it comes from if it is one of the article's."""

    text: str
    token: Token | None = None


def read_synonyms(path: Path = SYNONYMS) -> dict[str, list[str]]:
    """Words with the few single words of like meaning that WordNet has for them."""
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        head, _, rest = line.partition(": ")
        like = rest.partition("|")[0].split()
        single = [word for word in like if "_" not in word]
        if not line.startswith("#") and single and len(like) <= MOST_SYNONYMS:
            found[head] = single
    return found


class Wording:
    """Says things otherwise, by chance."""

    def __init__(self, rng: random.Random, synonyms: dict[str, list[str]], stop_words: set[str]) -> None:
        self._rng = rng
        self._synonyms = synonyms
        self._stop_words = stop_words

    def said(self, tokens: Iterable[Token]) -> list[Word]:
        """The tokens as words of a question."""
        words = []
        for token in tokens:
            if token.is_space:
                continue
            text = token.text
            if not token.ent_type_:
                if token.dep_ in {"amod", "advmod"} and self._rng.random() < 0.35:
                    continue
                if token.tag_ in {"NN", "JJ"} and self._rng.random() < 0.25:
                    text = self._otherwise(token.lemma_.lower(), text)
                if token.i == token.sent.start and token.pos_ != "PROPN":
                    text = text[:1].lower() + text[1:]
            words.append(Word(text, token))
        return words

    def verb(self, lemma: str) -> str:
        """The verb's base form, or that of one of like meaning."""
        return self._otherwise(lemma, lemma) if self._rng.random() < 0.3 else lemma

    def finished(self, words: Sequence[Word]) -> str:
        """The question as typed."""
        text = joined(word.text for word in words)
        if self._rng.random() < 0.06:
            text = self._keywords(text)
        text = text.lower() if self._rng.random() < 0.3 else text[:1].upper() + text[1:]
        return text + ("?" if self._rng.random() < 0.75 else "")

    def _otherwise(self, lemma: str, text: str) -> str:
        like = self._synonyms.get(lemma)
        return self._rng.choice(like) if like else text

    def _keywords(self, text: str) -> str:
        front = _FRONT.match(text)
        end = front.end() if front else 0
        rest = [word for word in text[end:].split() if word.lower() not in self._stop_words]
        return " ".join([text[:end].strip(), *rest])


def joined(words: Iterable[str]) -> str:
    """Words with spaces between them where English has them."""
    text = " ".join(words)
    text = re.sub(r" (['’]s|n['’]t|['’]|%|,|\.|\)|;|:)(?=\W|$)", r"\1", text)
    text = re.sub(r"(\(|\$) ", r"\1", text)
    text = re.sub(r"` ?` ?", '"', text).replace(" ''", '"').replace("''", '"')
    return text.replace(" - ", "-").strip()
