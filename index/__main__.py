"""The command line: `python -m index build | ask | list | show | remove | status | verify`.

Turns arguments into calls and results into text. Exit codes: 0 all well, 1 an error, 2 wrong usage,
3 some inputs could not be indexed and the rest was, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import cli_output
from .errors import DatelineError, NotFoundError, UsageError
from .records import Filters
from .settings import ROOT, Settings, load_settings

if TYPE_CHECKING:
    pass

Command = Callable[[argparse.Namespace, Settings], int]

logger = logging.getLogger("dateline")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    args = _parser().parse_args(arguments)
    args.json = getattr(args, "json", False)
    _prepare_streams(debug=getattr(args, "debug", False))
    try:
        settings = load_settings(data=getattr(args, "data", None))
        command: Command = args.command
        code = command(args, settings)
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
        return _fail(str(error), args, 2 if isinstance(error, UsageError) else 1)
    except Exception as error:
        logger.debug("Unexpected error", exc_info=True)
        said = f"Unexpected error ({type(error).__name__}: {error}). Please report it; --debug shows where."
        return _fail(said, args, 1)


def _build(args: argparse.Namespace, settings: Settings) -> int:
    from .cli_build import build_command

    paths = [Path(path) for path in args.paths] or [ROOT / "seeds"]
    return build_command(
        paths, settings, prune=args.prune, fields=args.field, watching=args.watch, as_json=args.json
    )


def _ask(args: argparse.Namespace, settings: Settings) -> int:
    from .cli_ask import ask, ask_lines

    if args.question == "-":
        for line in ask_lines(settings, sys.stdin.buffer):
            print(line, flush=True)
        return 0
    filters = Filters(args.after, args.before, tuple(args.source), tuple(args.include), tuple(args.exclude))
    print(ask(settings, args.question, filters, as_json=args.json))
    return 0


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from .catalog import Catalog

    with Catalog.open(settings.data, read_only=True) as catalog:
        _show(args, catalog.list_articles(), cli_output.article_lines)
    return 0


def _show_article(args: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from .catalog import Catalog

    with Catalog.open(settings.data, read_only=True) as catalog:
        article = catalog.article(args.article_id)
    if article is None:
        raise NotFoundError(f"There is no article {args.article_id}; `python -m index list` shows all.")
    as_text = cli_output.removed_text if args.removed else cli_output.article_text
    _show(args, asdict(article), lambda _: as_text(article))
    return 0


def _remove(args: argparse.Namespace, settings: Settings) -> int:
    from .build import remove
    from .catalog import Catalog

    article_id = args.article_id
    if args.origin is not None:
        with Catalog.open(settings.data, read_only=True) as catalog:
            article_id = catalog.article_id_of(args.origin)
        if article_id is None:
            raise NotFoundError(
                f"No article comes from {args.origin}; `python -m index list --json` shows origins."
            )
    count = remove(settings, [article_id])
    _show(
        args,
        {"removed": count},
        lambda _: f"Removed {article_id}. If its file stays, the next build adds it again.",
    )
    return 0


def _status(args: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from .answer.opening import engine_name, how_to_use_the_model
    from .build import problems
    from .catalog import Catalog

    with Catalog.open(settings.data, read_only=True) as catalog:
        damaged = any(problem.kind == "damaged" for problem in problems(catalog, deep=False))
        failures = [asdict(failure) for failure in catalog.failures()]
        status = catalog.status() | {
            "engine": engine_name(settings),
            "healthy": not damaged,
            "failures": failures,
        }
    _show(args, status, cli_output.status_text)
    if how := how_to_use_the_model(settings):
        print(how, file=sys.stderr)
    return 0


def _verify(args: argparse.Namespace, settings: Settings) -> int:
    from .build import verify
    from .cli_build import Bars

    with Bars(enabled=sys.stderr.isatty()) as bars:
        found = verify(settings, repair=args.repair, progress=bars)
    as_dicts = [{"kind": problem.kind, "message": problem.message} for problem in found]
    lines = "\n".join(f"{problem.kind}: {problem.message}" for problem in found)
    hint = "" if args.repair else "\nMend it with: python -m index verify --repair"
    _show(
        args,
        {"healthy": not found, "problems": as_dicts},
        lambda _: cli_output.plain(lines + hint) if found else "The index agrees with the catalog.",
    )
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data", metavar="DIR", help="where the index lives (default: .dateline)")
    common.add_argument("--json", action="store_true", help="print JSON and nothing else on standard output")
    common.add_argument("--debug", action="store_true", help="show where an unexpected error came from")
    parser = argparse.ArgumentParser(
        "python -m index", description="Ask your news articles.", parents=[common]
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(command=command)
        return added

    build = add("build", _build, "Index files and folders; only what changed is read.")
    build.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: seeds/)")
    build.add_argument("--prune", action="store_true", help="remove articles whose file below PATH is gone")
    build.add_argument(
        "--field", metavar="NAME=THEIRS", action="append", default=[],
        help="the name that JSON and CSV files use for a field, for example text=content; may repeat",
    )  # fmt: skip
    build.add_argument("--watch", action="store_true", help="go on, and build again when files change")
    ask = add("ask", _ask, "Answer a question with quotes from the articles.")
    ask.add_argument("question", metavar="QUESTION", help="or - for JSON Lines from standard input")
    ask.add_argument("--after", metavar="DATE", help="only articles of that day (2016-08-17) or later")
    ask.add_argument("--before", metavar="DATE", help="only articles of that day or earlier")
    ask.add_argument(
        "--source", metavar="NAME", action="append", default=[], help="only this source; may repeat"
    )
    for name, use in (("include", "only this article"), ("exclude", "not this article")):
        ask.add_argument(
            f"--{name}", metavar="ARTICLE_ID", action="append", default=[], help=f"{use}; may repeat"
        )
    add("list", _list, "List all articles, newest first.")
    show = add("show", _show_article, "Show one article.")
    show.add_argument("article_id", metavar="ARTICLE_ID")
    show.add_argument("--removed", action="store_true", help="the lines that were taken off as boilerplate")
    remove = add("remove", _remove, "Remove one article from the index.")
    which = remove.add_mutually_exclusive_group(required=True)
    which.add_argument("article_id", metavar="ARTICLE_ID", nargs="?")
    which.add_argument("--origin", metavar="PATH", help="the article that came from there")
    add("status", _status, "Say what the index holds.")
    verify = add("verify", _verify, "Check the index; exit 1 if something is wrong.")
    verify.add_argument("--repair", action="store_true", help="make anew what is derived from the articles")
    return parser


def _show(args: argparse.Namespace, value: Any, as_text: Callable[[Any], str]) -> None:
    print(json.dumps(value) if args.json else as_text(value))


def _fail(message: str, args: argparse.Namespace, code: int) -> int:
    if args.json:
        print(json.dumps({"error": message}))
    print(cli_output.plain(message), file=sys.stderr)
    return code


def _prepare_streams(*, debug: bool) -> None:
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no curly quotes must not stop the answer.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    handler = logging.StreamHandler()
    handler.setFormatter(_PlainFormatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logger.setLevel(logging.DEBUG if debug else logging.WARNING)


class _PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return cli_output.plain(super().format(record))


if __name__ == "__main__":
    sys.exit(main())
