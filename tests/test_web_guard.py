"""The guard and what it asks (access, origins, tickets, limits), spoken to directly: each check has a test.

test_web_access.py sees the same through a real server. Here a request is an ASGI scope, so that also what no
HTTP client will send can be tried: two hosts, numbers that are none, a WebSocket.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from index.errors import SettingsError
from index.settings import Settings, load_settings
from tests.web_serving import aside
from web.access import Access, is_published
from web.answering import Answering, OverloadedError
from web.guard import MAX_BODY_BYTES, Guard
from web.limits import Bucket, RateLimits
from web.origins import host_checker, listed_origins, same_origin
from web.tickets import Credentials

LISTED = "https://www.example.org"
TOKEN, OTHER_TOKEN = "t" * 30, "u" * 30
SECRET = "s" * 40
ME = "127.0.0.1"


@dataclass
class Reply:
    """What came back for a request."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def code(self) -> str:
        return str(json.loads(self.messages[1]["body"])["error"]["code"])


@dataclass
class Behind:
    """The app behind the guard: notes the scopes that reach it, reads the body, and answers 200."""

    scopes: list[dict[str, Any]] = field(default_factory=list)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    fails: Exception | None = None
    fails_after_start: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        while (message := await receive()).get("more_body"):
            pass
        if self.fails and not self.fails_after_start:
            raise self.fails
        status = 400 if message["type"] == "http.disconnect" else 200  # as a framework does with a cut body
        await send({"type": "http.response.start", "status": status, "headers": [*self.headers]})
        if self.fails:
            raise self.fails
        await send({"type": "http.response.body", "body": b"{}"})


class Door:
    """A guard with an app behind it."""

    def __init__(self, limits: RateLimits | None = None, **options: Any) -> None:
        self.behind = Behind()
        settings = load_settings(**options)
        # No assistant: none of these requests gets as far as an answer.
        self.answering = Answering(None, at_once=1, waiting=0, deadline=1)  # type: ignore[arg-type]
        self.guard = Guard(self.behind, Access(settings), limits or RateLimits(0, 0), self.answering)

    def ask(
        self, path: str = "/api/ask", method: str = "POST", body: list[bytes] | None = None, **more: Any
    ) -> Reply:
        given = {"host": "127.0.0.1:7860"} | more.pop("headers", {})
        raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": raw, "scheme": "http"}
        pieces = [{"type": "http.request", "body": piece, "more_body": True} for piece in body or []]
        pieces.append({"type": "http.request", "body": b"", "more_body": False})
        reply = Reply()

        async def receive() -> Any:
            return pieces.pop(0)

        async def send(message: Any) -> None:
            reply.messages.append(message)

        aside(lambda: asyncio.run(self.guard({"client": (ME, 1)} | scope | more, receive, send)))
        return reply


def bearer(value: str) -> dict[str, str]:
    return {"authorization": f"Bearer {value}"}


# What no server lets through, or no client sends


def test_no_websocket_passes() -> None:
    door = Door()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    aside(lambda: asyncio.run(door.guard({"type": "websocket", "path": "/", "headers": []}, None, send)))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert door.behind.scopes == []


def test_the_start_and_end_of_the_server_pass() -> None:
    door = Door()
    aside(lambda: asyncio.run(door.guard({"type": "lifespan"}, None, None)))  # type: ignore[arg-type]
    assert [scope["type"] for scope in door.behind.scopes] == ["lifespan"]


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "", "0x10", "1 000"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    door = Door()
    reply = door.ask(headers={"content-length": length})
    assert (reply.status, reply.code) == (400, "bad_request")
    assert reply.headers["content-length"] == str(len(reply.messages[1]["body"]))
    assert door.behind.scopes == []


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 5000])
def test_a_body_that_says_it_is_too_large_is_not_read(length: str) -> None:
    door = Door()
    reply = door.ask(headers={"content-length": length})
    assert (reply.status, reply.code) == (413, "too_large")
    assert door.behind.scopes == []


def test_the_largest_body_passes() -> None:
    door = Door()
    assert (
        door.ask(headers={"content-length": str(MAX_BODY_BYTES)}, body=[b"x" * MAX_BODY_BYTES]).status == 200
    )


