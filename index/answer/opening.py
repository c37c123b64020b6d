"""Settings → the engine that answers. Importing a model's libraries takes seconds: only if one is set."""

from __future__ import annotations

from ..settings import Settings
from .engine import Engine, QuotesEngine


def open_engine(settings: Settings, quotes: QuotesEngine) -> Engine:
    """The engine that the settings name.

    Raises:
        SettingsError: the model's settings cannot be used.
        ModelError: the model's file cannot be loaded.
    """
    return quotes
