"""Portals served over real HTTP."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from lockgate.connectors.fourallportal.sandbox import FourAllPortalSandbox
from lockgate.kit.sandbox import SandboxConfig, serving

from .caller import KEY, Caller

Start = Callable[..., Awaitable[Caller]]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """One portal for all tests that want nothing special; it has a thread and a loop of its own."""
    served: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        async with serving(FourAllPortalSandbox(SandboxConfig(key=KEY))) as url:
            served.set_result((url, asyncio.get_running_loop(), over))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    url, loop, over = served.result(timeout=20)
    yield url
    loop.call_soon_threadsafe(over.set)
    thread.join(timeout=20)


@pytest.fixture
async def portal(address: str) -> AsyncIterator[Caller]:
    """A portal with its default seed, as if it had just been started."""
    async with _session() as session:
        caller = Caller(address, session)
        yield caller
        if caller.changed:
            await caller.ok("DELETE", "/__sandbox/webhook")
            await caller.ok("POST", "/__sandbox/reset")


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts portals as a test wants them."""
    async with AsyncExitStack() as stack:

        async def started(*, kind: type[FourAllPortalSandbox] = FourAllPortalSandbox, **config: Any) -> Caller:
            sandbox = kind(SandboxConfig(**{"key": KEY, **config}))
            url = await stack.enter_async_context(serving(sandbox))
            return Caller(url, await stack.enter_async_context(_session()))

        yield started


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits until something holds, five seconds at most."""

    async def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not holds():
            assert time.monotonic() < deadline, "it did not come about in five seconds"
            await asyncio.sleep(0.01)

    return wait


def _session() -> aiohttp.ClientSession:
    """Cookies go out only where a test says so."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
