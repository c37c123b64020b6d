"""The command line: `python -m evaluation --gold …`, and `compare`, `check`, `draft` and the others.

Turns arguments into calls and results into text; stdout holds results only, progress goes to stderr.
Exit codes: 0 all well, 1 an error (or `--fail-if-worse` that found worse), 2 wrong usage, 130 stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.errors import DatelineError, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    try:
        if args.command is None:
            if not args.gold:
                parser.error("give --gold FILE, or one of the commands")
            return _run(args)
        code: int = args.command(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except Exception as error:
        # The last resort: no traceback reaches a user.
        if args.debug:
            raise
        print(
            f"Unexpected error ({type(error).__name__}: {error}). Please report it; --debug shows where.",
            file=sys.stderr,
        )
        return 1


def _run(args: argparse.Namespace) -> int:
    from . import text_output
    from .run import Plan, default_folder, run

    out = args.out or default_folder(args.gold)
    plan = Plan(
        gold=tuple(args.gold),
        out=out,
        lines=args.lines,
        data=args.data,
        corpus=tuple(args.corpus),
        url=args.url,
        jobs=args.jobs,
        judge=args.judge,
        fresh=args.fresh,
        history=not args.no_history,
    )
    try:
        folder = run(plan)
    except KeyboardInterrupt:
        print(
            f"Stopped. What was answered is kept; the same command with --out {out} goes on.", file=sys.stderr
        )
        return 130
    summary = folder.read("summary.json")
    print(json.dumps(summary, indent=1) if args.json else text_output.summary_text(summary, folder.path))
    return 1 if summary["counts"]["errors"] == summary["counts"]["questions"] else 0


def _compare(args: argparse.Namespace) -> int:
    from . import text_output
    from .compare import compare, compare_html, failures, parse_limits
    from .folder import read_scores, write_whole

    limits = parse_limits(args.fail_if_worse)
    found = compare(read_scores(args.a), read_scores(args.b), names=(str(args.a), str(args.b)))
    print(json.dumps(found, indent=1) if args.json else text_output.comparison_text(found))
    if args.html:
        write_whole(args.html, compare_html(found))
    failed = failures(found, limits)
    for line in failed:
        print(f"Worse: {line}", file=sys.stderr)
    return 1 if failed else 0


def _report(args: argparse.Namespace) -> int:
    from .folder import RunFolder
    from .gold import read_gold
    from .run import rescore

    folder = RunFolder(args.run)
    gold = folder.read("run.json")["gold"]
    rescore(folder, read_gold([Path(path) for path in gold["files"]], gold["lines"]))
    print(folder.path / "report.html")
    return 0


def _check(args: argparse.Namespace) -> int:
    from .check import check
    from .text_output import plain

    problems = check(args.file, args.data, args.corpus)
    for problem in problems:
        print(plain(problem))
    if not problems:
        print(f"{args.file}: all well")
    return 1 if problems else 0


def _draft(args: argparse.Namespace) -> int:
    from .draft import draft, write_draft

    rows = draft(args.data, count=args.count, model=args.model, seed=args.seed)
    write_draft(args.out, rows)
    unanswerable = sum(not row["answerable"] for row in rows)
    print(f"{len(rows)} drafts ({unanswerable} without an answer) in {args.out}.")
    print("Read each against its article, mend or delete it, and take `draft` off; then `check` the file.")
    return 0


def _from_feedback(args: argparse.Namespace) -> int:
    from .draft import write_draft
    from .feedback import from_feedback

    rows = from_feedback(args.data, args.rating)
    if not rows:
        print(f"There is no feedback of that kind ({args.rating}).", file=sys.stderr)
        return 0
    write_draft(args.out, rows)
    print(f"{len(rows)} drafts in {args.out}. Say in each what the right answer is, and take `draft` off.")
    return 0


def _baseline(args: argparse.Namespace) -> int:
    from . import baseline

    baseline.write(args.run)
    for path in baseline.update_tables():
        print(f"{path}: table renewed")
    print(baseline.BASELINE)
    return 0


def _scores_table(args: argparse.Namespace) -> int:
    from . import baseline

    changed = baseline.update_tables(only_check=args.check)
    for path in changed:
        print(f"{path}: {'is not what the baseline says' if args.check else 'table renewed'}")
    return 1 if changed and args.check else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="Ask gold questions, and report how good the answers are and how sure that is.",
        allow_abbrev=False,
    )
    parser.set_defaults(command=None)
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    add = parser.add_argument
    add("--gold", type=Path, action="append", default=[], help="gold questions, JSON Lines; may be repeated")
    add("--data", type=Path, help="where the index lives (default .dateline/, or in the run with --corpus)")
    add(
        "--corpus", type=Path, action="append", default=[], help="index this file or folder first; repeatable"
    )
    add("--out", type=Path, help="folder of the run (default runs/TIME-NAME); one that was stopped goes on")
    add("--url", help="ask a running server instead")
    add(
        "--lines",
        choices=("all", "odd", "even"),
        default="all",
        help="tune on odd lines, report on even ones",
    )
    add("--no-history", action="store_true", help="ask each question without the conversation before it")
    add("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="questions at once")
    add("--judge", metavar="MODEL", help="have this model at the OpenAI-compatible endpoint judge too")
    add("--fresh", action="store_true", help="begin anew, if the folder holds a run")
    add("--json", action="store_true", help="the summary as JSON")
    _add_commands(parser.add_subparsers(metavar="COMMAND"))
    return parser


def _add_commands(commands: Any) -> None:
    compare = commands.add_parser("compare", help="what changed between two runs, and whether it is chance")
    compare.set_defaults(command=_compare)
    compare.add_argument("a", type=Path, help="a run, or baseline.json")
    compare.add_argument("b", type=Path, help="a run")
    compare.add_argument("--fail-if-worse", action="append", default=[], metavar="METRIC[:MARGIN]")
    compare.add_argument("--html", type=Path, help="write the comparison as a page, too")
    compare.add_argument("--json", action="store_true")

    report = commands.add_parser("report", help="score a run anew and write its report again")
    report.set_defaults(command=_report)
    report.add_argument("run", type=Path)

    check = commands.add_parser("check", help="find what is wrong with a gold file")
    check.set_defaults(command=_check)
    check.add_argument("file", type=Path)
    check.add_argument("--data", type=Path, help="check against this index (default .dateline/)")
    check.add_argument("--corpus", type=Path, action="append", default=[], help="or against these articles")

    draft = commands.add_parser("draft", help="propose gold questions for your own articles")
    draft.set_defaults(command=_draft)
    draft.add_argument("--data", type=Path)
    draft.add_argument("--out", type=Path, required=True)
    draft.add_argument("--count", type=int, default=40)
    draft.add_argument("--model", help="a model at the OpenAI-compatible endpoint; without it, templates")
    draft.add_argument("--seed", type=int, default=1)

    feedback = commands.add_parser("from-feedback", help="make drafts of what readers gave a thumbs down")
    feedback.set_defaults(command=_from_feedback)
    feedback.add_argument("--data", type=Path)
    feedback.add_argument("--out", type=Path, required=True)
    feedback.add_argument("--rating", choices=("down", "up", "all"), default="down")

    baseline = commands.add_parser("baseline", help="make a run the baseline, and renew the tables")
    baseline.set_defaults(command=_baseline)
    baseline.add_argument("run", type=Path)

    table = commands.add_parser("scores-table", help="renew the tables in README.md and docs/evaluation.md")
    table.set_defaults(command=_scores_table)
    table.add_argument("--check", action="store_true", help="change nothing; exit 1 if one is out of date")
    for command in commands.choices.values():
        command.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
