"""Which hosts and origins are ours or listed. Pure: strings in, verdicts out.

Knows nothing of requests. An origin is compared as a whole, exactly: no suffixes, no patterns.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from index.errors import SettingsError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)


def listed_origins(values: Iterable[str]) -> frozenset[str]:
    """The origins of a setting, written as browsers send them: lower case, punycode, no default port.

    Raises:
        SettingsError: a value is no origin; the message shows it.
    """
    return frozenset(_as_sent(value) for value in values)


def _as_sent(value: str) -> str:
    problem = f"DATELINE_ALLOWED_ORIGINS: {value!r} is not an origin; write it as https://www.example.org"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise SettingsError(problem) from None
    extra = parts.path or parts.username is not None or "?" in value or "#" in value
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or extra:
        raise SettingsError(problem)
    host = _ascii_host(parts.hostname)
    if host is None:
        raise SettingsError(problem)
    shown_port = "" if port is None or port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{shown_port}"


def _ascii_host(name: str) -> str | None:
    if ":" in name:
        try:
            return f"[{ipaddress.IPv6Address(name).compressed}]"
        except ValueError:
            return None
    try:
        found = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return found if _HOST_NAME.fullmatch(found) else None


def same_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names the host that was asked. `null` never does."""
    parts = urlsplit(origin)
    written = f"{parts.scheme}://{parts.netloc}" == origin.lower()  # an origin has no path
    return written and parts.scheme in _DEFAULT_PORTS and bool(host) and parts.netloc.lower() == host.lower()


def host_checker(bound_to: str, public_hosts: Iterable[str] = ()) -> Callable[[str], bool]:
    """Tells whether a Host header may be answered.

    A foreign name that resolves to this machine (DNS rebinding) would let any web page read it. So names
    must be listed, save for this machine's own; addresses cannot be rebound, and are answered unless the
    server is on loopback.
    """
    listed = {name.lower() for name in public_hosts}
    private = is_loopback(bound_to)

    def known(host: str) -> bool:
        name = _host_name(host)
        if not name:
            return False
        if name in listed or name == bound_to.strip("[]").lower() or is_loopback(name):
            return True
        return not private and _is_address(name)

    return known


def is_loopback(name: str) -> bool:
    """Whether a name or address means this machine to itself."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _host_name(host: str) -> str:
    if any(c in host for c in "/?#@\\ \t,"):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
        return parts.hostname or ""  # lower case already
    except ValueError:
        return ""
