"""The shipped reader → weights to go on from.

    python -m training.reader.thaw index/models/reader.onnx --out shipped.pt

Weights come back with the seven bits they were quantised to, and word vectors, which no training changes, as
they were. The heads that are not exported begin anew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from .model import SHIPPED, Reader

_QUANTISED, _PRODUCT = "_quantized", "/MatMul_quant"


def thaw(path: Path) -> Reader:
    """The reader of an exported file; raises KeyError if the file is of another shape."""
    graph = onnx.load(path).graph
    arrays = {found.name: numpy_helper.to_array(found) for found in graph.initializer}
    weights = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
    for node in graph.node:
        for name in node.input:
            if name in arrays and name.endswith(_QUANTISED) and node.name.endswith(_PRODUCT):
                place = node.name.removesuffix(_PRODUCT).strip("/").replace("/", ".")
                weights[f"{place}.weight"] = torch.from_numpy(_full(arrays, name).T.copy())
    reader = Reader()
    state = reader.state_dict()
    for name, shown in state.items():
        if name.startswith("head."):
            shown[:SHIPPED] = weights[name]
        elif "embeddings" not in name:
            shown.copy_(weights[name])
    reader.load_state_dict(state)
    return reader


def _full(arrays: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Of shape (inputs, outputs), float32."""
    base = name.removesuffix(_QUANTISED)
    return (arrays[name].astype(np.float32) - arrays[f"{base}_zero_point"]) * arrays[f"{base}_scale"]


def main(arguments: Sequence[str]) -> None:
    """Read the command line and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    torch.save(thaw(chosen.model).state_dict(), chosen.out)


if __name__ == "__main__":
    main(sys.argv[1:])
