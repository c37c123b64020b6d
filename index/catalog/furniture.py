"""Lines that were learnt to be boilerplate of an outlet, and outlets with articles not yet looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def mark_unlearnt(connection: sqlite3.Connection, outlet: str) -> None:
    """Remember that the outlet has an article that was not looked at for repeated lines."""
    connection.execute("INSERT OR IGNORE INTO unlearnt (outlet) VALUES (?)", (outlet,))


def unlearnt(connection: sqlite3.Connection) -> list[str]:
    """Outlets with such an article."""
    return [row[0] for row in connection.execute("SELECT outlet FROM unlearnt ORDER BY outlet")]


def lines(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """What was learnt: by outlet, the keys of its lines."""
    found: dict[str, set[str]] = {}
    for outlet, line in connection.execute("SELECT outlet, line FROM furniture"):
        found.setdefault(outlet, set()).add(line)
    return {outlet: frozenset(keys) for outlet, keys in found.items()}


def add_lines(connection: sqlite3.Connection, outlet: str, keys: Iterable[str]) -> None:
    """Learn lines of an outlet. What is learnt stays."""
    connection.executemany(
        "INSERT OR IGNORE INTO furniture (outlet, line) VALUES (?, ?)", ((outlet, key) for key in keys)
    )


def mark_learnt(connection: sqlite3.Connection, outlet: str) -> None:
    """Remember that every article of the outlet was looked at, and cleaned."""
    connection.execute("DELETE FROM unlearnt WHERE outlet = ?", (outlet,))
