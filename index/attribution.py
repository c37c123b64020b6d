"""Who says what a sentence says: "according to …", "… said", "… insisted". English, by rule.

Names a speaker only where the sentence itself does; a pronoun stays unresolved. Pure.
"""

from __future__ import annotations

import re

_SAYS = (
    r"said|says|insisted|insists|added|adds|announced|announces|claimed|claims|denied|denies|stated|warned|"
    r"warns|argued|argues|explained|explains|acknowledged|acknowledges|confirmed|confirms|wrote|writes|"
    r"tweeted|testified|alleged|alleges|maintained|maintains|replied|responded|urged|vowed|pledged|declared|"
    r"concluded|remarked|admitted|admits|rejected|rejects|is rejecting|accused|accuses|asserted|"
    r"asserts|emphasized|emphasised|revealed|disclosed"
)
# Words that are more often something else ("reported net income", "states") unless speech follows.
_SAYS_BEFORE_SPEECH = (
    r"(?:complained|reported|reports|states|noted|notes|recalled|stressed|suggested|predicted|believes|"
    r"told|tells)"
)
_SAY = rf"(?:{_SAYS}|told|tells|{_SAYS_BEFORE_SPEECH}(?= that\b|[:,]? ?[“\"]))"
_HEARERS = r"(?:reporters|lawmakers|journalists|senators|viewers|the [\w ]{2,30}|[A-Z][\w’'. ]{1,30}?)"
_SAY_AT_THE_END = rf"(?:{_SAYS}|{_SAYS_BEFORE_SPEECH}|(?:told|tells) {_HEARERS})"
SAYING = rf"(?:{_SAYS}|told|tells|{_SAYS_BEFORE_SPEECH})"
"""A verb of saying, as part of a pattern."""
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_BETWEEN = (
    rf"(?: (?:on )?{_DAY}| (?:has|have|had|also|first|later|then|earlier|repeatedly|previously|again))*"
)
_NOUN_PHRASE = r"(?P<who>[^\s,;:“”\"()][^,;:“”\"()]{1,90}?)"
_APPOSITION = r"(?:, (?P<also>[^,“”\"]{2,140}),)?"
_FULL_STOP = (
    r"(?<! [A-Z])(?<!\.[A-Z])"
    + "".join(
        rf"(?<! {title})" for title in "Mr Ms Mrs Dr Lt St Sen Rep Gov Gen Sgt Col Capt Maj Prof Jr".split()
    )
    + r"\.(?:\s|$)"
)  # "said Lt. Ulf Tarrent", "said Angela H. Stubblefield": no end of a sentence

