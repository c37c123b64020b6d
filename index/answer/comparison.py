"""Yes/no questions that hold several reports against each other; None wherever it is not sure. Pure.

"Does the Verge say X, while TechCrunch says Y?" is yes where each report is found and says its part.
"Was the coverage consistent?" is yes where both reports are found, are about one matter and do not
contradict each other. "Did A report X before B reported Y?" goes by their dates. A wrong verdict is
worse than none: a report that is not found, a doubt, a choice ("or do they …?") gives none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ..language import Term, terms
from ..parts import FoundPart
from ..question import Question
from ..records import Verdict
from ..thesaurus import opposite
from .evidence import Sentence, coverage, score_sentences, words_about, words_of

_AUXILIARY = r"(?:did|does|do|was|were|is|are|has|have)"
_BEGINS_AS_QUESTION = re.compile(rf"{_AUXILIARY}\b", re.IGNORECASE)
_ASKS_WHAT_IS_SAID = re.compile(r"(?:did|does|do)\b", re.IGNORECASE)
_CALLED = re.compile(r"\bas an? (?P<as>\w+(?:-\w+)*)", re.IGNORECASE)
_ASKS_ORDER = re.compile(
    r"did .{0,60}?\b(?:report|mention|publish|cover|announce|write|discuss)\b(?! (?:a|any|no) (?:change|shift))|"
    r"(?:was|were) .{0,160}?\b(?:reported|mentioned|published|covered|announced|discussed) (?:by|in|on)\b",
    re.IGNORECASE,
)
_ASKS_LATER = re.compile(rf"[,?] {_AUXILIARY}\b", re.IGNORECASE)
_ASKS_FOR_MORE = re.compile(r"(?:^|[,?] )(?:which|who|whom|whose|where|how|why|what|when)\b", re.IGNORECASE)
_CHOICE = re.compile(
    rf"\bor {_AUXILIARY}\b|\bor not\b|\b(?:\w*consisten\w+|chang\w+) or \w+|\bwhether\b",
    re.IGNORECASE,
)
_CONSISTENT = re.compile(r"\bconsisten(?:t|cy)\b", re.IGNORECASE)
_INCONSISTENT = re.compile(r"\b(?:inconsisten(?:t|cy|cies)|discrepanc(?:y|ies))\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:was|is|has|were|have) there (?:been )?(?P<no>no )?(?:an? |any )?(?:\w+ )?(?:change|shift)s?\b",
    re.IGNORECASE,
)
_STAYS = re.compile(r"\b(?:remain|stay)\w* (?:\w+ )?(?:\w*consistent|the same|unchanged)", re.IGNORECASE)
_TURNS = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|\w+n[’']t|fail(?:s|ed|ing|ure)?|lack\w*|exclud\w+|absen\w+|"
    r"unrelated|despite|regardless|instead|rather|other than|ignor\w+|overlook\w*|den(?:y|ies|ied)|"
    r"un(?:necessary|successful|important|affected|changed|likely|able|clear)|in(?:significant|correct\w*|"
    r"effective|accurate)|irrelevant|impossible|universal\w*|complete\w*|entire\w*|only|solely|always|easily|all)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not?|never|without|absence|lack\w*|fail(?:s|ed|ing|ure)? to|den(?:y|ies|ied)|\w+n[’']t)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:same(?! source| outlet| paper| article)|similar\w*|identical\w*|alike|differ\w*|chang\w+|"
    r"\w*consisten\w+|discrepanc\w+|contradict\w*|align\w*|contrast\w*|compar\w+|opposed|unlike|than|"
    r"remain\w*|broader|wider|share)\b",
    re.IGNORECASE,
)
_READ = 5
"""How many of a part's best sentences are looked at for the one that says most of it."""
_SAID = 0.5
"""The share of a part's weight that a sentence must hold, with its title, to say it."""
_NEARLY = 0.2
_SAID_TURNED = 0.6
"""The same where the part denies something: what is denied must be the same."""
_FOUND = 0.25
"""The share of a part's weight that its report must hold to be the one that is meant."""
_DIFFERENT = re.compile(r"\bdiffer(?:ent|ently|s|ed)?\b", re.IGNORECASE)
_ALIKE = re.compile(
    r"\b(?:same(?! source| outlet| paper| article)|similar\w*|alike|identical\w*)\b", re.IGNORECASE
)
_SAME_WORDS = 0.6
_SOME_WORDS = 0.3
"""The share of words that two sentences have in common from which they speak of one thing, or near it."""


