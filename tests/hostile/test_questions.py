"""Questions made to keep the server busy."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from index import open_assistant
from index.errors import QuestionError
from index.settings import ROOT, load_settings
from tests.web_serving import build


def test_marks_in_a_row_are_never_put_in_order(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the square of their number: a megabyte of them, which the chat takes, would be minutes."""
    build(data, ROOT / "seeds")
    longest = 0
    order = unicodedata.normalize

    def watched(form: str, text: str) -> str:
        nonlocal longest
        longest = max(longest, len(text))
        return order(form, text)  # type: ignore[arg-type]

    bomb = "a" + "\u0300\u0316" * 400_000
    monkeypatch.setattr(unicodedata, "normalize", watched)
    with open_assistant(load_settings(data=data)) as assistant:
        with pytest.raises(QuestionError, match="800,001 characters"):
            assistant.answer(bomb)
        assistant.answer("And under what conditions?", [(bomb, bomb)] * 9)
    assert longest <= 8000
