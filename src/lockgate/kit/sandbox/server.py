"""Serving a sandbox over real HTTP, in the running loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lockgate.kit.sandbox.app import SandboxApp
from lockgate.kit.sandbox.striking import TRANSPORT
from lockgate.kit.serving import Server

if TYPE_CHECKING:
    from lockgate.kit.sandbox.base import Sandbox


class PortTaken(OSError):
    """The address cannot be listened on; the message is a sentence."""


class _Protocol(HttpToolsProtocol):
    """Hands the connection to the application, so that faults can cut it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]


class _Server(Server):
    """Tells the time in each answer, as vendors do."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), 1)


@contextlib.asynccontextmanager
async def serving(sandbox: "Sandbox", host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a sandbox while the block runs; gives its address. The sandbox is closed at the end and cannot be served again."""
    try:
        with contextlib.closing(_listen(host, port)) as listener:
            url = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
            await sandbox.start(url)
            async with _running(_server(sandbox), listener, sandbox):
                yield url
    finally:
        await sandbox.close()


def _server(sandbox: "Sandbox") -> _Server:
    # Loggers are left alone: another server of this process may be using them.
    options: dict[str, Any] = {
        "lifespan": "off",
        "access_log": False,
        "log_config": None,
        "ws": "none",
        "server_header": False,
        # Longer than clients keep connections: one that is closed just as it is used again looks like a crash.
        "timeout_keep_alive": 75,
    }
    return _Server(uvicorn.Config(SandboxApp(sandbox), http=_Protocol, timeout_graceful_shutdown=2, **options))


@contextlib.asynccontextmanager
async def _running(server: _Server, listener: socket.socket, sandbox: "Sandbox") -> AsyncIterator[None]:
    task = asyncio.create_task(server.serve([listener]))
    waiting = asyncio.create_task(server.listening.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        yield
    finally:
        waiting.cancel()
        sandbox.closing.set()  # lets go of connections that a fault holds
        server.leave()
        await task


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) on sockets that name their protocol only; else small answers take 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.setblocking(False)
    except (OSError, OverflowError) as problem:
        listener.close()
        why = problem.strerror if isinstance(problem, OSError) else "there is no such port"
        raise PortTaken(f"Cannot listen on {host} port {port}: {why}.") from problem
    return listener
