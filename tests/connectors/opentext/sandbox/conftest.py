"""Content Servers served over real HTTP."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from lockgate.connectors.opentext.sandbox import OpenTextSandbox
from lockgate.kit.sandbox import SandboxConfig, serving

from .caller import KEY, Caller

Start = Callable[..., Awaitable[Caller]]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """One server for all tests that want nothing special; it has a thread and a loop of its own."""
    served: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        async with serving(OpenTextSandbox(SandboxConfig(key=KEY))) as url:
            served.set_result((url, asyncio.get_running_loop(), over))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    url, loop, over = served.result(timeout=60)
    yield url
    loop.call_soon_threadsafe(over.set)
    thread.join(timeout=60)


@pytest.fixture
async def ecm(address: str) -> AsyncIterator[Caller]:
    """A server with its default seed, every switch as it comes."""
    async with _session() as session:
        caller = Caller(address, session)
        yield caller
        if caller.changed:
            await caller.control("PUT", "clock", {"now": None})
            await caller.control("POST", "reset")


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts servers as a test wants them."""
    async with AsyncExitStack() as stack:

        async def started(**config: Any) -> Caller:
            sandbox = OpenTextSandbox(SandboxConfig(**{"key": KEY, **config}))
            url = await stack.enter_async_context(serving(sandbox))
            return Caller(url, await stack.enter_async_context(_session()))

        yield started


def _session() -> aiohttp.ClientSession:
    """Cookies go out only where a test says so."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
