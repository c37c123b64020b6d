"""How the parent and the child processes of the sandbox talk: frames of JSON, each after its length."""

from __future__ import annotations

import json
from typing import Any

MEMORY_EXIT = 86
"""Exit code of a child that came to the end of its memory."""


def framed(value: dict[str, Any]) -> bytes:
    """A frame: its length in four bytes, and JSON."""
    data = json.dumps(value).encode()
    return len(data).to_bytes(4, "big") + data
