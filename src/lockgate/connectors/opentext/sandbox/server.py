"""The Content Server sandbox itself: routes, manners, life.

What is not imitated: thumbnails, minor versions, generations, facets and search in the text of files, favourites, reminders, shares,
what web reports compute, notifications, smart document types beyond their list, perspectives, the leading application behind an
external system beyond rows of it, retention (records carry what was said, nothing runs out), workflows beyond one step after the
other, and the SOAP calls. Sessions of large uploads do not end by themselves. Recently used workspaces are not kept.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import Receive, Scope, Send

from lockgate.kit.sandbox import Content, SandboxConfig, SeedOptions

from . import access, info, seeding
from .access import Access
from .call import API, Call, json
from .content import fill_from
from .contract import CONTRACT
from .directory import Directory
from .errors import NO_ROUTE, Refusal, bad, unauthorized
from .making import Making
from .routes import ROUTES, Handler
from .switches import Switches
from .tenant import Tenant

BASE = "/cs/cs"
ELSEWHERE = ("/otcs/cs.exe", "/OTCS/cs.exe", "/cs/cs.exe", "/cs/llisapi.dll", "/otcs/cs")
"""Where other deployments serve the same tree."""
UNTICKETED = 0
STARTING = "<html><body><h1>Content Server Error</h1><p>Error Processing Request</p></body></html>"


class OpenTextSandbox(Making):
    """A Content Server with Extended ECM: one external system, workspaces, records management.

    Every user's password is the key. Options: see `Switches`.
    """

    id = "opentext"
    title = "OpenText Content Server"
    contract: ClassVar[tuple[str, ...]] = CONTRACT
    base_path = API

    def __init__(self, config: SandboxConfig) -> None:
        switches = Switches().changed(config.options)  # wrong ones are refused before any state is opened
        super().__init__(config)
        self.tenant = Tenant(self, switches, self.read_form)
        self.access = Access(self.tenant, self.state, config.key)
        self.directory = Directory(self.tenant, self.access, config.key)

    def options(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self.tenant.switches)
        return shown

    def set_options(self, changes: Mapping[str, Any]) -> None:
        self.tenant.switches = self.tenant.switches.changed(changes)

    def connection(self) -> dict[str, Any]:
        """Its user sees everything; documents without a workspace go to the folder for them."""
        filled = self.tenant.find(seeding.LIBRARY) is not None
        return {
            "site": f"{self.base_url}{BASE}",
            "user": "admin",
            "password": self.config.key,
            "folder": seeding.LIBRARY if filled else seeding.CUSTOMERS,
            "create_type": "Product" if filled else "Customer",
        }

    async def seed(self) -> None:
        self._begin()
        with self.state.transaction():
            seeding.fill(self.tenant)

    async def seed_content(self, content: Content, options: SeedOptions) -> dict[str, Any]:  # noqa: ARG002 (assigned already)
        self._begin()
        return fill_from(self.tenant, content, documents=self.tenant.switches.documents)

    def _begin(self) -> None:
        self.tenant.switches = Switches().changed(self.config.options)
        self.access.forget()

    # --- routes ---

    def routes(self) -> Sequence[BaseRoute]:
        routes = [
            _route(API, "GET /v1/ping", self._open(info.ping)),
            _route("", "GET /cssupport/csconfigured", self._open(info.configured)),
            _route(API, "POST /v1/auth", self._login),
            _route(API, "GET /v1/auth", self._guarded(self._bound(access.who))),
            _route(API, "DELETE /v1/auth", self._guarded(self._bound(access.logout))),
            *(_route(API, shape, self._guarded(handler)) for shape, handler in ROUTES.items()),
            *(_route("", shape, handler) for shape, handler in self.directory.handlers().items()),
        ]
        return [Rewritten(Router(routes, redirect_slashes=False, default=_none)), *routes]

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            call = Call(request, self.tenant, self.access.caller(request))
            try:
                await call.read()
                answer = await handler(call)
            except (
                Refusal
            ) as refusal:  # said here, because 500 is an everyday answer of this server and no defect of ours
                return self.on_error(request, refusal)
            finally:
                if call.form is not None:
                    call.form.discard()
            return self._manners(call, answer)

        return endpoint

    def _manners(self, call: Call, answer: Response) -> Response:
        switches = self.tenant.switches
        if switches.renew_tickets and "otcsticket" not in answer.headers:
            answer.headers["OTCSTicket"] = self.access.give(call.user)
        if switches.empty_answers and call.request.method != "GET":
            return Response(status_code=200, media_type="application/json")
        return answer

    def _bound(self, handler: Callable[[Access, Call], Awaitable[Response]]) -> Handler:
        async def bound(call: Call) -> Response:
            return await handler(self.access, call)

        return bound

    def _open(
        self, handler: Callable[[Tenant, Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await handler(self.tenant, request)

        return endpoint

    async def _login(self, request: Request) -> Response:
        call = Call(request, self.tenant, UNTICKETED)
        await call.read()
        return await access.login(self.access, call)

    # --- manners ---

    def on_error(self, request: Request, exc: Exception) -> Response:
        refusal = self._refusal(request, exc)
        headers = exc.headers if isinstance(exc, HTTPException) else None
        if "suppress_response_codes" in request.query_params:
            return json({**refusal.body, "statusCode": refusal.status}, 200, headers)
        return json(refusal.body, refusal.status, headers)

    def _refusal(self, request: Request, exc: Exception) -> Refusal:
        if isinstance(exc, Refusal):
            return exc
        if not isinstance(exc, HTTPException):
            return Refusal(500, "Internal error")
        if exc.status_code not in {404, 405} or not _own_path(request.url.path).startswith(API):
            return Refusal(exc.status_code, exc.detail)
        try:
            self.access.caller(request)
        except Refusal as refusal:
            return refusal
        return bad(NO_ROUTE)

    def on_fault(self, request: Request, status: int) -> Response:
        if status >= 500 and self.tenant.switches.html_errors:
            return HTMLResponse(STARTING, status)
        words = {401: "Authentication Required", 429: "Too many requests"}
        return self.on_error(request, Refusal(status, words.get(status, "The service is not available")))

    def on_expired_token(self, request: Request) -> Response:
        return self.on_error(request, unauthorized())


class Rewritten(BaseRoute):
    """Passes on, as it stands in our own tree, what is asked for below another base path or with a slash at the end."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = _own_path(scope["path"])
        return (Match.NONE, {}) if path == scope["path"] else (Match.FULL, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _own_path(scope["path"])
        await self._router({**scope, "path": path, "raw_path": path.encode()}, receive, send)


def _own_path(path: str) -> str:
    for base in ELSEWHERE:
        if path.startswith(f"{base}/"):
            path = BASE + path.removeprefix(base)
            break
    return path.rstrip("/") if path.startswith(f"{API}/") else path


async def _none(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Below another base path, too, there is nothing the vendor does not know."""
    raise HTTPException(404)


def _route(base: str, shape: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    method, _, path = shape.partition(" ")
    return Route(f"{base}{path}", endpoint, methods=[method])
