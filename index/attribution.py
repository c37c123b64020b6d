"""Who says what a sentence says: "according to …", "… said", "… insisted". English, by rule.

Names a speaker only where the sentence itself does; whom a pronoun means, `speaking.py` tells. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SAYS = (
    r"said|says|say|insisted|insists|added|adds|announced|announces|denied|denies|stated|warned|"
    r"warns|argued|argues|explained|explains|acknowledged|acknowledges|confirmed|confirms|"
    r"[Tt]weeted|testified|alleged|alleges|maintained|maintains|replied|urged|vowed|pledged|declared|"
    r"concluded|remarked|admitted|admits|rejected|rejects|is rejecting|accused|accuses|asserted|"
    r"asserts|emphasized|emphasised"
)
# Words that are more often something else ("reported net income", "states") unless speech follows.
_SAYS_BEFORE_SPEECH = (
    r"(?:claimed|claims|complained|reported|reports|states|noted|notes|recalled|stressed|suggested|predicted|"
    r"believes|wrote|writes|responded|revealed|disclosed|told|tells)"
)
_SPEECH = r"(?= (?:that|he|she|it|they)\b|[:,]? ?[“\"]| in [^,;“”\"]{3,60}(?: that\b|:))"
_SAY = (
    rf"(?:{_SAYS}|told|tells|{_SAYS_BEFORE_SPEECH}{_SPEECH}|"
    r"(?:claim|allege|argue|insist|warn|believe|suggest|predict)(?= that\b))"
)
_HEARERS = r"(?:[a-z]+s|(?:the|an?) [\w ]{2,30}|[A-Z][\w’'. ]{1,30}?)"
_SAY_AT_THE_END = rf"(?:{_SAYS}|{_SAYS_BEFORE_SPEECH}|(?:told|tells) {_HEARERS})"
SAYING = rf"(?:{_SAYS}|claimed|claims|told|tells|{_SAYS_BEFORE_SPEECH})"
"""A verb of saying, as part of a pattern."""
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_BETWEEN = (
    rf"(?: (?:on )?{_DAY}(?: (?:morning|afternoon|evening|night))?|"
    r" (?:has|have|had|also|further|first|later|then|earlier|repeatedly|previously|again))*"
)
# "In a statement, …", "Speaking in Ardessa, …", "Asked why, …": what may stand before who speaks.
_FRONT = (
    r"(?:(?:But|And|Still|However|Meanwhile|Later|Then|Instead|Earlier|Yet|[A-Z][a-z]+ly),? )?"
    r"(?:(?:In|At|On|During|After|Before|For|From|With|While|When|As|Since|Though|Although|If|Despite|Following|"
    r"By|Under|Earlier|Later|Late|Early|Last|Asked|[A-Z][a-z]+ing) [^“”\"]{1,140}?, )?"
)
_NOUN_PHRASE = r"(?P<who>[^\s,;:“”\"()][^,;:“”\"()]{1,90}?)"
_APPOSITION = r"(?:, (?P<also>[^,“”\"]{2,200})(?:, [^,“”\"]{2,140})?,)?"
_FULL_STOP = (
    r"(?<! [A-Z])(?<!\.[A-Z])"
    + "".join(
        rf"(?<! {title})" for title in "Mr Ms Mrs Dr Lt St Sen Rep Gov Gen Sgt Col Capt Maj Prof Jr".split()
    )
    + r"\.(?:\s|$)"
)  # "said Lt. Ulf Tarrent", "said Angela H. Stubblefield": no end of a sentence

_ACCORDING = re.compile(
    rf"\b[Aa]ccording to (?P<who>[^,;:“”\"()]{{2,90}}?)"
    rf"(?=[,;:“”\"()]|{_FULL_STOP}|$| (?:on|who|which|that|but|and(?! [A-Z]))\b)"
)
# Possessive: a long run of capitals could be cut into names in more ways than there is time for.
_CAPITALS = r"[A-Z][\w’'.-]*+(?: [A-Z][\w’'.-]*+)*+"
_RELATIVE = re.compile(
    rf"(?P<who>(?:\bthe )?\b{_CAPITALS})(?:, (?:the|an?|former|its|his|her|[A-Z])\b[^,“”\"]{{2,200}})?"
    rf",? (?:who|which)(?: has| had| have| also)? {_SAY}\b"
)
_LEADING = re.compile(rf"^{_FRONT}{_NOUN_PHRASE}{_APPOSITION}{_BETWEEN} {_SAY}\b")
_TRAILING = re.compile(
    rf"(?:,|[,.!?]?[”\"]) {_NOUN_PHRASE}{_APPOSITION}{_BETWEEN} {_SAY_AT_THE_END}"
    rf"(?= (?:on|in|at|to|of|during|via|by(?! \w+ing)|from|after|before|about|as|when|while|with|through|following|"
    rf"shortly|outside|early|late|earlier|later|last|this|{_DAY}|[A-Z][a-z]{{2,8}}\.? \d{{1,2}})\b|[.,:;]|$)"
)
_INVERTED = re.compile(
    rf"(?:,|[”\"]) (?:{_SAYS}|wrote|writes) (?P<who>(?:the |a |an )?[^,;:“”\"()]{{2,90}}?)"
    rf"(?:, (?P<also>[A-Z][^,;:“”\"]{{2,60}}?))?(?=[,;:]|{_FULL_STOP}|$| (?:on|in)\b)"
)
# Who the sentence begins with and what he does besides: "Trump refused, saying …", "called it “a victory”".
_BEGINS = (
    rf"^{_FRONT}(?P<who>(?:The|An?|Its|His|Her|Their) [^,;:“”\"()]{{2,60}}(?=, [A-Z])|"
    rf"{_CAPITALS}(?=,| (?!of\b|and\b|for\b|in\b)[a-z])|(?:he|she|they)\b)(?:, (?P<also>[A-Z][^,“”\"]{{2,60}}),)?"
)
_BESIDES = re.compile(
    rf"{_BEGINS}[^“”\"]*?(?:, (?:saying|adding|telling|writing|tweeting|noting|arguing|warning|insisting|claiming)\b|"
    rf" (?:and|but) (?:also |later |then )?(?:{_SAYS})\b|"
    r" (?:called|calls|described|describes|thanked|praised|dismissed|condemned|criticized|blamed|mocked|hailed)\b"
    r"[^“”\"]{1,80}[“\"]| called (?:it|this|that|the [a-z]+) (?:an?|the)\b)"
)
_SUBJECT = re.compile(_BEGINS)
_PATTERNS = (_ACCORDING, _TRAILING, _LEADING, _INVERTED, _RELATIVE, _BESIDES)

_PRONOUN = re.compile(r"(?:^|.* )(he|she|it|they|I|we|you)$", re.IGNORECASE)
_SOMEBODYS = re.compile(r"(?:his|her|its|their|my|our|your)\b", re.IGNORECASE)
_NO_SPEAKER = re.compile(
    r"^(?:over|in|on|at|after|before|for|with|of|by|when|while|as|if|although|though|because|despite|once|until|"
    r"whether|since|from|under|during|who|which|that|this|(?:\w+ )?reports)\b|"
    r"(?:there|one|some|many|others)(?: of\b.*)?$|.*[’']s$",
    re.IGNORECASE,
)
_TITLES = frozenset(
    """president minister prime foreign defense defence secretary state chancellor king queen prince princess
    senator representative rep sen governor mayor general gen colonel col captain capt lieutenant lt sergeant
    sgt major admiral judge justice dr mr mrs ms sir lord lady professor prof chief executive officer director
    chairman chairwoman chair head spokesman spokeswoman spokesperson speaker deputy vice former attorney
    republican democrat democratic ambassador envoy commissioner inspector superintendent detective sheriff coach
    manager ceo pope bishop archbishop councilor councillor imam whip
    ayatollah sheikh leader interior finance health economy trade interim acting us u.s uk eu un""".split()
)
_NAME = re.compile(
    r"(?:[A-Z][\w’'-]*\.?|(?:al|el|bin|ibn|de|den|ter|la|van|von|der|da|di|du|le)\b-?)(?:-\w+)*"
)
_A_NAME_AT_THE_END = re.compile(
    r".* (?!(?:of|for|in|at|on|to|from|with|by|near|and|or|the|an?|that|as)\b)[a-z]+ "
    r"(?P<name>[A-Z][^ ]* (?:\S+ ){0,2}[A-Z]\S*)"
)
_NOT_A_SUBJECT = re.compile(
    r"\b(?:that|which|who|because|when|while|if|was|were|is|are|had|has|have|not|never|did|do|does|will|would|can|"
    r"could|may|might|should)\b|\b(?:to|and|but|or)$|"
    # "released a letter Trump", "accounted for 35 percent of asylum claims": a verb stands in it.
    r"\b[a-z]{3,}ed (?:an?|the|to|for|his|her|its|their|in|at|on)\b|"
    # "put the damage", "read out each name": so it does where another noun begins with no word between.
    r"\b(?!(?:of|for|in|at|on|to|from|with|by|and|or|near|under|over|against|between|both|all)\b)[a-z]+ "
    r"(?:the|an?|each|every|this|these)\b"
)
_AN_OFFICE = re.compile(
    r"(?:Department|Ministry|Office|Committee|Commission|Court|Bureau|Agency|Council|House)$",
    re.IGNORECASE,
)
# "Senator Elizabeth Warren of Massachusetts", "a spokesman for Mr. Tesk", but "Secretary of State John Kerry".
_OF = re.compile(
    r"(?<!ecretary)(?<!irector)(?<!hief)(?<!inister) (?:of|from|for|by|with|in|at|to|against) .*"
)
_SEVERAL = re.compile(
    r"(?:[\w.-]+ ){0,5}(?:[a-z]{3,}s|officials?|police|ministry|agency|media)(?: (?:in|at|from|with|for|of) .+)?"
)
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,’'-]{2,40}(?: [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \([^()]{2,20}\))? (?:—|–|--) "
)
_QUOTED = re.compile(r"“[^“”]*[^“”,.!?]|(?<![^\s(—])\"[^\"]*[^\",.!?](?=[,.!?]*\"(?![^\s,.;:?!)]))")
_MOST_WORDS = 10


def speaker(sentence: str, article_text: str = "") -> str | None:
    """Who is named as saying the sentence, or None.

    Args:
        sentence: one sentence of the article.
        article_text: the whole text; a last name alone is completed from it ("Lavrov").
    """
    for phrase, beside in _phrases(sentence, article_text):
        name = _named_beside(phrase, beside, article_text) or _name(phrase, article_text)
        if name or _PRONOUN.match(phrase) or _SOMEBODYS.match(phrase):
            return name
    return None


def pronoun(sentence: str, article_text: str) -> str | None:
    """ "he", "she", "it" or "they", where the sentence says no more of who says it."""
    for phrase, beside in _phrases(sentence, article_text):
        if match := _PRONOUN.match(phrase):
            return match[1].casefold()
        if _named_beside(phrase, beside, "") or _name(phrase, ""):
            break
    return None


def subject(sentence: str, article_text: str) -> str | None:
    """The person, or the pronoun "he" or "she", that the sentence begins with, or None."""
    match = _SUBJECT.match(_without_what_is_quoted(sentence))
    if not match:
        return None
    if match["who"].casefold() in {"he", "she"}:
        return match["who"].casefold()
    return _named_beside(match["who"], match["also"], article_text) or _known(match["who"], article_text)


def is_person(name: str) -> bool:
    """Whether a speaker's name may be a person's, or is the office of one."""
    return (name[0].isupper() and _person(name) is not None) or _head(name) in _TITLES


def are_several(name: str) -> bool:
    """Whether a speaker's name is of more than one."""
    return _head(name).endswith(("s", "police")) and not is_person(name)


