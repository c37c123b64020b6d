"""What near-identical articles are known by: a MinHash signature of a text's phrases. Pure.

The hashing is rensa's, whose algorithm carries a version: a signature made by another is another.
"""

from __future__ import annotations

import re

import numpy as np

_PERMUTATIONS = 128
_SEED = 20160817
_PHRASE = 3
"""Words: longer phrases lose more of them to each word that an editor changed."""
_WORD = re.compile(r"\w+")


def signature(text: str) -> bytes:
    """128 numbers of four bytes; in as many of them as two texts share phrases, they are equal."""
    # Late: a build without news needs none.
    from rensa import RMinHash

    words = _WORD.findall(text.casefold())
    phrases = [" ".join(words[at : at + _PHRASE]) for at in range(max(1, len(words) - _PHRASE + 1))]
    # A text without a word resembles nothing but itself.
    made = RMinHash(_PERMUTATIONS, _SEED)
    made.update(phrases if words else [text])
    return np.array(made.digest(), dtype="<u4").tobytes()
