"""Gold files: both formats read, every mistake named with its line, and our own files without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.check import check, check_against
from evaluation.cli import main
from evaluation.gold import read_gold
from index.errors import UsageError
from index.records import Filters
from index.settings import ROOT

GOLD = ROOT / "evaluation" / "gold"
ARTICLES = {"a1": "The dam broke at noon. Two people died.", "a2": "It rained."}


def write(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def row(**fields: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "question": "When?",
        "kind": "span",
        "answerable": True,
        "answers": ["noon"],
        **fields,
    }


def test_reads_the_contract(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mine.jsonl",
        row(history=[["Who?", "She. [1]"]], filters={"before": "2024-03-01"}, must_cite=["at noon"]),
        "",
        row(id="q2", kind="unanswerable", answerable=False, answers=[], unanswerable_kind="near_miss"),
    )
    first, second = read_gold([path])
    assert first.history == (("Who?", "She. [1]"),)
    assert first.filters == Filters(before="2024-03-01")
    assert (second.line, second.group, second.set_name) == (3, "unanswerable: near miss", "mine")


def test_reads_the_measuring_sets(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "She."}]
    path = write(
        tmp_path / "questions.jsonl",
        row(history=[*messages, {"role": "user", "content": "Where?"}], choices=["a"]),
        row(id="q2", kind="comparison_query", answers=["Yes"],
            gold_passages=[{"article_id": "a1", "text": "The dam broke."}]),
        row(id="q3", answerable=False, answers=[""], gold_article_ids=["a1"]),
    )  # fmt: skip
    first, second, third = read_gold([path])
    assert first.history == (("Who?", "She."), ("Where?", ""))
    assert (second.verdict, second.answers, second.gold_passages[0].article_id) == ("yes", (), "a1")
    assert (third.group, third.gold_article_ids) == ("unanswerable (span)", ())
    assert first.set_name == tmp_path.name


def test_odd_and_even_lines_are_counted_from_1(tmp_path: Path) -> None:
    path = write(tmp_path / "g.jsonl", *(row(id=f"q{n}") for n in range(1, 6)))
    assert [q.id for q in read_gold([path], "odd")] == ["q1", "q3", "q5"]
    assert [q.id for q in read_gold([path], "even")] == ["q2", "q4"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not valid JSON"),
        (row(answerable="yes"), "answerable"),
        (row(id=7), "id"),
        (row(question="  "), "blank"),
        (row(verdict="maybe"), "verdict"),
        (row(filters={"until": "2024"}), "filters.until"),
        ('{"id": "q1", "question": "\\ud800?", "kind": "span", "answerable": true}', "question"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: Any, complaint: str) -> None:
    path = write(tmp_path / "g.jsonl", row(id="fine"), line)
    with pytest.raises(UsageError, match=f"line 2: .*{complaint}"):
        read_gold([path])


def test_duplicate_ids_are_refused_across_files(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, row()) for name in ("a.jsonl", "b.jsonl")]
    with pytest.raises(UsageError, match=r"b\.jsonl, line 1: the id 'q1' is that of .*a\.jsonl, line 1"):
        read_gold(paths)


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    assert len(read_gold([write(tmp_path / "g.jsonl", row(question="One\u2028two?"))])) == 1


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"must_site": ["x"]}, "'must_site' is unknown; is 'must_cite' meant"),
        ({"gold_article_ids": ["a9"]}, "no article 'a9'"),
        ({"must_cite": ["at midnight"]}, "must_cite does not stand in any article"),
        ({"must_cite": ["It rained"], "gold_article_ids": ["a1"]}, "does not stand in its gold articles"),
        ({"gold_passages": [{"article_id": "a2", "text": "It snowed."}]}, "does not stand in a2"),
        ({"kind": "yesno", "answers": []}, "needs a verdict"),
        ({"answers": []}, "says nothing of a right answer"),
        ({"kind": "unanswerable"}, "cannot have answerable true"),
        ({"kind": "riddle"}, "is none of"),
        ({"answerable": False, "kind": "unanswerable", "verdict": "no"}, "verdict means nothing"),
        ({"unanswerable_kind": "off_topic"}, "is for unanswerable questions"),
        ({"draft": True}, "is a draft"),
    ],
)
def test_check_names_what_is_wrong(tmp_path: Path, fields: dict[str, Any], complaint: str) -> None:
    path = write(tmp_path / "g.jsonl", row(id="fine", question="At what time?"), row(**fields))
    problems = list(check_against(path, ARTICLES))
    assert any(f"{path}, line 2: " in problem and complaint in problem for problem in problems), problems


def test_check_finds_repeated_ids_and_questions(tmp_path: Path) -> None:
    path = write(tmp_path / "g.jsonl", row(), row(question="Where?"), row(id="q3", question=" when?"))
    problems = list(check_against(path, ARTICLES))
    assert [problem.partition(", ")[2] for problem in problems] == [
        "line 2: the id 'q1' was used on line 1",
        "line 3: the question was asked on line 1",
    ]


def test_white_space_of_the_article_does_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "g.jsonl", row(must_cite=["noon.\nTwo"], gold_article_ids=["a1"]))
    assert list(check_against(path, ARTICLES)) == []


@pytest.mark.parametrize(
    ("file", "corpus"), [("seed", "seeds"), ("corpus", "evaluation/corpus/articles.jsonl")]
)
def test_our_own_gold_is_sound(file: str, corpus: str) -> None:
    assert check(GOLD / f"{file}.jsonl", None, [ROOT / corpus]) == []


def test_the_command_tells_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = write(tmp_path / "articles.jsonl", {"id": "a1", "title": "Dam", "text": ARTICLES["a1"]})
    good = write(tmp_path / "good.jsonl", row(must_cite=["broke at noon"]))
    bad = write(tmp_path / "bad.jsonl", row(must_cite=["\x1b[31mred"]))
    assert main(["check", str(good), "--corpus", str(articles)]) == 0
    assert main(["check", str(bad), "--corpus", str(articles)]) == 1
    assert main(["check", str(tmp_path / "none.jsonl"), "--corpus", str(articles)]) == 2
    assert "\x1b" not in capsys.readouterr().out
