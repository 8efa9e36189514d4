"""Who may speak to us as long as there is no login: this machine alone, and no strange web page in its browser.

A page elsewhere can make a browser call any address. By DNS rebinding it can even read the answers: then the Host header
names the stranger's host, so only names of this machine are answered. A page that posts blindly gives itself away by its Origin.
Webhooks come from elsewhere by nature; they carry a secret in their address and are let through.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOOKS = "/hooks/"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WRONG_HOST = (
    "this Lockgate answers under names of this machine only, such as 127.0.0.1 or localhost: there is no login yet"
)
WRONG_ORIGIN = "a page of another site may not change anything here"
HEADERS = [(b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY"), (b"referrer-policy", b"same-origin")]


class Loopback:
    """Refuses what another site's page may have sent, and says in headers what browsers must not do with answers."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket" and objection("CONNECT", dict(scope["headers"])):
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self.inner(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = objection(scope["method"], dict(scope["headers"]))
        if why is not None:
            await JSONResponse({"errors": [why]}, 403)(scope, receive, send)
            return
        await self.inner(scope, receive, guarded(send))


def objection(method: str, headers: dict[bytes, bytes]) -> str | None:
    """Why a request is not answered, or None."""
    host = headers.get(b"host", b"").decode("latin-1")
    if not of_this_machine(host):
        return WRONG_HOST
    if method in READING:
        return None
    origin = headers.get(b"origin")
    if origin is not None and urlsplit(origin.decode("latin-1")).netloc != host:
        return WRONG_ORIGIN
    # Browsers always say where a request comes from; other clients say nothing.
    if headers.get(b"sec-fetch-site", b"same-origin") not in {b"same-origin", b"none"}:
        return WRONG_ORIGIN
    return None


def of_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def guarded(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": [*headers, *HEADERS]}
        await send(message)

    return with_headers
