"""Which question word asks for a thing, a time, a place, a doer; so that "which city" never asks for a country."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from countryinfo import all_countries

from .clauses import entity_kinds

if TYPE_CHECKING:
    from spacy.tokens import Token

PEOPLE = frozenset(
    (
        "president minister leader man woman king queen director officer author player captain chief official "
        "scientist people founder member student worker mayor senator governor judge singer actor actress coach "
        "general professor spokesman spokeswoman lawyer researcher teacher artist writer resident"
    ).split()
)
_RECORDS = [country.info() for country in all_countries()]
_REGIONS = frozenset(place.casefold() for record in _RECORDS for place in record.get("provinces") or ())
_COUNTRIES = frozenset(
    name.casefold()
    for record in _RECORDS
    for name in (record["name"], *(record.get("altSpellings") or ()))
    if len(name) > 3
) | {"u.s.", "us", "usa", "uk", "u.k."}
_YEAR = re.compile(r"\b(1[0-9]|20)\d\d\b")
_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?\b", re.IGNORECASE)


class QuestionWords:
    """Chooses among the question words that fit."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def thing(self, head: Token) -> str:
        """Ask for what a noun names."""
        if head.ent_type_ == "PERSON" or (head.lemma_.lower() in PEOPLE and not head.ent_type_):
            return "who"
        if head.ent_type_ == "GPE":
            return self._rng.choice([*_places(_name(head)), "what place", "what"])
        if head.ent_type_ == "ORG":
            return self._rng.choice(["which organization", "what company", "who", "what"])
        is_narrowed = any(child.dep_ in {"amod", "compound"} for child in head.children)
        if head.pos_ == "NOUN" and is_narrowed and self._rng.random() < 0.25:
            return "what " + head.text.lower()
        return "what"

    def time(self, complement: Token) -> str:
        """Ask for what a complement tells of time; with no token, see `unknown_time`."""
        text = " ".join(token.text for token in complement.subtree)
        if complement.lemma_ == "for":
            return "how long"
        choices = ["when", "when", "when"]
        if _YEAR.search(text):
            choices += ["in what year", "what year"]
        if _MONTH.search(text) and re.search(r"\d", text):
            choices.append("on what date")
        return self._rng.choice(choices)

    def place(self, complement: Token) -> str:
        """Ask for what a complement tells of place."""
        places = [token for token in complement.subtree if token.ent_type_ == "GPE"]
        narrow = ["in " + words for words in _places(_name(places[0]))] if places else []
        return self._rng.choice(["where", "where", "in what place", *narrow])

    def doer(self, agent: Token) -> tuple[str, str]:
        """Ask for who something was done by: the words before and after the clause."""
        named = next((child for child in agent.children if child.dep_ == "pobj"), agent)
        is_person = named.lemma_.lower() in PEOPLE or bool(entity_kinds(named) & {"PERSON", "ORG", "NORP"})
        if is_person:
            return self._rng.choice([("who", "by"), ("by whom", "")])
        return self._rng.choice([("what", "by"), ("by what", "")])

    def unknown_time(self) -> str:
        """Ask for a time that is not told."""
        return self._rng.choice(["when", "when", "what year", "on what date"])

    def unknown_place(self) -> str:
        """Ask for a place that is not told."""
        return self._rng.choice(["where", "where", "in which city", "in what country"])


def _name(head: Token) -> str:
    """The whole name that a token is part of."""
    for entity in head.doc.ents:
        if entity.start <= head.i < entity.end:
            return str(entity.text).casefold().removeprefix("the ")
    return str(head.text).casefold()


def _places(name: str) -> list[str]:
    """What sort of place a name is asked for as; nothing where it is not known."""
    if name in _COUNTRIES:
        return ["which country", "what country"]
    if name in _REGIONS:
        return []
    return ["which city", "what city"]
