"""A CELUM sandbox served over real HTTP, a receiver for its webhooks, and pictures to send."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from lockgate.connectors.celum.sandbox import CelumSandbox
from lockgate.kit.sandbox import SandboxConfig, serving

from .installation import Celum, Receiver

Start = Callable[..., Awaitable[Celum]]
Until = Callable[[Callable[[], bool]], Awaitable[None]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """`await start(option=value)`: a sandbox with these options, stopped after the test."""
    async with AsyncExitStack() as stack:

        async def begin(**options: Any) -> Celum:
            sandbox = CelumSandbox(SandboxConfig(options=options))
            url = await stack.enter_async_context(serving(sandbox))
            return Celum(sandbox, url, await stack.enter_async_context(aiohttp.ClientSession()))

        yield begin


@pytest.fixture
async def celum(start: Start) -> Celum:
    return await start()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taken = Receiver()
    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/hook", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taken
    await runner.cleanup()


@pytest.fixture
def until() -> Until:
    """`await until(lambda: …)`: give it three seconds to become true."""

    async def wait(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(3):
            while not holds():  # noqa: ASYNC110 (what it waits for is no event of ours)
                await asyncio.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A JPEG of 1500 by 1000 pixels."""
    target = io.BytesIO()
    Image.new("RGB", (1500, 1000), "teal").save(target, "JPEG")
    return target.getvalue()