@dataclass(frozen=True)
class Finding:
    """A verdict, and for each report the sentence that it rests on."""

    verdict: Verdict
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class _Report:
    found: FoundPart
    sentence: Sentence
    said: float
    """The share of the part's weight that the sentence and its title hold."""
    days: frozenset[str | None]
    """When it appeared; several where other articles say nearly as much of the part."""

    @property
    def article(self) -> str:
        return self.sentence.passage.article_id

    @property
    def published(self) -> str | None:
        return self.sentence.passage.published


def compare(question: Question, parts: Sequence[FoundPart]) -> Finding | None:
    """The verdict on a question about several reports, or None.

    Args:
        question: the whole question.
        parts: what was found for each of its parts.
    """
    text = question.text
    if len(parts) < 2 or not _asks_yes_or_no(text):
        return None
    if not all(found.part.sources or found.part.days for found in parts):
        return None
    reports = [report for found in parts if (report := _report(found)) is not None]
    if len(reports) < len(parts):
        return None
    for judge in (_order, _sameness, _difference, _claims):
        verdict = judge(question, reports)
        if verdict:
            return Finding(verdict, _one_each(reports))
    return None


def _asks_yes_or_no(text: str) -> bool:
    if _CHOICE.search(text):
        return False
    if _BEGINS_AS_QUESTION.match(text):
        return True
    return bool(_ASKS_LATER.search(text)) and not _ASKS_FOR_MORE.search(text)


def _report(found: FoundPart) -> _Report | None:
    """The sentence of the report that a part means, which says most of it; None where it is not found."""
    part = found.part
    days = [day for day in part.days if day.exact]
    meant = [
        passage
        for passage in found.passages
        if (not part.sources or passage.source in part.sources)
        and (not days or any(day.hold(passage.published) for day in days))
    ]
    sentences = score_sentences(found.question, meant)[:_READ]
    if not sentences:
        return None
    said = [coverage(found.question, words_of(s.text) | words_about(s.passage)) for s in sentences]
    best = max(range(len(said)), key=said.__getitem__)
    near = {
        s.passage.published for s, held in zip(sentences, said, strict=True) if held >= said[best] - _NEARLY
    }
    return _Report(found, sentences[best], said[best], frozenset(near))


def _order(question: Question, reports: Sequence[_Report]) -> Verdict | None:
    """Whether one report appeared before (or after) another, by their dates."""
    text = question.text
    links = [i for i, r in enumerate(reports) if r.found.part.link in {"before", "after"}]
    if len(links) != 1 or not links[0] > 0 or not _ASKS_ORDER.match(text) or _COMPARES.search(text):
        return None
    earlier, later = reports[0], reports[links[0]]
    if earlier.article == later.article or min(earlier.said, later.said) < _SAID:
        return None
    if not (_is_meant(earlier) and _is_meant(later)):
        return None
    # Sure only where any article that may be meant gives the same order.
    orders = {a < b if a and b and a != b else None for a in earlier.days for b in later.days}
    if len(orders) != 1 or None in orders:
        return None
    return "yes" if orders.pop() == (later.found.part.link == "before") else "no"


def _sameness(question: Question, reports: Sequence[_Report]) -> Verdict | None:
    """Whether reports agree, or whether something changed between them."""
    text = question.text
    change = _CHANGE.search(text)
    agree, disagree = bool(_CONSISTENT.search(text)), bool(_INCONSISTENT.search(text))
    if (change is None and agree == disagree) or _STAYS.search(text) or _ASKS_WHAT_IS_SAID.match(text):
        return None
    # "…, was there a change?" is no report of its own, unless it names one.
    own = [r for r in reports if not _BEGINS_AS_QUESTION.match(r.found.part.text)]
    compared = own if len({r.article for r in own}) > 1 else reports
    articles = {r.article: r for r in compared if r.said >= _FOUND or r.found.part.days}
    if len(articles) < 2 or not _of_one_matter(question, list(articles.values())):
        return None
    contradict = any(
        _contradict(a.sentence.text, b.sentence.text) for a, b in combinations(articles.values(), 2)
    )
    if change:
        dated = all(r.found.part.days or r.said >= _SAID for r in articles.values())
        days = {r.published for r in articles.values()}
        return None if not dated or len(days) < 2 or None in days else "no" if change["no"] else "yes"
    if contradict or re.search(r"\b(?:no|not|lack of) (?:\w+ )?\w*consisten", text, re.IGNORECASE):
        return None
    return "no" if disagree else "yes"