def is_quotation(sentence: str) -> bool:
    """Whether the sentence is all within quotation marks, or ends what was begun before it."""
    bare = _without_what_is_quoted(sentence.strip())
    return bool(re.fullmatch(r"[“\"][,.!?…]?[”\"]?[.,]?|[^“”\"]+[”\"]\.?", bare))


def _phrases(sentence: str, article_text: str) -> Iterator[tuple[str, str | None]]:
    """Who may be the speaker, the likeliest first, and what stands beside him in commas."""
    bare = _without_what_is_quoted(_DATELINE.sub("", sentence))
    for pattern in _PATTERNS:
        match = pattern.search(bare)
        while match:
            groups = match.groupdict()
            phrase = groups["who"].strip(" ’'")
            if not match.start("who"):
                phrase = re.sub(r"^(?:The|An?|Both)\b", lambda word: word.group().casefold(), phrase)
            # A capital at the beginning of a sentence is no sign of a name; a second one is.
            sure = (
                groups.get("also") or " " in phrase or _PRONOUN.match(phrase) or _known(phrase, article_text)
            )
            if pattern is not _BESIDES or sure:
                yield phrase, groups.get("also")
            match = pattern.search(bare, match.start() + 1)


def _without_what_is_quoted(sentence: str) -> str:
    """The sentence with nothing between its quotation marks but the last comma or stop."""
    return _QUOTED.sub(lambda quoted: quoted.group()[0], sentence)


