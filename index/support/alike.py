"""Whether two words mean the same: by stem, irregular form, shared beginning or thesaurus. Pure."""

from __future__ import annotations

from functools import lru_cache

from ..language import stem
from ..thesaurus import like, opposite

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


@lru_cache(maxsize=65_536)
def alike(one: str, other: str) -> bool:
    """Whether two stems mean nearly the same."""
    if one == other or other in like(one):
        return True
    shared = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return shared >= _LEAST_SHARED and shared >= 0.65 * max(len(one), len(other)) and one.isalpha()


@lru_cache(maxsize=65_536)
def contrary(one: str, other: str) -> bool:
    """Whether two stems mean the opposite."""
    return other in opposite(one)
