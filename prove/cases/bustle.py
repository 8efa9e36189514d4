"""A case beside people at work: the load, trouble and checks of the crash proof, without its kills."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from prove.books import books
from prove.cases.standing import Result
from prove.faults import mixture
from prove.ground import FLOW, Ground, Unsettled
from prove.load import Load
from prove.rounds import Failed, Rounds

AGAIN = 0.5
"""Seconds after which a supervisor starts what has ended."""


@asynccontextmanager
async def bustle(it: Ground, result: Result, people: type[Load] = Load) -> AsyncIterator[Rounds]:
    """People act while the block runs; at its end all must come to rest and hold. The figures go into the result."""
    rounds = Rounds(it, 0, 1, lambda _: None)
    rounds.load = people(it, rounds.journal, it.seed)
    try:
        await rounds.begin()
        async with rounds.people():
            yield rounds
            await rounds.settle(0)
    except Failed as failure:
        result.wrong += map(str, failure.complaints)
    except Unsettled as problem:
        result.wrong.append(str(problem))
    told = rounds.results()
    result.told |= {
        name: told[name] for name in ("acts of people", "webhooks acknowledged", "files written", "lost", "doubled")
    }


async def trouble(it: Ground, number: int) -> None:
    """Another mixture of faults in both systems."""
    in_celum, in_portal = mixture(random.Random(f"{it.seed} {number}"))  # noqa: S311 (repeatable on purpose)
    await it.celum.faults(*in_celum)
    await it.portal.faults(*in_portal)


async def nothing_lost(rounds: Rounds) -> None:
    """Every hint that was acknowledged stands in the books. Raises Failed."""
    it = rounds.ground
    sent = await rounds.hints.collect(it)
    found = await asyncio.to_thread(books, it.lockgate.home, it.lockgate.database, FLOW)
    if lost := list(rounds.hints.missing(sent, found)):
        raise Failed(0, lost)


@asynccontextmanager
async def supervised(rounds: Rounds, result: Result) -> AsyncIterator[None]:
    """Start every process again that ends by itself, as any system's supervisor does; how often goes into the result."""
    result.told.setdefault("ended and started again", 0)
    watching = [asyncio.create_task(_keep(rounds, role, result)) for role in rounds.ground.lockgate.roles]
    try:
        yield
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


async def _keep(rounds: Rounds, role: str, result: Result) -> None:
    lockgate = rounds.ground.lockgate
    while True:
        await lockgate.running[role].ended()
        result.told["ended and started again"] += 1
        await asyncio.sleep(AGAIN)
        rounds.journal.lives.append((datetime.now(UTC), None))
        with contextlib.suppress(FileExistsError):
            await lockgate.begin(role)


async def until(true: Callable[[], Awaitable[Any]], what: str, within: float = 60.0) -> Any:
    """Ask again and again until the answer is true; what was true. Raises Unsettled."""
    deadline = time.monotonic() + within
    while True:
        if answer := await true():
            return answer
        if time.monotonic() > deadline:
            raise Unsettled(f"not within {within:.0f} s: {what}")
        await asyncio.sleep(0.05)