@pytest.mark.parametrize("fails", [None, RuntimeError("what the app makes of a cut body")])
def test_a_body_that_grows_too_large_is_cut(fails: Exception | None) -> None:
    door = Door()
    door.behind.fails = fails
    reply = door.ask(body=[b"x" * MAX_BODY_BYTES, b"x"])
    assert (reply.status, reply.code) == (413, "too_large")
    assert len(reply.messages) == 2  # one reply, not the app's too


def test_a_reply_that_began_before_its_body_was_too_large_goes_on_alone() -> None:
    door = Door()

    async def early(_: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.body", "body": b"{}"})

    door.guard = Guard(early, Access(load_settings()), RateLimits(0, 0), door.answering)
    reply = door.ask(body=[b"x" * MAX_BODY_BYTES, b"x"])
    assert [message.get("status", message.get("body")) for message in reply.messages] == [200, b"{}"]


def test_nothing_is_said_for_an_app_that_says_nothing() -> None:
    """Its reader has left."""
    door = Door()

    async def silent(*_: Any) -> None:
        pass

    door.guard = Guard(silent, Access(load_settings()), RateLimits(0, 0), door.answering)
    assert door.ask().messages == []


def test_an_unmeant_error_is_told_in_general_and_in_mid_reply_cuts_the_connection() -> None:
    door = Door()
    door.behind.fails = RuntimeError("secret")
    reply = door.ask()
    assert (reply.status, reply.code) == (500, "internal")
    assert b"secret" not in reply.messages[1]["body"]
    door.behind.fails_after_start = True
    with pytest.raises(RuntimeError):
        door.ask()


@pytest.mark.parametrize("path", ["/monitoring", "/monitoring/summary", "/login", "/logout", "/deep_link"])
def test_what_gradio_brings_and_nobody_needs_is_shut(path: str) -> None:
    for method in ("GET", "POST"):
        assert Door().ask(path, method).code == "not_found"


@pytest.mark.parametrize(
    "path", ["upload", "upload_progress", "file=/etc/passwd", "file/x", "proxy=http://127.0.0.1:1/", "call/x",
             "stream/x", "component_server", "vibe-code", "info", "dev/reload", "process_recording", ""],
)  # fmt: skip
def test_only_the_chat_s_own_gradio_paths_are_open(path: str) -> None:
    for method in ("GET", "POST"):
        assert Door().ask(f"/gradio_api/{path}", method).code == "not_found"


def test_the_chat_s_own_gradio_paths_are_open() -> None:
    for path in ("queue/join", "queue/data", "run/predict", "heartbeat/x", "theme.css"):
        assert Door().ask(f"/gradio_api/{path}").status == 200


# What every reply carries


def test_every_reply_is_hardened() -> None:
    for reply in (Door().ask(), Door().ask("/login"), Door().ask(headers={"host": "evil.example"})):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["x-frame-options"] == "DENY"
        assert reply.headers["cross-origin-opener-policy"] == "same-origin"
        assert reply.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["vary"] == "Origin"
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_a_page_s_own_stricter_policy_is_kept() -> None:
    door = Door()
    door.behind.headers = [(b"content-security-policy", b"default-src 'none'")]
    assert door.ask().headers["content-security-policy"] == "default-src 'none'"


def test_a_listed_site_may_read_and_never_with_credentials() -> None:
    headers = Door(allowed_origins=(LISTED,)).ask(headers={"origin": LISTED}).headers
    assert {name: value for name, value in headers.items() if name.startswith("access-control")} == {
        "access-control-allow-origin": LISTED,
        "access-control-expose-headers": "Retry-After",
    }


def test_a_preflight_is_answered_here() -> None:
    door = Door(allowed_origins=(LISTED,), ticket_secret=SECRET)
    reply = door.ask(method="OPTIONS", headers={"origin": LISTED})
    assert reply.status == 204
    assert reply.headers["access-control-allow-methods"] == "GET, POST"
    assert reply.headers["access-control-allow-headers"] == "authorization, content-type, last-event-id"
    assert reply.headers["access-control-max-age"] == "600"
    assert "content-length" not in reply.headers  # a 204 has none
    assert door.behind.scopes == []
    assert Door().ask(method="OPTIONS").status == 200  # of a program: the app's to answer


def test_the_app_never_sees_an_origin() -> None:
    door = Door()
    assert door.ask(headers={"origin": "http://127.0.0.1:7860"}).status == 200
    (scope,) = door.behind.scopes
    assert b"origin" not in dict(scope["headers"])


@pytest.mark.parametrize(
    ("client", "told", "seen"),
    [
        (ME, "https", "https"),
        (ME, "javascript", "http"),
        ("203.0.113.9", "https", "http"),
        (ME, None, "http"),
    ],
)
def test_the_scheme_is_believed_from_proxies_only(client: str, told: str | None, seen: str) -> None:
    door = Door(trusted_proxies=(ME,))
    door.ask(client=(client, 1), headers={"x-forwarded-proto": told} if told else {})
    assert door.behind.scopes[0]["scheme"] == seen


# Whose request it is


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/api/status", {"origin": "https://evil.example"}, 403),
        ("GET", "/v1/models", {"origin": "https://evil.example"}, 403),
        ("GET", "/mcp", {"origin": LISTED}, 403),
        ("GET", "/articles/x", {"origin": "https://evil.example"}, 200),
        ("GET", "/articles/x", {"origin": LISTED}, 200),
        ("POST", "/articles/x", {"origin": "https://evil.example"}, 403),
        ("DELETE", "/", {"origin": "https://evil.example"}, 403),
        ("POST", "/gradio_api/queue/join", {"origin": LISTED}, 403),
        ("POST", "/api/ask", {"origin": LISTED}, 200),
    ],
)
def test_doors_and_origins(method: str, path: str, headers: dict[str, str], status: int) -> None:
    assert Door(allowed_origins=(LISTED,)).ask(path, method, headers=headers).status == status


