"""Whether two words mean the same: by stem, irregular form, shared beginning or thesaurus. Pure."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from ..language import stem
from ..thesaurus import antonyms, like, opposite, synonyms

_IRREGULAR_FORMS = """
begin began begun; break broke broken; bring brought; build built; burn burnt; buy bought;
catch caught; choose chose chosen; die dead death; do done; draw drew drawn; drink drank drunk;
drive drove driven; eat ate eaten; fall fell fallen; feel felt; fight fought; find found; flee fled;
fly flew flown flight; forbid forbade forbidden; freeze froze frozen; get got; give gave given;
go went gone; grow grew grown growth; hang hung; hear heard; hide hid hidden; hold held; keep kept;
know knew known; lay laid; lead led; leave left; lend lent; lose lost loss; make made; meet met;
pay paid; ride rode ridden; ring rang rung; rise rose risen; run ran; say said; see saw seen;
seek sought; sell sold sale; send sent; shake shook; shoot shot; show shown; shrink shrank shrunk;
sing sang sung; sink sank sunk; sit sat; sleep slept; speak spoke spoken speech; spend spent;
spring sprang; stand stood; steal stole stolen; stick stuck; strike struck stricken;
swear swore sworn; swim swam; take took taken; teach taught; tear tore torn; tell told;
think thought; throw threw thrown; understand understood; wake woke woken; wear wore worn;
win won winner; withdraw withdrew withdrawn withdrawal; write wrote written; man men; woman women;
child children; person people; foot feet; life lives; wife wives; half halves; arrive arrival;
approve approval; refuse refusal; propose proposal; choose choice; decide decision; lose losing;
succeed success; fail failure; please pleasure; describe description; receive receipt reception;
explain explanation; maintain maintenance; destroy destruction; injure injury; able ability;
strong strength; long length; deep depth; wide width; high height; young youth; poor poverty;
true truth; hot heat; angry anger; repay repaid; overturn overturned; bad worse worst;
good better best; far further; sworn oath; resign resignation
"""
_BASE = {form: forms.split()[0] for forms in _IRREGULAR_FORMS.split(";") for form in forms.split()}
_LEAST_SHARED = 5


@lru_cache(maxsize=65_536)
def base(word: str) -> str:
    """The stem of a lower-case word's plain form: "stolen" → that of "steal"."""
    return stem(_BASE.get(word, word))


_UNCHANGED = frozenset("cut put set hit shut let cost bid spread quit hurt split".split())
_NOT_PAST = frozenset(
    "death dead sale flight people lives wives children speech growth winner further better best worse worst feet "
    "half halves men women arrival approval refusal proposal choice decision success failure truth able".split()
)


def is_past(word: str) -> bool:
    """Whether a lower-case word has the form of a past tense or a participle."""
    irregular = word in _BASE and _BASE[word] != word and word not in _NOT_PAST
    irregular = irregular or word in _UNCHANGED
    return irregular or (len(word) > 3 and word.endswith("ed"))


@lru_cache(maxsize=65_536)
def alike(one: str, other: str) -> bool:
    """Whether two stems mean nearly the same."""
    return one == other or other in _near(one) or one in _near(other) or _begin_alike(one, other)


@lru_cache(maxsize=65_536)
def contrary(one: str, other: str) -> bool:
    """Whether two stems mean the opposite."""
    return other in opposite(one) or other in antonyms(one) or one in antonyms(other)


@lru_cache(maxsize=65_536)
def _near(one: str) -> frozenset[str]:
    return like(one) | synonyms(one) | _paraphrases().get(one, frozenset())


def _begin_alike(one: str, other: str) -> bool:
    """Whether one word is derived from the other, as far as their beginnings tell."""
    pairs = enumerate(zip(one, other, strict=False))
    shared = next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
    return shared >= _LEAST_SHARED and shared >= 0.65 * max(len(one), len(other)) and one.isalpha()


@cache
def _paraphrases() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for line in (Path(__file__).parent / "paraphrases.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            group = {_joined(word) for word in line.split()}
            for word in group:
                groups[word] |= group - {word}
    return {word: frozenset(group) for word, group in groups.items()}


def _joined(word: str) -> str:
    head, mark, particle = word.partition("_")
    return f"{base(head)}{mark}{particle}"
