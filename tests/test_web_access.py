"""Who may use the API, against a real server: origins, hosts, tokens, tickets, proxies, and limits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from index.errors import SettingsError
from index.settings import load_settings
from tests.web_serving import ROOT, build, served
from web.access import Access, require_safe_bind
from web.limits import RateLimits
from web.origins import listed_origins

QUESTION = "Did Iraq allow Russian planes to use its airspace?"
LISTED = (
    "https://www.example.org",
    "https://shop.example.org:8443",
    "http://localhost:3000",
    "https://Bücher.example",
    "https://[2001:db8::1]:444",
    "https://plain.example:443",
)
ANYWHERE = "0.0.0.0"  # noqa: S104 - only a setting that is looked at
SECRET = "s" * 40
TOKEN = "t" * 30


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("access") / "data"
    build(folder, ROOT / "seeds")
    return folder


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with (
        served(data, allowed_origins=LISTED, questions_per_minute=0, questions_per_minute_all=0) as (base, _),
        httpx.Client(base_url=base, timeout=60) as found,
    ):
        yield found


def cors(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


ORIGINS = [
    ("https://www.example.org", True),
    ("https://shop.example.org:8443", True),
    ("http://localhost:3000", True),
    ("https://xn--bcher-kva.example", True),
    ("https://[2001:db8::1]:444", True),
    ("https://plain.example", True),
    (None, True),  # a program; browsers always send one with POST
    ("OWN", True),
    # the scheme
    ("http://www.example.org", False),
    ("ftp://www.example.org", False),
    ("wss://www.example.org", False),
    ("https//www.example.org", False),
    ("//www.example.org", False),
    ("www.example.org", False),
    ("file://", False),
    ("chrome-extension://abcdefghijklmnop", False),
    ("HTTPS://www.example.org", False),
    # the port
    ("https://www.example.org:443", False),
    ("https://www.example.org:8443", False),
    ("https://shop.example.org", False),
    ("https://shop.example.org:84430", False),
    ("http://localhost", False),
    ("http://localhost:3001", False),
    ("http://localhost:03000", False),
    ("https://plain.example:444", False),
    # the name
    ("https://example.org", False),
    ("https://evil.www.example.org", False),
    ("https://www.example.org.evil.example", False),
    ("https://evilwww.example.org", False),
    ("https://www-example.org", False),
    ("https://wwwXexample.org", False),
    ("https://WWW.example.org", False),
    ("https://www.example.org.", False),
    ("https://www.example.org/", False),
    ("https://www.example.org/path", False),
    ("https://www.example.org?x", False),
    ("https://www.example.org#x", False),
    ("https://www.example.org@evil.example", False),
    ("https://user@www.example.org", False),
    ("https://evil.example\\.www.example.org", False),
    ("https://www.example.org%00.evil.example", False),
    ("https://www.example.org, https://evil.example", False),
    ("https://evil.example https://www.example.org", False),
    ("https://xn--www.example.org", False),
    ("https://bucher.example", False),
    ("https://[2001:db8::1]", False),
    ("https://[2001:db8::2]:444", False),
    ("http://127.0.0.1:3000", False),
    ("OWN:https", True),  # TLS ends at a proxy: the scheme that readers see is not known here
    ("OWN.evil.example", False),
    ("OWN/", False),
    # not an origin
    ("null", False),
    ("NULL", False),
    ("", False),
    ("*", False),
    ("undefined", False),
    ("data:", False),
    ("blob:https://www.example.org/1", False),
]


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS)
def test_origins(client: httpx.Client, origin: str | None, allowed: bool) -> None:
    own = str(client.base_url).rstrip("/")
    if origin is not None and origin.startswith("OWN"):
        rest = origin.removeprefix("OWN")
        origin = own.replace("http", "https") if rest == ":https" else own + rest
    headers = {} if origin is None else {"Origin": origin}
    response = client.post("/api/ask", json={"question": QUESTION}, headers=headers)
    assert response.status_code == (200 if allowed else 403)
    listed = allowed and origin is not None and "127.0.0.1" not in origin
    assert response.headers.get("access-control-allow-origin") == (origin if listed else None)
    assert "access-control-allow-credentials" not in response.headers
    assert "Origin" in response.headers["vary"]
    read = client.get("/api/status", headers=headers)
    assert (read.status_code == 200) is allowed
    asked = {**headers, "Access-Control-Request-Method": "POST"}
    preflight = client.options("/api/ask", headers=asked)
    assert (preflight.status_code == 204) is listed
    assert bool(cors(preflight)) is listed


def test_the_origin_table_is_long_enough() -> None:
    assert len(ORIGINS) >= 40


def test_two_origins_are_none(client: httpx.Client) -> None:
    headers = [("Origin", LISTED[0]), ("Origin", "https://evil.example")]
    response = client.post("/api/ask", json={"question": QUESTION}, headers=headers)
    assert response.status_code == 403


def test_two_hosts_are_none() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "client": ("127.0.0.1", 1), "scheme": "http"}
    hosts = [(b"host", b"127.0.0.1"), (b"host", b"evil.example")]
    assert isinstance(Access(load_settings()).judge(scope | {"headers": hosts}), tuple)


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/v1/chat/completions", "/mcp", "/v1/models"])
def test_listed_sites_reach_only_the_api(client: httpx.Client, path: str) -> None:
    response = client.post(path, json={}, headers={"Origin": LISTED[0]})
    assert response.status_code == 403
    assert cors(response) == {}


def test_errors_can_be_read_by_listed_sites(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={}, headers={"Origin": LISTED[0]})
    assert response.status_code == 422
    assert response.headers["access-control-allow-origin"] == LISTED[0]


@pytest.mark.parametrize(
    "value",
    ["*", "null", "https://*.example.org", "example.org", "https://a.example/x", "https://a.example/", "",
     "ftp://a.example", "https://u@a.example", "https://a.example:99999", "https://a b.example", "https://?",
     "https://a..example", "https://[::1", "https://a.example#", "https://a.example?", "https://", "https://:80",
     "https://@a.example"],
)  # fmt: skip
def test_settings_that_are_no_origins_are_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS"):
        listed_origins([value])


# Hosts


@pytest.mark.parametrize(
    ("bound", "host", "known"),
    [
        ("127.0.0.1", "ask.example.org", True),
        ("127.0.0.1", "ask.example.org:443", True),
        ("127.0.0.1", "ASK.example.org", True),
        ("127.0.0.1", "ask.example.org.", False),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "ask.example.org.evil.example", False),
        ("127.0.0.1", "ask.example.org@evil.example", False),
        ("127.0.0.1", "evil.example/ask.example.org", False),
        ("127.0.0.1", "ask.example.org, evil.example", False),
        ("127.0.0.1", "ask.example.org:99999", False),
        ("127.0.0.1", "192.168.1.5", False),
        ("127.0.0.1", "", False),
        (ANYWHERE, "192.168.1.5:7860", True),
        (ANYWHERE, "[2001:db8::1]:7860", True),
        (ANYWHERE, "localhost:7860", True),
        (ANYWHERE, "ask.example.org", True),
        (ANYWHERE, "rebound.evil.example", False),
        (ANYWHERE, "", False),
    ],
)
def test_hosts(bound: str, host: str, known: bool) -> None:
    access = Access(load_settings(host=bound, public_hosts=("ask.example.org",)))
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/status",
        "client": ("127.0.0.1", 1),
        "scheme": "http",
    }
    verdict = access.judge(scope | {"headers": [(b"host", host.encode())]})
    assert (not isinstance(verdict, tuple)) is known


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ({"host": "127.0.0.1"}, True),
        ({"host": "localhost"}, True),
        ({"host": "::1"}, True),
        ({"host": ANYWHERE}, False),
        ({"host": "::"}, False),
        ({"host": "192.168.1.5"}, False),
        ({"host": ANYWHERE, "public_hosts": ("a.example",)}, False),
        ({"host": ANYWHERE, "tokens": TOKEN}, True),
        ({"host": ANYWHERE, "ticket_secret": SECRET}, True),
        ({"host": ANYWHERE, "allowed_origins": ("https://a.example",)}, True),
    ],
)
def test_an_open_bind_is_refused(options: dict[str, Any], allowed: bool) -> None:
    settings = load_settings(**options)
    if allowed:
        require_safe_bind(settings)
    else:
        with pytest.raises(SettingsError, match="DATELINE_ALLOWED_ORIGINS"):
            require_safe_bind(settings)


# Tokens and tickets


@pytest.fixture(scope="module")
def closed(data: Path) -> Iterator[httpx.Client]:
    options: dict[str, Any] = {
        "tokens": f"{TOKEN}, {'u' * 30}", "ticket_secret": SECRET, "allowed_origins": LISTED, "chat": False,
        "questions_per_minute": 0, "questions_per_minute_all": 0,
    }  # fmt: skip
    with served(data, **options) as (base, _), httpx.Client(base_url=base, timeout=60) as found:
        yield found


def ask(client: httpx.Client, bearer: str | None, origin: str | None = None) -> httpx.Response:
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    if origin:
        headers["Origin"] = origin
    return client.post("/api/ask", json={"question": QUESTION}, headers=headers)


@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", "/v1/chat/completions", "/mcp"])
@pytest.mark.parametrize("bearer", [None, "x" * 30, TOKEN[:-1], TOKEN + "t", SECRET])
def test_closed_doors_need_a_token(closed: httpx.Client, path: str, bearer: str | None) -> None:
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    headers["Sec-Fetch-Site"] = "same-origin"  # anyone can claim it: it opens only what the chat has open
    response = closed.post(path, json={}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


def test_tokens_open(closed: httpx.Client) -> None:
    assert ask(closed, TOKEN).status_code == 200
    assert ask(closed, "u" * 30).status_code == 200
    assert closed.get("/healthz").status_code == 200
    assert closed.get("/").status_code == 404


def ticket(**changes: Any) -> str:
    claims = {"origin": LISTED[0], "exp": int(time.time()) + 300} | changes
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, SECRET, algorithm="HS256")


def test_a_ticket_opens_for_its_site(closed: httpx.Client) -> None:
    assert ask(closed, ticket(), LISTED[0]).status_code == 200
    assert closed.options("/api/ask", headers={"Origin": LISTED[0]}).status_code == 204


@pytest.mark.parametrize(
    ("bearer", "origin"),
    [
        (None, LISTED[0]),
        (ticket(), LISTED[1]),
        (ticket(), None),
        (ticket(exp=int(time.time()) - 3600), LISTED[0]),
        (ticket(exp=int(time.time()) + 86_400), LISTED[0]),
        (ticket(exp=None), LISTED[0]),
        (ticket(exp="soon"), LISTED[0]),
        (ticket(origin=None), LISTED[0]),
        (ticket(origin=[LISTED[0]]), LISTED[0]),
        (jwt.encode({"origin": LISTED[0], "exp": int(time.time()) + 300}, "w" * 40, algorithm="HS256"), LISTED[0]),
        (jwt.encode({"origin": LISTED[0], "exp": int(time.time()) + 300}, None, algorithm="none"), LISTED[0]),
        (ticket()[:-2], LISTED[0]),
    ],
)  # fmt: skip
def test_wrong_tickets(closed: httpx.Client, bearer: str | None, origin: str | None) -> None:
    assert ask(closed, bearer, origin).status_code == 401


def test_weak_secrets_are_refused() -> None:
    for options in ({"tokens": "short"}, {"ticket_secret": "short"}):
        with pytest.raises(SettingsError, match="characters"):
            Access(load_settings(**options))


# Limits


def test_one_client_is_limited_and_told_when_to_return(data: Path) -> None:
    with served(data, questions_per_minute=3) as (base, _), httpx.Client(base_url=base, timeout=60) as client:
        codes = [client.post("/api/ask", json={"question": QUESTION}).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        refused = client.post("/v1/chat/completions", json={})
        assert refused.json()["error"]["code"] == "rate_limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert client.get("/api/status").status_code == 200


@pytest.mark.parametrize("trusted", [True, False])
def test_only_configured_proxies_are_believed(data: Path, trusted: bool) -> None:
    proxies = ("127.0.0.0/8",) if trusted else ("10.0.0.0/8",)
    options: dict[str, Any] = {"questions_per_minute": 1, "trusted_proxies": proxies}
    with served(data, **options) as (base, _), httpx.Client(base_url=base, timeout=60) as client:

        def code(forwarded: str) -> int:
            body = {"question": QUESTION}
            return client.post("/api/ask", json=body, headers={"X-Forwarded-For": forwarded}).status_code

        assert code("203.0.113.1") == 200
        assert code("203.0.113.2") == (200 if trusted else 429)
        assert code("1.2.3.4, 203.0.113.1") == 429  # what the client itself wrote is not believed


def test_limits_forget_nobody_early_and_refill() -> None:
    now = [0.0]
    limits = RateLimits(2, 3, clock=lambda: now[0])
    assert [limits.refused(name) for name in "aab"] == [0, 0, 0]
    assert limits.refused("c") == 20  # all together
    assert limits.refused("a") == 30
    now[0] = 30.0
    assert limits.refused("a") == 0


def test_memory_of_clients_is_bounded() -> None:
    limits = RateLimits(5, 0)
    for number in range(20_000):
        limits.refused(str(number))
    assert len(limits._clients) == 10_000


def test_private_servers_have_no_limits_and_published_ones_do() -> None:
    private = RateLimits.of(None, None, published=False)
    assert not any(private.refused("a") for _ in range(1000))
    published = RateLimits.of(None, None, published=True)
    assert sum(not published.refused("a") for _ in range(1000)) == 30