def test_a_listed_site_needs_a_ticket_where_there_are_tickets() -> None:
    door = Door(allowed_origins=(LISTED,), ticket_secret=SECRET, tokens=TOKEN)
    assert door.ask(headers={"origin": LISTED}).status == 401
    assert door.ask(headers={"origin": LISTED} | bearer(TOKEN)).status == 401  # a token is for programs
    assert door.ask(headers={"origin": LISTED} | bearer(ticket())).status == 200


def test_only_known_hosts_are_answered_and_one_at_a_time() -> None:
    reply = Door().ask(headers={"host": "evil.example"})
    assert (reply.status, reply.code) == (400, "bad_host")
    access = Access(load_settings())
    twice = {"headers": [(b"host", b"localhost"), (b"host", b"localhost")], "client": (ME, 1)}
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": "http"}
    assert isinstance(access.judge(scope | twice), tuple)


@pytest.mark.parametrize("second", ["http://127.0.0.1:7860", LISTED, "https://evil.example"])
@pytest.mark.parametrize("first", ["http://127.0.0.1:7860", LISTED])
def test_two_origins_are_none(first: str, second: str) -> None:
    access = Access(load_settings(allowed_origins=(LISTED,)))
    headers = [(b"host", b"127.0.0.1:7860"), (b"origin", first.encode()), (b"origin", second.encode())]
    scope = {"type": "http", "method": "POST", "path": "/api/ask", "scheme": "http", "headers": headers}
    assert isinstance(access.judge(scope), tuple)


def test_an_article_that_a_listed_site_reads_carries_no_leave_to_read_it() -> None:
    """Listed sites may use /api/, and nothing else."""
    reply = Door(allowed_origins=(LISTED,)).ask("/articles/x", "GET", headers={"origin": LISTED})
    assert "access-control-allow-origin" not in reply.headers


