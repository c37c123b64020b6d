"""Whether a sentence tells what a yes/no question asks: of the same one who does it, and of the same that it is done
to. English, by rule; pure. Knows nothing of how much of a question a sentence has, nor of denials.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..language import stem
from . import senses
from .counts import missing_figure
from .matching import match
from .quantities import wrong_quantity
from .reading import Reading, Token, read
from .roles import is_after_preposition, is_passive, may_be_verb, words_before

_TELLS_WHETHER = re.compile(r"refus|fail|declin|manag|continu|beg[aiu]n|start|go|went|help")
"""What before "to" tells that something is done, or is not: "managed to", "refused to"."""
_CONDITION = re.compile(
    r",? (?:on (?:the |one )?condition|provid(?:ed|ing) (?:that|they|it|the)|as long as|subject to)\b.*"
)
_BE = frozenset("is are was were isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t".split())
_MOST_BETWEEN = 3
_CONTRASTS = frozenset("while whereas but although though yet".split())


def is_what_is_asked(asked: Reading, verb: int, quote: Reading, at: int) -> bool:
    """Whether the quote has the one whom a question asks of do it, and to what it asks of, as far as it names them.

    Args:
        asked: the question, whose first words of meaning are who does it.
        verb: which of its words is what is done.
        quote: a sentence.
        at: which of its words is what is done.
    """
    if is_passive(asked, verb) != is_passive(quote, at) or _is_not_quite_done(quote, at):
        return False
    content = [i for i, token in enumerate(asked.tokens) if token.content]
    return _has_doer(asked, [i for i in content if i < verb], quote, at) and all(
        _is_said_of(asked, i, quote, at) for i in content if i > verb
    )


def may_be_told(reading: Reading, at: int) -> bool:
    """As `roles.may_be_verb`, or behind "not", or right behind a name: "Russia backs Assad"."""
    before = reading.tokens[at - 1] if at else None
    if before is None or may_be_verb(reading, at):
        return before is not None
    after_name = before.name and reading.tokens[at].lower.endswith("s")
    return before.lower in {"not", "never"} or before.lower.endswith(("n't", "n’t")) or after_name


def is_so(asked: Reading, quote: Reading, meant: Callable[[str], frozenset[str]]) -> bool:
    """Whether the quote tells of the same what it is: all the words of the question in their order, "is" among them,
    and hardly any between them.

    Args:
        asked: a question such as "Is the bridge to Harsund open?".
        quote: a sentence.
        meant: the stems of a word's meaning and of its opposite.
    """
    words = [token for token in asked.tokens if token.content]
    for start, token in enumerate(quote.tokens):
        if _same(words[0], token) and _follow(words[1:], quote, start, meant):
            return True
    return False


def _follow(words: Sequence[Token], quote: Reading, at: int, meant: Callable[[str], frozenset[str]]) -> bool:
    """Whether words come one after the other behind a word of a quote, with "is" between two of them."""
    is_told = False
    for word in words:
        found = next(
            (j for j in range(at + 1, len(quote.tokens)) if _has(word, quote.tokens[j], meant)), None
        )
        if found is None:
            return False
        between = quote.tokens[at + 1 : found]
        is_here = any(token.lower in _BE for token in between)
        if sum(token.content for token in between) > (_MOST_BETWEEN if is_here else 1):
            return False
        is_told, at = is_told or is_here, found
    return is_told


def _has(word: Token, token: Token, meant: Callable[[str], frozenset[str]]) -> bool:
    return _same(word, token) or (not word.name and stem(token.text) in meant(word.text))


def as_statement(asked: Reading, verb: int) -> str:
    """A yes/no question as a statement: "Did Iraq permit it?" is "Iraq did permit it."."""
    text, (first, *_) = asked.text, asked.tokens
    subject, rest = text[first.end : asked.tokens[verb].start], text[asked.tokens[verb].start :]
    return f"{subject.strip()} {first.lower} {rest.rstrip(' ?')}."


def speaks_against(statement: str, sentence: str) -> bool:
    """Whether a sentence turns round or weakens what a statement says, or tells of fewer. A condition does not:
    that what is done is done on conditions is an answer, too."""
    claim, quote = read(statement), read(_CONDITION.sub("", sentence))
    pairs = match(claim, quote)
    return bool(
        senses.opposite(claim, quote, pairs)
        or senses.differs(claim, quote, pairs, attributed=False)
        or wrong_quantity(claim, quote, pairs)
        or missing_figure(claim, quote, pairs)
    )


def _is_not_quite_done(reading: Reading, at: int) -> bool:
    """Whether a verb stands behind "almost", "can", or "to" where nothing tells that it was done, or refused; or is
    what somebody is told: "do not close"."""
    told = [token for token in reading.tokens[:at] if token.lower not in {"not", "never"}]
    if told[-1].lower in {"do", "don't", "don’t"} and (len(told) < 2 or told[-2].clause != told[-1].clause):
        return True
    before = [token.lower for token in reading.tokens[max(0, at - 2) : at]]
    return before[-1:] in (["almost"], ["nearly"], ["can"]) or (
        before[-1:] == ["to"] and not _TELLS_WHETHER.match(before[0])
    )


def _has_doer(asked: Reading, subject: Sequence[int], quote: Reading, at: int) -> bool:
    before = [i for i in words_before(quote, at) if quote.tokens[i].content]
    doers = [i for i in before if not is_after_preposition(quote, i)]
    meant = [asked.tokens[i] for i in subject if not is_after_preposition(asked, i)]
    whose = [asked.tokens[i] for i in subject if is_after_preposition(asked, i)]
    if not all(any(_same(one, quote.tokens[j]) for j in before) for one in whose):
        return False
    if not any(token.name for token in meant):
        nearest = next((i for i in doers if not quote.tokens[i].lower.endswith("ly")), None)
        return nearest is not None and quote.tokens[nearest].stem in {token.stem for token in meant}
    named = next((i for i in doers if quote.tokens[i].name), None)
    run = [quote.tokens[j] for j in next((run for run in quote.names if named in run), ())]
    return _is_named(tuple(token for token in meant if token.name), run)


def _is_named(names: Sequence[Token], run: Sequence[Token]) -> bool:
    """Whether a name is one of those asked of: "Lind" is "Rosa Lind", "Spain's Council" is no "Norwegian Council"."""
    not_told = [one for one in names if not any(_same(one, other) for other in run)]
    not_asked = [other for other in run if not any(_same(one, other) for one in names)]
    return len(not_told) < len(names) and not (not_told and not_asked)


def _is_said_of(asked: Reading, i: int, quote: Reading, at: int) -> bool:
    """Whether a word of the question stands where the sentence tells of the verb, with no turn to somebody else in
    between, or nowhere."""
    places = [j for j, token in enumerate(quote.tokens) if _same(asked.tokens[i], token)]
    turns = [j for j, token in enumerate(quote.tokens) if token.lower in _CONTRASTS]
    return not places or any(not any(min(at, j) < turn < max(at, j) for turn in turns) for j in places)


def _same(one: Token, other: Token) -> bool:
    return one.stem == other.stem or (one.place is not None and one.place == other.place)
