"""Lockgate as the process that is measured. Its standard input says what to do, a word a line; each is answered by a line of JSON.

`connect`: connections, flow, webhooks. `run`: a full run to its end. `idle`: wait until all is done. `keys`: what it delivered.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from bench.machine import cost
from lockgate.api import serving
from lockgate.app import demo, logs
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.settings import AppSettings
from lockgate.ledger import deliveries


class Ends(msgspec.Struct):
    """The sandboxes, as the driver started them."""

    celum: str
    celum_key: str
    portal: str
    portal_key: str


async def main(home: Path, ends: Ends) -> None:
    settings = AppSettings(home=home, port=0)
    async with (
        opened(settings, engine=True, watching=True) as app,
        serving(app, settings.host, settings.port) as address,
    ):
        answers: dict[str, Callable[[], Awaitable[Any]]] = {
            "connect": partial(connect, app, ends, address),
            "run": partial(run, app),
            "idle": partial(idle, app),
            "keys": partial(keys, app),
        }
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            said = await answers[line.decode().strip()]()
            sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
            sys.stdout.flush()


async def connect(app: Lockgate, ends: Ends, address: str) -> dict[str, Any]:
    site = {"private_addresses": True}
    await app.connections.add(
        demo.CELUM, "celum", {"site": ends.celum, "key": ends.celum_key, "webhooks": "hmac", **site}
    )
    await app.connections.add(demo.PORTAL, "fourallportal", {"site": ends.portal, "key": ends.portal_key, **site})
    for name in (demo.CELUM, demo.PORTAL):
        await app.connections.confirm(name, await app.connections.proposal(name), by="bench")
    await app.add_flow(demo.BINDING, "the bench's flow")
    path, secret = await app.connections.hook_path(demo.CELUM), await app.connections.hook_secret(demo.CELUM)
    return {"hook": address + path, "secret": secret}


async def run(app: Lockgate) -> dict[str, Any]:
    before, begun = cost(os.getpid()), time.perf_counter()
    started = await app.working.run(demo.FLOW)
    done = await app.working.wait(started.id)
    seconds, after = time.perf_counter() - begun, cost(os.getpid())
    if done.state != "done":
        raise RuntimeError(f"the run ended as {done.state}: {done.note}")
    account = msgspec.to_builtins(done.account)
    return {"seconds": seconds, "cpu": after.cpu - before.cpu, "peak_mb": after.peak_mb, "account": account}


async def idle(app: Lockgate) -> dict[str, Any]:
    begun = time.perf_counter()
    while not await app.working.idle():  # noqa: ASYNC110 (the engine tells of pages, not of rest)
        await asyncio.sleep(0.02)
    return {"seconds": time.perf_counter() - begun}


async def keys(app: Lockgate) -> list[str]:
    """Items of which the target shows a copy."""
    job = partial(deliveries.page, flow=demo.FLOW, held="live", limit=100_000)
    return [row.key for row in (await app.ledger.read(job)).rows]


if __name__ == "__main__":
    logs.configure()
    uvloop.run(main(Path(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Ends)))