def _head(name: str) -> str:
    return re.split(r" (?:of|for|at|in|from|to|with) ", name)[0].split()[-1].casefold()


def _named_beside(phrase: str, beside: str | None, article_text: str) -> str | None:
    """The name that stands beside an office: "the night manager, Tomasz Grell"."""
    office = re.match(r"(?:the|an?|one|his|her|its|their)\b|.*[’']s [a-z]", phrase, re.IGNORECASE)
    person = _person(beside) if beside and office else None
    return person if person and " " in person else None


def _name(phrase: str, article_text: str) -> str | None:
    phrase = re.sub(rf"^(?:but|and) |(?: (?:on )?{_DAY})$", "", phrase)
    if not phrase or _PRONOUN.match(phrase) or _NO_SPEAKER.match(phrase) or _NOT_A_SUBJECT.search(phrase):
        return None
    person = _person(phrase)
    if person and not _AN_OFFICE.search(phrase):
        return _full_name(person, article_text)
    if _SOMEBODYS.match(phrase) or len(phrase.split()) > _MOST_WORDS:
        return None
    if phrase[0].isupper() or re.match(r"(?:the|a|an|both|local|state|some|one|two|three|several)\b", phrase):
        return phrase
    return phrase if _SEVERAL.fullmatch(phrase) else None


