"""The proxy configurations of docs/operations.md, run as they stand there but for the address and TLS.

nginx must be there in CI (.ci/run installs it); Caddy, far larger, is tried where it is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web_serving import ROOT, Gated, build, served

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
NAME = "ask.example.org"
SITE = "https://www.example.org"
READER = "127.0.0.2"  # not the proxy's own address, as a reader's never is
PROXIES = ["nginx", *(["caddy"] if shutil.which("caddy") else [])]


def block(kind: str) -> str:
    """The configuration in the docs for that proxy."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    section = text.split(f"## Behind {kind}\n")[1].split("\n## ")[0]
    found = re.search(r"```\w*\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def nginx(folder: Path, port: int, upstream: str) -> list[str]:
    server = _replaced(block("nginx"), ("listen 443 ssl;", f"listen 127.0.0.1:{port};"))
    server = _replaced(server, ("http://127.0.0.1:7860", upstream))
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {paths}\n{server} }}"
    )
    return ["nginx", "-p", str(folder), "-c", str(config), "-e", "stderr"]


def caddy(folder: Path, port: int, upstream: str) -> list[str]:
    site = _replaced(block("Caddy"), (f"{NAME} {{", f"http://{NAME}:{port} {{\n bind 127.0.0.1"))
    site = _replaced(site, ("127.0.0.1:7860", upstream.removeprefix("http://")))
    config = folder / "Caddyfile"
    config.write_text(f"{{\n admin off\n auto_https off\n}}\n{site}")
    return ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]


def _replaced(text: str, change: tuple[str, str]) -> str:
    assert change[0] in text
    return text.replace(*change)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proxies") / "data"
    build(folder, ROOT / "seeds")
    return folder


@pytest.fixture(params=PROXIES)
def behind(
    request: pytest.FixtureRequest, data: Path, tmp_path: Path
) -> Iterator[tuple[httpx.Client, Gated]]:
    """A reader's client of Dateline behind the proxy, and the assistant."""
    proxy: str = request.param
    if shutil.which(proxy) is None:
        assert not os.environ.get("CI"), "in CI nothing is skipped: .ci/run installs nginx"
        pytest.skip(f"no {proxy} is installed")
    port = free_port()
    options: dict[str, Any] = {
        "public_hosts": (NAME,), "trusted_proxies": ("127.0.0.1",), "allowed_origins": (SITE,),
        "questions_per_minute": 2,
    }  # fmt: skip
    with served(data, wrap=Gated, **options) as (base, assistant):
        command = {"nginx": nginx, "caddy": caddy}[proxy](tmp_path, port, base)
        home = {
            **os.environ,
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path),
        }
        with subprocess.Popen(command, env=home, stderr=subprocess.PIPE) as process:
            try:
                transport = httpx.HTTPTransport(local_address=READER)
                address = f"http://127.0.0.1:{port}"
                with httpx.Client(
                    base_url=address, transport=transport, headers={"Host": NAME}, timeout=30
                ) as client:
                    _await(client, process)
                    yield client, assistant
            finally:
                process.terminate()


def _await(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        try:
            client.get("/healthz")
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the proxy did not start")


def test_behind_a_proxy(behind: tuple[httpx.Client, Gated]) -> None:
    client, assistant = behind
    body = {"question": QUESTION, "stream": True}
    # Answers stream: the first words arrive while the rest is held back.
    assistant.gate.clear()
    try:
        with client.stream("POST", "/api/ask", json=body, headers={"Origin": SITE}) as response:
            assert response.headers["access-control-allow-origin"] == SITE
            lines = response.iter_lines()
            assert "event: delta" in lines
            assistant.gate.set()
            assert "event: answer" in lines
    finally:
        assistant.gate.set()
    # Origins and hosts reach Dateline as they were sent.
    refused = client.post("/api/ask", json=body, headers={"Origin": "https://evil.example"})
    assert refused.json()["error"]["code"] == "cross_origin"
    own = client.post("/v1/chat/completions", json={}, headers={"Origin": f"http://{NAME}"})
    assert (
        own.status_code == 422
    )  # its own page, whose question is then not understood; the second that counts
    # Readers are told apart by what the proxy says, never by what they say themselves.
    forged = {"X-Forwarded-For": "198.51.100.1"}
    assert client.post("/api/ask", json=body, headers=forged).status_code == 429
    with httpx.Client(
        base_url=client.base_url, transport=httpx.HTTPTransport(local_address="127.0.0.3"), timeout=30
    ) as other:
        host = {"Host": NAME}
        done = other.post(
            "/v1/chat/completions",
            json={"model": "dateline", "messages": [{"role": "user", "content": QUESTION}]},
            headers=host,
        )
        assert f"<http://{NAME}/articles/" in done.json()["choices"][0]["message"]["content"]
        large = other.post("/api/ask", content=b"x" * 1_100_000, headers=host)
        assert large.status_code == 413
        strange = other.get("/api/status", headers={"Host": "evil.example"})
        assert strange.status_code in {200, 400}
        assert "articles" not in strange.text
