"""A publication date as a source states it → ISO date, or None. Never guesses."""

from __future__ import annotations

from datetime import date, datetime
from email.utils import parsedate_to_datetime


def parse_date(stated: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The ISO date of an ISO 8601 or RFC 2822 date, and a note where one was stated but not understood."""
    if stated is None:
        return None, ()
    for read in (date.fromisoformat, datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(stated)
        except (ValueError, IndexError):
            continue
        return found.strftime("%Y-%m-%d") if found.year >= 1000 else None, ()
    return None, (f"date not understood: {stated[:60]}",)
