"""Webhooks in: checked, stored, then acknowledged with 202. Plain ASGI, since this is the hottest door.

The address holds the connection's secret, also where the vendor signs: who does not know it cannot even be heard.
Answers: 202 stored · 400 not a webhook of this vendor, or its signature is wrong · 404 wrong address · 405 not a POST ·
413 too long · 503 it could not be stored, so let it come again.
"""

import hmac
import time

import structlog
from starlette.types import Receive, Scope, Send

from lockgate.api.loopback import HOOKS
from lockgate.api.metrics import Metrics
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import ConnectorError, Rejected
from lockgate.kit.telling import tell
from lockgate.ledger import LedgerError

LONGEST = 1024 * 1024
"""Bytes of a webhook body; hints need far less."""
AGAIN = "this could not be stored; send it again later"

log = structlog.get_logger("lockgate.hooks")


class Gone(Exception):
    """The sender went away before it had sent all."""


class Hooks:
    """`POST /hooks/{connection}/{secret}[/…]`; what follows the secret is the vendor's business."""

    def __init__(self, app: Lockgate, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.perf_counter()
        try:
            status, said = await self._received(scope, receive)
        except Gone:
            return
        self.metrics.acknowledged(status, time.perf_counter() - begun)
        body = said.encode()
        headers = [(b"content-length", str(len(body)).encode())]
        if body:
            headers.append((b"content-type", b"text/plain; charset=utf-8"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _received(self, scope: Scope, receive: Receive) -> tuple[int, str]:
        connection, _, path = scope["path"].removeprefix(HOOKS).partition("/")
        if scope["method"] != "POST":
            return 405, ""
        try:
            return await self._heard(connection, path, scope, receive)
        except Refused:
            return 404, ""
        except Rejected as error:
            tell(log.warning, "a webhook was refused", connection=connection, why=error.sentence)
            return 400, error.sentence
        except (LedgerError, ConnectorError) as error:
            tell(log.error, "a webhook could not be stored", connection=connection, why=str(error))
            return 503, AGAIN

    async def _heard(self, connection: str, path: str, scope: Scope, receive: Receive) -> tuple[int, str]:
        """Raises Refused for a connection that is not there, Rejected, LedgerError."""
        connector = await self.app.connections.open(connection)
        secret = connector.services.hook_secret
        if not secret or not hmac.compare_digest(path.split("/", maxsplit=1)[0].encode(), secret.encode()):
            return 404, ""
        body = await short_body(receive)
        if body is None:
            return 413, ""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        request = HookRequest(path=path, headers=headers, body=body)
        await self.app.working.watch.hook(connection, connector, request)
        return 202, ""


async def short_body(receive: Receive) -> bytes | None:
    """The body, or None when it is longer than a webhook may be; never more of it in memory than that. Raises Gone."""
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        length += len(part)
        if length > LONGEST:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)
