"""OAuth 2 (RFC 6749): access tokens asked for when they are needed, and anew before or after they run out."""

import asyncio
import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode

import msgspec

from lockgate.kit.errors import ConnectorError, NeedsOperator
from lockgate.kit.http.answer import Answer, Sent
from lockgate.kit.http.auth import NoAuth
from lockgate.kit.http.client import RestClient
from lockgate.kit.services import Services

EARLY = timedelta(seconds=30)
"""A token is renewed so long before it ends, so that it does not end on its way."""


class Granted(msgspec.Struct):
    """What a token endpoint answers."""

    access_token: str
    expires_in: float | None = None
    refresh_token: str | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """How a token is asked for. `members` are those of the first request, such as `grant_type` and `username`."""

    url: str
    members: Mapping[str, str]
    client_id: str
    client_secret: str
    basic: bool = True
    """The client names itself by Basic, else in the body."""
    json: bool = False
    """The request is JSON, else a form."""


class TokenClient(RestClient):
    """Calls the token endpoint; what it refuses is for a person to put right."""

    errors: ClassVar[Mapping[int, type[ConnectorError]]] = {400: NeedsOperator, 404: NeedsOperator, 422: NeedsOperator}

    async def granted(self, grant: Grant, members: Mapping[str, str]) -> Granted:
        body = dict(members) | (
            {} if grant.basic else {"client_id": grant.client_id, "client_secret": grant.client_secret}
        )
        headers = {"Content-Type": "application/json" if grant.json else "application/x-www-form-urlencoded"}
        if grant.basic:
            pair = base64.b64encode(f"{grant.client_id}:{grant.client_secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        sent = msgspec.json.encode(body) if grant.json else urlencode(body).encode()
        answer = await self.request("POST", grant.url, headers=headers, body=sent, repeatable=True)
        found: Granted = self.decode(answer, Granted)
        return found

    def accept(self, answer: Answer, sent: Sent) -> None:
        """Some endpoints refuse under status 200."""
        if b'"access_token"' not in answer.body:
            raise self.error_for(400, answer.body, sent)


class OAuth2(NoAuth):
    """Bearer tokens of a grant. `prepare` before the first call; the exchange renews after a 401.

    A refresh token that came with a token is used for the next one; where it is refused, the grant is asked anew.
    """

    def __init__(self, grant: Grant, services: Services) -> None:
        self._grant, self._services = grant, services
        self._token = self._refresh_token = ""
        self._ends: datetime | None = None
        self._lock = asyncio.Lock()

    async def prepare(self) -> None:
        """Have a token that lasts a moment. Raises what the token endpoint answered."""
        if self._fresh():
            return
        async with self._lock:
            if not self._fresh():
                await self._renew()

    def _fresh(self) -> bool:
        return bool(self._token) and (self._ends is None or self._services.clock() < self._ends - EARLY)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def refresh(self) -> bool:
        async with self._lock:
            await self._renew()
        return True

    def secrets(self) -> tuple[str, ...]:
        told = self._grant.members
        named = [told[name] for name in ("password", "refresh_token") if name in told]
        return (*(one for one in (self._token, self._refresh_token, self._grant.client_secret) if one), *named)

    async def _renew(self) -> None:
        async with TokenClient(self._grant.url, self._services) as client:
            granted = await self._asked(client)
        self._token = granted.access_token
        self._refresh_token = granted.refresh_token or self._refresh_token
        lasts = granted.expires_in
        self._ends = None if lasts is None else self._services.clock() + max(timedelta(seconds=lasts), EARLY * 2)

    async def _asked(self, client: TokenClient) -> Granted:
        if self._refresh_token:
            try:
                return await client.granted(
                    self._grant, {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
                )
            except NeedsOperator:
                self._refresh_token = ""
        return await client.granted(self._grant, self._grant.members)
