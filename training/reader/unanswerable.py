"""Answered questions → questions like them that their window does not answer.

The sentence is taken out, a name or number is exchanged, a noun is exchanged, or the question is asked of the
window elsewhere that is most like it. Knows nothing of how the questions came about.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sklearn.feature_extraction.text import TfidfVectorizer

from .examples import Example
from .wording import Word, Wording

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_EXCHANGED = frozenset("PERSON ORG GPE DATE CARDINAL NORP LOC WORK_OF_ART EVENT".split())
_ELSEWHERE = 0.35
"""Share of the answered questions that are asked elsewhere too."""
_BATCH = 500
_NEAREST = 8


class Spoiler:
    """Makes answered questions unanswerable."""

    def __init__(self, rng: random.Random, wording: Wording, docs: Iterable[Doc]) -> None:
        self._rng = rng
        self._wording = wording
        self._names: dict[str, list[str]] = defaultdict(list)
        for doc in docs:
            for entity in doc.ents:
                self._names[entity.label_].append(entity.text)

    def spoil(self, example: Example, words: Sequence[Word], sentence: Span) -> Iterator[Example]:
        """Yield at most one unanswerable example made of an answered one and its question's words."""
        chance = self._rng.random()
        if chance < 0.40 and len(example.sentences) > 2:
            kept = [text for number, text in enumerate(example.sentences) if number != example.gold]
            yield replace(example, kind="removed", sentences=kept, gold=None, answer=None)
        elif chance < 0.75:
            named = [
                n for n, w in enumerate(words) if w.token is not None and w.token.ent_type_ in _EXCHANGED
            ]
            kind, changed = (
                ("swapped", self._swap(words, named, sentence))
                if named
                else ("exchanged", self._exchange(words, sentence))
            )
            if changed:
                question = self._wording.finished(changed)
                yield replace(example, kind=kind, question=question, gold=None, answer=None)

    def _swap(self, words: Sequence[Word], named: list[int], sentence: Span) -> list[Word]:
        """A name or number exchanged for another of its kind, of the same article more often than not."""
        label = words[named[0]].token.ent_type_  # type: ignore[union-attr]
        text = sentence.text.casefold()
        here = [entity.text for entity in sentence.doc.ents if entity.label_ == label]
        near = [name for name in here if name.casefold() not in text] if self._rng.random() < 0.6 else []
        other = self._rng.choice(near or self._names[label])
        if other.casefold() in text:
            return []
        gone = {n for n in named if words[n].token.ent_type_ == label}  # type: ignore[union-attr]
        return [
            Word(other) if number == named[0] else word
            for number, word in enumerate(words)
            if number == named[0] or number not in gone
        ]

    def _exchange(self, words: Sequence[Word], sentence: Span) -> list[Word]:
        """A noun exchanged for another of the article that the sentence does not have."""
        nouns = {"NN", "NNS", "NNP"}
        places = [
            n
            for n, w in enumerate(words)
            if w.token is not None and w.token.tag_ in nouns and len(w.text) > 3
        ]
        said = {token.lemma_ for token in sentence}
        others = [
            t.text for t in sentence.doc if t.tag_ in {"NN", "NNS"} and t.lemma_ not in said and len(t) > 3
        ]
        if not places or not others:
            return []
        place = self._rng.choice(places)
        return [*words[:place], Word(self._rng.choice(others)), *words[place + 1 :]]


@dataclass(frozen=True)
class Window:
    """Neighbouring sentences of an article."""

    title: str
    sentences: list[str]


def ask_elsewhere(
    examples: Sequence[Example], windows: Sequence[Window], rng: random.Random
) -> Iterator[Example]:
    """Ask answered questions of the windows most like them (TF-IDF) that have not their answer."""
    tfidf = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    of_windows = tfidf.fit_transform([f"{w.title}. {' '.join(w.sentences)}" for w in windows])
    answered = [example for example in examples if example.gold is not None and example.answer]
    picked = rng.sample(answered, int(_ELSEWHERE * len(answered)))
    for start in range(0, len(picked), _BATCH):
        batch = picked[start : start + _BATCH]
        scores = (tfidf.transform([example.question for example in batch]) @ of_windows.T).toarray()
        for example, row in zip(batch, scores, strict=True):
            nearest = [windows[int(n)] for n in row.argsort()[::-1][:_NEAREST] if row[n] > 0]
            silent = [window for window in nearest if not _tells(window, example)]
            if silent:
                window = silent[0] if rng.random() < 0.6 else rng.choice(silent)
                yield Example("elsewhere", example.question, window.title, window.sentences, gold=None)


def _tells(window: Window, example: Example) -> bool:
    if example.gold is None or example.answer is None:
        return False
    sentence = example.sentences[example.gold]
    answer = sentence[example.answer[0] : example.answer[1]]
    return sentence in window.sentences or answer.casefold() in " ".join(window.sentences).casefold()
