"""One frozen settings object, and the only reader of the environment.

Knows nothing of what the settings are used for. A name that starts with `DATELINE_` and is not a
setting is an error that suggests the nearest one: a misspelt setting never passes silently.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: `seeds/` and `prompts/` are data found below it."""

PREFIX = "DATELINE_"


def _split(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _address(value: str | None) -> str | None:
    """An address without secrets: those would be shown wherever it is. Its words never repeat what was given."""
    if not value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("this is no address of the kind https://models.example.org/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "an address may hold no user name, password, question mark or #; a key belongs into OPENAI_API_KEY"
        )
    return value


Address = Annotated[str | None, AfterValidator(_address)]
"""Where an endpoint is."""

Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Several values in one setting, with commas between them."""


class Settings(BaseSettings):
    """Every setting, with its default. Read it with `load_settings`, which explains what is wrong."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Field(Path(".dateline"), description="Where the index lives.")
    host: str = Field("127.0.0.1", description="Address the server binds to.")
    port: int = Field(7860, ge=0, le=65535, description="Port the server binds to; 0 picks a free one.")
    embedding_model: str = Field(
        "minilm",
        description="`minilm` (bundled, offline), or the name of a model at an OpenAI-compatible endpoint.",
    )
    embedding_base_url: Address = Field(
        None, description="Endpoint of that embedding model; default `OPENAI_BASE_URL`."
    )
    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="Key of the OpenAI-compatible endpoint."
    )
    openai_base_url: Address = Field(
        None, validation_alias="OPENAI_BASE_URL", description="Address of the OpenAI-compatible endpoint."
    )
    model: str | None = Field(
        None,
        description="Name of the model that answers, at the OpenAI-compatible endpoint, or path of a `.gguf` file. "
        "Unset: the articles' own sentences.",
    )
    model_context: int = Field(
        8192, ge=1024, description="Tokens that the model reads and writes at once: its context window."
    )
    answer_tokens: int = Field(600, ge=16, description="Most tokens of a model's answer.")
    history_tokens: int = Field(
        800, ge=0, description="Most tokens of the conversation that a model sees of a follow-up."
    )
    model_seconds: float = Field(
        45,
        gt=0,
        description="Deadline of a model's work on one question; then the answer goes on without it.",
    )
    model_retries: int = Field(
        2, ge=0, le=10, description="Times a model is asked again after a failure that may pass."
    )
    verify: Literal["code", "model"] = Field(
        "code",
        description="Who checks a model's claims: `code`, or after it the `model` too, which can only doubt.",
    )
    answer_cache: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Answers of a model kept in memory while the index is unchanged; 0 is none.",
    )
    max_article_mb: int = Field(20, ge=1, description="Larger articles are reported and left out, in MB.")
    max_question_characters: int = Field(2000, ge=10, description="Longer questions are refused.")
    max_quotes: int = Field(3, ge=1, le=10, description="Most quotes in one answer of the quotes engine.")
    answer_threshold: float = Field(
        0.22, ge=0, le=1, description="Least confidence with which to answer; higher declines more often."
    )
    passages: int = Field(10, ge=1, le=100, description="Passages retrieved for each question.")
    reader: bool = Field(
        True,
        description="Whether the bundled reader reads the best sentences beside the question, and a model's claims.",
    )
    threads: int = Field(0, ge=0, description="Threads of the bundled models; 0 lets them decide.")
    allowed_origins: Names = Field(
        (), description="Sites whose pages may ask, as `https://www.example.org`; commas between them."
    )
    public_hosts: Names = Field(
        (),
        description="Host names under which readers reach the server, as `ask.example.org`; commas between.",
    )
    tokens: SecretStr | None = Field(
        None, description="Bearer tokens for programs, at least 20 characters each; commas between them."
    )
    ticket_secret: SecretStr | None = Field(
        None, description="Key of at least 32 characters; with it, sites must show tickets signed with it."
    )
    trusted_proxies: Names = Field(
        (), description="Addresses or networks of proxies whose `X-Forwarded-For` is believed."
    )
    chat: bool = Field(True, description="Whether the chat page is served at `/`.")
    questions_per_minute: int | None = Field(
        None, ge=0, description="For one client; 0 is no limit. Default 30 on a published server, else 0."
    )
    questions_per_minute_all: int | None = Field(
        None, ge=0, description="For all clients; 0 is no limit. Default 600 on a published server, else 0."
    )
    concurrent_answers: int = Field(4, ge=1, le=64, description="Answers of the HTTP API made at once.")
    waiting_questions: int = Field(
        100, ge=0, description="Questions that may wait for their turn; more are refused with 503."
    )
    answer_seconds: float = Field(
        60, gt=0, description="Deadline of an answer of the HTTP API, its waiting included."
    )


def load_settings(**overrides: Any) -> Settings:
    """The settings from the environment, with `overrides` on top.

    Raises:
        SettingsError: a name is unknown, or a value does not fit; the message names each.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]}?" if near else " docs/configuration.md lists them all."
            raise SettingsError(f"Unknown setting {name}.{hint}")
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = [f"{_environment_name(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise SettingsError("Settings that cannot be used. " + "; ".join(problems)) from None


def _environment_name(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else "?"
    return name if name.isupper() else PREFIX + name.upper()
