"""The next start with 100,000 hints waiting: how long until the process says that it is ready."""

import asyncio
import os
import statistics
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from lockgate.ledger import Ledger, inbox
from lockgate.ledger.inbox import Hint
from prove.cases.standing import Result
from prove.ground import FLOW, Ground, Unsettled, ground
from prove.postgres import postgres
from prove.processes import Launch, Lockgate, launch

HINTS = 100_000
AT_ONCE = 5_000
LIMIT = 3.0
"""Seconds until the process is ready, the median of three: by the wall on a machine that is idle, else of processor time."""
TIMES = 3
UNKNOWN = 10**9
"""From here on no asset has a number: these hints are of assets that are gone."""
PATIENCE = 60.0


async def start(
    folder: Path, seed: int, *, hints: int = HINTS, limit: float | None = LIMIT, launch: Launch = launch
) -> Result:
    """On SQLite and on PostgreSQL. `limit=None` measures without judging."""
    result = Result(f"start with {hints:,} hints waiting")
    for name in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            database = ""
            if name == "postgresql":
                server = stack.enter_context(postgres())
                database = server.url(server.create())
            async with ground(folder / name, seed=seed, assets=5, database=database, launch=launch) as it:
                seconds = await measured(it, hints, result)
        wall, used = (round(statistics.median(some), 2) for some in zip(*seconds, strict=True))
        result.told[f"ready on {name}, median of {TIMES}"] = f"{wall} s, {used} CPU s"
        if limit is not None and min(wall, used) > limit:
            result.wrong.append(f"on {name} it took {wall} s until ready ({used} CPU s), not {limit:.0f} s at most")
    return result


async def measured(it: Ground, hints: int, result: Result) -> list[tuple[float, float]]:
    """Seconds and CPU seconds of each start of `up`, killed again once it was ready."""
    await it.lockgate.kill_all()
    up = Lockgate(it.lockgate.home, it.folder / "up", it.lockgate.port, launch=it.lockgate.launch)
    up.settings = it.lockgate.settings
    url = it.lockgate.database or f"sqlite:///{it.lockgate.home / 'lockgate.sqlite'}"
    seconds = []
    for _ in range(TIMES):
        await fill(url, hints)
        seconds.append(await ready_after(it, up))
        await up.kill("up")
        if (left := await waiting(url)) < hints // 2:
            result.wrong.append(f"only {left} hints were left when it was ready: it had worked before it said so")
    return seconds


async def fill(url: str, hints: int) -> None:
    """Hints of assets that were deleted, put in as webhooks are."""
    async with await Ledger.open(url) as ledger:
        for first in range(0, hints, AT_ONCE):
            rows = [
                Hint(flow=FLOW, key=str(UNKNOWN + n), reason="asset.changed") for n in range(first, first + AT_ONCE)
            ]
            await ledger.write(partial(inbox.hint, hints=rows), bulk=True)


async def waiting(url: str) -> int:
    async with await Ledger.open(url) as ledger:
        return sum((await ledger.read(inbox.counts)).get(FLOW, {}).values())


async def ready_after(it: Ground, up: Lockgate) -> tuple[float, float]:
    """From the start of the process until `/readyz` answers 200; what of it the processor worked for it."""
    begun = time.monotonic()
    await up.begin("up")
    while not await ready(it):
        if time.monotonic() - begun > PATIENCE:
            raise Unsettled(f"it was not ready after {PATIENCE:.0f} s")
        await asyncio.sleep(0.01)
    return time.monotonic() - begun, used(up.running["up"].pid)


def used(pid: int) -> float:
    """Processor time of a process, in seconds."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def ready(it: Ground) -> Any:
    with suppress(aiohttp.ClientError, TimeoutError):
        async with it.http.get(f"{it.lockgate.url}/readyz") as answer:
            return answer.ok
    return False
