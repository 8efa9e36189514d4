"""How each kind of fault is done to a request, beneath the vendor's routes."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lockgate.kit.sandbox.faults import FaultRule
from lockgate.kit.sandbox.relisting import Relisting

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox

TRANSPORT = "lockgate.transport"
LINGER_NOT = struct.pack("ii", 1, 0)  # closing then resets the connection instead of ending it


class Strike:
    """One fault, about to be done to one request."""

    def __init__(self, sandbox: "Sandbox", app: ASGIApp, rule: FaultRule) -> None:
        self.sandbox = sandbox
        self.app = app
        self.rule = rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.sandbox.pause(self.rule.delay_ms / 1000)
        await STRIKES[self.rule.kind](self, scope, receive, send)

    async def status(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.sandbox.on_fault(Request(scope), self.rule.answer_status)
        if self.rule.retry_after is not None:
            answer.headers["Retry-After"] = f"{self.rule.retry_after:g}"
        await answer(scope, receive, send)

    async def expired_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.sandbox.on_expired_token(Request(scope))(scope, receive, send)

    async def timeout(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Hold the connection until the client leaves or the sandbox closes."""
        leaving = asyncio.create_task(_until_left(receive))
        closing = asyncio.create_task(self.sandbox.closing.wait())
        try:
            await asyncio.wait({leaving, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            closing.cancel()
        await cut(scope, receive)

    async def reset(self, scope: Scope, receive: Receive, _send: Send) -> None:
        await reset(scope, receive)

    async def slow(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, self._dripping(send))

    async def cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of what was announced, then close. What has no body is reset."""
        await self._shortened(scope, receive, send, keep=lambda length: length // 2, announce=False)

    async def wrong_length(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Announce and send less than there is, in good form: only the vendor's own size or digest can tell."""
        await self._shortened(scope, receive, send, keep=lambda length: length - max(1, length // 10), announce=True)

    async def skip(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in good form, but for one record that a list would have shown."""
        await self._relisted(scope, receive, send, times=0)

    async def twice(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in good form, but show one record of a list a second time."""
        await self._relisted(scope, receive, send, times=2)

    async def _relisted(self, scope: Scope, receive: Receive, send: Send, *, times: int) -> None:
        relisting = Relisting(self.app, lambda body: self.sandbox.relisted(body, self.rule.record, times))
        await relisting(scope, receive, send)
        self.rule.hits += relisting.struck

    def _dripping(self, send: Send) -> Send:
        speed = self.rule.bytes_per_second
        if speed is None:
            return send
        step = max(1, speed // 10)

        async def drip(message: Message) -> None:
            body = message.get("body", b"") if message["type"] == "http.response.body" else b""
            while len(body) > step:
                await send({"type": "http.response.body", "body": body[:step], "more_body": True})
                body = body[step:]
                await self.sandbox.pause(step / speed)
            await send({**message, "body": body} if message["type"] == "http.response.body" else message)

        return drip

    async def _shortened(
        self, scope: Scope, receive: Receive, send: Send, *, keep: Callable[[int], int], announce: bool
    ) -> None:
        short = _Short(scope, send, keep, announce)
        await self.app(scope, receive, short.send)
        if not short.had_body:
            await reset(scope, receive)
        elif not announce:
            await cut(scope, receive)


class _Short:
    """Passes an answer on, but not all of it."""

    def __init__(self, scope: Scope, send: Send, keep: Callable[[int], int], announce: bool) -> None:
        self._scope = scope
        self._send = send
        self._keep = keep
        self._announce = announce
        self._left = 0
        self._over = False
        self.had_body = True

    async def send(self, message: Message) -> None:
        if self._over:
            return
        if message["type"] == "http.response.start":
            await self._start(message)
        else:
            await self._body(message)

    async def _start(self, message: Message) -> None:
        headers = dict(message["headers"])
        length = int(headers.get(b"content-length", 0))
        if not length or self._scope["method"] == "HEAD":
            self._over, self.had_body = True, False
            return
        self._left = self._keep(length)
        if self._announce:
            headers[b"content-length"] = b"%d" % self._left
        await self._send({**message, "headers": list(headers.items())})

    async def _body(self, message: Message) -> None:
        body = message.get("body", b"")[: self._left]
        self._left -= len(body)
        self._over = not self._left
        await self._send({**message, "body": body, "more_body": not (self._over and self._announce)})


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def cut(scope: Scope, receive: Receive) -> None:
    """Close the connection once what was written is on its way."""
    scope["extensions"][TRANSPORT].close()
    await _until_left(receive)  # the server complains of an answer left unfinished while the connection stands


async def reset(scope: Scope, receive: Receive) -> None:
    """Close the connection abruptly: the client sees a reset."""
    transport: asyncio.Transport = scope["extensions"][TRANSPORT]
    with contextlib.suppress(OSError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
    await _until_left(receive)


STRIKES: dict[str, Callable[[Strike, Scope, Receive, Send], Awaitable[None]]] = {
    "status": Strike.status,
    "rate_limit": Strike.status,
    "expired_token": Strike.expired_token,
    "timeout": Strike.timeout,
    "reset": Strike.reset,
    "slow": Strike.slow,
    "cut": Strike.cut,
    "wrong_length": Strike.wrong_length,
    "skip": Strike.skip,
    "twice": Strike.twice,
}
