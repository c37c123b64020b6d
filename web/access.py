"""Who may use which door: hosts, origins, bearers, and which client a request counts for.

One object made from the settings; the guard asks it about every request. Knows headers and paths, not
what is asked. An origin list keeps honest browsers of other sites out; it is no authentication.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from index.errors import SettingsError
from index.settings import Settings

from .origins import host_checker, is_loopback, listed_origins, same_origin
from .tickets import Credentials

Refusal = tuple[int, str, str]

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_PROGRAM_DOORS = ("/v1/", "/mcp")
_OPEN_DOORS = ("/api/openapi.json",)

_UNKNOWN_HOST = (
    400,
    "bad_host",
    "This server does not answer under that host name. Its owner can add names to DATELINE_PUBLIC_HOSTS.",
)
_OTHER_SITE = (403, "cross_origin", "Requests from other sites are not allowed.")
_NO_BEARER = (401, "unauthorized", "A valid bearer token is needed here.")
_NO_TICKET = (401, "unauthorized", "A valid ticket of this site is needed here.")


@dataclass(frozen=True)
class Admitted:
    """A request that may pass: who it counts for, and the listed origin to tell the browser, if any."""

    client: str
    cors_origin: str | None = None


class Access:
    """The rules of the settings.

    Raises:
        SettingsError: an origin, proxy, token or key cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._origins = listed_origins(settings.allowed_origins)
        self._known_host = host_checker(settings.host, settings.public_hosts)
        self._credentials = Credentials(settings)
        self._proxies = [_network(value) for value in settings.trusted_proxies]
        self._chat = settings.chat

    def judge(self, scope: Scope) -> Admitted | Refusal:
        """Whether the request may pass at all; what it asks for is not looked at."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._known_host(host) or len(headers.getlist("host")) > 1:
            return _UNKNOWN_HOST
        origins = headers.getlist("origin")
        path = scope["path"]
        client = self._client(scope, headers)
        if not origins:
            return self._without_origin(path, headers, client)
        origin = origins[0]
        if len(origins) == 1 and same_origin(origin, host):
            if self._chat and not path.startswith(_PROGRAM_DOORS):
                return Admitted(client)
            return self._with_bearer(path, headers, client)
        if len(origins) == 1 and origin in self._origins and path.startswith("/api/"):
            return self._from_listed(scope["method"], headers, origin, client)
        if scope["method"] in _SAFE_METHODS and not path.startswith(("/api/", *_PROGRAM_DOORS)):
            return Admitted(client)  # a page or a file; without CORS headers another site cannot read it
        return _OTHER_SITE

    def _from_listed(self, method: str, headers: Headers, origin: str, client: str) -> Admitted | Refusal:
        admitted = Admitted(client, origin)
        preflight = method == "OPTIONS"  # carries no bearer, by the standard
        if preflight or not self._credentials.has_tickets:
            return admitted
        return admitted if self._credentials.ticket_fits(_bearer(headers), origin) else _NO_TICKET

    def _without_origin(self, path: str, headers: Headers, client: str) -> Admitted | Refusal:
        """Programs send no Origin, nor do browsers when a page reads from its own server."""
        own_page = headers.get("sec-fetch-site") == "same-origin"
        if self._chat and own_page and not path.startswith(_PROGRAM_DOORS):
            return Admitted(client)
        return self._with_bearer(path, headers, client)

    def _with_bearer(self, path: str, headers: Headers, client: str) -> Admitted | Refusal:
        needed = self._credentials.has_tokens or self._credentials.has_tickets
        if not path.startswith(("/api/", *_PROGRAM_DOORS)) or path in _OPEN_DOORS or not needed:
            return Admitted(client)
        holder = self._credentials.token_holder(_bearer(headers))
        return Admitted(holder) if holder else _NO_BEARER

    def _client(self, scope: Scope, headers: Headers) -> str:
        """The address a request counts for. Only configured proxies are believed about others' addresses."""
        address = (scope.get("client") or ("unknown", 0))[0]
        forwarded = ",".join(headers.getlist("x-forwarded-for")).split(",")
        while self._is_proxy(address) and forwarded and forwarded[-1].strip():
            address = forwarded.pop().strip()
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return address[:100]
        if found.version == 6:  # one household has a whole /64
            return str(ipaddress.ip_network((found, 64), strict=False))
        return str(found)

    def scheme(self, scope: Scope) -> str:
        """The scheme that the reader used, as far as a configured proxy tells it."""
        told = Headers(scope=scope).get("x-forwarded-proto", "")
        trusted = self._is_proxy((scope.get("client") or ("", 0))[0])
        return told if trusted and told in {"http", "https"} else str(scope["scheme"])

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._proxies)


def is_published(settings: Settings) -> bool:
    """Whether others than this machine's user are meant to reach the server."""
    more = (settings.allowed_origins, settings.public_hosts, settings.trusted_proxies, settings.tokens)
    return not is_loopback(settings.host) or any(more)


def require_safe_bind(settings: Settings) -> None:
    """Refuses to open a server to a network with nothing said about who may use it.

    Raises:
        SettingsError: the address is public, and neither tokens nor origins are set.
    """
    if is_loopback(settings.host) or settings.tokens or settings.ticket_secret or settings.allowed_origins:
        return
    raise SettingsError(
        f"DATELINE_HOST={settings.host} would let anyone on the network ask, and nothing says who may. Set "
        "DATELINE_ALLOWED_ORIGINS to the sites that show the widget (or to this server's own address, "
        "for the chat alone), or DATELINE_TOKENS for programs; or leave DATELINE_HOST at 127.0.0.1."
    )


def _bearer(headers: Headers) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _network(value: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise SettingsError(f"DATELINE_TRUSTED_PROXIES: {value!r} is no address or network.") from None
