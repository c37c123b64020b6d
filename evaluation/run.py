"""One run: build the index if asked to, ask every gold question, score, write the folder.

Ties the other modules together; knows no metric and no front end. A run that was stopped goes on
where it was when it is started again with the same folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from index.errors import ModelError, UsageError
from index.settings import Settings, load_settings

from . import ask, provenance, report
from .folder import RunFolder
from .gold import GoldQuestion, Lines, read_gold, set_name
from .marks import Marks, mark_all
from .outcome import Outcome
from .summary import summarise


@dataclass(frozen=True)
class Plan:
    """What to run. With `url`, a server is asked; else the index in `data`, built from `corpus` if given."""

    gold: tuple[Path, ...]
    out: Path
    lines: Lines = "all"
    data: Path | None = None
    corpus: tuple[Path, ...] = ()
    url: str | None = None
    jobs: int = 2
    judge: str | None = None
    fresh: bool = False
    history: bool = True
    """Whether the conversation before each question is given with it."""


class Judge(Protocol):
    """A model that judges answers; `judge.py` has it."""

    def identity(self) -> dict[str, Any]: ...

    def judged(self, question: GoldQuestion, outcome: Outcome) -> dict[str, Any]: ...


def run(plan: Plan) -> RunFolder:
    """Carry out a plan; the folder with what came of it.

    Raises:
        UsageError: gold, folder or options cannot be used.
        StorageError, ModelError: as of the index, or the folder cannot be written.
        KeyboardInterrupt: stopped; what was answered is kept.
    """
    questions = read_gold(plan.gold, plan.lines)
    if not plan.history:
        questions = tuple(replace(question, history=()) for question in questions)
    folder = RunFolder(plan.out)
    if plan.fresh and (folder.path / "run.json").exists():
        for name in ("run.json", "results.jsonl"):
            (folder.path / name).unlink(missing_ok=True)
    with _opened(plan, folder) as (target, facts):
        judge = _judge(plan)
        gold = {"files": [str(path) for path in plan.gold], "lines": plan.lines}
        identity = {
            "gold": provenance.digest(f"{q.id} {q.fingerprint}" for q in questions),
            "judge": judge.identity() if judge else None,
            **facts.pop("identity"),
        }
        done = folder.begin(
            {
                "identity": identity,
                "started": datetime.now().astimezone().isoformat(timespec="seconds"),
                "gold": gold,
                "versions": provenance.versions(),
                **facts,
            }
        )
        outcomes = ask_all(target, questions, folder, done=done, jobs=plan.jobs, judge=judge)
    folder.finish(outcomes)
    score(folder, questions, outcomes)
    return folder


def ask_all(
    target: ask.Target,
    questions: Sequence[GoldQuestion],
    folder: RunFolder,
    *,
    done: dict[str, Outcome],
    jobs: int,
    judge: Judge | None = None,
) -> list[Outcome]:
    """Ask what was not answered before, keep each answer as it comes; all outcomes in order of the gold."""
    found = {
        q.id: done[q.id]
        for q in questions
        if q.id in done and done[q.id].error is None and done[q.id].fingerprint == q.fingerprint
    }
    left = [question for question in questions if question.id not in found]

    def one(question: GoldQuestion) -> Outcome:
        outcome = ask.ask(target, question)
        return replace(outcome, judged=judge.judged(question, outcome)) if judge else outcome

    bar = tqdm(total=len(questions), initial=len(found), unit="question", disable=not sys.stderr.isatty())
    with bar, ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        waiting: list[Future[Outcome]] = [pool.submit(one, question) for question in left]
        try:
            for future in as_completed(waiting):
                outcome = future.result()
                folder.add(outcome)
                found[outcome.id] = outcome
                bar.update()
        except BaseException:
            # Ctrl-C, or a full disk: what is under way ends, what has not begun never does.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[question.id] for question in questions]


def score(
    folder: RunFolder, questions: Sequence[GoldQuestion], outcomes: Sequence[Outcome]
) -> dict[str, Any]:
    """Marks, summary and report of the outcomes, written to the folder; the summary."""
    marks = mark_all(questions, outcomes)
    summary = summarise(questions, marks)
    folder.write("summary.json", summary)
    folder.write("scores.json", scores(questions, marks, summary))
    folder.write_text(
        "report.html", report.render(folder.read("run.json"), summary, questions, outcomes, marks)
    )
    return summary


def scores(
    questions: Sequence[GoldQuestion], marks: Sequence[Marks], summary: dict[str, Any]
) -> dict[str, Any]:
    """All that a later run needs to be compared with this one: the summary and each question's marks."""
    rows = [
        {"id": q.id, "fingerprint": q.fingerprint, "question": q.question, "group": q.group,
         "set": q.set_name,
         "marks": {name: value for name, value in m.items() if value is not None}}
        for q, m in zip(questions, marks, strict=True)
    ]  # fmt: skip
    return {"summary": summary, "questions": rows}


