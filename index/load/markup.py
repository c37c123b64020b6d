"""A fragment of HTML (an entry of a feed, HTML within Markdown) → its text, a blank line between blocks.

All of the fragment is the story: nothing is looked for, as it is in a whole page.
"""

from __future__ import annotations

import html
import re

_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|tr|table|figure|figcaption|section|article)\b[^<>]*>", re.I
)
_UNREAD = re.compile(
    r"<(script|style|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def plain_text(markup: str) -> str:
    """The text of the fragment, entities resolved."""
    blocks = _BLOCK.sub("\n", _UNREAD.sub(" ", markup)).split("\n")
    lines = [" ".join(html.unescape(_TAG.sub("", block)).split()) for block in blocks]
    return "\n\n".join(line for line in lines if line)
