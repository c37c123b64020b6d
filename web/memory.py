"""Keeps the memory of a server that runs for days where it is. Knows no assistant and no requests.

glibc gives up to eight arenas to each processor, and lets threads keep what they have once used: every thread
that answers comes to hold its own copy of the largest answer's room. With two arenas they share it.
"""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""As `malloc.h` of glibc has it."""
_ARENAS = 2


def share_arenas() -> None:
    """To be called before threads are started: an arena is never given up. Does nothing without glibc."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, _ARENAS)
