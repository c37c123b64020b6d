"""A parsed sentence → its clauses: verb, subject, auxiliaries, complements. Knows nothing of questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

TIMES = frozenset({"DATE", "TIME"})
PLACES = frozenset({"GPE", "LOC", "FAC"})
NUMBERS = frozenset({"CARDINAL", "QUANTITY", "MONEY", "PERCENT"})

_NOT_HEADS = frozenset("aux auxpass xcomp amod acl csubj".split())
_COMPLEMENTS = frozenset(
    "dobj attr acomp prep agent npadvmod xcomp ccomp oprd dative prt advmod pcomp".split()
)
_ASIDE = frozenset("relcl appos acl parataxis".split())
_LIST_MARKS = re.compile(r"[|*•●▪{}<>=]|https?:|www\.|\S_\S|^\W*\d+[.)]\s|\.\.\.")


@dataclass(frozen=True)
class Clause:
    """A verb and what belongs to it."""

    verb: Token
    subject: Token
    auxiliaries: list[Token]
    complements: list[Token]


def is_prose(sentence: Span) -> bool:
    """Tell sentences from headings, lists, menus, code and scraps."""
    text = sentence.text.strip()
    if not 6 <= len(sentence) <= 60 or _LIST_MARKS.search(text) or not re.search(r"[.!?][\"'”’)\s]*$", text):
        return False
    if sentence.root.pos_ not in {"VERB", "AUX"}:
        return False
    words = [token for token in sentence if token.is_alpha]
    small = sum(token.text.islower() for token in words)
    return len(words) >= 0.6 * len(sentence) and small >= 0.5 * len(words)


def clauses(sentence: Span) -> Iterator[Clause]:
    """Yield the clauses with a finite verb, one subject and no "not"."""
    for verb in sentence:
        if verb.pos_ not in {"VERB", "AUX"} or verb.dep_ in _NOT_HEADS:
            continue
        children = list(verb.children)
        subjects = [child for child in children if child.dep_ in {"nsubj", "nsubjpass"}]
        auxiliaries = [child for child in children if child.dep_ in {"aux", "auxpass"}]
        is_finite = bool(auxiliaries) or verb.tag_ in {"VBD", "VBZ", "VBP"}
        is_infinitive = bool(auxiliaries) and auxiliaries[0].tag_ == "TO"
        is_denied = any(child.dep_ == "neg" for child in children)
        if len(subjects) == 1 and is_finite and not is_infinitive and not is_denied:
            complements = [child for child in children if child.dep_ in _COMPLEMENTS]
            yield Clause(verb, subjects[0], auxiliaries, complements)


def phrase(head: Token) -> list[Token]:
    """The head with what depends on it, without long asides after it and without punctuation at its ends."""
    aside: set[int] = set()
    for child in head.children:
        if child.dep_ in _ASIDE and child.i > head.i and size(child) > 3:
            aside |= {token.i for token in child.subtree}
    tokens = [token for token in head.subtree if token.i not in aside]
    while tokens and tokens[-1].is_punct and tokens[-1].text not in {'"', ")"}:
        tokens.pop()
    while tokens and (tokens[0].is_punct or tokens[0].dep_ == "cc"):
        tokens.pop(0)
    return tokens


def size(head: Token) -> int:
    """How many tokens depend on it, itself included."""
    return sum(1 for _ in head.subtree)


def entity_kinds(head: Token) -> set[str]:
    """The kinds of names and numbers in what depends on it."""
    return {token.ent_type_ for token in head.subtree if token.ent_type_}


def tells_time(complement: Token) -> bool:
    """Tell whether a complement says when."""
    return (
        complement.dep_ in {"prep", "npadvmod"}
        and "DATE" in entity_kinds(complement)
        and size(complement) <= 8
    )


def tells_place(complement: Token) -> bool:
    """Tell whether a complement says where."""
    return (
        complement.dep_ == "prep"
        and complement.lemma_ in {"in", "at", "near", "on", "from", "to"}
        and bool(entity_kinds(complement) & PLACES)
        and size(complement) <= 9
    )
