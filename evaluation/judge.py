"""A model as judge: is the answer correct by the gold, and faithful to its quotes? Optional.

The judge's word is a mark of its own and never changes another. A reply that cannot be understood is
no verdict: it is left out, and kept with its reason. Source of the two questions: RAGAS, Es et al. 2023
(arXiv:2309.15217), here as one yes or no each. docs/evaluation.md says how far to trust a judge.
"""

from __future__ import annotations

from typing import Any

from index.errors import ModelError
from index.settings import Settings

from .gold import GoldQuestion
from .marks import plain_text
from .model import JsonModel, fill, prompt_hash, prompt_text
from .outcome import Outcome

_PROMPTS = {"correct": "judge_correctness", "faithful": "judge_faithfulness"}


class ModelJudge:
    """Judges answers that were given. Threads may share it."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._model = JsonModel(name, settings)

    def identity(self) -> dict[str, Any]:
        """Everything that is pinned, for the run's record."""
        return self._model.identity() | {name: prompt_hash(file) for name, file in _PROMPTS.items()}

    def judged(self, question: GoldQuestion, outcome: Outcome) -> dict[str, Any]:
        """{correct?, faithful?} as 1 or 0, and a `…_reason` each; {} where there is nothing to judge."""
        answer = outcome.answer
        if answer is None or answer["status"] != "answered":
            return {}
        fields = {
            "question": question.question,
            "answer": plain_text(answer),
            "quotes": "\n".join(str(citation["quote"]) for citation in answer["citations"]),
            "gold": _gold(question),
        }
        wanted = ("correct", "faithful") if question.answerable and fields["gold"] else ("faithful",)
        found: dict[str, Any] = {}
        for name in wanted:
            try:
                reply = self._model.ask(fill(prompt_text(_PROMPTS[name]), **fields))
            except ModelError as error:
                found[f"{name}_reason"] = f"not judged: {error}"
                continue
            if isinstance(reply.get(name), bool):
                found[name] = float(reply[name])
                found[f"{name}_reason"] = str(reply.get("reason", ""))[:500]
            else:
                found[f"{name}_reason"] = f"not judged: the reply has no {name!r} that is true or false."
        return found

    def close(self) -> None:
        """Let go of the connections."""
        self._model.close()


def _gold(question: GoldQuestion) -> str:
    lines = [f"The verdict is: {question.verdict}"] if question.verdict else []
    if question.answers:
        lines.append("Any one of these: " + " | ".join(question.answers))
    if question.must_cite:
        lines.append("As one of these passages says: " + " | ".join(question.must_cite))
    return "\n".join([*lines, *(f"As this passage says: {p.text}" for p in question.gold_passages)])
