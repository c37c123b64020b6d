"""What a build did: the counts and failures that its report shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from ..errors import InputError

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading" files, "embedding" chunks, "indexing" vectors), how many of it are
done, and of how many."""


@dataclass(frozen=True)
class Failure:
    """An input that could not be indexed, and why."""

    path: str
    line: int | None
    reason: str


@dataclass
class BuildReport:
    """Counts of articles; `embedded` counts chunks. An article that is new and has the same text as
    another is counted in `added` and in `duplicates`."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    removed: int = 0
    embedded: int = 0
    failed: list[Failure] = field(default_factory=list)

    def fail(self, error: InputError) -> None:
        """Count an input as failed."""
        self.failed.append(Failure(error.path, error.line, error.reason))

    def to_dict(self) -> dict[str, Any]:
        """The report, ready for `json.dumps`."""
        return asdict(self)


class BuildInterrupted(KeyboardInterrupt):
    """The build was stopped by the user; `report` says what was kept."""

    def __init__(self, report: BuildReport) -> None:
        super().__init__("The build was stopped.")
        self.report = report
