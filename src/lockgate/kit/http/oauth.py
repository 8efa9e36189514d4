"""OAuth 2 (RFC 6749): access tokens asked for when they are needed, and anew before or after they run out."""

import asyncio
import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode

import msgspec

from lockgate.kit.consent import Grant
from lockgate.kit.errors import ConnectorError, NeedsOperator
from lockgate.kit.http.answer import Answer, Sent
from lockgate.kit.http.auth import NoAuth
from lockgate.kit.http.client import RestClient
from lockgate.kit.services import Clock, Services

EARLY = timedelta(seconds=30)
"""A token is renewed so long before it ends, so that it does not end on its way."""
GONE = "invalid_grant"
"""What a token endpoint says of a code or refresh token that is no good any more (RFC 6749, 5.2)."""


class Granted(msgspec.Struct):
    """What a token endpoint answers."""

    access_token: str
    expires_in: float | str | None = None
    """Seconds; some write them as a text."""
    refresh_token: str | None = None


class Tokens(msgspec.Struct, frozen=True):
    """What is held of a grant; all empty at first."""

    access: str = ""
    refresh: str = ""
    ends: datetime | None = None

    def after(self, granted: Granted, clock: Clock) -> "Tokens":
        """With what was granted; a refresh token stays where no other came."""
        lasts = granted.expires_in
        ends = None if lasts is None else clock() + max(timedelta(seconds=seconds(lasts)), EARLY * 2)
        return Tokens(granted.access_token, granted.refresh_token or self.refresh, ends)

    def fresh(self, clock: Clock) -> bool:
        return bool(self.access) and (self.ends is None or clock() < self.ends - EARLY)


def seconds(told: float | str) -> float:
    """What cannot be read is taken for soon: a token is then asked for a little too often."""
    try:
        return float(told)
    except ValueError:
        return 0.0


class Unsaid(NoAuth):
    """No credentials in headers; knows what must not be seen of a body."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = secrets

    def secrets(self) -> tuple[str, ...]:
        return self._secrets


class TokenClient(RestClient):
    """Calls the token endpoint of a grant; what it refuses is for a person to put right. `secrets` are what it is sent."""

    errors: ClassVar[Mapping[int, type[ConnectorError]]] = {400: NeedsOperator, 404: NeedsOperator, 422: NeedsOperator}

    def __init__(self, grant: Grant, services: Services, *secrets: str) -> None:
        super().__init__(grant.url, services, Unsaid(*(one for one in (grant.client_secret, *secrets) if one)))

    async def granted(self, grant: Grant, members: Mapping[str, str], *, repeatable: bool = True) -> Granted:
        body = dict(members) | ({} if grant.basic else named(grant))
        headers = {"Content-Type": "application/json" if grant.json else "application/x-www-form-urlencoded"}
        if grant.basic:
            pair = base64.b64encode(f"{grant.client_id}:{grant.client_secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        sent = msgspec.json.encode(body) if grant.json else urlencode(body).encode()
        answer = await self.request("POST", grant.url, headers=headers, body=sent, repeatable=repeatable)
        found: Granted = self.decode(answer, Granted)
        return found

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        error = super().error_for(status, body, sent)
        if isinstance(error, NeedsOperator) and GONE.encode() in body:
            error.code = GONE
        return error

    def accept(self, answer: Answer, sent: Sent) -> None:
        """Some endpoints refuse under status 200."""
        if b'"access_token"' not in answer.body:
            raise self.error_for(400, answer.body, sent)


def named(grant: Grant) -> dict[str, str]:
    """How a client names itself in the body; a public one has no secret."""
    secret = {"client_secret": grant.client_secret} if grant.client_secret else {}
    return {"client_id": grant.client_id, **secret}


class OAuth2(NoAuth):
    """Bearer tokens of a grant. `prepare` before the first call; the exchange renews after a 401.

    A refresh token that came with a token is used for the next one; where it is refused, the grant is asked anew.
    """

    def __init__(self, grant: Grant, services: Services) -> None:
        self._grant, self._services = grant, services
        self._tokens = Tokens()
        self._lock = asyncio.Lock()

    async def prepare(self) -> None:
        """Have a token that lasts a moment. Raises what the token endpoint answered."""
        if self._tokens.fresh(self._services.clock):
            return
        async with self._lock:
            if not self._tokens.fresh(self._services.clock):
                await self._renew()

    def headers(self) -> dict[str, str]:
        token = self._tokens.access
        return {"Authorization": f"Bearer {token}"} if token else {}

    async def refresh(self) -> bool:
        async with self._lock:
            await self._renew()
        return True

    def secrets(self) -> tuple[str, ...]:
        told = self._grant.members
        named = [told[name] for name in ("password", "refresh_token") if name in told]
        held = (self._tokens.access, self._tokens.refresh, self._grant.client_secret)
        return (*(one for one in held if one), *named)

    async def _renew(self) -> None:
        async with TokenClient(self._grant, self._services, *self.secrets()) as client:
            granted = await self._asked(client)
        self._tokens = self._tokens.after(granted, self._services.clock)

    async def _asked(self, client: TokenClient) -> Granted:
        if self._tokens.refresh:
            try:
                return await client.granted(self._grant, renewal(self._tokens.refresh))
            except NeedsOperator:
                self._tokens = Tokens()
        return await client.granted(self._grant, self._grant.members)


def renewal(refresh_token: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}
