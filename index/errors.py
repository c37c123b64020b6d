"""The error tree. Each message says what happened, where, and what to do about it.

Errors are split by who can mend them: the person asking (`UsageError`), the owner of a file
(`InputError`), or whoever keeps the index (`StorageError`, `ModelError`). Front ends map the
branch to an exit code or an HTTP status and show the message; they know nothing else about errors.
"""

from __future__ import annotations


class DatelineError(Exception):
    """Base of every error that Dateline raises on purpose; its text is fit to show to a user."""


class UsageError(DatelineError):
    """The call was wrong: mend the call and try again."""


class SettingsError(UsageError):
    """A setting is unknown or has a value that cannot be used."""


class QuestionError(UsageError):
    """The question is empty, too long, or of the wrong shape."""


class FilterError(UsageError):
    """A filter cannot be understood, for example a date that is not one."""


class NotFoundError(UsageError):
    """No such article or path."""


class InputError(DatelineError):
    """One input cannot be indexed. The rest goes on; the build reports it at the end.

    `path` names the file, `line` (from 1) the line within it where that is known.
    """

    def __init__(self, message: str, *, path: str, line: int | None = None) -> None:
        self.reason = message
        self.path = path
        self.line = line
        where = path if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {message}")


class StorageError(DatelineError):
    """The catalog or what is derived from it cannot be read or written."""


class BusyError(StorageError):
    """Another process is writing to the same index."""


class ModelError(DatelineError):
    """A model is missing, altered, unreachable, or not the one that made the index."""
