"""A full disk: no webhook is acknowledged that is not stored, Lockgate says why in words, and goes on by itself once there is room.

As root the home lies on a small file system of its own that is filled to the last byte. Else the system lets the process write no
file longer than one block, which fails at the same places.
"""

import asyncio
import contextlib
import resource
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from prove.cases.bustle import bustle, nothing_lost, supervised, until
from prove.cases.standing import Result
from prove.ground import Ground, ground
from prove.processes import Launch, launch
from prove.rounds import Rounds

SIZE = "48m"
BLOCK = 4096
WORK = 4.0
FULL = 4.0
"""Seconds that people go on after the first webhook was refused."""
TIMES = 2
REFUSALS = (500, 503, 507)
WORDS = ("database or disk is full", "disk I/O error")
"""What the database says of it, within the sentence that Lockgate logs."""


async def disk(folder: Path, seed: int, *, launch: Launch = launch) -> Result:
    result = Result("disk full", {"webhooks refused meanwhile": 0})
    with small_disk(folder / "home") as own:
        result.told["how"] = "a file system filled to the last byte" if own else "a limit on the length of files"
        use_up = filled if own else limited
        async with (
            ground(folder, seed=seed, launch=launch) as it,
            bustle(it, result) as rounds,
            supervised(rounds, result),
        ):
            for _ in range(TIMES):
                await asyncio.sleep(WORK)
                async with use_up(it):
                    result.told["webhooks refused meanwhile"] += await full(rounds)
                await asyncio.sleep(WORK)
                await nothing_lost(rounds)
            if not said(it):
                result.wrong.append("no line of the log says that the disk is full")
    return result


async def full(rounds: Rounds) -> int:
    """Let people go on until webhooks are refused, and for a while longer; how many were."""
    it = rounds.ground
    before = len(await refused(it))

    async def more() -> bool:
        return len(await refused(it)) > before

    await until(more, "a webhook is refused")
    await asyncio.sleep(FULL)
    await nothing_lost(rounds)
    return len(await refused(it)) - before


async def refused(it: Ground) -> list[int]:
    """Webhooks that Lockgate answered with a failure of its own."""
    told = [*await it.celum.deliveries(0), *await it.portal.deliveries(0)]
    return [one["n"] for one in told if one["status"] in REFUSALS]


def said(it: Ground) -> bool:
    """Whether a line of the log says what is wrong."""
    return any(word in file.read_text() for file in it.lockgate.logs.glob("*/err") for word in WORDS)


# ── ways to use a disk up ────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def small_disk(home: Path) -> Iterator[bool]:
    """A small file system for the home, where this account may make one; whether it could."""
    home.mkdir(parents=True)
    made = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(home)]
    mounted = subprocess.run(made, capture_output=True, check=False)  # noqa: S603 - our own words
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(home)], check=True)  # noqa: S603, S607 - the same


@asynccontextmanager
async def filled(it: Ground) -> AsyncIterator[None]:
    """Take every byte that is free, also those that become free meanwhile."""
    filler = it.lockgate.home / "filler"
    filling = asyncio.create_task(fill(filler))
    try:
        yield
    finally:
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)
        filler.unlink()


async def fill(filler: Path) -> None:
    with filler.open("ab", buffering=0) as file:
        while True:
            for size in (1 << 20, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)):
                        pass
            await asyncio.sleep(0.05)


@asynccontextmanager
async def limited(it: Ground) -> AsyncIterator[None]:
    """Let the process write nothing behind the first block of any file: no commit fits."""
    pid = it.lockgate.running["up"].pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (BLOCK, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