def rescore(folder: RunFolder, questions: Sequence[GoldQuestion]) -> dict[str, Any]:
    """Score a finished run anew, after the gold or a metric was mended; the summary.

    Raises:
        UsageError: a question was never asked, or is no longer the one that was.
    """
    outcomes = folder.outcomes()
    for question in questions:
        if question.id not in outcomes:
            raise UsageError(f"{folder.path}: question {question.id} was not asked. Run it again.")
    return score(folder, questions, [outcomes[question.id] for question in questions])


@contextmanager
def _opened(plan: Plan, folder: RunFolder) -> Iterator[tuple[ask.Target, dict[str, Any]]]:
    """What is to be asked, and the facts about it that belong into the run."""
    if plan.url:
        if plan.corpus or plan.data:
            raise UsageError("--url asks a running server: --corpus and --data cannot be given with it.")
        server, named = ask.Server(plan.url), provenance.shown_address(plan.url)
        try:
            status = server.status()
            if "articles" not in status:
                raise ModelError(f"What answers at {named} is no Dateline server.")
            yield server, {"identity": {"url": named, "status": status}, "url": named, "corpus": status}
        finally:
            server.close()
        return
    settings = load_settings(data=plan.data)
    if plan.corpus:
        settings = _build(plan, folder, settings)
    from index import open_assistant

    with open_assistant(settings) as assistant:
        corpus = provenance.corpus(settings.data)
        shown = provenance.shown_settings(settings)
        identity = {
            "corpus": corpus["fingerprint"],
            "code": provenance.code(),
            "settings": {
                name: value for name, value in shown.items() if name not in ("data", "host", "port")
            },
        }
        yield ask.InProcess(assistant), {"identity": identity, "settings": shown, "corpus": corpus}


def _build(plan: Plan, folder: RunFolder, settings: Settings) -> Settings:
    from index.build import build

    settings = load_settings(data=plan.data or folder.path / "index")
    missing = [str(path) for path in plan.corpus if not path.exists()]
    if missing:
        raise UsageError(f"--corpus: there is no {', '.join(missing)}.")
    bar = tqdm(unit="", disable=not sys.stderr.isatty(), leave=False)

    def tell(stage: str, done: int, total: int) -> None:
        bar.set_description(stage, refresh=False)
        bar.total, bar.n = total, done
        bar.refresh()

    with bar:
        built = build(list(plan.corpus), settings, progress=tell)
    if built.failed:
        first = built.failed[0]
        raise UsageError(
            f"{len(built.failed)} inputs of the corpus cannot be indexed, so scores would mislead; "
            f"the first: {first.path}: {first.reason}"
        )
    return settings


def _judge(plan: Plan) -> Judge | None:
    if not plan.judge:
        return None
    from .judge import ModelJudge

    return ModelJudge(plan.judge, load_settings(data=plan.data))


def default_folder(gold: Sequence[Path]) -> Path:
    """A new folder, named after the time and the gold files."""
    now = datetime.now().strftime("%Y%m%d-%H%M%S")
    return Path("runs") / f"{now}-{'-'.join(dict.fromkeys(set_name(path) for path in gold))}"
