"""Settings → the engine that answers. Importing a model's libraries takes seconds: only if one is set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import SettingsError
from ..settings import Settings
from ..support import Meaning
from .engine import Engine, QuotesEngine

_OPENAI = "https://api.openai.com/v1"


def open_engine(settings: Settings, quotes: QuotesEngine, meaning: Meaning | None = None) -> Engine:
    """The engine that the settings name; `meaning` helps to check what a model says.

    Raises:
        SettingsError: the model's settings cannot be used.
        ModelError: the model's file cannot be loaded.
    """
    if settings.model is None:
        return quotes
    from .endpoint import Address, Endpoint
    from .llm import ModelEngine

    closing: list[Callable[[], None]] = []
    if _is_file(settings.model):
        from .local import LocalServer

        path = Path(settings.model).expanduser()
        server = LocalServer(path, context=settings.model_context, threads=settings.threads)
        closing.append(server.close)
        address = server.address
    else:
        key = settings.openai_api_key
        if key is None and settings.openai_base_url is None:
            raise SettingsError(
                f"DATELINE_MODEL={settings.model} needs an endpoint. Set OPENAI_BASE_URL to its address, for example "
                "http://localhost:11434/v1, or OPENAI_API_KEY for OpenAI."
            )
        address = Address(
            settings.model,
            settings.openai_base_url or _OPENAI,
            key.get_secret_value() if key else "none",
            settings.model_context,
        )
    endpoint = Endpoint(address, seconds=settings.model_seconds, retries=settings.model_retries)
    return ModelEngine(
        settings, endpoint, quotes, name=engine_name(settings), meaning=meaning, closing=closing
    )


def engine_name(settings: Settings) -> str:
    """What answers, as status and answers name it: `quotes`, a model's name, or that of its file."""
    if settings.model is None:
        return QuotesEngine.name
    return Path(settings.model).stem if _is_file(settings.model) else settings.model


def how_to_use_the_model(settings: Settings) -> str | None:
    """What to tell whoever has set up an endpoint and no model: a key alone sends nothing anywhere."""
    if settings.model is not None or not (settings.openai_api_key or settings.openai_base_url):
        return None
    return (
        "Answers are the articles' own sentences; nothing is sent to a model. To let one write them, name it: "
        "DATELINE_MODEL=gpt-4.1-mini, or another that your endpoint has (docs/models.md)."
    )


def _is_file(model: str) -> bool:
    return model.casefold().endswith(".gguf")
