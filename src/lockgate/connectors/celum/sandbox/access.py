"""Who may call: an API key or a user with password, and on whose behalf."""

import base64
import binascii
import hmac

from starlette.requests import Request

from lockgate.connectors.celum.sandbox.errors import forbidden, unauthorized
from lockgate.connectors.celum.sandbox.records import SERVICE, USERS, User
from lockgate.kit.sandbox import SandboxConfig


def caller(request: Request, config: SandboxConfig) -> User:
    """The user a call runs as; refused when the credentials are wrong or the user it asks to be is unknown."""
    user = _authenticated(request, config)
    wanted = request.headers.get("x-celum-username")
    if wanted is None:
        return user
    found = _named(wanted)
    if found is None:
        raise forbidden(f"There is no user {wanted}")
    return found


def _authenticated(request: Request, config: SandboxConfig) -> User:
    key = request.headers.get("x-api-key")
    if key is not None and _same(key, config.key):
        return USERS[SERVICE]
    user = _by_password(request.headers.get("authorization", ""), config) if key is None else None
    if user is None:
        raise unauthorized()
    return user


def _by_password(header: str, config: SandboxConfig) -> User | None:
    """Basic: every user has the password of option `password`, which is the key if none is set."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return _named(name) if _same(password, config.text("password", config.key)) else None


def _named(username: str) -> User | None:
    return next((user for user in USERS.values() if user.username == username), None)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
