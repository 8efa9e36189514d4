"""Processes that stay: what they open, what they say, and how they end."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from typing import Any

from rich.console import Console

from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.memory import settle
from lockgate.app.problems import Refused
from lockgate.app.settings import AppSettings
from lockgate.cli.output import DONE, OUT, complain, put_json, say
from lockgate.cli.place import noted, settings


async def everything(host: str | None, port: int | None, *, json: bool) -> int:
    """`lockgate up`."""
    found = settings(host=host, port=port)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(opened(found, engine=True, watching=True))
        address = await stack.enter_async_context(served(app))
        stack.enter_context(noted(found.home, address))
        tell(app, json=json, address=address)
        stack.enter_context(nullcontext() if json else lines(app))
        settle()
        await told_to_stop()
    return DONE


async def doors(host: str | None, port: int | None, *, json: bool) -> int:
    """`lockgate serve`."""
    found = settings(host=host, port=port)
    needs_postgres(found, "serve")
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(opened(found, engine=True, working=False))
        address = await stack.enter_async_context(served(app))
        tell(app, json=json, address=address)
        settle()
        await told_to_stop()
    return DONE


async def work(*, json: bool) -> int:
    """`lockgate worker`."""
    found = settings()
    needs_postgres(found, "worker")
    async with opened(found, engine=True, watching=True) as app:
        tell(app, json=json)
        with nullcontext() if json else lines(app):
            settle()
            await told_to_stop()
    return DONE


def needs_postgres(found: AppSettings, role: str) -> None:
    if found.on_sqlite():
        raise Refused(
            f"`lockgate {role}` shares its work with other processes, and SQLite serves one: use `lockgate up`,"
            " or set LOCKGATE_DATABASE to postgresql://…"
        )


@asynccontextmanager
async def served(app: Lockgate, port: int | None = None) -> AsyncIterator[str]:
    """API, webhooks and console while the block runs, on the settings' port unless another is given; gives the address."""
    from lockgate.api import serving
    from lockgate.console import Pages

    pages = Pages(app)
    async with (
        pages.running(),
        serving(app, app.settings.host, app.settings.port if port is None else port, pages) as address,
    ):
        yield address


def lines(app: Lockgate) -> Any:
    from lockgate.cli.progress import live_lines

    return live_lines(OUT, app)


def tell(app: Lockgate, *, json: bool, address: str | None = None) -> None:
    """Say where it is reached, which flows it has, and which cannot work."""
    flows, problems = sorted(app.engine.flows) if app.engine else [], app.problems or {}
    if json:
        put_json({"address": address, "home": str(app.settings.home), "flows": flows, "problems": problems})
        return
    if address is not None:
        welcome(OUT, address)
    say(f"flows: {', '.join(flows) or 'none yet'}; Ctrl-C ends")
    for name, problem in problems.items():
        complain(f"{name} cannot work: {problem}")


def welcome(where: Console, address: str) -> None:
    """Where the console and the API are."""
    where.print(f"console at {address}, API at {address}/api/v1, its page {address}/api/docs", soft_wrap=True)


async def told_to_stop() -> None:
    """Wait for Ctrl-C or a polite end by the system."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await stop.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
