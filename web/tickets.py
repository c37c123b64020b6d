"""Who a bearer of something is: a program with a token, or a page of a listed site with a ticket.

A ticket is a JWT (HS256) that the site's own server signs for one reader: `{"origin": …, "exp": …}`, valid
for fifteen minutes at the most. Knows nothing of requests.
"""

from __future__ import annotations

import hashlib
import hmac
import time

import jwt

from index.errors import SettingsError
from index.settings import Settings

LONGEST_SECONDS = 15 * 60
LEEWAY_SECONDS = 30
MIN_TOKEN = 20
MIN_SECRET = 32


class Credentials:
    """The tokens and the ticket key of the settings.

    Raises:
        SettingsError: a token or the key is short enough to be guessed.
    """

    def __init__(self, settings: Settings) -> None:
        tokens = settings.tokens.get_secret_value() if settings.tokens else ""
        self._tokens = [token.strip() for token in tokens.split(",") if token.strip()]
        secret = settings.ticket_secret.get_secret_value() if settings.ticket_secret else ""
        self._secret = secret
        if any(len(token) < MIN_TOKEN for token in self._tokens):
            raise SettingsError(f"DATELINE_TOKENS: each token needs at least {MIN_TOKEN} characters.")
        if secret and len(secret) < MIN_SECRET:
            raise SettingsError(f"DATELINE_TICKET_SECRET needs at least {MIN_SECRET} characters.")

    @property
    def has_tokens(self) -> bool:
        return bool(self._tokens)

    @property
    def has_tickets(self) -> bool:
        return bool(self._secret)

    def token_holder(self, bearer: str) -> str | None:
        """A name for whoever holds this token, that tells nothing of the token; None if it is no token."""
        found = None
        for token in self._tokens:  # all of them, so that the time taken tells nothing
            if hmac.compare_digest(token.encode(), bearer.encode("utf-8", "replace")):
                found = "token:" + hashlib.sha256(token.encode()).hexdigest()[:16]
        return found

    def ticket_fits(self, bearer: str, origin: str) -> bool:
        """Whether this is a valid ticket for pages of `origin`."""
        if not self._secret:
            return False
        try:
            claims = jwt.decode(
                bearer,
                self._secret,
                algorithms=["HS256"],
                options={"require": ["exp", "origin"], "verify_aud": False},
                leeway=LEEWAY_SECONDS,
            )
        except jwt.InvalidTokenError:
            return False
        lasts = float(claims["exp"]) - time.time()
        return claims["origin"] == origin and lasts <= LONGEST_SECONDS + LEEWAY_SECONDS
