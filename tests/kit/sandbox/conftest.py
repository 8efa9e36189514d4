"""A toy vendor served over real HTTP, and a receiver for what it sends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from lockgate.kit.sandbox import SandboxConfig, serving

from .toy import Toy

Until = Callable[[Callable[[], bool]], Awaitable[None]]


@dataclass
class Served:
    """The toy, its address, and a client to call it with."""

    sandbox: Toy
    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, json: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded answer; headers are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, self.url + path, json=json, headers=sent) as answer:
            return answer.status, await answer.json() if answer.content_length else None

    async def control(self, method: str, path: str, json: Any = None) -> Any:
        """A call to the control API that must succeed."""
        status, answer = await self.call(method, f"/__sandbox/{path}", json)
        assert status in {200, 204}, answer
        return answer


@pytest.fixture
async def toy() -> AsyncIterator[Served]:
    async with serving(sandbox := Toy(SandboxConfig())) as url, aiohttp.ClientSession() as http:
        yield Served(sandbox, url, http)


@dataclass
class Receiver:
    """Takes webhooks. `answers` are the statuses of the next calls, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taken = Receiver()
    app = web.Application()
    app.router.add_post("/hook", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taken
    await runner.cleanup()


@pytest.fixture
def until() -> Until:
    """`await until(lambda: …)`: give it three seconds to become true."""

    async def wait(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(3):
            while not holds():  # noqa: ASYNC110 (what is waited for happens behind HTTP, where no event can be set)
                await asyncio.sleep(0.01)

    return wait
