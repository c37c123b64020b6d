"""Where scores come from: versions, code, settings and corpus, so that a run can be told from another.

Knows the catalog only to name what is in it. Secrets never get into what is returned here.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.catalog import Catalog
from index.settings import ROOT, Settings

_PACKAGES = ("chromadb", "llama-index-core", "onnxruntime", "tokenizers", "numpy", "scipy", "openai",
             "ir-measures", "sentencex", "pystemmer")  # fmt: skip
_CODE = (".py", ".txt", ".json")


def digest(parts: Iterable[str]) -> str:
    """A short hash over the parts, in order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode("utf-8", "replace") + b"\0")
    return whole.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Of Python, the machine, the commit, and the packages that scores may depend on."""
    found = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    commit = _commit()
    if commit:
        found["commit"] = commit
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def code() -> str:
    """A hash over the assistant's own code and data: answers of two versions are never mixed in one run."""
    files = sorted(
        p for folder in ("index", "prompts") for p in (ROOT / folder).rglob("*") if p.suffix in _CODE
    )
    return digest(
        f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files
    )


def corpus(data: Path) -> dict[str, Any]:
    """Counts, dates and sources of an index, and a fingerprint of all its articles."""
    with Catalog.open(data, read_only=True) as catalog:
        ids = sorted(summary["id"] for summary in catalog.list_articles())
        articles = digest(repr(catalog.article(article_id)) for article_id in ids)
        return catalog.status() | {"fingerprint": articles}


def shown_settings(settings: Settings) -> dict[str, Any]:
    """The settings without keys."""
    shown = settings.model_dump(mode="json", exclude={"openai_api_key", "tokens", "ticket_secret"})
    addresses = ("openai_base_url", "embedding_base_url")
    return shown | {name: shown_address(shown[name]) for name in addresses}


def shown_address(address: str | None) -> str | None:
    """The server of an address; of what may hold a key, a digest: some gateways take one in the path."""
    if address is None:
        return None
    parts = urlsplit(address)
    server = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    rest = address.rstrip("/").removeprefix(server).removesuffix("/v1")
    return f"{server} ({digest([address])[:12]})" if rest else address


def _commit() -> str | None:
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git there is
            cwd=ROOT, capture_output=True, text=True, timeout=10, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
