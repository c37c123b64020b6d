"""Receipts for feedback: who holds one may change that feedback later, and nobody else's.

A receipt is the feedback's number, signed with a key that this process made for itself: after a restart none
fits any more, and a changed mind is kept as feedback of its own. Knows no requests and stores nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

_SHAPE = re.compile(r"([0-9]{1,18})\.([0-9a-f]{64})")


class Receipts:
    """Makes receipts, and reads those that it made."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def receipt(self, number: int) -> str:
        return f"{number}.{self._signature(str(number))}"

    def number(self, receipt: str | None) -> int | None:
        """The number of the feedback, or None if this is no receipt of ours."""
        match = _SHAPE.fullmatch(receipt or "")
        if match is None or not hmac.compare_digest(match[2], self._signature(match[1])):
            return None
        return int(match[1])

    def _signature(self, number: str) -> str:
        return hmac.new(self._key, number.encode(), hashlib.sha256).hexdigest()