def _difference(question: Question, reports: Sequence[_Report]) -> Verdict | None:
    """Whether reports tell different things; only that they do is ever sure."""
    if not _DIFFERENT.search(question.text) or _TURNS.search(question.text) or _ALIKE.search(question.text):
        return None
    articles = {r.article: r for r in reports if r.said >= _FOUND and _is_meant(r)}
    if len(articles) < 2 or not _ASKS_WHAT_IS_SAID.match(question.text):
        return None
    texts = [r.sentence.text for r in articles.values()]
    return None if any(_common(a, b) >= _SOME_WORDS for a, b in combinations(texts, 2)) else "yes"


def _claims(question: Question, reports: Sequence[_Report]) -> Verdict | None:
    """Whether each report says what the question has it say."""
    text = question.text
    if _COMPARES.search(text) or not _ASKS_WHAT_IS_SAID.match(text):
        return None
    if any(r.found.part.link in {"before", "after"} for r in reports):
        return None
    said = [_says(report) for report in reports]
    return "no" if "no" in said else "yes" if set(said) == {"yes"} else None


def _says(report: _Report) -> Verdict | None:
    """Whether the sentence says the part: most of it, every name and number, nothing turned round."""
    question, sentence, part = report.found.question, report.sentence, report.found.part
    own = words_of(sentence.text)
    if report.said < _SAID or not _is_meant(report):
        return None
    if any(opposite(term.stem) & own.stems and not own.hold(term) for term in question.terms):
        return None
    # "… described as a reckless role": what it is called must be what it is called there.
    called = {term.stem for match in _CALLED.finditer(part.text) for term in terms(match["as"])}
    if any(term.stem in called and not own.hold(term) for term in question.terms):
        return None
    turns = [match.group() for match in _TURNS.finditer(part.text)]
    if not turns:
        return "yes"
    if len(turns) > 1 or report.said < _SAID_TURNED or not _DENIES.search(part.text):
        return None
    # "the absence of a remedy" is said by "there is no remedy", and denied by "there is a remedy".
    return "yes" if _DENIES.search(sentence.text) else "no" if not _TURNS.search(sentence.text) else None


def _is_meant(report: _Report) -> bool:
    """Whether the report has every number of its part, and of each name a word at least ("Trout")."""
    passage = report.sentence.passage
    words = words_of(passage.text) | words_about(passage)
    runs: list[list[Term]] = [[]]
    for term in report.found.question.terms:
        if term.is_number and term.word.casefold() != "one" and not words.hold(term):
            return False
        if term.is_name:
            runs[-1].append(term)
        elif runs[-1]:
            runs.append([])
    return all(any(words.hold(term) for term in run) for run in runs if run)


def _of_one_matter(question: Question, reports: Sequence[_Report]) -> bool:
    """Whether all reports have a name in common that the question asks about."""
    named = [term for term in question.terms if term.is_name] or question.terms
    held = [words_of(r.sentence.passage.text) | words_about(r.sentence.passage) for r in reports]
    return any(all(words.hold(term) for words in held) for term in named)


def _contradict(one: str, other: str) -> bool:
    """Whether two sentences that speak of one thing say the opposite, or give it another number."""
    a, b = words_of(one).stems, words_of(other).stems
    common = _common(one, other)
    if common >= _SOME_WORDS and any(opposite(stem) & b for stem in a):
        return True
    numbers = [{t.stem for t in terms(text) if t.is_number} for text in (one, other)]
    turned = bool(_TURNS.search(one)) != bool(_TURNS.search(other))
    return common >= _SAME_WORDS and (turned or numbers[0] != numbers[1])


def _common(one: str, other: str) -> float:
    """The share of the shorter sentence's words that both have."""
    a, b = words_of(one).stems, words_of(other).stems
    return len(a & b) / (min(len(a), len(b)) or 1)


def _one_each(reports: Sequence[_Report]) -> tuple[Sentence, ...]:
    """The reports' sentences, each once."""
    return tuple({(r.sentence.start, r.article): r.sentence for r in reports}.values())