OWN = {"origin": "http://127.0.0.1:7860"}
SAME = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    ("options", "path", "headers", "status"),
    [
        # The chat is open to its own pages, programs' doors never are.
        ({"tokens": TOKEN}, "/api/ask", OWN, 200),
        ({"tokens": TOKEN}, "/api/ask", SAME, 200),
        ({"tokens": TOKEN}, "/api/ask", {"sec-fetch-site": "cross-site"}, 401),
        ({"tokens": TOKEN}, "/v1/models", OWN, 401),
        ({"tokens": TOKEN}, "/v1/models", SAME, 401),
        ({"tokens": TOKEN}, "/mcp", SAME, 401),
        ({"tokens": TOKEN, "chat": False}, "/api/ask", OWN, 401),
        ({"tokens": TOKEN, "chat": False}, "/api/ask", SAME, 401),
        ({"tokens": TOKEN, "chat": False}, "/articles/x", {}, 200),
        ({"tokens": TOKEN, "chat": False}, "/api/openapi.json", {}, 200),
        # With either kind of credentials set, programs need a token.
        ({"tokens": TOKEN}, "/api/ask", {}, 401),
        ({"tokens": TOKEN}, "/mcp", {}, 401),
        ({"tokens": TOKEN}, "/v1/models", {}, 401),
        ({"ticket_secret": SECRET}, "/api/ask", {}, 401),
        ({"tokens": f" {OTHER_TOKEN} ,, {TOKEN} ,"}, "/api/ask", bearer(TOKEN), 200),
        ({"tokens": f" {OTHER_TOKEN} ,, {TOKEN} ,"}, "/api/ask", bearer(OTHER_TOKEN), 200),
        ({"tokens": f"{TOKEN},"}, "/api/ask", bearer(""), 401),
        ({"tokens": TOKEN}, "/api/ask", bearer("é" * 30), 401),
        ({"tokens": TOKEN}, "/api/ask", {"authorization": f"Basic {TOKEN}"}, 401),
        ({"tokens": TOKEN}, "/api/ask", {"authorization": f"bearer  {TOKEN} "}, 200),
        ({}, "/api/ask", {}, 200),
    ],
)
def test_credentials(options: dict[str, Any], path: str, headers: dict[str, str], status: int) -> None:
    reply = Door(**options).ask(path, headers=headers)
    assert reply.status == status
    assert reply.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


def ticket(key: str = SECRET, algorithm: str = "HS256", lasts: int = 300, **claims: Any) -> str:
    given = {"origin": LISTED, "exp": int(time.time()) + lasts} | claims
    return jwt.encode({k: v for k, v in given.items() if v is not None}, key, algorithm=algorithm)


@pytest.mark.parametrize(
    ("claims", "fits"),
    [
        ({}, True),
        ({"aud": "anything"}, True),
        ({"algorithm": "HS384"}, False),
        ({"key": "w" * 40}, False),
        ({"lasts": 15 * 60}, True),
        ({"lasts": 17 * 60}, False),
        ({"lasts": -5}, True),  # clocks differ a little
        ({"lasts": -60}, False),
        ({"exp": None}, False),
        ({"origin": None}, False),
        ({"origin": "https://other.example"}, False),
        ({"nbf": 9_999_999_999}, False),
    ],
)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # HS384 wants a longer key
def test_tickets(claims: dict[str, Any], fits: bool) -> None:
    assert Credentials(load_settings(ticket_secret=SECRET)).ticket_fits(ticket(**claims), LISTED) is fits


def test_without_a_key_no_ticket_fits() -> None:
    assert not Credentials(load_settings()).ticket_fits("", LISTED)
    empty = jwt.api_jws.PyJWS().encode(
        b'{"origin": "https://www.example.org", "exp": 9999999999}', None, "none"
    )
    assert not Credentials(load_settings()).ticket_fits(empty, LISTED)
    assert not Credentials(load_settings()).ticket_fits(ticket(), LISTED)


def test_a_holder_s_name_tells_nothing_of_the_token() -> None:
    credentials = Credentials(load_settings(tokens=f"{TOKEN},{OTHER_TOKEN}"))
    names = [credentials.token_holder(TOKEN), credentials.token_holder(OTHER_TOKEN)]
    assert None not in names
    assert len(set(names)) == 2
    assert not [name for name in names if TOKEN[:8] in str(name) or OTHER_TOKEN[:8] in str(name)]


@pytest.mark.parametrize(
    "options", [{"tokens": "t" * 19}, {"tokens": f"{TOKEN},short"}, {"ticket_secret": "s" * 31}]
)
def test_guessable_credentials_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="characters"):
        Credentials(load_settings(**options))
    assert Credentials(load_settings(tokens="t" * 20, ticket_secret="s" * 32)).has_tickets


