"""Examples → a trained reader.

    python -m training.reader.train examples.jsonl --out first.pt [--steps 3600] [--minutes 32]
    python -m training.reader.train examples.jsonl written.jsonl --start first.pt --rate 5e-5 --made 0.2 \\
        --out reader.pt

The second goes on from the first: with what somebody wrote, and a share of what rules made.

The rate falls to nothing by the last step or the last minute, whichever comes first. Prints a table of the
mean loss; saves the weights now and then and at the end.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from .encoding import Encoded, encode_example
from .examples import Example, draw, read_examples
from .model import Reader, loss, padded

SEED = 11
THREADS = 2
BATCH = 16
SORTED_BATCHES = 20
"""Batches whose rows are sorted by length together, so that little is padded."""
RATE, HEAD_RATE = 1e-4, 10.0
"""The head's is so many times the body's."""
WEIGHT_DECAY = 0.01
WARM_UP = 0.05
"""Share of the steps in which the rate rises."""
LEAST_RATE = 0.02
"""Share of the rate that is left at the end."""
LOG_EVERY, SAVE_EVERY = 25, 300
SMOOTHING = 0.96


def batches(examples: Sequence[Example], rng: random.Random, made: float) -> Iterator[list[Encoded]]:
    """Yield batches without end: one epoch after the other, each drawn anew."""
    while True:
        epoch = draw(examples, rng, made)
        for start in range(0, len(epoch), BATCH * SORTED_BATCHES):
            rows = [encode_example(example) for example in epoch[start : start + BATCH * SORTED_BATCHES]]
            rows.sort(key=lambda row: len(row.ids))
            groups = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
            rng.shuffle(groups)
            yield from groups


def train(
    model: Reader, data: Iterator[list[Encoded]], steps: int, minutes: float, out: Path, *, highest: float
) -> None:
    """Train for so many steps or minutes, whichever comes first; `highest` is the body's rate once warm."""
    began, seconds = time.monotonic(), minutes * 60
    optimizer = _optimizer(model, highest)

    def rate(step: int) -> float:
        done = max(step / steps, (time.monotonic() - began) / seconds)
        return min(1.0, (step + 1) / (WARM_UP * steps)) * max(LEAST_RATE, 1 - done)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    mean = 0.0
    model.train()
    for step, rows in enumerate(islice(data, steps)):
        with torch.autocast("cpu", torch.bfloat16):
            scores = model(*padded(rows))
        found = loss(scores.float(), rows)
        found.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        mean = SMOOTHING * mean + (1 - SMOOTHING) * found.item() if step else found.item()
        elapsed = time.monotonic() - began
        if step % LOG_EVERY == 0:
            print(f"{step}\t{mean:.3f}\t{elapsed:.0f}", flush=True)
        if step % SAVE_EVERY == SAVE_EVERY - 1:
            torch.save(model.state_dict(), out)
        if elapsed > seconds:
            break
    print(f"{step + 1}\t{mean:.3f}\t{time.monotonic() - began:.0f}", flush=True)
    torch.save(model.state_dict(), out)


def _optimizer(model: Reader, rate: float) -> torch.optim.Optimizer:
    """Word vectors stay as they are: articles of other subjects have words that are not seen here."""
    for parameter in model.bert.embeddings.parameters():
        parameter.requires_grad = False
    body = [parameter for parameter in model.bert.parameters() if parameter.requires_grad]
    groups = [
        {"params": body, "lr": rate},
        {"params": list(model.head.parameters()), "lr": rate * HEAD_RATE},
    ]
    return torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)


def main(arguments: Sequence[str]) -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("examples", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--made", type=float, default=1.0, help="share of what rules made")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(THREADS)
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    examples = [example for path in chosen.examples for example in read_examples(path)]
    epoch = draw(examples, random.Random(SEED), chosen.made)
    answered = sum(example.gold is not None for example in epoch)
    print(f"{len(examples)} examples; an epoch draws {len(epoch)}, {answered} of them answerable")
    print("step\tloss\tseconds", flush=True)
    model = Reader()
    if chosen.start:
        model.load_state_dict(torch.load(chosen.start, weights_only=True))
    data = batches(examples, rng, chosen.made)
    train(model, data, chosen.steps, chosen.minutes, chosen.out, highest=chosen.rate)


if __name__ == "__main__":
    main(sys.argv[1:])
