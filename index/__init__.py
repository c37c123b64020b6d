"""Dateline: questions answered over news articles, with the exact words that back each answer.

Data flows one way through the modules of this package:

    load → chunk → embed → catalog → store → retrieve → answer → cite

`build` runs the first half, `assistant` the second; both are all that a front end needs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .assistant import Assistant, open_assistant
    from .settings import Settings, load_settings

# Here, so that it is set before any module imports onnxruntime: by default it looks up its maker's telemetry host.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__all__ = ["Assistant", "Settings", "load_settings", "open_assistant"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: llama-index alone takes seconds, and `list` or `status` need none of it.
    if name in {"Assistant", "open_assistant"}:
        from . import assistant

        return getattr(assistant, name)
    if name in {"Settings", "load_settings"}:
        from . import settings

        return getattr(settings, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