# Which client a request counts for


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: not believed
        (ME, "198.51.100.1", "198.51.100.1"),
        (ME, "8.8.8.8, 198.51.100.1", "198.51.100.1"),  # the client wrote the first itself
        (ME, "198.51.100.1, 10.0.0.7", "198.51.100.1"),  # two proxies of ours
        (ME, "", ME),
        (ME, "10.0.0.7", "10.0.0.7"),
        (ME, "x" * 5000, "x" * 100),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
    ],
)
def test_clients(peer: str, forwarded: str, client: str) -> None:
    access = Access(load_settings(trusted_proxies=(ME, "10.0.0.0/8")))
    headers = [(b"host", b"localhost"), (b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "http", "method": "GET", "path": "/api/status", "scheme": "http", "headers": headers}
    assert access.judge(scope | {"client": (peer, 1)}).client == client  # type: ignore[union-attr]


def test_a_token_is_one_client_wherever_it_comes_from() -> None:
    door = Door(RateLimits(1, 0), tokens=f"{TOKEN},{OTHER_TOKEN}")
    asked = [(TOKEN, "203.0.113.1"), (TOKEN, "203.0.113.2"), (OTHER_TOKEN, "203.0.113.1")]
    replies = [door.ask(client=(peer, 1), headers=bearer(token)).status for token, peer in asked]
    assert replies == [200, 429, 200]


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        Access(load_settings(trusted_proxies=("proxy.example.org",)))


@pytest.mark.parametrize(
    ("options", "published"),
    [
        ({}, False),
        ({"host": "192.168.1.5"}, True),
        ({"allowed_origins": (LISTED,)}, True),
        ({"public_hosts": ("ask.example.org",)}, True),
        ({"trusted_proxies": (ME,)}, True),
        ({"tokens": TOKEN}, True),
    ],
)
def test_which_servers_are_published(options: dict[str, Any], published: bool) -> None:
    settings: Settings = load_settings(**options)
    assert is_published(settings) is published


# Hosts and origins of our own


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://a.example", "a.example", True),
        ("http://a.example", "A.EXAMPLE", True),
        ("http://A.example", "a.example", False),  # browsers send lower case
        ("http://a.example:80", "a.example", False),
        ("http://xa.example", "a.example", False),
        ("ftp://a.example", "a.example", False),
        ("http://", "", False),
        ("http://a.example/", "a.example", False),
        ("http://a.example?", "a.example", False),
        ("null", "null", False),
    ],
)
def test_same_origin(origin: str, host: str, same: bool) -> None:
    assert same_origin(origin, host) is same


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("https://www.example.org", "https://www.example.org"),
        ("HTTPS://WWW.Example.org:443", "https://www.example.org"),
        ("http://a.example:80", "http://a.example"),
        ("http://a.example:443", "http://a.example:443"),
        ("https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
        ("https://[2001:DB8:0::1]:444", "https://[2001:db8::1]:444"),
    ],
)
def test_listed_origins_are_written_as_browsers_send_them(value: str, sent: str) -> None:
    assert listed_origins([value]) == {sent}


def test_an_address_of_the_future_is_no_origin() -> None:
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS"):
        listed_origins(["https://[v1.a:b]"])


@pytest.mark.parametrize("host", ["", ":80", "a b", "localhost:99999"])
def test_a_name_that_is_none_is_not_known_by_a_stray_comma(host: str) -> None:
    assert not host_checker("127.0.0.1", ("ask.example.org", ""))(host)


@pytest.mark.parametrize(
    ("bound", "host", "known"),
    [
        ("192.168.1.5", "192.168.1.5", True),
        ("server.lan", "SERVER.lan:80", True),  # the name that it was bound to
        ("server.lan", "other.lan", False),
        ("127.0.0.1", "ask.EXAMPLE.org", True),
        ("127.0.0.1", "ask.example.org\\@evil.example", False),
        ("127.0.0.1", "localhost\tx", False),
        ("127.0.0.1", "localhost#x", False),
        ("127.0.0.1", "localhost?x", False),
        ("127.0.0.1", "localhost:http", False),
        ("192.168.1.5", "user@192.168.1.5", False),
    ],
)
def test_known_hosts(bound: str, host: str, known: bool) -> None:
    assert host_checker(bound, ("Ask.example.org",))(host) is known


