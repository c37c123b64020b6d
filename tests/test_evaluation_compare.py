"""A broken engine is told apart from a good one, each kind of break by the metric meant for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.ask import InProcess
from evaluation.cli import main
from evaluation.compare import compare, failures, parse_limits
from evaluation.folder import RunFolder
from evaluation.gold import GoldQuestion, read_gold
from evaluation.run import ask_all, score
from index.errors import UsageError
from index.records import (
    Answer,
    AnswerReady,
    Article,
    Citation,
    Claim,
    Event,
    Filters,
    Passage,
    PassagesFound,
    Turn,
)
from index.settings import ROOT

CORPUS = ROOT / "evaluation" / "corpus" / "articles.jsonl"
GOLD = ROOT / "evaluation" / "gold" / "corpus.jsonl"


class Oracle:
    """An engine that knows the gold, and gets a fixed tenth of the questions wrong, as real ones do.

    What is tested here is whether the evaluation can tell engines apart, not any engine.
    """

    def __init__(self, questions: Sequence[GoldQuestion]) -> None:
        rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
        self.texts = {row["id"]: row["text"] for row in rows}
        self.gold = {(q.question, q.history): q for q in questions}

    def article(self, article_id: str) -> Article | None:
        text = self.texts.get(article_id)
        return None if text is None else Article(article_id, article_id, text, article_id)

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        gold = self.gold[question, tuple(history)]
        yield PassagesFound(tuple(self._passage(key) for key in gold.gold_article_ids))
        yield AnswerReady(self.answer(gold))

    def answer(self, gold: GoldQuestion) -> Answer:
        chance = int(hashlib.sha256(gold.id.encode()).hexdigest(), 16) % 100
        if not gold.answerable:
            return self.answered(gold, 0) if chance < 10 else self.declined(gold, 0.1 + chance / 300)
        if chance < 10:
            return self.declined(gold, 0.45)
        return self.answered(gold, 0.55 + chance / 300)

    def answered(self, gold: GoldQuestion, confidence: float) -> Answer:
        key, start, end = self.place(gold)
        quote = self.texts[key][start:end]
        return Answer(
            gold.question, gold.question, "answered", None, gold.verdict, confidence, f"{quote} [1]",
            claims=(Claim(quote, (1,), "verified"),),
            citations=(Citation(1, key, key, None, None, None, quote, start, end),),
        )  # fmt: skip

    def declined(self, gold: GoldQuestion, confidence: float) -> Answer:
        return Answer(gold.question, gold.question, "not_in_corpus", "related_only", None, confidence, "No.")

    def place(self, gold: GoldQuestion) -> tuple[str, int, int]:
        """A line of an article with a `must_cite` string in it; any line, where there is none."""
        for key in gold.gold_article_ids:
            for passage in gold.must_cite:
                at = self.texts[key].find(passage)
                if at >= 0:
                    return key, *self.line_around(key, at)
        key = gold.gold_article_ids[0] if gold.gold_article_ids else min(self.texts)
        return key, *self.line_around(key, 0)

    def line_around(self, key: str, at: int) -> tuple[int, int]:
        text = self.texts[key]
        end = text.find("\n", at)
        return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end

    def _passage(self, key: str) -> Passage:
        return Passage(1, key, key, None, None, None, self.texts[key][:10], 0, 10, ((0, 10),))


class CitesTheNeighbour(Oracle):
    """Quotes the line after the right one."""

    def place(self, gold: GoldQuestion) -> tuple[str, int, int]:
        key, _, end = super().place(gold)
        text = self.texts[key]
        after = end + len(text[end:]) - len(text[end:].lstrip("\n"))
        return (key, *self.line_around(key, after)) if after < len(text) else (key, *self.line_around(key, 0))


class NeverDeclines(Oracle):
    def declined(self, gold: GoldQuestion, confidence: float) -> Answer:
        return self.answered(gold, 0.9)


class AlwaysDeclines(Oracle):
    def answered(self, gold: GoldQuestion, confidence: float) -> Answer:
        return self.declined(gold, 0.2)


class SwapsYesAndNo(Oracle):
    def answer(self, gold: GoldQuestion) -> Answer:
        answer = super().answer(gold)
        swapped = {"yes": "no", "no": "yes"}.get(answer.verdict or "")
        return replace(answer, verdict=swapped) if swapped else answer  # type: ignore[arg-type]


class AltersQuotes(Oracle):
    def answered(self, gold: GoldQuestion, confidence: float) -> Answer:
        answer = super().answered(gold, confidence)
        return replace(answer, citations=tuple(replace(c, start=c.start + 1) for c in answer.citations))


class Fails(Oracle):
    def answered(self, gold: GoldQuestion, confidence: float) -> Answer:
        raise RuntimeError("out of luck")


@pytest.fixture(scope="module")
def questions() -> tuple[GoldQuestion, ...]:
    return read_gold([GOLD])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, questions: tuple[GoldQuestion, ...]) -> dict[str, Path]:
    """The folder of a run of each engine, by its name."""
    folders = {}
    engines = (Oracle, CitesTheNeighbour, NeverDeclines, AlwaysDeclines, SwapsYesAndNo, AltersQuotes, Fails)
    for engine in engines:
        folder = RunFolder(tmp_path_factory.mktemp(engine.__name__))
        folder.begin({"identity": {"engine": engine.__name__}, "started": "2024-01-01T00:00"})
        outcomes = ask_all(InProcess(engine(questions)), questions, folder, done={}, jobs=2)
        score(folder, questions, outcomes)
        folders[engine.__name__] = folder.path
    return folders


def compared(runs: dict[str, Path], engine: str) -> dict[str, Any]:
    good, bad = (RunFolder(runs[name]).read("scores.json") for name in ("Oracle", engine))
    return compare(good, bad, resamples=100)


@pytest.mark.parametrize(
    ("engine", "metric", "unharmed"),
    [
        ("CitesTheNeighbour", "answer_in_first_quote", ("decline_recall", "false_refusals", "verdict_right")),
        ("CitesTheNeighbour", "citation_precision", ("hit@1",)),
        ("NeverDeclines", "decline_recall", ("verdict_right_if_given", "verbatim")),
        ("AlwaysDeclines", "false_refusals", ("decline_recall", "hit@1")),
        ("SwapsYesAndNo", "verdict_right_if_given", ("answer_in_first_quote", "decline_recall", "verbatim")),
        ("AltersQuotes", "verbatim", ("answer_in_first_quote", "decline_recall", "verdict_right")),
        ("Fails", "errors", ("right", "answer_in_first_quote")),
    ],
)
def test_each_break_shows_in_its_metric(
    runs: dict[str, Path], engine: str, metric: str, unharmed: tuple[str, ...]
) -> None:
    found = compared(runs, engine)
    row = found["metrics"][metric]
    assert row["direction"] == -1
    assert row["q"] < 0.05
    assert failures(found, parse_limits([f"{metric}:0.1"]))
    for name in unharmed:
        other = found["metrics"][name]
        assert other["direction"] >= 0 or other["a"] is None, name


def test_the_command_fails_by_the_metric_that_was_named(
    runs: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    good, swaps = str(runs["Oracle"]), str(runs["SwapsYesAndNo"])
    assert main(["compare", good, good, "--fail-if-worse", "right", "--fail-if-worse", "verbatim"]) == 0
    assert main(["compare", good, swaps, "--fail-if-worse", "verbatim"]) == 0
    assert main(["compare", good, swaps, "--fail-if-worse", "verdict_right:0.05"]) == 1
    assert main(["compare", good, swaps, "--fail-if-worse", "verdict_right:1"]) == 0
    assert main(["compare", swaps, good, "--fail-if-worse", "verdict_right"]) == 0
    said = capsys.readouterr()
    assert "verdict_right" in said.err
    assert "Got worse" in said.out


def test_the_questions_that_changed_are_named(runs: dict[str, Path], tmp_path: Path) -> None:
    found = compared(runs, "SwapsYesAndNo")
    assert found["worse"]
    assert not found["better"]
    assert all(row["group"] in ("yesno", "disputed") for row in found["worse"])
    page = tmp_path / "changed.html"
    main(["compare", str(runs["Oracle"]), str(runs["SwapsYesAndNo"]), "--html", str(page)])
    assert found["worse"][0]["id"] in page.read_text(encoding="utf-8")


def test_a_metric_that_vanished_counts_as_worse(runs: dict[str, Path]) -> None:
    found = compared(runs, "AlwaysDeclines")
    assert found["metrics"]["verbatim"]["b"] is None
    assert failures(found, parse_limits(["verbatim"]))


def test_changed_gold_is_left_out_and_said(runs: dict[str, Path]) -> None:
    a, b = (RunFolder(runs["Oracle"]).read("scores.json") for _ in range(2))
    b["questions"][0]["fingerprint"] = "another"
    found = compare(a, b, resamples=20)
    assert found["shared"] == len(a["questions"]) - 1
    assert found["notes"]
    for row in b["questions"]:
        row["fingerprint"] = "another"
    with pytest.raises(UsageError, match="share no question"):
        compare(a, b, resamples=20)


@pytest.mark.parametrize("option", ["nothing", "right:much", "right:-1", "right:nan", "answer_words"])
def test_a_limit_that_means_nothing_is_refused(runs: dict[str, Path], option: str) -> None:
    with pytest.raises(UsageError):
        parse_limits([option])
    assert main(["compare", str(runs["Oracle"]), str(runs["Oracle"]), "--fail-if-worse", option]) == 2


def test_comparing_what_is_no_run_is_wrong_usage(runs: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[]")
    for other in (tmp_path, tmp_path / "list.json", tmp_path / "none"):
        assert main(["compare", str(runs["Oracle"]), str(other)]) == 2
