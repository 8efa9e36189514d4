"""All pages, and the ASGI application that serves them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from lockgate.app.lockgate import Lockgate
from lockgate.app.version import VERSION
from lockgate.console import place
from lockgate.console.frame import NOT_THERE, nowhere

STATIC = Path(__file__).parent.parent / "static"


class Pages:
    """The console as an ASGI application; it answers while `running`. One per process."""

    def __init__(self, app: Lockgate) -> None:
        self.lockgate = app
        for module in iter_modules(__path__, f"{__name__}."):
            import_module(module.name)
        self.outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        self.outer.mount(f"/console/{VERSION}", Kept(directory=STATIC))
        nicegui_app.add_exception_handler(NOT_THERE, nowhere)
        nicegui_app.config.endpoint_documentation = "none"
        ui.run_with(
            self.outer, title="Lockgate", favicon=STATIC / "lockgate.svg", dark=None, tailwind=False,
            show_welcome_message=False, reconnect_timeout=10.0, language="en-US",
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.outer(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        place.show(self.lockgate)
        try:
            async with self.outer.router.lifespan_context(self.outer):
                yield
        finally:
            place.show(None)


class Kept(StaticFiles):
    """Files that browsers may keep for good: their address holds the version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer
