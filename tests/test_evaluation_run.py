"""Whole runs: on a real index with the real engine, over HTTP, stopped and gone on with, with errors."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from evaluation.ask import Server, ask
from evaluation.cli import main
from evaluation.draft import draft
from evaluation.feedback import from_feedback
from evaluation.folder import RunFolder
from evaluation.gold import GoldQuestion, read_gold
from evaluation.outcome import Outcome
from evaluation.run import Plan, run
from index.catalog import Catalog
from index.errors import StorageError, UsageError

ARTICLES = [
    {"id": "dam", "title": "Dam breaks in Harlow", "date": "2024-03-01",
     "text": "The dam above Harlow broke on Friday at noon. Two people died in the flood, police said.\n\n"
             "Mayor Ada Quill said that the town was not warned."},
    {"id": "train", "title": "Train strike ends", "date": "2024-03-09",
     "text": "The strike of the train drivers ended on Monday. They had stopped work for eleven days.\n\n"
             "The drivers will receive a bonus of 400 crowns."},
]  # fmt: skip
QUESTIONS = [
    {"id": "q1", "question": "How many people died in the flood in Harlow?", "kind": "span",
     "answerable": True, "answers": ["two"], "must_cite": ["Two people died"], "gold_article_ids": ["dam"]},
    {"id": "q2", "question": "When did the strike of the train drivers end?", "kind": "span",
     "answerable": True, "answers": ["Monday"], "must_cite": ["ended on Monday"],
     "gold_article_ids": ["train"]},
    {"id": "q3", "question": "Who composed Rigoletto?", "kind": "unanswerable", "answerable": False},
    {"id": "q4", "question": "And how long had they stopped work?", "kind": "span", "answerable": True,
     "history": [["When did the strike of the train drivers end?", "It ended on Monday. [1]"]],
     "must_cite": ["eleven days"], "gold_article_ids": ["train"]},
]  # fmt: skip


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with gold, articles, and a run of them in `first`, made by the command."""
    folder = tmp_path_factory.mktemp("evaluation")
    write(folder / "articles.jsonl", ARTICLES)
    write(folder / "gold.jsonl", QUESTIONS)
    corpus, gold = str(folder / "articles.jsonl"), str(folder / "gold.jsonl")
    assert main(["--gold", gold, "--corpus", corpus, "--out", str(folder / "first")]) == 0
    return folder


@pytest.fixture
def plan(place: Path, tmp_path: Path) -> Plan:
    """A run on the same index in a folder of its own."""
    return Plan(gold=(place / "gold.jsonl",), out=tmp_path / "run", data=place / "first" / "index")


def scores(folder: RunFolder) -> dict[str, Any]:
    """All scores, without what a clock decides."""
    content = folder.read("scores.json")
    for name in ("latency_p50", "latency_p95"):
        del content["summary"]["metrics"][name]
    for row in content["questions"]:
        del row["marks"]["milliseconds"]
    return content


def test_without_history_each_question_is_asked_alone(place: Path, tmp_path: Path) -> None:
    def standalone(run: Path) -> dict[str, str]:
        return {i: o.answer["standalone_question"] for i, o in RunFolder(run).outcomes().items() if o.answer}

    alone = tmp_path / "alone"
    arguments = ["--gold", str(place / "gold.jsonl"), "--data", str(place / "first" / "index")]
    assert main([*arguments, "--no-history", "--out", str(alone)]) == 0
    asked = QUESTIONS[3]["question"]
    assert standalone(alone)["q4"] == asked
    assert standalone(place / "first")["q4"].startswith("When did the strike of the train drivers end?")
    # What was asked with the conversation is another question: its answers are not taken over.
    with pytest.raises(UsageError):
        run(Plan(gold=(place / "gold.jsonl",), out=alone, data=place / "first" / "index"))


def test_a_run_leaves_everything_behind(place: Path) -> None:
    folder = RunFolder(place / "first")
    facts, summary = folder.read("run.json"), folder.read("summary.json")
    assert facts["corpus"]["articles"] == 2
    assert facts["versions"]["python"]
    assert facts["identity"]["corpus"]
    assert facts["settings"]["passages"] > 0
    assert summary["counts"]["questions"] == 4
    assert summary["counts"]["errors"] == 0
    assert summary["metrics"]["hit@1"]["value"] == 1
    assert summary["metrics"]["verbatim"]["value"] in (1, None)
    assert [json.loads(line)["id"] for line in folder.results.read_text().splitlines()] == [
        "q1",
        "q2",
        "q3",
        "q4",
    ]
    assert "How many people died" in (folder.path / "report.html").read_text(encoding="utf-8")


