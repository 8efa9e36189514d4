"""The ASGI application of a sandbox: control routes, call log, faults, then the vendor's routes."""

import sys
import traceback
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lockgate.kit.sandbox.control import PREFIX, control_app
from lockgate.kit.sandbox.faults import FaultRule, header_fault
from lockgate.kit.sandbox.striking import Strike, cut

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox


class SandboxApp:
    """Answers everything a sandbox is asked. What raises is answered as the vendor would, never with a traceback."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self._control = control_app(sandbox)
        self._vendor = Router(sandbox.routes(), redirect_slashes=False, default=self._unknown)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self  # makes Starlette raise for a wrong method instead of answering in its own words
        if scope["path"].startswith(PREFIX):
            await self._control(scope, receive, send)
            return
        if not self.sandbox.ready.is_set():
            await self.sandbox.ready.wait()
        meter = Meter(receive, send)
        fault: str | None = None
        try:
            app, fault = self._in_the_way(scope)
            delay = _header(scope, b"x-sandbox-delay-ms")
            if delay.isdigit():
                await self.sandbox.pause(int(delay) / 1000)
            await app(scope, meter.receive, meter.send)
        finally:
            self._log(scope, meter, fault)

    def _in_the_way(self, scope: Scope) -> tuple[ASGIApp, str | None]:
        """The vendor's routes, or the fault that strikes first."""
        wish = _header(scope, b"x-sandbox-fault")
        try:
            rule: FaultRule | None = (
                header_fault(wish) if wish else self.sandbox.faults.for_request(scope["method"], scope["path"])
            )
        except ValueError as problem:
            return JSONResponse({"error": str(problem)}, 400), None
        if rule is None:
            return self._answer, None
        return Strike(self.sandbox, self._answer, rule), rule.kind

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._vendor(scope, receive, sending)
        except ClientDisconnect:
            return
        except Exception as problem:  # noqa: BLE001 (whatever a handler raises, the client meets the vendor's manners)
            if started:
                await cut(scope, receive)
            else:
                await self._failed(scope, problem)(scope, receive, send)

    def _failed(self, scope: Scope, problem: Exception) -> Response:
        answer = self.sandbox.on_error(Request(scope), problem)
        if answer.status_code >= 500:
            sys.stderr.write("".join(traceback.format_exception(problem)))
        return answer

    async def _unknown(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.sandbox.on_unknown_route(Request(scope))(scope, receive, send)

    def _log(self, scope: Scope, meter: "Meter", fault: str | None) -> None:
        self.sandbox.calls.add(
            at=self.sandbox.clock.now().isoformat(),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            status=meter.status,
            request_bytes=meter.received,
            answer_bytes=meter.sent,
            fault=fault,
        )


class Meter:
    """Counts what goes through a request and its answer."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.received = self.sent = self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.sent += len(message.get("body", b""))
        await self._send(message)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1").strip() for key, value in scope["headers"] if key == name), "")
