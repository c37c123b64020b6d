"""A trained reader → int8 ONNX, compared with the original.

    python -m training.reader.export reader.pt examples.jsonl --out reader.onnx

Inputs `input_ids`, `token_type_ids`, `attention_mask`: int64 of shape (batch, tokens). Output `scores`: float32
of shape (batch, tokens, 2), the heads MEAN and GREATEST (model.py); the others are left out. Weights are
quantised per channel, activations at run time. Weights have seven bits: with eight, sums overflow on
processors without VNNI instructions.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from .encoding import Encoded, encode_example
from .examples import draw, read_examples
from .model import SHIPPED, Reader, logits, padded, targets

INPUTS = ["input_ids", "token_type_ids", "attention_mask"]
MOST_BYTES = 25_000_000
COMPARED, COMPARED_BATCH = 200, 1
"""Examples, and how many at once: one, as in use."""


class Shown(nn.Module):
    """The reader with the heads that are for use."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.bert = reader.bert
        self.head = nn.Linear(reader.head.in_features, SHIPPED)
        self.head.weight = nn.Parameter(reader.head.weight[:SHIPPED].detach().clone())
        self.head.bias = nn.Parameter(reader.head.bias[:SHIPPED].detach().clone())

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """All of shape (batch, tokens), int64."""
        states = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        scores: Tensor = self.head(states)
        return scores


def export(reader: Reader, row: Encoded, out: Path) -> None:
    """Write the model, quantised."""
    shape = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory() as folder:
        full, prepared = Path(folder) / "full.onnx", Path(folder) / "prepared.onnx"
        torch.onnx.export(
            Shown(reader).eval(),
            padded([row, row]),
            full,
            input_names=INPUTS,
            output_names=["scores"],
            dynamic_axes=dict.fromkeys([*INPUTS, "scores"], shape),
            dynamo=False,
        )
        quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(prepared, out, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def compare(reader: Reader, rows: Sequence[Encoded], path: Path) -> dict[str, float]:
    """How far the written model's logits are from the original's, and how often both choose the same.

    How many choices are right is told of examples like those trained on: it shows what quantising costs, not
    how good the model is.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    distances: list[float] = []
    same = right = right_before = 0
    for start in range(0, len(rows), COMPARED_BATCH):
        batch = rows[start : start + COMPARED_BATCH]
        inputs = padded(batch)
        with torch.no_grad():
            original = reader(*inputs)
        given = dict(zip(INPUTS, (tensor.numpy() for tensor in inputs), strict=True))
        written = torch.from_numpy(session.run(None, given)[0])
        for number, row in enumerate(batch):
            before, after = logits(original[number], row), logits(written[number], row)
            distances.append(float((before - after).abs().mean()))
            target = targets(row)
            same += int(before.argmax() == after.argmax())
            right += int(int(after.argmax()) in target)
            right_before += int(int(before.argmax()) in target)
    count = len(rows)
    return {
        "mean distance of logits": float(np.mean(distances)),
        "same choice": same / count,
        "right": right / count,
        "right before": right_before / count,
    }


def main(arguments: Sequence[str]) -> None:
    """Export, compare, refuse what is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("examples", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    reader = Reader(attention="eager")
    reader.load_state_dict(torch.load(chosen.weights, weights_only=True))
    reader.eval()
    drawn = draw(read_examples(chosen.examples), random.Random(0))[:COMPARED]
    rows = [encode_example(example) for example in drawn]
    export(reader, max(rows, key=lambda row: len(row.ids)), chosen.out)
    size = chosen.out.stat().st_size
    print(f"{chosen.out}: {size:,} bytes")
    for name, figure in compare(reader, rows, chosen.out).items():
        print(f"{name}: {figure:.4f}")
    if size > MOST_BYTES:
        sys.exit(f"{chosen.out} has more than {MOST_BYTES:,} bytes: quantise more of it")


if __name__ == "__main__":
    main(sys.argv[1:])
