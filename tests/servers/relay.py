"""A real server behind the sandboxes' machinery: its answers are its own, the faults on the way are ours.

So the conformance suite, made for sandboxes, asks the same promises of a connector on the real thing.
"""

import asyncio
import io
import json
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

import aiohttp
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from yarl import URL

from lockgate.connectors.rest import library
from lockgate.connectors.rest.making import Defined
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.conformance.bench import HASTY
from lockgate.kit.contract import Connector
from lockgate.kit.limits import Patience
from lockgate.kit.sandbox import Sandbox, serving
from lockgate.kit.services import Services

SHIPPED = Path(library.__file__).parent / "definitions"
"""Where the definitions stand that come with the product."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
OF_THE_WAY = {
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "host",
    "keep-alive",
    "server",
    "transfer-encoding",
}
"""Headers that belong to one connection, or that whoever sends makes anew."""

PATIENT = msgspec.structs.replace(HASTY, read=60, total=60)
"""What a machine that does other things besides may take."""


class Relay(Sandbox):
    """Passes calls on to a server and its answers back; its address in them becomes ours."""

    id = "relay"
    target = ""
    """The server's address."""
    places: asyncio.Semaphore
    """Of which each call to the server takes one."""

    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/{path:path}", self._passed_on, methods=METHODS)]

    async def _passed_on(self, request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        url = URL(f"{self.target}{request.scope['raw_path'].decode()}{query}", encoded=True)
        headers = {name: value for name, value in request.headers.items() if name not in OF_THE_WAY}
        headers["accept-encoding"] = "identity"
        body = await request.body()
        async with (
            self.places,
            aiohttp.ClientSession(auto_decompress=False) as http,
            http.request(
                request.method, url, data=io.BytesIO(body) if body else None, headers=headers, allow_redirects=False
            ) as answer,
        ):
            content = await answer.read()
            told = {name: value for name, value in answer.headers.items() if name.lower() not in OF_THE_WAY}
            return Response(self._as_ours(content, answer.content_type), answer.status, told)

    def _as_ours(self, content: bytes, media_type: str) -> bytes:
        theirs, ours = (one.removeprefix("http://").encode() for one in (self.target, self.base_url))
        return content.replace(theirs, ours) if media_type == "application/json" else content


class ServerBench(Bench):
    """A bench whose sandbox is a real server. What was there is deleted before each test: `wipe`."""

    sandbox: Relay
    sandbox_type: ClassVar[type[Sandbox]] = Relay
    within = 30.0
    signed = False
    at_once: ClassVar[int] = 16
    """Calls that the server as it is installed here bears at the same time."""

    def __init__(self, server: Any, folder: Path) -> None:
        super().__init__(folder)
        self.server = server
        self.sandbox.target = server.url
        self.sandbox.places = asyncio.Semaphore(self.at_once)

    @classmethod
    @asynccontextmanager
    async def on(cls, server: Any, folder: Path) -> AsyncIterator[Self]:
        """The bench for one test; connectors opened on it are closed at the end."""
        bench = cls(server, folder)
        async with serving(bench.sandbox) as url, bench._open:
            await bench.wipe()
            bench.url = url
            yield bench

    def services(self, patience: Patience = PATIENT) -> Services:
        return super().services(msgspec.structs.replace(patience, read=PATIENT.read, total=PATIENT.total))

    async def wipe(self) -> None:
        """Delete what earlier tests left."""
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        """Those with which somebody else calls the server."""
        raise NotImplementedError

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Somebody else's call, straight to the server; `body` is JSON, or bytes. The decoded answer."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if data is not None else {}
        request = urllib.request.Request(  # noqa: S310 - http on loopback
            self.server.url + path, data, {**kind, **self.headers(), **(headers or {})}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http on loopback
            content = answer.read()
            return json.loads(content) if content else None


def defined(name: str) -> type[Defined]:
    """The connector of a shipped definition."""
    return library.connector(SHIPPED / f"{name}.yaml")


def asked(connector: type[Connector[Any]], bench: type[ServerBench], **excuses: str) -> type:
    """The promises of a connector, for a module that has the fixture `bench` itself: it needs the module's server."""
    made = promises(connector, bench, excuses=excuses)
    del made.bench  # type: ignore[attr-defined] # made for sandboxes
    return made
