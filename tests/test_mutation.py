"""Taking out checks: a check that a test needs is found out, one that none needs survives."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation import switch
from tests.mutation.__main__ import Tree, survivors
from tests.mutation.instrument import instrumented
from tests.mutation.targets import GROUPS, ROOT

SOURCE = '''"""A door."""
from __future__ import annotations
from functools import cache

def may_pass(age: int, ticket: str | None) -> bool:
    if age < 0:
        raise ValueError("no age")
    return age >= 18 and ticket is not None

@cache
def number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None

def grown(ages: list[int]) -> list[int]:
    kept = [age for age in ages if age >= 18]
    kept.sort()
    kept.reverse()
    return kept
'''
TESTS = """import pytest
from door import grown, may_pass, number

@pytest.fixture(scope="module")
def nothing():
    return number("x")

def test_ages():
    assert may_pass(18, "a") and not may_pass(17, "a")
    with pytest.raises(ValueError):
        may_pass(-1, "a")

def test_numbers(nothing):
    assert nothing is None and number("7") == 7

def test_grown():
    assert grown([20, 30]) == [30, 20]
"""


def test_each_check_can_be_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    source, mutants = instrumented(SOURCE, "door.py", 1)
    assert [(m.line, m.what, m.instead) for m in mutants] == [
        (6, "age < 0", "False"),
        (8, "age >= 18 and ticket is not None", "False"),
        (8, "age >= 18 and ticket is not None", "True"),
        (8, "age >= 18", "True"),
        (8, "ticket is not None", "True"),
        (14, "except ValueError", "the error goes on"),
        (18, "age >= 18", "True"),
        (20, "kept.reverse()", "not called"),
    ]
    monkeypatch.setitem(sys.modules, "_switch", switch)
    door = ModuleType("door")
    exec(source, door.__dict__)  # noqa: S102 - made above
    tried = lambda: (door.may_pass(17, "a"), door.may_pass(20, None), door.grown([30, 9, 20]))  # noqa: E731
    assert tried() == (False, False, [30, 20])
    found = []
    for mutant in mutants:
        monkeypatch.setattr(switch, "out", mutant.number)
        found.append(tried() != (False, False, [30, 20]))
    assert found == [False, False, True, True, True, False, True, True]


@pytest.mark.parametrize("file", sorted({file for files, _ in GROUPS.values() for file in files}))
def test_the_real_files_can_be_instrumented(file: str) -> None:
    source, mutants = instrumented((ROOT / file).read_text("utf-8"), file, 1)
    compile(source, file, "exec")
    assert mutants or "__init__" in file or file.endswith("engine.py")
    assert all((ROOT / file).read_text("utf-8").splitlines()[m.line - 1].strip() for m in mutants)


def test_the_listed_tests_are_there() -> None:
    assert all((ROOT / f"tests/{test}.py").is_file() for _, tests in GROUPS.values() for test in tests)


def test_what_no_test_needs_survives(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    shutil.copytree(ROOT / "tests/mutation", project / "tests/mutation")
    (project / "door.py").write_text(SOURCE)
    (project / "tests/test_door.py").write_text(TESTS)
    (project / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    tree = Tree(tmp_path / "run", ["door.py"], project)
    wanted = {mutant.number for mutant in tree.mutants}
    assert tree.run("tests/test_door.py", wanted, until=time.monotonic() + 300)
    assert [(m.line, m.what) for m in survivors(tree, tree.mutants)] == [
        (8, "ticket is not None"),
        (18, "age >= 18"),
    ]
