"""The control API under `/__sandbox/`: what tests, demos and people do to a sandbox from outside. No authentication."""

import sys
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from lockgate.kit.sandbox.actions import ActionRefused, actions_of, perform
from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.config import WrongOption
from lockgate.kit.sandbox.coverage import coverage
from lockgate.kit.sandbox.faults import FaultRule
from lockgate.kit.sandbox.webhooks import WebhookTarget
from lockgate.kit.seed import SeedOptions

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox

PREFIX = "/__sandbox/"
T = TypeVar("T")


class SeedRequest(msgspec.Struct, forbid_unknown_fields=True):
    content: str | None = None
    options: dict[str, Any] = {}
    """As `SeedOptions`; without a `seed` the sandbox's own."""


class ClockRequest(msgspec.Struct, forbid_unknown_fields=True):
    now: datetime | msgspec.UnsetType | None = msgspec.UNSET
    frozen: bool | None = None
    advance_seconds: float = 0


class Control:
    """Handlers of the control API of one sandbox."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox

    async def reset(self, _request: Request) -> Response:
        await self.sandbox.reset()
        return Response(status_code=204)

    async def seed(self, request: Request) -> Response:
        asked = await _read(request, SeedRequest)
        folder = Path(asked.content) if asked.content else None
        if folder is not None and not folder.is_dir():
            raise HTTPException(400, f"There is no folder {folder}.")
        await self.sandbox.fill(folder, _convert({"seed": self.sandbox.config.seed, **asked.options}, SeedOptions))
        return await self.manifest(request)

    async def manifest(self, request: Request) -> Response:
        manifest = self.sandbox.state.setting("manifest") or {}
        if request.query_params.get("assigned") == "true":
            manifest["assigned"] = self.sandbox.state.setting("assigned")
        return _json(manifest)

    async def clock(self, request: Request) -> Response:
        if request.method == "PUT":
            asked = await _read(request, ClockRequest)
            self._move(asked, self.sandbox.clock)
        return _json(self.sandbox.clock.state())

    @staticmethod
    def _move(asked: ClockRequest, clock: SandboxClock) -> None:
        if asked.now is None:
            clock.set(None)
        if asked.frozen is not None:
            clock.freeze(asked.frozen)
        if isinstance(asked.now, datetime):  # after stopping it, so that it stands at exactly this instant
            clock.set(asked.now)
        if asked.advance_seconds:
            clock.advance(asked.advance_seconds)

    async def faults(self, request: Request) -> Response:
        faults = self.sandbox.faults
        if request.method == "PUT":
            faults.set(await _read(request, list[FaultRule]))
        elif request.method == "POST":
            faults.add(await _read(request, FaultRule))
        elif request.method == "DELETE":
            faults.clear()
        return _json(faults.rules)

    async def calls(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.sandbox.calls.clear()
            return Response(status_code=204)
        return _json(self.sandbox.calls.since(_since(request)))

    async def webhook(self, request: Request) -> Response:
        if request.method == "GET":
            return _json(self.sandbox.webhooks.targets)
        targets = [] if request.method == "DELETE" else await _read(request, WebhookTarget | list[WebhookTarget])
        self.sandbox.webhooks.set_targets(targets if isinstance(targets, list) else [targets])
        return Response(status_code=204)

    async def deliveries(self, request: Request) -> Response:
        since = _since(request)
        return _json([one for one in self.sandbox.webhooks.deliveries() if one.n > since])

    async def waiting(self, _request: Request) -> Response:
        return _json({"webhooks": self.sandbox.webhooks.waiting()})

    async def actions(self, _request: Request) -> Response:
        return _json(list(actions_of(self.sandbox).values()))

    async def act(self, request: Request) -> Response:
        arguments = await _read(request, dict[str, Any]) if await request.body() else {}
        try:
            return _json(await perform(self.sandbox, request.path_params["name"], arguments))
        except ActionRefused as refusal:
            raise HTTPException(409, str(refusal)) from refusal

    async def options(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self.sandbox.set_options(await _read(request, dict[str, Any]))
            except ValueError as problem:
                raise HTTPException(400, str(problem)) from problem
        return _json(self.sandbox.options())

    async def coverage(self, _request: Request) -> Response:
        return _json(coverage(self.sandbox.routes(), self.sandbox.contract, self.sandbox.base_path))

    def routes(self) -> list[Route]:
        return [
            _route("reset", self.reset, "POST"),
            _route("seed", self.seed, "POST"),
            _route("manifest", self.manifest, "GET"),
            _route("clock", self.clock, "GET", "PUT"),
            _route("faults", self.faults, "GET", "PUT", "POST", "DELETE"),
            _route("calls", self.calls, "GET", "DELETE"),
            _route("webhook", self.webhook, "GET", "PUT", "DELETE"),
            _route("deliveries", self.deliveries, "GET"),
            _route("waiting", self.waiting, "GET"),
            _route("actions", self.actions, "GET"),
            _route("actions/{name}", self.act, "POST"),
            _route("options", self.options, "GET", "PUT"),
            _route("coverage", self.coverage, "GET"),
        ]


def control_app(sandbox: "Sandbox") -> ASGIApp:
    """The control API as an application; what is asked wrongly is answered in a sentence."""
    router = Router(Control(sandbox).routes(), redirect_slashes=False)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await router(scope, receive, send)
        except (HTTPException, WrongOption) as problem:
            status = problem.status_code if isinstance(problem, HTTPException) else 400
            text = problem.detail if isinstance(problem, HTTPException) else str(problem)
            await _json({"error": text}, status)(scope, receive, send)
        except Exception as problem:  # noqa: BLE001 (a defect in a seed or an action must not end in silence)
            sys.stderr.write(traceback.format_exc())
            await _json({"error": f"{type(problem).__name__}: {problem}"}, 500)(scope, receive, send)

    return app


def _route(name: str, handler: Callable[[Request], Awaitable[Response]], *methods: str) -> Route:
    return Route(PREFIX + name, handler, methods=list(methods))


def _since(request: Request) -> int:
    """Only what is numbered above this is asked for."""
    since = request.query_params.get("since", "0")
    if not since.isdigit():
        raise HTTPException(400, f"since must be a number of the log, not {since!r}.")
    return int(since)


async def _read(request: Request, type: type[T] | Any) -> T | Any:
    try:
        given = msgspec.json.decode(await request.body())
    except msgspec.DecodeError as problem:
        raise HTTPException(400, f"The body is not JSON: {problem}.") from problem
    return _convert(given, type)


def _convert(given: Any, type: type[T] | Any) -> T | Any:
    try:
        return msgspec.convert(given, type)
    except msgspec.ValidationError as problem:
        raise HTTPException(400, f"The body is not what is expected here: {problem}.") from problem


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