_ACCORDING = re.compile(
    rf"\b[Aa]ccording to (?P<who>[^,;:“”\"()]{{2,90}}?)"
    rf"(?=[,;:“”\"()]|{_FULL_STOP}|$| (?:on|in|who|which|that|but|and)\b)"
)
# Possessive: a long run of capitals could be cut into names in more ways than there is time for.
_RELATIVE = re.compile(rf"\b(?P<who>[A-Z][\w’'.-]++(?: [A-Z][\w’'.-]++)*+){_APPOSITION} who {_SAY}\b")
_LEADING = re.compile(
    rf"^(?:(?:But|And|Still|However|Meanwhile),? )?{_NOUN_PHRASE}{_APPOSITION}{_BETWEEN} {_SAY}\b"
)
_TRAILING = re.compile(
    rf"(?:,|[,.!?]?[”\"]) {_NOUN_PHRASE}{_APPOSITION}{_BETWEEN} {_SAY_AT_THE_END}"
    rf"(?= (?:on|in|at|to|during|via|by|from|{_DAY})\b|[.,;]|$)"
)
_INVERTED = re.compile(
    rf"(?:,|[”\"]) (?:{_SAYS}) (?P<who>(?:the |a |an )?[^,;:“”\"()]{{2,90}}?)"
    rf"(?:, (?P<also>[A-Z][^,;“”\"]{{2,60}}?))?(?=,|;|{_FULL_STOP}|$| (?:on|in)\b)"
)
_NO_SPEAKER = re.compile(
    r"^(?:over|in|on|at|after|before|for|with|of|by|when|while|as|if|although|though|because|despite|once|until|"
    r"whether|since|from|under|during|he|she|it|they|i|we|you|who|which|that|this|there|one|some|many|others|"
    r"his|her|its|their|my|our|your)\b|.*[’']s$",
    re.IGNORECASE,
)
_TITLES = frozenset(
    """president minister prime foreign defense defence secretary state chancellor king queen prince princess
    senator representative rep sen governor mayor general gen colonel col captain capt lieutenant lt sergeant
    sgt major admiral judge justice dr mr mrs ms sir lord lady professor prof chief executive officer director
    chairman chairwoman chair head spokesman spokeswoman spokesperson speaker deputy vice former attorney
    republican democrat democratic ambassador envoy commissioner inspector detective sheriff coach manager ceo pope
    bishop archbishop councilor councillor imam
    ayatollah sheikh leader interior finance health economy trade interim acting us u.s uk eu un""".split()
)
_NAME = re.compile(r"(?:[A-Z][\w’'-]*\.?|(?:al|el|bin|ibn|de|la|van|von|der|da|di|du|le)\b-?)(?:-\w+)*")
_NOT_A_SUBJECT = re.compile(
    r"\b(?:that|which|who|because|when|while|if|was|were|is|are|had|has|have|not|never|did)\b|"
    # "released a letter Trump", "accounted for 35 percent of asylum claims": a verb stands in it.
    r"\b[a-z]{3,}ed (?:an?|the|to|for|his|her|its|their|in|at|on)\b"
)
_SPEAKS_FOR = re.compile(
    r"\b(?:spokes\w+|lawyers?|attorneys?|aides?|advis[eo]rs?|representatives?|friends?|officials?) "
    r"(?:for|of|to|from)\b|(?:Department|Ministry|Office|Committee|Commission|Court|Bureau|Agency|Council|House)$",
    re.IGNORECASE,
)
"""Who speaks for somebody is somebody else, and an office is nobody."""
_DATELINE = re.compile(r"^[A-Z][A-Z .,’'-]{2,40} (?:—|–|--) ")
_MOST_WORDS = 10


def speaker(sentence: str, article_text: str = "") -> str | None:
    """Who is named as saying the sentence, or None.

    Args:
        sentence: one sentence of the article.
        article_text: the whole text; a last name alone is completed from it ("Lavrov").
    """
    sentence = _DATELINE.sub("", sentence)
    for pattern in (_ACCORDING, _TRAILING, _LEADING, _INVERTED, _RELATIVE):
        match = pattern.search(sentence)
        if match and (name := _named_beside(match, article_text) or _name(match["who"], article_text)):
            return name
    return None


def _named_beside(match: re.Match[str], article_text: str) -> str | None:
    """The name that stands beside an office: "the night manager, Tomasz Grell"."""
    beside = match.groupdict().get("also")
    office = re.match(r"(?:the|an?|his|her|its|their)\b|.*[’']s [a-z]", match["who"], re.IGNORECASE)
    person = _person(beside) if beside and office else None
    return person if person and " " in person else None


def _name(phrase: str, article_text: str) -> str | None:
    phrase = re.sub(rf"(?: (?:on )?{_DAY})$", "", phrase.strip(" ’'"))
    if _NO_SPEAKER.match(phrase) or _NOT_A_SUBJECT.search(phrase) or len(phrase.split()) > _MOST_WORDS:
        return None
    person = _person(phrase)
    if person and not _SPEAKS_FOR.search(phrase):
        return _full_name(person, article_text)
    if phrase[0].isupper() or re.match(r"(?:the|a|an|local|state|some|two|three|several)\b", phrase):
        return re.sub(r"^(?:The|An?|Both)\b", lambda word: word.group().casefold(), phrase)
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
    pattern = rf"\b((?:[A-Z][\w’'-]{{1,40}}+ ){{1,3}}){re.escape(name)}\b"
    longer = [match.group(0) for match in re.finditer(pattern, article_text)]
    people = [person for full in longer if (person := _person(full)) and person != name]
    return max(people, key=len) if people else name
