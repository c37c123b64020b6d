"""Where the sentences of a text begin and end. Knows nothing of articles.

sentencex (Wikimedia) finds them: linear in the length of the text, and it keeps "Gen. J. R. Miller Jr." whole.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

Span = tuple[int, int]

# sentencex 1.0.32 panics at a capital letter, any white space but ASCII's, and a full stop: "A\u00a0.".
_SPACES = {code: " " for code in range(128, sys.maxunicode + 1) if chr(code).isspace()}


def sentence_bounds(text: str) -> Iterator[Span]:
    """Begin and end of each sentence, in order, half open, in code points; white space may be at either."""
    try:
        found = get_sentence_boundaries("en", text.translate(_SPACES))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # no `Exception`, and nothing to import it from
            raise
        found = [{"start_index": 0, "end_index": len(text)}]
    return ((one["start_index"], one["end_index"]) for one in found)
