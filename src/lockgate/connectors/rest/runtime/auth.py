"""Credentials of a defined system, from its definition and the settings."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from yarl import URL

from lockgate.connectors.rest.definition import templates
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Auth, Definition
from lockgate.connectors.rest.definition.values import SETTING
from lockgate.connectors.rest.runtime.calls import Calling
from lockgate.connectors.rest.runtime.client import DefinedClient
from lockgate.kit.consent import Consent, Grant
from lockgate.kit.errors import ConnectorError, NeedsOperator, Rejected
from lockgate.kit.http import ApiKey, Basic, Bearer, NoAuth, SignedAuth
from lockgate.kit.http import Auth as Credentials
from lockgate.kit.http.consented import Consented
from lockgate.kit.http.oauth import OAuth2
from lockgate.kit.services import Services

Settings = Mapping[str, Any]
GRANTS = {"client-credentials": "client_credentials", "password": "password", "authorization-code": "refresh_token"}


def credentials(definition: Definition, settings: Settings, base: str, services: Services) -> Credentials:
    """The credentials; `settings` with their secrets in plain text."""
    auth = definition.auth
    if auth.style == "session":
        return Session(definition, settings, base, services)
    return MADE[auth.style](auth, settings, base, services)


def filled(template: str, settings: Settings) -> str:
    return str(templates.text(template)({"settings": settings})) if template else ""


def key(auth: Auth, settings: Settings, base: str, services: Services) -> Credentials:  # noqa: ARG001 (all are made alike)
    return ApiKey(filled(auth.value, settings), auth.header)


def basic(auth: Auth, settings: Settings, base: str, services: Services) -> Credentials:  # noqa: ARG001
    return Basic(filled(auth.user, settings), filled(auth.password, settings))


def bearer(auth: Auth, settings: Settings, base: str, services: Services) -> Credentials:  # noqa: ARG001
    return Bearer(filled(auth.token, settings))


def oauth(auth: Auth, settings: Settings, base: str, services: Services) -> Credentials:
    made = Consented if auth.grant == "authorization-code" else OAuth2
    return made(granting(auth, settings, base), services)


def granting(auth: Auth, settings: Settings, base: str) -> Grant:
    members = {
        "grant_type": GRANTS[auth.grant],
        "username": filled(auth.user, settings),
        "password": filled(auth.password, settings),
        "refresh_token": filled(auth.refresh_token, settings),
        "scope": filled(auth.scope, settings),
    }
    return Grant(
        url=below(filled(auth.token_url, settings), base),
        members={name: value for name, value in members.items() if value},
        client_id=filled(auth.client_id, settings),
        client_secret=filled(auth.client_secret, settings),
        basic=auth.client == "basic",
        json=auth.body == "json",
    )


def consent_of(definition: Definition, settings: Settings, base: str) -> Consent | None:
    """How a person consents; None where the definition leads to no consent. `settings` with their secrets in plain text."""
    auth = definition.auth
    setting = SETTING.fullmatch(auth.refresh_token)
    if not auth.authorize_url or setting is None:
        return None
    more = templates.tree(auth.authorize)({"settings": settings})
    return Consent(
        setting=setting[1],
        address=below(filled(auth.authorize_url, settings), base),
        grant=granting(auth, settings, base),
        scope=filled(auth.scope, settings),
        parameters={name: as_text(one) for name, one in more.items()},
    )


def below(url: str, base: str) -> str:
    return url if url.startswith("http") else f"{base.rstrip('/')}/{url.lstrip('/')}"


def signed(auth: Auth, settings: Settings, base: str, services: Services) -> Credentials:  # noqa: ARG001
    return Signed(auth, settings, services)


MADE: Mapping[str, Callable[[Auth, Settings, str, Services], Credentials]] = {
    "none": lambda *_: NoAuth(),
    "header": key,
    "basic": basic,
    "bearer": bearer,
    "oauth2": oauth,
    "hmac": signed,
}


def encoded(digest: bytes, encoding: str) -> str:
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()


class Signed(SignedAuth):
    """A digest under a shared secret, of what the definition names of each request."""

    def __init__(self, auth: Auth, settings: Settings, services: Services) -> None:
        self._auth, self._settings, self._clock = auth, settings, services.clock
        self._key = filled(auth.key, settings)
        self._message, self._value = templates.text(auth.message), templates.text(auth.value or "{signature}")
        self._more = templates.tree(auth.headers)

    def secrets(self) -> tuple[str, ...]:
        return (self._key,)

    def sign(self, method: str, url: URL, body: bytes | None) -> Mapping[str, str]:
        content = b"" if body is None else body
        known: dict[str, Any] = {
            "settings": self._settings,
            "method": method,
            "path": url.raw_path,
            "query": url.raw_query_string,
            "time": str(int(self._clock().timestamp())),
            "body": content.decode("utf-8", "surrogateescape"),
            "body_sha256": hashlib.sha256(content).hexdigest(),
            "newline": "\n",
        }
        message = str(self._message(known)).encode("utf-8", "surrogateescape")
        known["signature"] = encoded(
            hmac.new(self._key.encode(), message, self._auth.algorithm).digest(), self._auth.encoding
        )
        return {self._auth.header: str(self._value(known))} | {
            name: as_text(one) for name, one in self._more(known).items()
        }


class Session(NoAuth):
    """A session opened by a call of its own, before the first call and after a 401."""

    def __init__(self, definition: Definition, settings: Settings, base: str, services: Services) -> None:
        self._auth, self._settings = definition.auth, settings
        self._definition, self._base, self._services = definition, base, services
        self._headers: dict[str, str] = {}
        self._token = ""
        self._lock = asyncio.Lock()

    def headers(self) -> dict[str, str]:
        return self._headers

    def secrets(self) -> tuple[str, ...]:
        return tuple(one for one in (self._token, *self._headers.values()) if one)

    async def prepare(self) -> None:
        if not self._headers:
            async with self._lock:
                if not self._headers:
                    await self._open()

    async def refresh(self) -> bool:
        async with self._lock:
            await self._open()
        return True

    async def _open(self) -> None:
        login = self._auth.login
        if login is None:
            raise NeedsOperator(f"The definition of {self._services.connection} names no login.")
        async with DefinedClient(self._base, self._services, NoAuth(), self._definition) as client:
            try:
                got = await Calling(client, self._definition).work(login)({"settings": self._settings})
            except ConnectorError as error:
                raise refused(error, self._services.connection) from error
        try:
            token = str(templates.text(self._auth.token)(got.scope))
            self._token = base64.b64encode(token.encode()).decode() if self._auth.encode == "base64" else token
            self._headers = {
                self._auth.header: str(templates.text(self._auth.value)(got.scope | {"token": self._token}))
            }
        except templates.NoValue as error:
            raise NeedsOperator(
                f"{self._services.connection} opened no session; check user and password of this connection.",
                code="login",
            ) from error


def refused(error: ConnectorError, connection: str) -> ConnectorError:
    """A login refused as if it were an item is for a person to put right; what will pass stays what it is."""
    if not isinstance(error, Rejected):
        return error
    sentence = f"{connection} refused the login; check user and password of this connection. {error.sentence}"
    return NeedsOperator(sentence, code="login", detail=error.detail)
