"""A GGUF file → a llama.cpp server in this process, on a loopback port that only this process can use.

So a model in a file is asked like any other, and ends like any other when its connection is closed.
Knows neither prompts nor answers.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from ..errors import ModelError, SettingsError
from .endpoint import Address

AT_ONCE = 2
"""Answers that are made at the same time; further ones wait."""


class LocalServer:
    """Runs until it is closed."""

    def __init__(self, path: Path, *, context: int, threads: int) -> None:
        """Loads the model: seconds, for a large one minutes.

        Args:
            path: the `.gguf` file.
            context: tokens that one answer may read and write.
            threads: of the computation; 0 lets llama.cpp decide.

        Raises:
            SettingsError: there is no such file, it is no GGUF, or `xllamacpp` is not installed.
            ModelError: the file cannot be loaded.
        """
        _require_gguf(path)
        try:
            import xllamacpp
        except ImportError:
            raise SettingsError(
                f"DATELINE_MODEL is a file ({path}), which xllamacpp runs, and that is not installed. "
                "Install it: .venv/bin/python -m pip install xllamacpp"
            ) from None
        key = secrets.token_urlsafe(24)
        options = xllamacpp.CommonParams()
        options.model.path = str(path)
        options.hostnames, options.port = ["127.0.0.1"], 0
        options.api_keys = [key]
        options.ui = options.endpoint_slots = options.endpoint_metrics = options.warmup = False
        options.offline = True
        options.verbosity = 0
        options.n_parallel, options.n_ctx = AT_ONCE, AT_ONCE * context
        if threads:
            options.cpuparams.n_threads = threads
        try:
            self._server = xllamacpp.Server(options)
            base_url = f"{self._server.listening_address}/v1"
        except Exception as error:  # noqa: BLE001 - whatever llama.cpp makes of a damaged file
            raise ModelError(
                f"The model {path} cannot be loaded ({error or type(error).__name__}). It may be damaged, too "
                "large for the memory, or of a kind that this llama.cpp does not know."
            ) from None
        self.address = Address(path.stem, base_url, key, context, loopback=True)

    def close(self) -> None:
        """Ends the server and frees the model's memory."""
        self._server = None


def _require_gguf(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begins = file.read(4)
    except OSError as error:
        raise SettingsError(f"DATELINE_MODEL: {path} cannot be read ({error.strerror}).") from None
    if begins != b"GGUF":
        raise SettingsError(f"DATELINE_MODEL: {path} is not a GGUF file.")