def _person(phrase: str) -> str | None:
    """The name at the end of a phrase that begins with titles: "Prime Minister Haider al-Abadi"."""
    core = _OF.sub("", phrase)
    parts = core.split()
    titles = [i for i, part in enumerate(parts) if part.rstrip(".,").casefold() in _TITLES]
    rest = parts[titles[-1] + 1 :] if titles else parts
    if rest and rest[0] not in {"The", "A", "An"} and len(rest) <= 4 and all(map(_NAME.fullmatch, rest)):
        return " ".join(rest) if titles or core == phrase else None
    match = _A_NAME_AT_THE_END.fullmatch(core)
    return _person(match["name"]) if match and (titles or core == phrase) else None


def _known(phrase: str, article_text: str) -> str | None:
    """The person whom the phrase names, if a title, a first name or the article tells that it is a name."""
    person = _person(phrase)
    if person is None or phrase.endswith(("’s", "'s")):
        return None
    full = _full_name(person, article_text)
    return full if " " in full or person != phrase else None


def _full_name(name: str, article_text: str) -> str:
    if " " in name or not article_text:
        return name
    pattern = rf"\b((?:[A-Z][\w’'-]{{1,40}}+ ){{1,3}}){re.escape(name)}\b"
    longer = [match.group(0) for match in re.finditer(pattern, article_text)]
    people = [person for full in longer if (person := _person(full)) and person != name]
    return max(people, key=len) if people else name
