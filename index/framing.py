"""A question without what is said around it: "Please tell me: …", "… Answer in one sentence." Pure.

What is taken off says how to answer, or nothing; it holds no name and no number. Words of it would count as
words of the question: for what was asked about the ferry, no article says "translate". English, by rule.
"""

from __future__ import annotations

import re

from .sentences import sentence_bounds

_ABOUT_ANSWERING = (
    r"(?:tell|says?|asks?|asked|asking|answers?|repl(?:y|ies)|respond|questions?|prompts?|instructions?|know|please|"
    r"kindly|translate|repeat|explain|wonder\w*|help|assistant|system|search|look|check|find|librarian|password)"
)
_ASIDE = re.compile(
    r"^(?:please|kindly|say|tell|ignore|disregard|forget|skip|answer|reply|respond|repeat|translate|use|give|keep|be|"
    r"quote|write|pretend|act|do not|don[’']t|never mind|you|i|i[’']m|my|here|thanks?|thank you|hello|hi|just)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(rf"^[^:?]{{0,100}}\b{_ABOUT_ANSWERING}\b[^:?]{{0,60}}:\s+(?=\S+ \S+ \S)", re.IGNORECASE)
_INTERJECTION = re.compile(
    r"^(?:(?:say|well|so|ok(?:ay)?|please|hey|hi|hello|assistant)\s*,\s+|"
    r"(?:please )?(?:tell|show) [^,?:]{0,30},\s+(?=(?:who|what|when|where|why|how|which|in|by|is|are|was|were|"
    r"did|do|does|has|have|had|will|would|can|could)\b))",
    re.IGNORECASE,
)
_NAMES_SOMETHING = re.compile(r"\d|(?<=\s)[“\"‘']?(?!I\b)[^\W\d_a-z]\w*")


def unframed(text: str) -> str:
    """The question alone; the text as it is where what stands around it may matter, or there is no question mark."""
    flat = " ".join(text.split())
    sentences = [flat[start:end].strip() for start, end in sentence_bounds(flat)]
    asked = [sentence for sentence in sentences if sentence.endswith("?")]
    if len(asked) != 1:
        return text
    kept = [s for s in sentences if s in asked or not _ASIDE.match(s) or _NAMES_SOMETHING.search(s)]
    if kept != asked:
        return text if kept == sentences else " ".join(kept)
    question = asked[0]
    lead = _LEAD.match(question)
    if lead and not _NAMES_SOMETHING.search(lead[0]):
        question = question[lead.end() :]
    question = _INTERJECTION.sub("", question)
    # As it was typed, if nothing stood around it.
    return text if question == flat else question[:1].upper() + question[1:]
