"""The database process killed with -9, children and all, and started again: Lockgate goes on by itself, or with its supervisor."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import aiohttp

from prove.cases.bustle import bustle, nothing_lost, supervised, trouble
from prove.cases.standing import Result
from prove.ground import FLOW, Ground, Unsettled, ground
from prove.postgres import PostgresServer, postgres
from prove.processes import Launch, launch
from prove.systems import Refused

AWAY = (0.3, 6.0, 25.0)
"""Seconds without a database; the last is longer than a job of the ledger waits for it."""
WORK = 3.0
"""Seconds of work before it dies."""
BACK = 60.0
"""Seconds within which the API answers again."""


async def database(folder: Path, seed: int, *, away: tuple[float, ...] = AWAY, launch: Launch = launch) -> Result:
    result = Result("database killed", {"kills of the database": len(away), "seconds without it": list(away)})
    with postgres() as server:
        url = server.url(server.create())
        async with (
            ground(folder, seed=seed, database=url, launch=launch) as it,
            bustle(it, result) as rounds,
            supervised(rounds, result),
        ):
            for number, pause in enumerate(away):
                await trouble(it, number)
                await asyncio.sleep(WORK)
                crash(server)
                await asyncio.sleep(pause)
                await asyncio.to_thread(server.start)
                await answering(it)
                await nothing_lost(rounds)
    return result


async def answering(it: Ground) -> None:
    """Wait until the API answers from the database again. Raises Unsettled."""
    deadline = time.monotonic() + BACK
    while True:
        with suppress(aiohttp.ClientError, TimeoutError, Refused):
            await it.api("GET", f"flows/{FLOW}")
            return
        if time.monotonic() > deadline:
            raise Unsettled(f"the API does not answer {BACK:.0f} s after the database came back")
        await asyncio.sleep(0.1)


def crash(server: PostgresServer) -> None:
    """kill -9 for the server and all it has started, at once: no connection is closed politely, nothing is written down."""
    postmaster = int((server.home / "data" / "postmaster.pid").read_text().split()[0])
    for pid in (postmaster, *children(postmaster)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while children(postmaster) or Path(f"/proc/{postmaster}").exists():
        time.sleep(0.01)


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the command stands in brackets and may hold anything; the parent is the second word behind it.
            _, _, rest = entry.read_text().rpartition(")")
            if int(rest.split()[1]) == parent:
                found.append(int(entry.parent.name))
    return found
