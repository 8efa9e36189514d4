"""Serving the application in the running loop."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.types import ASGIApp

from lockgate.api.application import application
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.kit.serving import Server

SOCKETS = "websockets-sansio"
"""What pages talk to us by."""
KEPT = 75
"""Seconds an idle connection stays, longer than senders of webhooks keep theirs: none is closed just as it is used again."""


class PortTaken(Refused):
    """Somebody else listens there."""


class NotLoopback(Refused):
    """There is no login yet, so nobody but this machine may reach us."""


@contextlib.asynccontextmanager
async def serving(app: Lockgate, host: str, port: int, pages: ASGIApp | None = None) -> AsyncIterator[str]:
    """Serve API and webhooks, and pages where they are given, while the block runs; gives the address.

    Port 0 takes any free one.

    Raises NotLoopback, PortTaken.
    """
    with contextlib.closing(listen(host, port)) as listener:
        served = application(app, pages)
        config = uvicorn.Config(
            served, log_config=None, access_log=False, server_header=False, date_header=False, ws=SOCKETS if pages else "none",
            lifespan="off", proxy_headers=False, timeout_graceful_shutdown=2,
            timeout_keep_alive=KEPT,
        )  # fmt: skip
        server = Server(config)
        task = asyncio.create_task(server.serve([listener]))
        try:
            await server.listening.wait()
            yield f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        finally:
            served.close()
            server.leave()
            await task


def listen(host: str, port: int) -> socket.socket:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotLoopback(f"{host} is not this machine alone: there is no login yet, so listen on 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(f"port {port} at {host} is taken ({error.strerror}): set another with LOCKGATE_PORT") from None
    listener.listen(1024)
    return listener
