"""Gold questions: JSON Lines → frozen `GoldQuestion`s, with the line number in every complaint.

Reads the format of the contract and that of the measuring sets (history as messages with roles,
`gold_passages`, a verdict among the answers). Knows no index: whether what a question names exists is
`check.py`'s job.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError, field_validator

from index.errors import UsageError
from index.records import Filters, Turn, Verdict

KINDS = ("yesno", "span", "disputed", "open", "unanswerable")
"""The kinds of the contract. Other files may have kinds of their own; they are only used to group."""

UNANSWERABLE_KINDS = ("off_topic", "near_miss", "outside_dates", "nonsense")
"""What a question without an answer may say in `unanswerable_kind`."""

Lines = Literal["all", "odd", "even"]
"""Which lines of a gold file, counted from 1: tune on odd ones, report on even ones."""

_KIND_IN_ID = re.compile(r"un-([a-z]+)-\d+")
"""Gold may tell the kind of an unanswerable question by its id, such as `un-nonsense-03`."""

NonEmpty = Annotated[StrictStr, Field(min_length=1)]


@dataclass(frozen=True)
class GoldPassage:
    """A passage of an article that answers the question."""

    article_id: str
    text: str


@dataclass(frozen=True)
class GoldQuestion:
    """A question and what a right answer to it is. Without an answer: all of `verdict` … is empty."""

    id: str
    question: str
    kind: str
    answerable: bool
    group: str
    """Under which name it is counted: its kind, or the kind of unanswerable that it is."""
    history: tuple[Turn, ...] = ()
    filters: Filters | None = None
    verdict: Verdict | None = None
    answers: tuple[str, ...] = ()
    must_cite: tuple[str, ...] = ()
    gold_article_ids: tuple[str, ...] = ()
    gold_passages: tuple[GoldPassage, ...] = ()
    set_name: str = ""
    draft: bool = False
    line: int = 0

    @property
    def fingerprint(self) -> str:
        """Changes with whatever changes what is asked or what counts as right."""
        parts = (self.question, self.kind, self.answerable, self.history, self.filters, self.verdict,
                 self.answers, self.must_cite, self.gold_article_ids, self.gold_passages)  # fmt: skip
        return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:16]


class _Passage(BaseModel):
    article_id: NonEmpty
    text: NonEmpty


class _Message(BaseModel):
    role: Literal["user", "assistant"]
    content: StrictStr


class _Filters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: StrictStr | None = None
    before: StrictStr | None = None
    sources: tuple[StrictStr, ...] = ()
    include: tuple[StrictStr, ...] = ()
    exclude: tuple[StrictStr, ...] = ()


class GoldRow(BaseModel):
    """One line of a gold file as it is written. Unknown fields are left to `check` to name."""

    id: NonEmpty
    question: NonEmpty
    kind: NonEmpty
    answerable: StrictBool
    history: list[tuple[StrictStr, StrictStr]] | list[_Message] = []
    filters: _Filters | None = None
    verdict: Verdict | None = None
    answers: list[StrictStr] = []
    must_cite: list[StrictStr] = []
    gold_article_ids: list[NonEmpty] = []
    gold_passages: list[_Passage] = []
    unanswerable_kind: NonEmpty | None = None
    draft: StrictBool = False

    @field_validator("history", "answers", "must_cite", "gold_article_ids", "gold_passages", mode="before")
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:
        return [] if value is None else value


def read_gold(paths: Sequence[Path], lines: Lines = "all") -> tuple[GoldQuestion, ...]:
    """The questions of the files, in order.

    Raises:
        UsageError: a file cannot be read, a line is no gold question, or an id occurs twice; the
            message names file and line of each.
    """
    questions: list[GoldQuestion] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for path in paths:
        for number, found in parse_file(path):
            where = f"{path}, line {number}"
            if isinstance(found, str):
                problems.append(f"{where}: {found}")
                continue
            if found.id in seen:
                problems.append(f"{where}: the id {found.id!r} is that of {seen[found.id]}")
            seen.setdefault(found.id, where)
            if lines == "all" or (number % 2 == 1) == (lines == "odd"):
                questions.append(found)
    if problems:
        more = f"\n… and {len(problems) - 10} more" if len(problems) > 10 else ""
        raise UsageError("These gold questions cannot be used:\n" + "\n".join(problems[:10]) + more)
    if not questions:
        raise UsageError(f"There are no questions in {', '.join(map(str, paths))} (lines: {lines}).")
    return tuple(questions)


def parse_file(path: Path) -> Iterator[tuple[int, GoldQuestion | str]]:
    """Line number and question of each line, or what is wrong with it. Blank lines are skipped.

    Raises:
        UsageError: the file cannot be read.
    """
    for number, line in raw_lines(path):
        yield number, _parse(line, number, set_name(path))


def raw_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    # Not splitlines(): JSON strings may hold U+2028, which is no end of a line of JSON Lines.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def set_name(path: Path) -> str:
    """What a gold file is called in reports: its name, or its folder's where it is `questions.jsonl`."""
    return path.resolve().parent.name if path.stem == "questions" else path.stem


def _parse(line: str, number: int, name: str) -> GoldQuestion | str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"is not valid JSON: {getattr(error, 'msg', 'nested too deeply')}"
    if not isinstance(record, dict):
        return "is not a JSON object"
    try:
        row = GoldRow.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return f"{field}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    if not row.question.strip():
        return "question: is blank"
    return _question(row, number, name)


def _question(row: GoldRow, number: int, name: str) -> GoldQuestion:
    verdict, answers = row.verdict, tuple(answer for answer in row.answers if answer.strip())
    said = {answer.strip().casefold() for answer in answers}
    if verdict is None and said and said <= {"yes", "no"} and len(said) == 1 and row.kind != "span":
        # The measuring sets write the verdict of a yes/no question among its answers.
        verdict, answers = ("yes" if said == {"yes"} else "no"), ()
    known = row.answerable
    return GoldQuestion(
        id=row.id,
        question=row.question,
        kind=row.kind,
        answerable=known,
        group=_group(row),
        history=_turns(row.history),
        filters=Filters(**row.filters.model_dump()) if row.filters else None,
        verdict=verdict if known else None,
        answers=answers if known else (),
        must_cite=tuple(text for text in row.must_cite if text.strip()) if known else (),
        gold_article_ids=tuple(dict.fromkeys(row.gold_article_ids)) if known else (),
        gold_passages=tuple(GoldPassage(p.article_id, p.text) for p in row.gold_passages) if known else (),
        set_name=name,
        draft=row.draft,
        line=number,
    )


def _group(row: GoldRow) -> str:
    if row.answerable:
        return row.kind
    if row.unanswerable_kind:
        return f"unanswerable: {row.unanswerable_kind.replace('_', ' ')}"
    if named := _KIND_IN_ID.fullmatch(row.id):
        return f"unanswerable: {named[1]}"
    return "unanswerable" if row.kind == "unanswerable" else f"unanswerable ({row.kind})"


def _turns(history: Sequence[tuple[str, str] | _Message]) -> tuple[Turn, ...]:
    """(question, answer) pairs; of messages, a question without an answer is paired with ""."""
    turns: list[Turn] = []
    for turn in history:
        if not isinstance(turn, _Message):
            turns.append(turn)
        elif turn.role == "user":
            turns.append((turn.content, ""))
        elif turns and not turns[-1][1]:
            turns[-1] = (turns[-1][0], turn.content)
        else:
            turns.append(("", turn.content))
    return tuple(turns)
