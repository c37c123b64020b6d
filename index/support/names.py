"""Whether the names of a claim stand in its quotes, as themselves or as what the article calls them. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from .reading import Reading, Token, is_title

_SMALL = frozenset("of and the for in on to at by de la von van der".split())
_CAPITALISED = r"(?:[A-Z][\w’'.-]*|of|and|de|la|van|von|der|al)"

_OFFICE = re.compile(
    r"\b(?:is|was|are|were|became|becomes|as)\s+"
    r"(?:(?:the|an?|its|his|her|their|now|then|still|also|acting|current|former|deputy|vice|prime|foreign|"
    r"defen[cs]e|interior|finance|health|(?-i:[A-Z])[\w’'-]*)\s+){0,4}?"
    r"(?P<office>president|minister|chancellor|king|queen|prince|princess|senator|governor|mayor|judge|director|"
    r"chairman|chairwoman|spokesman|spokeswoman|speaker|secretary|ambassador|commissioner|captain|pope)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|whether|unless|wants?|wanted|hopes?|hoped)\b[^,.;]*$", re.IGNORECASE)


def missing_office(claim: Reading, quoted: Reading, article: str) -> str | None:
    """The office that a claim says somebody holds, if neither the quoted words have it nor the article has it
    beside a name of the claim; or None. Elsewhere a title before a name is only a manner of speaking."""
    people = [token for token in claim.tokens if token.name and not token.place and not is_title(token)]
    for match in _OFFICE.finditer(claim.text):
        if _SUPPOSED.search(claim.text[: match.start()]):
            continue
        office = match["office"]
        held = any(token.lower == office.casefold() for token in quoted.tokens)
        if not held and not any(_side_by_side(office.capitalize(), one.text, article) for one in people):
            return office
    return None


def missing_name(claim: Reading, run: tuple[int, ...], quoted: Reading, article: str) -> str | None:
    """The first word of a name that the quoted words do not have in any form, or None.

    Args:
        claim: the claim.
        run: the indexes of the name's words in it.
        quoted: the words quoted.
        article: the whole article: it tells that "Lavrov" is "Sergei Lavrov", or "the line" "Brannoy Line".
    """
    words = [claim.tokens[i] for i in run]
    if _abbreviated(words, quoted) or _described(words, quoted, article):
        return None
    held = [word for word in words if _stands(word, quoted)]
    # "UN" that the quote spells out is no part of "UN Security Council"; nor is a country its president.
    known = [word for word in held if not word.text.isupper() and not (word.place and len(words) > 1)]
    for word in words:
        if word in held or (is_title(word) and len(words) == 1):
            continue
        if known and word is words[0] and re.search(rf"\b{re.escape(word.lower)}\b", article):
            continue  # "Plumber Ruben Asker", whom the article calls "the plumber, Ruben Asker"
        if not _belongs(word, known, article):
            return word.text
    return None


def _stands(word: Token, quoted: Reading) -> bool:
    return (
        word.stem in quoted.stems
        or bool(word.place and word.place in quoted.places)
        or (
            word.text.isupper() and len(word.text.replace(".", "")) > 1 and _spelt_out(word.text, quoted.text)
        )
    )


def _abbreviated(words: list[Token], quoted: Reading) -> bool:
    """ "United Nations" where the quote has "UN"."""
    initials = "".join(word.text[0] for word in words if word.lower not in _SMALL).casefold()
    return len(initials) > 1 and any(
        token.lower.replace(".", "") == initials and token.text[0].isupper() for token in quoted.tokens
    )


@lru_cache(maxsize=2048)
def _spelt_out(acronym: str, text: str) -> bool:
    """ "MAB" where the quote has "Marine Accidents Board"."""
    letters = acronym.replace(".", "").casefold()
    for match in re.finditer(rf"{_CAPITALISED}(?: {_CAPITALISED})+", text):
        initials = "".join(word[0] for word in match.group().split() if word.casefold() not in _SMALL)
        if letters in initials.casefold():
            return True
    return False


def _belongs(word: Token, held: list[Token], article: str) -> bool:
    """Whether the article has the word in one name with a word that is quoted: "Sergei" and "Lavrov"."""
    return any(_side_by_side(word.text, other.text, article) for other in held)


@lru_cache(maxsize=4096)
def _side_by_side(one: str, other: str, article: str) -> bool:
    between = rf"(?:[ .’'-]+{_CAPITALISED}){{0,3}}[ .’'-]+"
    return bool(
        re.search(rf"\b{re.escape(one)}{between}{re.escape(other)}\b", article)
        or re.search(rf"\b{re.escape(other)}{between}{re.escape(one)}\b", article)
    )


def _described(words: list[Token], quoted: Reading, article: str) -> bool:
    """ "Brannoy Line" where the quote has "the line", and the article the whole name."""
    if len(words) < 2 or " ".join(w.text for w in words) not in article:
        return False
    stems = {word.stem for word in words if not is_title(word)}
    tokens = quoted.tokens
    return any(
        token.stem in stems and not token.name and i > 0 and tokens[i - 1].lower in {"the", "its", "their"}
        for i, token in enumerate(tokens)
    )
