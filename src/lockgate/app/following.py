"""Taking up what other processes change in flows and connections, so that a command need not restart those that work."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from lockgate.ledger import LedgerError
from lockgate.ledger.flows import FlowRow

if TYPE_CHECKING:
    from lockgate.app.lockgate import Lockgate

log = structlog.get_logger("lockgate.app")

PACE = 2.0
"""Seconds until a change made elsewhere is noticed."""

Known = dict[str, FlowRow]


@asynccontextmanager
async def following(app: "Lockgate", pace: float = PACE) -> AsyncIterator[None]:
    """Follow changes while the block runs, from how things stand at its beginning."""
    known = await installed(app)
    task = asyncio.create_task(follow(app, known, pace), name="follow changes")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def installed(app: "Lockgate") -> Known:
    return {row.name: row for row in await app.flows.all()}


async def follow(app: "Lockgate", known: Known, pace: float) -> None:
    while True:
        await asyncio.sleep(pace)
        try:
            known = await caught_up(app, known)
        except LedgerError as error:
            log.warning("changes of other processes are looked for later", why=str(error))


async def caught_up(app: "Lockgate", known: Known) -> Known:
    """Take up what differs from what was known; answers what is known now."""
    for name in await app.connections.stale():
        await app.rebind(name)
    now = await installed(app)
    for name in known.keys() - now.keys():
        await app.put_down(name)
    for name, row in now.items():
        if row != known.get(name):
            await take(app, row)
    return now


async def take(app: "Lockgate", row: FlowRow) -> None:
    from lockgate.app.lockgate import UNSTARTABLE

    if row.state == "paused":
        await app.put_down(row.name)
        return
    with contextlib.suppress(*UNSTARTABLE):  # it is named in `problems`
        await app.take_up(row.name)
