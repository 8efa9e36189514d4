"""Webhooks in: checked, stored, then acknowledged with 202. A plain route, since this is the hottest door.

The address holds the connection's secret, also where the vendor signs: who does not know it cannot even be heard.
Answers: 202 stored · 400 not a webhook of this vendor, or its signature is wrong · 404 wrong address · 413 too long.
"""

import hmac
import time

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lockgate.api.metrics import Metrics
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.failpoints import passed
from lockgate.kit.contract import HookRequest
from lockgate.kit.errors import Rejected
from lockgate.kit.telling import tell

LONGEST = 1024 * 1024
"""Bytes of a webhook body; hints need far less."""

log = structlog.get_logger("lockgate.hooks")


def hook_route(app: Lockgate, metrics: Metrics) -> Route:
    """`POST /hooks/{connection}/{secret}[/…]`; what follows the secret is the vendor's business."""

    async def receive(request: Request) -> Response:
        begun = time.perf_counter()
        answer = await received(request)
        metrics.hooks.labels(answer.status_code).observe(time.perf_counter() - begun)
        return answer

    async def received(request: Request) -> Response:
        connection, path = request.path_params["connection"], request.path_params["path"]
        try:
            secret = await app.connections.hook_secret(connection)
        except Refused:
            return Response(status_code=404)
        if not secret or not hmac.compare_digest(path.split("/", maxsplit=1)[0].encode(), secret.encode()):
            return Response(status_code=404)
        body = await short_body(request)
        if body is None:
            return Response(status_code=413)
        hook = HookRequest(
            path=path, headers={name.lower(): value for name, value in request.headers.items()}, body=body
        )
        try:
            await app.hook(connection, hook)
        except Rejected as error:
            tell(log.warning, "a webhook was refused", connection=connection, why=error.sentence)
            return Response(error.sentence, status_code=400, media_type="text/plain")
        passed("hook.stored")
        return Response(status_code=202)

    return Route("/hooks/{connection}/{path:path}", receive, methods=["POST"])


async def short_body(request: Request) -> bytes | None:
    """The body, or None when it is longer than a webhook may be; never more of it in memory than that."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > LONGEST:
            return None
        parts.append(part)
    return b"".join(parts)