def test_the_same_run_twice_gives_the_same_scores(place: Path, plan: Plan) -> None:
    assert scores(run(plan)) == scores(RunFolder(place / "first"))


def test_no_secret_gets_into_a_run(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    folder = run(plan)
    for path in folder.path.iterdir():
        assert b"sk-very-secret" not in path.read_bytes()


def test_a_stopped_run_asks_only_what_is_left(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(plan)
    lines = whole.results.read_bytes().splitlines(keepends=True)
    # As after a crash: two answers, and half of a third.
    whole.results.write_bytes(lines[0] + lines[1] + lines[2][:40])
    before = scores(whole)
    asked: list[str] = []

    def noted(target: Any, question: GoldQuestion) -> Outcome:
        asked.append(question.id)
        return ask(target, question)

    monkeypatch.setattr("evaluation.ask.ask", noted)
    assert scores(run(plan)) == before
    assert sorted(asked) == ["q3", "q4"]
    assert len(whole.outcomes()) == 4


def test_a_line_cut_off_by_a_crash_spoils_no_later_one(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.add(Outcome("q1", "x", error="One."))
    folder.results.write_bytes(folder.results.read_bytes() + b'{"id": "q2", "finger')
    folder.add(Outcome("q3", "x", error="Three."))
    folder.add(Outcome("q4", "x", error="Four."))
    assert list(folder.outcomes()) == ["q1", "q3", "q4"]


def test_a_question_that_failed_is_asked_again(plan: Plan) -> None:
    folder = run(plan)
    good = scores(folder)
    outcomes = folder.outcomes()
    outcomes["q1"] = Outcome("q1", outcomes["q1"].fingerprint, error="The disk was full.")
    folder.finish(list(outcomes.values()))
    assert scores(run(plan)) == good


def test_results_of_another_run_are_never_mixed_in(plan: Plan, tmp_path: Path) -> None:
    run(plan)
    changed = write(tmp_path / "gold.jsonl", [{**QUESTIONS[0], "must_cite": ["Two people"]}, *QUESTIONS[1:]])
    with pytest.raises(UsageError, match=r"another run .*gold"):
        run(Plan(gold=(changed,), out=plan.out, data=plan.data))
    assert run(Plan(gold=(changed,), out=plan.out, data=plan.data, fresh=True)).outcomes()


def test_a_damaged_line_in_the_middle_is_not_passed_over(plan: Plan) -> None:
    folder = run(plan)
    lines = folder.results.read_text().splitlines()
    folder.results.write_text("\n".join([lines[0], "{damaged", *lines[2:]]) + "\n")
    with pytest.raises(StorageError, match="line 2"):
        run(plan)


def test_scores_are_made_anew_after_gold_was_mended(place: Path, plan: Plan, tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.jsonl", QUESTIONS)
    folder = run(Plan(gold=(gold,), out=plan.out, data=plan.data))
    write(gold, [{**QUESTIONS[0], "must_cite": ["nothing of the kind"]}, *QUESTIONS[1:]])
    assert main(["report", str(folder.path)]) == 0
    assert folder.read("scores.json")["questions"][0]["marks"]["right"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--gold", "no-such-file.jsonl"],
        ["--gold", "{gold}", "--corpus", "no-such-folder"],
        ["--gold", "{gold}", "--url", "ftp://example.org"],
        ["--gold", "{gold}", "--url", "http://127.0.0.1:1", "--corpus", "{gold}"],
    ],
)
def test_wrong_usage_exits_with_2(place: Path, tmp_path: Path, arguments: list[str], capsys: Any) -> None:
    filled = [argument.replace("{gold}", str(place / "gold.jsonl")) for argument in arguments]
    assert main([*filled, "--out", str(tmp_path / "run")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_no_index_and_no_server_exit_with_1(place: Path, tmp_path: Path, capsys: Any) -> None:
    gold = ["--gold", str(place / "gold.jsonl"), "--out", str(tmp_path / "run")]
    assert main([*gold, "--data", str(tmp_path / "none")]) == 1
    assert main([*gold, "--url", "http://127.0.0.1:1"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_drafts_are_grounded_and_of_all_kinds(place: Path, tmp_path: Path, capsys: Any) -> None:
    data = place / "first" / "index"
    rows = draft(data, count=8)
    assert rows == draft(data, count=8)
    texts = {row["id"]: row["text"] for row in ARTICLES}
    for row in rows:
        assert row["draft"] is True
        for quote in row.get("must_cite", ()):
            assert quote in texts[row["gold_article_ids"][0]]
    assert {row.get("unanswerable_kind") for row in rows} >= {"off_topic", "nonsense"}
    out = str(tmp_path / "drafts.jsonl")
    assert main(["draft", "--data", str(data), "--out", out]) == 0
    assert read_gold([Path(out)])
    assert main(["check", out, "--data", str(data)]) == 1  # they are drafts
    assert "is a draft" in capsys.readouterr().out
    assert main(["draft", "--data", str(data), "--out", out]) == 2  # never over somebody's work


def test_feedback_becomes_drafts(tmp_path: Path) -> None:
    with Catalog.open(tmp_path) as catalog:
        said = {
            "status": "answered",
            "text": "It was five. [1]",
            "citations": [{"article_id": "a", "quote": "Five."}],
        }
        catalog.add_feedback("How many?", said, "down", "It was six")
        catalog.add_feedback("how  many?", said, "down", "It was seven")
        catalog.add_feedback("Who?", said, "up")
        catalog.add_feedback("Odd?", {}, "down")
    down = from_feedback(tmp_path)
    assert [row["question"] for row in down] == ["how  many?", "Odd?"]
    assert "It was seven" in down[0]["note"]
    assert "must_cite" not in down[0]
    [up] = from_feedback(tmp_path, "up")
    assert (up["must_cite"], up["gold_article_ids"]) == (["Five."], ["a"])
    assert main(["from-feedback", "--data", str(tmp_path), "--out", str(tmp_path / "f.jsonl")]) == 0
    assert len(read_gold([tmp_path / "f.jsonl"])) == 2


TEXT = "It rained on Monday. It snowed on Tuesday."
ANSWER: dict[str, Any] = {
    "status": "answered", "verdict": None, "confidence": 0.9, "text": "It rained on Monday. [1]",
    "reason": None, "standalone_question": "When?", "related": [], "claims": [],
    "citations": [{"n": 1, "article_id": "a/b c", "title": "Rain", "quote": "It rained on Monday.",
                   "start": 0, "end": 20, "source": None, "published": None, "speaker": None}],
}  # fmt: skip


CITATION = ANSWER["citations"][0]


class _Handler(BaseHTTPRequestHandler):
    """The contract's HTTP, with every way to fail behind a question of its name."""

    def do_GET(self) -> None:
        found: dict[str, Any] = {"/api/status": {"articles": 1}, "/api/articles/a%2Fb%20c": {"text": TEXT}}
        self._send(200 if self.path in found else 404, json.dumps(found.get(self.path, {})))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert body["stream"] is True
        frames = {
            "good": [("passages", [{"article_id": "x"}, {"article_id": "a/b c"}, {"article_id": "x"}]),
                     ("delta", {"text": "It"}), ("answer", ANSWER)],
            "altered": [("answer", ANSWER | {"citations": [CITATION | {"quote": "It hailed."}]})],
            "error": [("error", {"error": {"code": "model", "message": "The model is away."}})],
            "cut": [("delta", {"text": "It"})],
        }.get(body["question"])  # fmt: skip
        if frames is None:
            self._send(422, json.dumps({"error": {"code": "question", "message": "No such question."}}))
        else:
            self._send(200, "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in frames))

    def _send(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def over_http(url: str, question: str) -> Outcome:
    server = Server(url)
    try:
        return ask(server, GoldQuestion("q", question, "open", True, "open"))
    finally:
        server.close()


def test_a_server_is_asked_as_the_assistant_is(url: str) -> None:
    outcome = over_http(url, "good")
    assert outcome.answer == ANSWER
    assert outcome.ranking == ("x", "a/b c")
    [quote] = outcome.quotes
    assert (quote.verbatim, quote.after) == (True, " It snowed on Tuesday.")
    assert not over_http(url, "altered").quotes[0].verbatim


@pytest.mark.parametrize(
    ("question", "said"),
    [("error", "The model is away."), ("cut", "without an answer"), ("other", "No such question.")],
)
def test_what_a_server_gets_wrong_is_an_error_not_an_answer(url: str, question: str, said: str) -> None:
    outcome = over_http(url, question)
    assert outcome.status == "error"
    assert outcome.error is not None
    assert said in outcome.error


def test_a_run_over_http_counts_errors_apart(url: str, tmp_path: Path) -> None:
    gold = write(
        tmp_path / "gold.jsonl",
        [{"id": name, "question": name, "kind": "open", "answerable": True, "must_cite": ["rained on Monday"]}
         for name in ("good", "error", "cut")],
    )  # fmt: skip
    assert main(["--gold", str(gold), "--url", url, "--out", str(tmp_path / "run")]) == 0
    summary = RunFolder(tmp_path / "run").read("summary.json")
    assert summary["counts"]["errors"] == 2
    assert summary["metrics"]["answer_in_first_quote"]["value"] == 1
