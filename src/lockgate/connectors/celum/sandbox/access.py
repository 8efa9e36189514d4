"""Who may call: an API key, a user with password or a token of the identity provider, and on whose behalf."""

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lockgate.connectors.celum.sandbox.errors import forbidden, unauthorized
from lockgate.connectors.celum.sandbox.records import SERVICE, USERS, User
from lockgate.kit.sandbox import SandboxClock, SandboxConfig

OIDC_CLIENT = "lockgate"


def caller(request: Request, config: SandboxConfig, tokens: "Tokens") -> User:
    """The user a call runs as; refused when the credentials are wrong or the user it asks to be is unknown."""
    user = _authenticated(request, config, tokens)
    wanted = request.headers.get("x-celum-username")
    if wanted is None:
        return user
    found = _named(wanted)
    if found is None:
        raise forbidden(f"There is no user {wanted}")
    return found


def _authenticated(request: Request, config: SandboxConfig, tokens: "Tokens") -> User:
    key = request.headers.get("x-api-key")
    if key is not None and _same(key, config.key):
        return USERS[SERVICE]
    header = request.headers.get("authorization", "")
    user = _by_password(header, config) or _by_token(header, tokens) if key is None else None
    if user is None:
        raise unauthorized()
    return user


def _by_password(header: str, config: SandboxConfig) -> User | None:
    """Basic: every user has the password of option `password`, which is the key if none is set."""
    pair = _basic(header)
    if pair is None:
        return None
    return _named(pair[0]) if _same(pair[1], config.text("password", config.key)) else None


def _basic(header: str) -> tuple[str, str] | None:
    """Name and password of a Basic header."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, password


def _by_token(header: str, tokens: "Tokens") -> User | None:
    scheme, _, token = header.partition(" ")
    return USERS[SERVICE] if scheme.lower() == "bearer" and tokens.holds(token) else None


class Tokens:
    """A stand-in for the identity provider that a CELUM installation trusts: it gives the technical user tokens for a while."""

    def __init__(self, config: SandboxConfig, clock: SandboxClock) -> None:
        self._config, self._clock = config, clock
        self._ends: dict[str, datetime] = {}

    async def give(self, request: Request) -> Response:
        """The token endpoint: client credentials in the body or as Basic, the secret being the API key."""
        told = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        client, secret = _basic(request.headers.get("authorization", "")) or (
            told.get("client_id", ""), told.get("client_secret", "")
        )  # fmt: skip
        if told.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if not (_same(client, OIDC_CLIENT) and _same(secret, self._config.key)):
            return JSONResponse({"error": "invalid_client"}, 401)
        token, lasts = secrets.token_urlsafe(24), self._config.number("token_seconds", 300)
        self._ends[token] = self._clock.now() + timedelta(seconds=lasts)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": lasts})

    def holds(self, token: str) -> bool:
        ends = self._ends.get(token)
        return ends is not None and self._clock.now() < ends


def _named(username: str) -> User | None:
    return next((user for user in USERS.values() if user.username == username), None)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
