"""Whether a sentence tells what a yes/no question asks: of the same one who does it, and of the same that it is done
to. English, by rule; pure. Knows nothing of how much of a question a sentence has, nor whether it denies it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..language import stem
from .reading import Reading, Token
from .roles import is_after_preposition, is_passive, may_be_verb, words_before

_TELLS_WHETHER = re.compile(r"refus|fail|declin|manag|continu|beg[aiu]n|start|go|went|help")
"""What before "to" tells that something is done, or is not: "managed to", "refused to"."""
_BE = frozenset("is are was were isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t".split())
_MOST_BETWEEN = 3
"""Words of meaning between what a question is about and "is", at the most."""
_CONTRASTS = frozenset("while whereas but although though yet".split())


def is_what_is_asked(asked: Reading, verb: int, quote: Reading, at: int) -> bool:
    """Whether the quote has the one whom a question asks of do it, and to what it asks of, as far as it names them.

    Args:
        asked: the question, whose first words of meaning are who does it.
        verb: which of its words is what is done.
        quote: a sentence.
        at: which of its words is what is done.
    """
    if is_passive(asked, verb) != is_passive(quote, at):
        return False
    content = [i for i, token in enumerate(asked.tokens) if token.content]
    return _has_doer(asked, [i for i in content if i < verb], quote, at) and all(
        _is_said_of(asked, i, quote, at) for i in content if i > verb
    )


def is_told_of_another(asked: Reading, verb: int, quote: Reading, at: int) -> bool:
    """Whether the quote names another who does it, or turns to somebody else before what it is done to; arguments as
    `is_what_is_asked`."""
    if is_passive(asked, verb) != is_passive(quote, at):
        return False
    content = [i for i, token in enumerate(asked.tokens) if token.content]
    names = [asked.tokens[i] for i in content if i < verb and asked.tokens[i].name]
    told = _named_doer(quote, [i for i in words_before(quote, at) if not is_after_preposition(quote, i)])
    is_another = bool(names) and bool(told) and not _is_named(names, told)
    return is_another or not all(_is_said_of(asked, i, quote, at) for i in content if i > verb)


def may_be_told(reading: Reading, at: int) -> bool:
    """As `roles.may_be_verb`, or behind "not", or right behind a name: "Russia backs Assad"."""
    before = reading.tokens[at - 1] if at else None
    if before is None or may_be_verb(reading, at):
        return before is not None
    after_name = before.name and reading.tokens[at].lower.endswith("s")
    return before.lower in {"not", "never"} or before.lower.endswith(("n't", "n’t")) or after_name


def is_so(asked: Reading, quote: Reading, meant: Callable[[str], frozenset[str]]) -> bool:
    """Whether the quote tells of the same what it is: all the words of the question in their order, "is" among them,
    and no others, but for a few before it that tell more of what it is about.

    Args:
        asked: a question such as "Is the bridge to Harsund open?".
        quote: a sentence.
        meant: the stems of a word's meaning and of its opposite.
    """
    words = [token for token in asked.tokens if token.content]
    starts = [at for at, token in enumerate(quote.tokens) if words and _same(words[0], token)]
    return any(_follow(words[1:], quote, at, meant) for at in starts)


def _follow(words: Sequence[Token], quote: Reading, at: int, meant: Callable[[str], frozenset[str]]) -> bool:
    """Whether words come one after the other behind a word of a quote, as `is_so` says."""
    is_told = False
    for word in words:
        found = next(
            (j for j in range(at + 1, len(quote.tokens)) if _has(word, quote.tokens[j], meant)), None
        )
        if found is None:
            return False
        between = quote.tokens[at + 1 : found]
        be = next((n for n, token in enumerate(between) if token.lower in _BE), None)
        if any(token.content and not token.lower.endswith("ly") for token in between[be or 0 :]):
            return False
        another = be and (between[0].content or between[0].lower == "s")
        if another or sum(token.content for token in between[: be or 0]) > _MOST_BETWEEN:
            return False
        is_told, at = is_told or be is not None, found
    return is_told


def _has(word: Token, token: Token, meant: Callable[[str], frozenset[str]]) -> bool:
    return _same(word, token) or (not word.name and stem(token.text) in meant(word.text))


def is_not_quite_done(reading: Reading, at: int) -> bool:
    """Whether a verb stands behind "almost", "can", or "to" where nothing tells that it was done, or refused; or is
    what somebody is told: "do not close"."""
    told = [token for token in reading.tokens[:at] if token.lower not in {"not", "never", "have"}]
    before = [token.lower for token in told[-2:]]
    is_order = before[-1:] in (["do"], ["don't"], ["don’t"])
    if is_order and (len(told) < 2 or told[-2].clause != told[-1].clause):
        return True
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
    return _is_named(tuple(token for token in meant if token.name), _named_doer(quote, doers))


def _named_doer(quote: Reading, doers: Sequence[int]) -> list[Token]:
    """The name, with all its words, that is nearest before a verb."""
    named = next((i for i in doers if quote.tokens[i].name), None)
    return [quote.tokens[j] for j in next((run for run in quote.names if named in run), ())]


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
