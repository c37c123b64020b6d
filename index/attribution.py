"""Who says what a sentence says: "according to …", "… said", "… insisted". English, by rule.

Names a speaker only where the sentence itself does; a pronoun stays unresolved. Pure.
"""

from __future__ import annotations

import re

_SAYS = (
    r"said|says|insisted|insists|added|adds|announced|announces|claimed|claims|denied|denies|stated|warned|"
    r"warns|argued|argues|explained|explains|acknowledged|acknowledges|confirmed|confirms|wrote|writes|"
    r"tweeted|testified|alleged|alleges|maintained|maintains|replied|responded|urged|vowed|pledged|declared|"
    r"complained|concluded|remarked|admitted|admits|rejected|rejects|is rejecting|accused|accuses|asserted|"
    r"asserts|emphasized|emphasised|revealed|disclosed"
)
# Words that are more often something else ("reported net income", "states") unless speech follows.
_SAYS_BEFORE_SPEECH = (
    r"(?:reported|reports|states|noted|notes|recalled|stressed|suggested|predicted|believes|told|tells)"
)
_SAY = rf"(?:{_SAYS}|told|tells|{_SAYS_BEFORE_SPEECH}(?= that\b|[:,]? ?[“\"]))"
_SAY_AT_THE_END = rf"(?:{_SAYS}|{_SAYS_BEFORE_SPEECH})"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_BETWEEN = (
    rf"(?: (?:on )?{_DAY}| (?:has|have|had|also|first|later|then|earlier|repeatedly|previously|again))*"
)
_NOUN_PHRASE = r"(?P<who>[^\s,;:“”\"()][^,;:“”\"()]{1,90}?)"
_APPOSITION = r"(?:, [^,“”\"]{2,140},)?"

_ACCORDING = re.compile(
    r"\b[Aa]ccording to (?P<who>[^,;:“”\"()]{2,90}?)(?=[,;:.“”\"()]|$| (?:on|in|who|which|that|but|and)\b)"
)
_RELATIVE = re.compile(rf"(?P<who>(?:[A-Z][\w’'.-]+ ?)+){_APPOSITION} who {_SAY}\b")
_LEADING = re.compile(
    rf"^(?:(?:But|And|Still|However|Meanwhile),? )?{_NOUN_PHRASE}{_APPOSITION}{_BETWEEN} {_SAY}\b"
)
_TRAILING = re.compile(
    rf"(?:,|[,.!?]?[”\"]) {_NOUN_PHRASE}{_APPOSITION}{_BETWEEN} {_SAY_AT_THE_END}"
    rf"(?= (?:on|in|at|to|during|via|by|from|{_DAY})\b|[.,;]|$)"
)
_INVERTED = re.compile(
    rf"(?:,|[”\"]) (?:{_SAYS}) (?P<who>(?:the |a |an )?[^,;:“”\"()]{{2,90}}?)(?=,|;|\.(?:\s|$)|$| (?:on|in)\b)"
)
_NO_SPEAKER = re.compile(
    r"^(?:over|in|on|at|after|before|for|with|of|by|when|while|as|if|although|since|from|under|during|he|she|it|they|i|we|you|who|which|that|this|there|one|some|many|others)\b|.*[’']s$",
    re.IGNORECASE,
)
_TITLES = frozenset(
    """president minister prime foreign defense defence secretary state chancellor king queen prince princess
    senator representative rep sen governor mayor general gen colonel col captain capt lieutenant lt sergeant
    sgt major admiral judge justice dr mr mrs ms sir lord lady professor prof chief executive officer director
    chairman chairwoman chair head spokesman spokeswoman spokesperson speaker deputy vice former attorney
    ambassador envoy commissioner inspector detective sheriff coach manager ceo pope bishop archbishop imam
    ayatollah sheikh leader interior finance health economy trade interim acting us u.s uk eu un""".split()
)
_NAME = re.compile(r"(?:[A-Z][\w’'-]*\.?|(?:al|el|bin|ibn|de|la|van|von|der|da|di|du|le)\b-?)(?:-\w+)*")
_NOT_A_SUBJECT = re.compile(r"\b(?:that|which|who|because|when|while|if|was|were|is|are|had|has)\b")
_MOST_WORDS = 10


def speaker(sentence: str, article_text: str = "") -> str | None:
    """Who is named as saying the sentence, or None.

    Args:
        sentence: one sentence of the article.
        article_text: the whole text; a last name alone is completed from it ("Lavrov").
    """
    for pattern in (_ACCORDING, _TRAILING, _LEADING, _INVERTED, _RELATIVE):
        match = pattern.search(sentence)
        if match and (name := _name(match.group("who"), article_text)):
            return name
    return None


def _name(phrase: str, article_text: str) -> str | None:
    phrase = re.sub(rf"(?: (?:on )?{_DAY})$", "", phrase.strip(" ’'"))
    if _NO_SPEAKER.match(phrase) or _NOT_A_SUBJECT.search(phrase) or len(phrase.split()) > _MOST_WORDS:
        return None
    person = _person(phrase)
    if person:
        return _full_name(person, article_text)
    if phrase[0].isupper() or re.match(r"(?:the|a|an|local|state|some|two|three|several)\b", phrase):
        return re.sub(r"^The\b", "the", phrase)
    return phrase if re.search(r"(?:officials?|police|ministry|sources?|agency|media)$", phrase) else None


def _person(phrase: str) -> str | None:
    """The name at the end of a phrase that begins with titles: "Prime Minister Haider al-Abadi"."""
    parts = phrase.split()
    titles = [i for i, part in enumerate(parts) if part.rstrip(".,").casefold() in _TITLES]
    if not titles:
        return phrase if len(parts) <= 4 and all(_NAME.fullmatch(part) for part in parts) else None
    rest = parts[titles[-1] + 1 :]
    return " ".join(rest) if rest and all(_NAME.fullmatch(part) for part in rest) else None


def _full_name(name: str, article_text: str) -> str:
    if " " in name or not article_text:
        return name
    pattern = rf"((?:[A-Z][\w’'-]+ ){{1,3}}){re.escape(name)}\b"
    longer = [match.group(0) for match in re.finditer(pattern, article_text)]
    people = [person for full in longer if (person := _person(full)) and person != name]
    return max(people, key=len) if people else name
