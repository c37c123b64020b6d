"""Readers' thumbs → drafts of gold questions, for a person to complete.

Reads the catalog's feedback. A thumbs down says that an answer was wrong, not what is right: the draft
carries the answer and the comment as a note, and a person must say the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.settings import load_settings


def from_feedback(data: Path | None, rating: str = "down") -> list[dict[str, Any]]:
    """A draft a question, the latest feedback on it; `rating` is "down", "up" or "all".

    Raises:
        StorageError: there is no index.
    """
    with Catalog.open(load_settings(data=data).data, read_only=True) as catalog:
        rows = [row for row in catalog.feedback() if rating in ("all", row["rating"])]
    latest = {" ".join(row["question"].split()).casefold(): row for row in rows}
    return [_draft(row) for row in sorted(latest.values(), key=lambda row: int(row["id"]))]


def _draft(row: dict[str, Any]) -> dict[str, Any]:
    answer = row["answer"] if isinstance(row["answer"], dict) else {}
    citations = [one for one in answer.get("citations") or () if isinstance(one, dict) and one.get("quote")]
    liked = row["rating"] == "up"
    answerable = not (liked and answer.get("status") == "not_in_corpus")
    verdict = answer.get("verdict") if liked else None
    kind = "unanswerable" if not answerable else "yesno" if answer.get("verdict") else "open"
    draft: dict[str, Any] = {
        "id": f"feedback-{row['id']}",
        "question": row["question"],
        "kind": kind,
        "answerable": answerable,
        "draft": True,
        "note": f"Thumbs {row['rating']} on {row['created_at'][:10]}"
        + (f", saying: {row['comment']}" if row["comment"] else "")
        + f". The answer was: {answer.get('text', '')}",
    }
    if liked and citations:
        # What a reader found right is a good first guess of what must be quoted.
        draft["must_cite"] = [str(one["quote"]) for one in citations]
        draft["gold_article_ids"] = list(dict.fromkeys(str(one["article_id"]) for one in citations))
    if verdict:
        draft["verdict"] = verdict
    return draft
