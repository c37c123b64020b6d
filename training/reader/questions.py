"""A parsed sentence → questions that it answers, and questions on it that it does not answer.

For each clause: the subject, an object, a time, a place, a doer or a reason is asked for, the rest of the
clause is kept in part. Rules only; no question written by anyone is read.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clauses import (
    NUMBERS,
    PLACES,
    TIMES,
    Clause,
    clauses,
    entity_kinds,
    phrase,
    size,
    tells_place,
    tells_time,
)
from .question_words import QuestionWords
from .wording import Word, Wording

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_PRONOUNS = frozenset({"he", "she", "it", "they", "this"})
_ESSENTIAL = frozenset({"prt", "dobj", "attr", "acomp", "xcomp", "oprd"})
_LEAST_WORDS, _MOST_WORDS = 3, 26


@dataclass(frozen=True)
class Asked:
    """A question's words, its kind ("no …" where the sentence does not answer it) and the tokens that answer."""

    words: list[Word]
    kind: str
    answer: Sequence[Token] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)


class Asker:
    """Asks about sentences."""

    def __init__(self, rng: random.Random, wording: Wording) -> None:
        self._rng = rng
        self._wording = wording
        self._words = QuestionWords(rng)

    def ask(self, sentence: Span, subject_of_pronouns: str) -> list[Asked]:
        """All questions on a sentence; "he", "it" … are `subject_of_pronouns`, or not asked about if it is empty."""
        found = [*self._appositions(sentence)]
        for clause in clauses(sentence):
            found += self._ask_clause(clause, sentence, subject_of_pronouns)
        return [asked for asked in found if _is_specific(asked)]

    def _ask_clause(self, clause: Clause, sentence: Span, subject_of_pronouns: str) -> Iterator[Asked]:
        subject = clause.subject
        if subject.tag_ in {"WDT", "WP"}:
            yield from self._relative(clause)
            return
        if subject.pos_ == "PRON":
            if subject.lemma_.lower() not in _PRONOUNS or not subject_of_pronouns:
                return
            said = [Word(subject_of_pronouns)]
        else:
            tokens = phrase(subject)
            if len(tokens) > 14 or subject.tag_ == "EX":
                return
            said = self._wording.said(tokens)
            yield from self._subject(clause)
        front, verb = self._verb(clause)
        for complement in clause.complements:
            kept = self._kept(clause.complements, complement)
            yield from self._complement(complement, [Word(front), *said, *verb, *kept])
        body = [Word(front), *said, *verb, *self._kept(clause.complements, None)]
        yield from self._reason(clause, [Word(front), *said, *verb])
        yield from self._untold(clause, sentence, body)

    def _verb(self, clause: Clause) -> tuple[str, list[Word]]:
        """The auxiliary that comes before the subject, and the verb's words after it."""
        verb, auxiliaries = clause.verb, clause.auxiliaries
        if auxiliaries:
            front = {"'s": "is", "’s": "is", "'ve": "have", "'re": "are", "'ll": "will", "'d": "would"}
            first = auxiliaries[0].text.lower()
            return front.get(first, first), [Word(token.text) for token in [*auxiliaries[1:], verb]]
        if verb.lemma_ == "be":
            return {"'s": "is", "’s": "is", "'re": "are"}.get(verb.text.lower(), verb.text.lower()), []
        return {"VBD": "did", "VBZ": "does"}.get(verb.tag_, "do"), [Word(self._wording.verb(verb.lemma_))]

    def _kept(self, complements: Sequence[Token], asked_for: Token | None) -> list[Word]:
        """The complements that the question keeps, in their order."""
        words: list[Word] = []
        for complement in sorted(complements, key=lambda token: token.i):
            if complement is asked_for or size(complement) > 14:
                continue
            if complement.dep_ in _ESSENTIAL or self._rng.random() < 0.55:
                words += self._wording.said(phrase(complement))
        return words

    def _subject(self, clause: Clause) -> Iterator[Asked]:
        subject = clause.subject
        kept = self._kept(clause.complements, None)
        if not any(word.token is not None and not word.token.is_stop for word in kept):
            return
        verb = [Word(token.text, token) for token in [*clause.auxiliaries, clause.verb]]
        numbers = [child for child in subject.children if child.dep_ == "nummod"]
        if numbers and subject.tag_ == "NNS":
            yield Asked([Word("how many " + subject.text.lower()), *verb, *kept], "number", numbers)
        else:
            yield Asked([Word(self._words.thing(subject)), *verb, *kept], "subject", phrase(subject))

    def _relative(self, clause: Clause) -> Iterator[Asked]:
        """X, who does this → who does this?"""
        head = clause.verb.head
        kept = self._kept(clause.complements, None)
        if clause.verb.dep_ == "relcl" and head.pos_ in {"PROPN", "NOUN"} and kept:
            verb = [Word(token.text, token) for token in [*clause.auxiliaries, clause.verb]]
            yield Asked([Word(self._words.thing(head)), *verb, *kept], "subject", phrase(head))

    def _complement(self, complement: Token, body: list[Word]) -> Iterator[Asked]:
        if tells_time(complement):
            yield Asked([Word(self._words.time(complement)), *body], "time", phrase(complement))
        elif tells_place(complement):
            yield Asked([Word(self._words.place(complement)), *body], "place", phrase(complement))
        elif complement.dep_ in {"dobj", "attr"} and size(complement) <= 20:
            yield self._object(complement, body)
        elif complement.dep_ == "agent":
            before, after = self._words.doer(complement)
            end = [Word(after)] if after else []
            yield Asked([Word(before), *body, *end], "doer", phrase(complement))
        elif complement.dep_ == "prep" and complement.lemma_ != "of" and self._rng.random() < 0.35:
            named = next((child for child in complement.children if child.dep_ == "pobj"), None)
            if named is not None:
                words = [Word(self._words.thing(named)), *body, Word(complement.text.lower())]
                yield Asked(words, "object of a preposition", phrase(named))

    def _object(self, complement: Token, body: list[Word]) -> Asked:
        numbers = [child for child in complement.children if child.dep_ == "nummod"]
        if numbers and complement.tag_ == "NNS":
            return Asked([Word("how many " + complement.text.lower()), *body], "number", numbers)
        if "MONEY" in entity_kinds(complement):
            return Asked([Word("how much"), *body], "number", phrase(complement))
        return Asked([Word(self._words.thing(complement)), *body], "object", phrase(complement))

    def _reason(self, clause: Clause, start: list[Word]) -> Iterator[Asked]:
        def is_reason(token: Token) -> bool:
            if token.dep_ == "advcl":
                return any(child.lemma_ in {"because", "since", "so"} for child in token.children)
            return token.dep_ == "prep" and token.lemma_ in {"because", "due"}

        reasons = [child for child in clause.verb.children if is_reason(child)]
        if reasons:
            others = [complement for complement in clause.complements if complement not in reasons]
            yield Asked([Word("why"), *start, *self._kept(others, None)], "reason", phrase(reasons[0]))

    def _untold(self, clause: Clause, sentence: Span, body: list[Word]) -> Iterator[Asked]:
        """Asks for a time, a place, a number where the whole sentence has none."""
        kinds = {entity.label_ for entity in sentence.ents}
        if not kinds & TIMES:
            yield Asked([Word(self._words.unknown_time()), *body], "no time")
        placing = any(
            child.lemma_ in {"in", "at", "on"} for child in clause.complements if child.dep_ == "prep"
        )
        if not kinds & PLACES and not placing:
            yield Asked([Word(self._words.unknown_place()), *body], "no place")
        for complement in clause.complements:
            if not kinds & NUMBERS and complement.dep_ == "dobj" and complement.tag_ == "NNS":
                rest = [word for word in body if word.token not in set(phrase(complement))]
                yield Asked([Word("how many " + complement.text.lower()), *rest], "no number")

    def _appositions(self, sentence: Span) -> Iterator[Asked]:
        """X, the head of Y → who is the head of Y?"""
        for token in sentence:
            head = token.head
            named = head.ent_type_ in {"PERSON", "ORG", "GPE", "WORK_OF_ART", "PRODUCT"}
            if token.dep_ == "appos" and named and token.pos_ == "NOUN" and 3 <= size(token) <= 14:
                asked = "who" if head.ent_type_ == "PERSON" else "what"
                verb = Word(self._rng.choice(["is", "was"]))
                yield Asked(
                    [Word(asked), verb, *self._wording.said(phrase(token))], "apposition", _before(token)
                )


def _before(apposition: Token) -> list[Token]:
    """The name that an apposition explains, without the apposition."""
    explained = {token.i for token in apposition.subtree}
    return [token for token in phrase(apposition.head) if token.i not in explained and not token.is_punct]


def _is_specific(asked: Asked) -> bool:
    content = sum(word.token is None or not word.token.is_stop for word in asked.words)
    return content >= _LEAST_WORDS and len(asked.words) <= _MOST_WORDS