# Too many


def full(door: Door) -> Door:
    door.answering._take_place()
    return door


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
def test_a_full_server_refuses_before_it_reads(path: str) -> None:
    door = full(Door(RateLimits(1, 1)))
    reply = door.ask(path, headers={"content-length": "400000"})
    assert (reply.status, reply.code) == (503, "overloaded")
    assert int(reply.headers["retry-after"]) >= 1
    assert door.behind.scopes == []
    door.answering._leave_place()
    assert door.ask(path).status == 200  # what was refused counted against no limit


def test_a_full_server_still_does_what_needs_no_turn() -> None:
    door = full(Door())
    assert door.ask("/api/feedback").status == 200
    assert door.ask("/api/status", "GET").status == 200
    # A stream taken up again may be whole already; its route refuses it if not.
    assert door.ask(headers={"last-event-id": "x"}).status == 200


def test_what_passes_a_full_server_still_waits_for_no_place() -> None:
    """Streams taken up again, and MCP: they come past the guard."""
    answering = full(Door()).answering
    with pytest.raises(OverloadedError):
        aside(lambda: asyncio.run(anext(answering.events("Who?"))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", ["/api/ask", "/api/feedback", "/v1/chat/completions", "/mcp", "/gradio_api/queue/join"]
)
def test_what_costs_counts(path: str) -> None:
    door = Door(RateLimits(1, 0), allowed_origins=(LISTED,))
    assert door.ask(path).status == 200
    reply = door.ask(path)
    assert (reply.status, reply.code) == (429, "rate_limited")
    assert reply.headers["retry-after"] == "60"
    assert door.ask(path, "GET").status == 200
    assert door.ask("/articles/x", "POST").status == 200


def test_a_bucket_holds_no_more_than_a_minute_s_worth() -> None:
    now = [0.0]
    bucket = Bucket(2, clock=lambda: now[0])
    now[0] = 3600.0
    for _ in range(2):
        assert bucket.wait() == 0
        bucket.take()
    assert bucket.wait() == 30
    now[0] += 15
    assert bucket.wait() == 15
    now[0] += 15
    assert bucket.wait() == 0


def test_what_is_refused_costs_nothing() -> None:
    now = [0.0]
    limits = RateLimits(60, 1, clock=lambda: now[0])
    assert limits.refused("a") == 0
    assert [limits.refused("b") for _ in range(100)] == [60] * 100
    now[0] = 59.5
    assert limits.refused("b") == 1  # seconds in whole, and never too few
    now[0] = 60.0
    assert limits.refused("b") == 0


def test_who_asked_lately_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.limits._MOST_CLIENTS", 2)
    limits = RateLimits(1, 0, clock=lambda: 0.0)
    assert [limits.refused(name) for name in ("a", "b")] == [0, 0]
    assert limits.refused("a") == 60
    assert limits.refused("c") == 0  # b is the longest silent, and makes room
    assert limits.refused("a") == 60
    assert limits.refused("c") == 60
    assert limits.refused("b") == 0  # forgotten: no crowd of clients fills the memory


def test_limits_where_the_settings_say_nothing() -> None:
    published = RateLimits.of(None, None, published=True)
    assert sum(not published.refused(str(n)) for n in range(1000)) == 600
    private = RateLimits.of(None, None, published=False)
    assert not any(private.refused("a") for _ in range(1000))
    one_client = RateLimits.of(None, 0, published=True)
    assert sum(not one_client.refused("a") for _ in range(1000)) == 30


@pytest.mark.parametrize("published", [True, False])
def test_limits_of_the_settings(published: bool) -> None:
    each = RateLimits.of(1, 0, published=published)
    assert [each.refused(client) for client in "aab"] == [0, 60, 0]
    together = RateLimits.of(0, 1, published=published)
    assert [together.refused(client) for client in "ab"] == [0, 60]
