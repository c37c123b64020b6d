"""One question to a model at the OpenAI-compatible endpoint, one JSON object back. For judge and draft.

Pins every setting that the protocol has for it, and says which. Knows neither gold nor answers.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from index.errors import ModelError, UsageError
from index.settings import ROOT, Settings

from .provenance import shown_address

_PINNED: dict[str, Any] = {"temperature": 0.0, "seed": 0, "max_tokens": 400}
_TIMEOUT = 60.0
_FIELD = re.compile(r"\{([a-z_]+)\}")


class JsonModel:
    """A chat model that is asked for JSON. Threads may share it."""

    def __init__(self, name: str, settings: Settings) -> None:
        import httpx
        from openai import OpenAI

        if not settings.openai_base_url and not settings.openai_api_key:
            raise UsageError(f"To ask {name}, set OPENAI_BASE_URL to an endpoint, or OPENAI_API_KEY.")
        self.name = name
        self._base_url = settings.openai_base_url
        key = settings.openai_api_key
        self._client = OpenAI(
            base_url=settings.openai_base_url,
            api_key=key.get_secret_value() if key else "none",
            timeout=_TIMEOUT,
            max_retries=2,
            # A redirect could carry the key to another host.
            http_client=httpx.Client(follow_redirects=False, timeout=_TIMEOUT),
        )

    def identity(self) -> dict[str, Any]:
        """What the replies depend on, as far as we can say."""
        return {"model": self.name, "endpoint": shown_address(self._base_url), **_PINNED}

    def ask(self, prompt: str) -> dict[str, Any]:
        """The JSON object in the model's reply.

        Raises:
            ModelError: no endpoint, no whole reply, or no JSON object in it.
        """
        from openai import OpenAIError

        try:
            reply = self._client.chat.completions.create(
                model=self.name, messages=[{"role": "user", "content": prompt}], **_PINNED
            )
            choice = reply.choices[0]
            text, finished = choice.message.content or "", choice.finish_reason
        # A page of HTML with status 200, or JSON of another shape, ends in one of the last four.
        except (OpenAIError, ValueError, AttributeError, TypeError, IndexError) as error:
            # What an endpoint says of an error may repeat the key.
            status = getattr(error, "status_code", None)
            what = type(error).__name__ if status is None else f"status {status}"
            raise ModelError(f"{self.name} gave no usable reply ({what}).") from None
        if finished != "stop":
            raise ModelError(f"{self.name}'s reply was cut off (finish_reason {finished}).")
        return first_object(text, self.name)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def first_object(text: str, name: str) -> dict[str, Any]:
    """The first JSON object in a text: models like to put words or a fence around it.

    Raises:
        ModelError: there is none.
    """
    decoder = json.JSONDecoder()
    for at in (match.start() for match in re.finditer(r"\{", text)):
        try:
            found, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    raise ModelError(f"{name} replied without a JSON object.")


def prompt_text(name: str) -> str:
    """A prompt file of ours, as it is."""
    return prompt_path(name).read_text(encoding="utf-8")


def prompt_path(name: str) -> Path:
    """Where a prompt of ours lies."""
    return ROOT / "prompts" / f"evaluation_{name}.txt"


def fill(template: str, **values: str) -> str:
    """The template with its {fields} filled in, in one pass: braces in an article stay what they are."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), template)


def prompt_hash(name: str) -> str:
    """Names the wording of a prompt, for the run's record."""
    return hashlib.sha256(prompt_text(name).encode()).hexdigest()[:16]
