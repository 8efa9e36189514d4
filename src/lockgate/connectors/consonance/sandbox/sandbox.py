"""The Consonance sandbox: one publisher's account, imitated from public material.

What is not imitated: users and their rights beyond reading and writing keys, umbrella accounts, outgoing ONIX feeds, Slack
notices, calendar feeds, the mutations that our part of the schema leaves out, and how long real queries take.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lockgate.kit.sandbox import Content, SandboxConfig, SeedOptions, WebhookTarget, WrongOption

from . import content as filling
from . import execution, resources, rest, schema, seeding
from .making import Making
from .state import State
from .switches import Switches

GRAPHQL = "/graphql"
REST = ("/api/v4/products.json", "/api/products.json")
CONTRACT = (
    "POST /graphql",
    "GET /api/v4/products.json",
    "GET /api/products.json",
    "PUT /_uploads/{id}",
    "GET /files/{id}/{name}",
)
BUSY = "<!DOCTYPE html><html><head><title>Application error</title></head><body>Application error</body></html>"
SENTENCES = {401: "Unauthorized", 429: "Too many requests", 500: "Internal server error"}


class ConsonanceSandbox(Making):
    """GraphQL, the REST list, an upload target, and the public storage of images."""

    id = "consonance"
    title = "Consonance"
    contract: ClassVar[tuple[str, ...]] = CONTRACT
    webhook_retries = (1, 2, 4, 8, 16)

    def __init__(self, config: SandboxConfig) -> None:
        switches = usable(Switches().changed(config.options))  # wrong ones are refused before any state is opened
        super().__init__(config)
        self.account = State(self.state, self.clock, switches, self.webhooks.emit)

    def options(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self.account.switches)
        return shown

    def set_options(self, changes: Mapping[str, Any]) -> None:
        self.account.switches = usable(self.account.switches.changed(changes))

    def connection(self) -> dict[str, Any]:
        return {"site": self.base_url, "key": self.config.key, "rest_key": self.config.key}

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(GRAPHQL, self.graphql, methods=["POST"]),
            *(Route(path, self.rest, methods=["GET"]) for path in REST),
            Route("/_uploads/{id:int}", self.upload, methods=["PUT"]),
            Route("/files/{id:int}/{name}", self.file, methods=["GET"]),
        ]

    async def start(self, base_url: str) -> None:
        self.account.base_url = base_url
        await super().start(base_url)

    async def seed(self) -> None:
        with self.webhooks.silent():
            seeding.fill(self.account)

    async def seed_content(self, content: Content, options: SeedOptions) -> dict[str, Any]:  # noqa: ARG002 (assigned already)
        with self.webhooks.silent():
            return filling.fill_from(self.account, content)

    async def tick(self) -> None:
        await resources.work_off(self.account)

    # ── the routes ───────────────────────────────────────────────────────────────────────────────────────────────

    async def graphql(self, request: Request) -> Response:
        may_write = self._may(request, re.compile(r"Bearer (\S+)"))
        try:
            asked = msgspec.json.decode(await request.body())
        except msgspec.DecodeError as problem:
            raise HTTPException(400, "Invalid JSON") from problem
        if not isinstance(asked, dict):
            raise HTTPException(400, "Invalid JSON")
        return json(execution.run(self.account, may_write, asked))

    async def rest(self, request: Request) -> Response:
        self._may(request, re.compile(r'Token token="?([^"\s]+)"?'))
        return json(rest.answer(self.account, request))

    async def upload(self, request: Request) -> Response:
        record = resources.may_upload(self.account, request)
        resources.uploaded(self.account, record["id"], await self.save_body(request))
        return Response()

    async def file(self, request: Request) -> Response:
        return await resources.answer_file(self.account, request)

    def _may(self, request: Request, form: re.Pattern[str]) -> bool:
        """Whether the key may write. Raises 401 where it is none of ours."""
        told = form.fullmatch(request.headers.get("authorization", ""))
        key = told.group(1) if told else ""
        if key == self.config.key:
            return True
        if key and key in self.account.switches.read_keys:
            return False
        raise HTTPException(401)

    # ── manners ──────────────────────────────────────────────────────────────────────────────────────────────────

    def on_error(self, request: Request, exc: Exception) -> Response:
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        if request.url.path.startswith("/api/") and status == 401:
            headers = {"WWW-Authenticate": 'Token realm="Application"'}
            return PlainTextResponse("HTTP Token: Access denied.\n", 401, headers)
        if status == 503:
            return Response(BUSY, 503, media_type="text/html")
        detail = exc.detail if isinstance(exc, HTTPException) else ""
        return JSONResponse({"errors": [{"message": SENTENCES.get(status, detail)}]}, status)

    def webhook_headers(self, target: WebhookTarget, body: bytes) -> dict[str, str]:
        told = msgspec.json.decode(body)
        headers = {"X-Consonance-Event": told["event"], "X-Consonance-Delivery": told["id"]}
        if target.secret is not None:
            digest = hmac.new(target.secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Consonance-Signature"] = f"sha256={digest}"
        return headers


def usable(switches: Switches) -> Switches:
    """The switches, where they leave a schema."""
    try:
        schema.of(switches)
    except schema.SchemaError as problem:
        raise WrongOption(str(problem)) from problem
    return switches


def json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json; charset=utf-8")
