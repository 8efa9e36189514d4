"""The 4ALLPORTAL sandbox: one tenant of a DAM and PIM, imitated from public material.

What is not imitated: workflows, approvals, users and roles (switches stand for rights), legacy RPC, WebDAV,
download profiles beyond two.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lockgate.kit.sandbox import Content, Sandbox, SandboxConfig, SeedOptions

from .access import Access
from .api import Api
from .content import fill_from
from .errors import Refusal
from .making import Making
from .media import Media
from .portal import Portal
from .seeding import fill
from .switches import Switches

CONTRACT = (
    "GET /health",
    "GET /api/modules",
    "GET /api/modules/{m}",
    "GET /api/system/value-options",
    "GET /api/modules/{m}/objects",
    "GET /api/modules/{m}/objects/{id}",
    "PATCH /api/modules/{m}/objects",
    "DELETE /api/modules/{m}/objects/{id}",
    "POST /api/modules/file/objects",
    "PUT /api/modules/file/objects/{id}/media/original",
    "GET /api/modules/{m}/objects/{id}/media/{usage}",
    "GET /api/modules/{m}/objects/{id}/audit",
    "GET/POST /api/modules/{m}/objects/{id}/versions",
    "POST /api/modules/{m}/objects/{id}/versions/{v}/restore",
    "GET /api/connectors",
    "GET /api/connectors/{n}",
    "GET /api/connectors/{n}/events/{from}",
    "GET /api/connectors/{n}/objects",
    "POST /service/usermanagement/login",
)


class FourAllPortalSandbox(Making, Sandbox):
    """A portal with modules `folder`, `file` and `product`, six connectors and the documented routes R1 to R14."""

    id = "fourallportal"
    title = "4ALLPORTAL"
    contract: ClassVar[tuple[str, ...]] = CONTRACT
    webhook_retries = (1, 5)

    def __init__(self, config: SandboxConfig) -> None:
        switches = Switches().changed(config.options)  # wrong ones are refused before any state is opened
        super().__init__(config)
        self.portal = Portal(self.state, self.clock, switches, self.webhooks.emit)
        self.portal.switches = self._switches(content=self.portal.content)
        self._access = Access(self.state, config.key)
        self._media = Media(self.portal)
        self._api = Api(self.portal, self._access, self._media, self.read_form)

    def _switches(self, *, content: bool) -> Switches:
        """Those the sandbox was started with. A tenant fed from a DAM takes any status, unless it is told otherwise.

        Assets that come back after having been archived could not be shown again by the documented steps.
        """
        return Switches(status_rule=not content).changed(self.config.options)

    def options(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self.portal.switches)
        return shown

    def set_options(self, changes: Mapping[str, Any]) -> None:
        self.portal.switches = self.portal.switches.changed(changes)

    def routes(self) -> Sequence[BaseRoute]:
        return self._api.routes()

    async def seed(self) -> None:
        self._begin(content=False)
        fill(self.portal, self.config.seed)

    async def seed_content(self, content: Content, options: SeedOptions) -> dict[str, Any]:
        self._begin(content=True)
        return fill_from(self.portal, content, options.seed)

    def _begin(self, *, content: bool) -> None:
        self.portal.switches = self._switches(content=content)
        self.portal.set_up(content=content)
        self._media.forget()

    async def tick(self) -> None:
        self.portal.feed.run_due()

    def on_error(self, request: Request, exc: Exception) -> Response:
        refusal = self._refusal(request, exc)
        body = msgspec.json.encode(refusal.body(request.url.path, self.clock.now()))
        headers = exc.headers if isinstance(exc, HTTPException) else None
        return Response(body, refusal.status, headers, media_type="application/json")

    def _refusal(self, request: Request, exc: Exception) -> Refusal:
        if isinstance(exc, Refusal):
            return exc
        if not isinstance(exc, HTTPException):
            return Refusal(500, "Internal server error")
        if exc.status_code in {404, 405} and request.url.path.startswith("/api"):
            try:
                self._access.user(request, self.portal.switches)
            except Refusal as refusal:
                return refusal
        return Refusal(exc.status_code, exc.detail)

    def on_expired_token(self, request: Request) -> Response:
        return self.on_error(request, Refusal(401, "Invalid API key", code=None))
