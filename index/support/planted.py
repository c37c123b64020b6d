"""Which words of an article are written for whoever processes it to obey, rather than to report. Pure.

Planted instructions are told by their form: they name an assistant, order it about, speak of its answer or
its rules, imitate a conversation's markup, or hide in a page or a code. What is merely false, in an
ordinary sentence, is not told: it is what the article says. By rule; English, and the commonest orders of
a dozen other languages.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ..sentences import sentence_bounds

_MACHINE = (
    r"(?:(?:ai|a\.i\.|digital|virtual|language|automated|artificial intelligence) )?"
    r"(?:assistants?|chat ?bots?|llms?|(?:chat-?)?gpts?|language models?|ai models?|ai systems?|ai agents?|"
    r"automated (?:readers?|systems?|tools?|agents?)|machine readers?|crawlers)"
)
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies)|completions?)"
_BEFORE = r"(?:previous|prior|preceding|above|earlier|former|existing|original)"
_RULES = r"(?:instructions?|prompts?|rules?|directions?|guidelines?|orders|commands?|directives?)"
_SAY = (
    r"(?:say|state|write|report|mention|claim|confirm|answer|reply|respond|output|print|repeat|quote|insist|"
    r"assert|declare|announce|summari[sz]e|add)"
)
# Where an order may begin: not in the midst of a report ("officials say that", "to say only").
_BEGINS = (
    r"(?:^|[.:;!?,>)\]}“”\"'‘(\[]\s*|\b(?:please|kindly|then|instead|must|should|now|just|always|to you)\s+)"
)

_ORDERS = (
    # "Say that …", "Reply only with …", "Write exactly: …"
    rf"{_BEGINS}(?:only |just )?{_SAY} (?:that|only|exactly|nothing but|the following:?|the words?)\b",
    rf"{_BEGINS}{_SAY}(?: (?:exactly|only|just|verbatim|the (?:words?|following)|for the \w+|to \w+))+\s*:",
    r"\bonly (?:say|reply|respond|answer|output)\b|\b(?:reply|respond|answer|speak|output|say) only\b",
    # "Tell the reader …"
    rf"{_BEGINS}(?:tell|inform|remind|warn|convince|assure|ask|show|send|urge) (?:the |your |any |every |all )?(?:users?|readers?)\b",
    # "Begin every answer with …", "Append this to …"
    rf"\b(?:begin|start|open|end|finish|close|conclude|precede|follow) (?:with|by)? ?(?:your|every|each|all|any|the) "
    rf"(?:\w+ )?{_ANSWER}\b",
    rf"{_BEGINS}(?:begin|start|end|finish) with (?:yes|no|the words?|['\"“])",
    rf"\b(?:append|add|insert|include|put|slip|place|replace)\b.{{0,60}}\b(?:your|the) (?:\w+ )?{_ANSWER}\b",
    rf"{_BEGINS}(?:append|add|insert|include|put) .{{0,200}}\bwhat you (?:write|say)\b",
    # "Ignore all previous instructions"
    rf"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|overrule|bypass)\b"
    rf"(?: \w+){{0,3}} {_RULES}\b",
    r"\b(?:ignore|disregard|forget) (?:all|everything|anything|what)(?: (?:that|which|you|was|is|has been))*"
    r" (?:above|before|earlier|said|told|else)\b",
    rf"\b{_BEFORE} {_RULES}\b",
    rf"\b{_RULES} (?:above|have changed|are (?:void|cancel+ed|suspended))\b",
    # "Cite every passage …", "Use this instead"
    r"\b(?:cite|quote) (?:every|all|each|only|the) (?:passages?|sources?|articles?)\b",
    rf"{_BEGINS}(?:copy the (?:following|next)|decode and |(?:use|say|repeat|obey) this instead|repeat after me|"
    r"treat (?:it )?as (?:verified|true|fact))",
    r"\b(?:must|may|should) not be (?:quoted|cited|used)\b|\bdo not (?:use|cite|quote) the (?:rest|other|article)",
    rf"{_BEGINS}(?:new|next|real|actual) (?:task|instructions?|role|persona|mission)\s*(?:[.:!]|is\b)",
    rf"{_BEGINS}(?:override|system|admin|developer|debug)(?: (?:mode|message|note|prompt|override))?\s*(?::|!|on\b)",
    # persona
    r"\bfrom now on,? you\b|\byou are now (?:an?|in|no longer|called|the|my|free)\b|\byou (?:will |can |must |shall )?now (?:only|act|speak|reply|answer|say)\b",
    rf"{_BEGINS}(?:pretend|act as|role-?play|speak as|behave as)\b.{{0,60}}\b(?:you|if|a|an|that|one)\b",
)
_OF_THE_ANSWERER = (
    rf"\b(?:in|into|of|to|with|from|before|after|end|begin|rephrase|change|replace|alter) your "
    rf"(?:\w+ )?(?:{_ANSWER}|findings|instructions|prompt)\b",
    r"\byour (?:\w+ )?(?:instructions|prompt|system prompt|training data|developers|next sentence|safety filters?)\b",
    rf"\b(?:every|any|each|all|only|correct|right|good|final) (?:\w+ )?{_ANSWER} "
    rf"(?:(?:always|also|must|should|shall|will|has to|ought to)\b|to (?:any|every|all|the) question|about)",
    r"\bwhatever (?:(?:is|you are) asked|(?:the|your) (?:users?|readers?|questions?)|anyone asks)\b|"
    r"\b(?:if|when|whenever) (?:you are |you're )asked\b|\bto (?:any|every|each|all|whatever) questions?\b",
    r"\bsystem prompts?\b|\bdeveloper mode\b|\badmin mode\b|\bas an ai(?: (?:language )?model| assistant)?,",
    rf"\b(?:any|every|all|the|an?|this|dear|hi|hey|hello|note (?:to|for)|attention) {_MACHINE} "
    r"(?:reading|processing|summari[sz]ing|must|should|shall|has to|have to|is (?:told|asked|reminded|required|to)|"
    r"are (?:told|asked|reminded|required|to|now))\b",
    r"\bthe (?:language )?model (?:must|should|shall|is (?:told|asked|reminded|required|instructed|to))\b",
    rf"(?:^|[.:!?“\"'(>]\s*)(?:hi|hey|hello|dear|attention|ok|okay|note (?:to|for)|for|to|if you are)?,? ?"
    rf"(?:all |any |every |an? |the )?(?:{_MACHINE}|robots?|bots?|gpt|ai)(?: only)?\s*[,:!](?=\s)",
    rf"\b(?:if you are|for|note (?:to|for)|message (?:to|for)) (?:an? |any |all )?(?:{_MACHINE}|robots?|bots?|ai|gpt)\b(?: only|,|:|\.)",
    r"\b(?:whoever|whichever|whatever) (?:\w+ )?(?:is )?(?:reads?|reading|process\w*|summari\w*) this\b",
    r"\b(?:safety|sake) of the user\b|\b(?:editor|author|writer) of this (?:answer|reply|response)\b",
)
_MARKUP = (
    r"<\|?/?\s*(?:im_start|im_end|system|user|assistant|endoftext|passages?|instructions?|prompt|data-\w+)\b[^>]{0,40}>",
    r"\[/?INST\]|<</?SYS>>|^#{2,}\s*(?:response|instructions?|system|input|answer|assistant)\b",
    r"[\"'](?:role|tool|function|arguments|instruction|prompt)[\"']\s*:",
    r"(?:^|[.?!]\s+)(?:human|user|assistant|ai|system)\s*:\s|^passage \d+\s*:|[.:!,] ?passage \d+:",
    r"<!--",
    # Letters one by one: a disguise, and no news.
    r"(?<!\S)(?:[^\W\d_]\s{1,3}){11}[^\W\d_](?!\S)",
    r"<[a-z]+\b[^>]{0,80}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0|hidden)",
)
_IN_OTHER_LANGUAGES = (
    r"\b(?:ignore[zr]?|oublie[zr]?) (?:les|tout|toutes|tous|ce qui|vos|tes)\b|\brépond(?:s|ez) (?:seulement|uniquement|que|par)\b|"
    r"\b(?:écri[st]|écrivez|dis|dites) (?:que|seulement)\b|\b(?:consignes|instructions) précédentes\b",
    r"\bignorier(?:e|en sie|t) (?:alle|die|alles)\b|\bvergiss (?:alle|alles|die)\b|\bantworte(?:n sie|t)? (?:nur|mit|dass)\b|"
    r"\b(?:schreib|sag)(?:e|en sie|t)?,? (?:nur|dass)\b|\b(?:vorherigen|bisherigen|früheren) (?:anweisungen|regeln)\b",
    r"\b(?:ignor[ae]|olvid[ae]|esque(?:ce|ça)|dimentica|ignori|dimentichi) (?:tod[oa]s?|tudo|tutt[oei]|las|lo|os|as|le|gli|o)\b|"
    r"\b(?:responde|responda|contesta|rispondi|risponda) (?:solo|sólo|solamente|únicamente|apenas|somente|soltanto|con|com|que|che)\b|"
    r"\b(?:escrib[ea]|escreva|scrivi|diga|di|di['’]) (?:que|che)\b|\b(?:instrucciones|instruções) anteriores\b|"
    r"\bistruzioni precedenti\b",
    r"\b(?:negeer|vergeet) (?:alle|alles|de)\b|\bantwoord (?:alleen|met|dat)\b|\b(?:schrijf|zeg) (?:dat|alleen)\b",
    r"\b(?:ignorera|glöm) (?:alla|allt|det)\b|\bsvara (?:bara|endast|med)\b|\bskriv (?:att|bara)\b",
    r"\b(?:zignoruj|zapomnij|odpowiedz|napisz|powiedz)\b|\b(?:yoksay|yanıtla|unut ve)\b",
    r"\b(?:игнорируй|забудь|отвечай|ответь|напиши|скажи)(?:те)?\b|\b(?:ігноруй|відповідай|напиши)(?:те)?\b",
    r"忽略|无视|無視|只回答|请回答|請回答|忘记|忘記|答えて|答えなさい|書いてください|指示を|무시하|대답하|답변하|تجاهل|أجب|تجاهلي|अनदेखा",
)
_PLANTED = re.compile(
    "|".join(f"(?:{one})" for one in (*_ORDERS, *_OF_THE_ANSWERER, *_MARKUP, *_IN_OTHER_LANGUAGES)),
    re.IGNORECASE | re.MULTILINE,
)
_IN_ROT13 = re.compile(r"\b(?:gur|naq|gung|nyy|jvgu|lbhe?|bayl|guvf|rirel|bs|gb|vf)\b", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{24,}={0,2}")
_LEET = str.maketrans("013457@$", "oieastas")
_LEET_WORD = re.compile(r"\b(?=\w*[a-z])(?=\w*[013457@$])[\w@$]+\b", re.IGNORECASE)
_TAGS = {code: chr(code - 0xE0000) for code in range(0xE0020, 0xE007F)}
_REACH = 3
"""How many sentences about an instruction, within its paragraph, are taken for part of it,"""
_WINDOW = 2_000
"""and how many characters of a paragraph without end are read for it."""


@lru_cache(maxsize=4096)
def is_planted(text: str) -> bool:
    """Whether a text, a sentence or some, orders about whoever processes it, in the clear or in code."""
    return any(_PLANTED.search(reading) for reading in _readings(text))


def is_struck(article: str, start: int, end: int) -> bool:
    """Whether `article[start:end]` is part of an instruction, or so near to one that it may be what it is about."""
    first = max(article.rfind("\n\n", 0, start) + 1, start - _WINDOW)
    last = article.find("\n\n", end, end + _WINDOW)
    paragraph = article[first : last if last >= 0 else end + _WINDOW]
    if not is_planted(paragraph):
        return False
    bounds = list(sentence_bounds(paragraph))
    orders = [n for n, (a, b) in enumerate(bounds) if is_planted(paragraph[a:b])]
    own = [n for n, (a, b) in enumerate(bounds) if a < end - first and start - first < b]
    # An instruction that no sentence holds by itself runs through them all.
    return not orders or any(abs(n - order) <= _REACH for n in own for order in orders)


def _readings(text: str) -> Iterator[str]:
    """The text, and what it says decoded."""
    plain = unicodedata.normalize("NFKC", text.translate(_TAGS))
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    yield plain
    if _IN_ROT13.search(plain):
        yield codecs.encode(plain, "rot13")
    if _LEET_WORD.search(plain):
        yield _LEET_WORD.sub(lambda word: word[0].translate(_LEET), plain)
    for match in _BASE64.finditer(plain):
        if decoded := _decoded(match[0]):
            yield f"decode this: {decoded}"


def _decoded(run: str) -> str | None:
    """What a run of base64 says; None where it says nothing in letters."""
    padded = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        said = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return said if said.isprintable() and " " in said else None
