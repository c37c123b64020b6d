"""Takes out one check after another, and tells which no test misses: `python -m tests.mutation [GROUP …]`.

Works on a copy of the tree. Prints the survivors with file and line, and ends with 1 if there are any that
`accepted.toml` does not explain. A run that was ended is gone on with where it was, while nothing has changed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.instrument import Mutant, instrumented
from tests.mutation.targets import GROUPS, ROOT

HERE = Path(__file__).resolve().parent
_FOUND_OUT = ("killed", "timed out")
TIMED_OUT = 77
_TRYING = "trying"


@dataclass(frozen=True)
class Outcome:
    """What came of a mutant, and by which test."""

    outcome: str
    by: str


class Tree:
    """A copy of the project, all checks of `files` with switches."""

    def __init__(self, folder: Path, files: Iterable[str], root: Path = ROOT) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self._told = folder / "told.jsonl"
        shutil.rmtree(self.tree, ignore_errors=True)
        for name in _tracked(root):
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, self.tree / name)
        shutil.copy2(HERE / "switch.py", self.tree / "_switch.py")
        self.mutants: list[Mutant] = []
        for file in files:
            source, found = instrumented((root / file).read_text("utf-8"), file, len(self.mutants) + 1)
            (self.tree / file).write_text(source, encoding="utf-8")
            self.mutants += found
        # What was noted of other sources says nothing of these.
        listed = json.dumps([str(mutant) for mutant in self.mutants])
        list_file = folder / "mutants.json"
        if not list_file.exists() or list_file.read_text("utf-8") != listed:
            self._told.unlink(missing_ok=True)
            list_file.write_text(listed, "utf-8")

    def run(self, test: str, wanted: Iterable[int], until: float) -> bool:
        """The tests of one file against these mutants, noted as they come; False if time was up before."""
        left = set(wanted)
        while left:
            (self.folder / "wanted.json").write_text(json.dumps(sorted(left)), encoding="utf-8")
            code = self._pytest(test, until)
            if code is None:
                return False
            if code == 0:
                return True
            if code != TIMED_OUT and not self._note_broken(test):
                raise SystemExit(f"{test} cannot be run ({code}); see {self.folder}/pytest.txt")
            left -= {number for number, noted in self.noted().items() if test in noted}
        return True

    def _pytest(self, test: str, until: float) -> int | None:
        environment = os.environ | {
            "MUTATION_FOLDER": str(self.folder),
            "MUTANTS_ASKED": str(self.folder / "asked.txt"),
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.mutation.plugin",
            "-p",
            "no:cacheprovider",
            "--tb=native",
            test,
        ]
        with (
            (self.folder / "pytest.txt").open("w") as output,
            subprocess.Popen(
                command, cwd=self.tree, env=environment, start_new_session=True, stdout=output, stderr=output
            ) as process,
        ):
            try:
                return process.wait(max(1.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                return None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # and what a test that hung has left

    def _note_broken(self, test: str) -> bool:
        """Notes the mutant that ended the run itself; False if none was at work."""
        lines = self._told.read_text(encoding="utf-8").splitlines() if self._told.exists() else []
        last = json.loads(lines[-1]) if lines else {}
        if (last.get("outcome"), last.get("test")) != (_TRYING, test):
            return False
        with self._told.open("a", encoding="utf-8") as file:
            file.write(json.dumps(last | {"outcome": "broke the run"}) + "\n")
        return True

    def noted(self) -> dict[int, dict[str, Outcome]]:
        """What has come of each mutant so far, by test file; the last word counts."""
        found: dict[int, dict[str, Outcome]] = {}
        if self._told.exists():
            for line in self._told.read_text(encoding="utf-8").splitlines():
                told = json.loads(line)
                if told["outcome"] == _TRYING:
                    continue
                found.setdefault(told["number"], {})[told["test"]] = Outcome(told["outcome"], told["by"])
        return found


def _tracked(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (root / name).is_file()]


def survivors(tree: Tree, tried: Iterable[Mutant]) -> list[Mutant]:
    noted = tree.noted()
    return [m for m in tried if not any(o.outcome in _FOUND_OUT for o in noted.get(m.number, {}).values())]


def accepted() -> dict[tuple[str, str, str], str]:
    """Why a check may be taken out and nothing fails, by (file, what, instead)."""
    listed = tomllib.loads((HERE / "accepted.toml").read_text(encoding="utf-8"))
    return {(each["file"], each["what"], each["instead"]): each["why"] for each in listed.get("mutant", [])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "groups", nargs="*", default=list(GROUPS), help=f"of {', '.join(GROUPS)}; default all"
    )
    parser.add_argument("--file", action="append", help="only the checks of this file")
    parser.add_argument("--test", action="append", help="only these tests, in this order: test_cite")
    parser.add_argument("--sample", type=int, help="only so many checks of a group, picked by --seed")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument(
        "--minutes", type=float, default=60, help="then stop; the next run goes on from there"
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "runs/mutation")
    options = parser.parse_args()
    until = time.monotonic() + options.minutes * 60
    unexplained = 0
    for name in options.groups:
        files, tests = GROUPS[name]
        tree = Tree(options.folder / name, files)
        tried = [m for m in tree.mutants if not options.file or m.file in options.file]
        if options.sample:
            chance = random.Random(options.seed)  # noqa: S311 - no secret
            tried = chance.sample(tried, min(options.sample, len(tried)))
        for test in (f"tests/{test}.py" for test in options.test or tests):
            noted = tree.noted()
            wanted = {m.number for m in survivors(tree, tried) if test not in noted.get(m.number, {})}
            if not tree.run(test, wanted, until):
                print(f"{name}: time is up at {test}; run the same again to go on", file=sys.stderr)
                # Only what a test was asked about says anything yet.
                tried = [m for m in tried if m.number in tree.noted()]
                break
        unexplained += report(name, tree, tried)
    return 1 if unexplained else 0


def report(name: str, tree: Tree, tried: Sequence[Mutant]) -> int:
    """Prints what came of the group's mutants; how many survivors nothing explains."""
    left = survivors(tree, tried)
    why = accepted()
    new = [m for m in left if (m.file, m.what, m.instead) not in why]
    timed_out = sum(any(o.outcome == "timed out" for o in tests.values()) for tests in tree.noted().values())
    print(
        f"{name}: {len(tried)} checks taken out, {len(tried) - len(left)} found out ({timed_out} by a test that "
        f"hung), {len(left) - len(new)} explained, {len(new)} survived"
    )
    noted = tree.noted()
    for mutant in new:
        asked = any(o.outcome == "survived" for o in noted.get(mutant.number, {}).values())
        print(f"  {mutant}{'' if asked else '  (no test asks it)'}")
    return len(new)


if __name__ == "__main__":
    sys.exit(main())
