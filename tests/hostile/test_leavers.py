"""Visitors who leave in mid-answer, at every door: the model is hung up on, and nothing is left of them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.leavers import DOORS, leavings
from tests.openai_server import ModelServer
from tests.web_serving import ROOT, build, served

TIMES = 24
SOON = 10.0
"""Seconds: a fifth of the model's deadline, after which an answer would end by itself; how soon it is on a
quiet machine is measured by the benchmark."""


def test_leaving_ends_the_answer(data: Path) -> None:
    build(data, ROOT / "seeds")
    with (
        ModelServer() as model,
        served(data, model="m", openai_base_url=model.base_url, model_seconds=50) as (base, _),
    ):
        found = leavings(base, model, TIMES, seed=14)
    assert {door: len(times) for door, times in found.seconds.items()} == dict.fromkeys(
        DOORS, TIMES // len(DOORS)
    )
    assert [door for door, times in found.seconds.items() if max(times) > SOON] == []
    assert not found.has_left_something, found.left
