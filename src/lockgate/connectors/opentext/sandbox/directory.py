"""The directory service (OTDS) beside the server: tickets for a name and a password, tokens for a client."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .access import Access
from .call import json
from .errors import Refusal
from .tenant import ADMIN, Tenant

CLIENT = "lockgate"
"""The one OAuth client; its secret is the key of the sandbox, and it acts as the administrator."""
ROUTES = (
    "POST /otdsws/v1/authentication/credentials",
    "POST /otdsws/rest/authentication/credentials",
    "POST /otdsws/oauth2/token",
)
TOKEN_SECONDS = 3600


class Directory:
    """Answers only while the tenant's switch says that the service is there."""

    def __init__(self, tenant: Tenant, access: Access, key: str) -> None:
        self._tenant = tenant
        self._access = access
        self._key = key

    def handlers(self) -> dict[str, Callable[[Request], Awaitable[Response]]]:
        return {shape: self.token if shape.endswith("token") else self.ticket for shape in ROUTES}

    async def ticket(self, request: Request) -> Response:
        """A ticket for `user_name` and `password`."""
        self._there()
        sent = await _object(request)
        try:
            user = self._access.check(str(sent.get("user_name", "")), str(sent.get("password", "")))
        except Refusal:
            return json({"error": "Authentication failed", "status": 401}, 401)
        member = self._tenant.member(user)
        return json(
            {
                "continuation": False,
                "continuationContext": None,
                "continuationData": None,
                "failureReason": None,
                "password_expiration_time": 0,
                "resourceID": None,
                "ticket": self._access.issue_directory(user),
                "token": "",
                "user_id": f"{member.name}@otds" if member else "",
            }
        )

    async def token(self, request: Request) -> Response:
        """An access token for the client's id and secret (client credentials)."""
        self._there()
        if self._client(request) is None:
            return json({"error": "invalid_client"}, 401)
        form = await request.form()
        if form.get("grant_type") != "client_credentials":
            return json({"error": "unsupported_grant_type"}, 400)
        token = self._access.issue_directory(ADMIN)
        return json({"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"})

    def _client(self, request: Request) -> str | None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        known = (
            scheme.lower() == "basic" and name == CLIENT and hmac.compare_digest(secret.encode(), self._key.encode())
        )
        return name if known else None

    def _there(self) -> None:
        if not self._tenant.switches.otds:
            raise HTTPException(404)


async def _object(request: Request) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, RecursionError):
        return {}
    return decoded if isinstance(decoded, dict) else {}
