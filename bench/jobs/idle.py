"""What `lockgate up` costs while nothing happens: the program itself, as people start it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bench.figures import Figures, Parts
from bench.jobs.celum import scene
from bench.machine import cost
from bench.place import Place
from bench.process import ROOT

SETTLING, WATCHED = 5.0, 20.0
"""Seconds after its start that are not counted, and seconds that are."""
PROGRAM = "from lockgate.cli import main; main()"


async def idle(place: Place) -> Parts:
    """Without any flow, and with one between two systems that answer and change nothing."""
    async with up(place, "empty") as pid:
        parts = {"no flow yet": await watched(place, pid)}
    async with scene(place) as stage:
        await stage.lockgate.tell("run")
        await stage.lockgate.stop()
        async with up(place, "lockgate") as pid:
            parts[f"a flow with {place.size:,} assets"] = await watched(place, pid)
    return parts


@asynccontextmanager
async def up(place: Place, name: str) -> AsyncIterator[int]:
    """`lockgate up` with this home; its process id."""
    database = {"LOCKGATE_DATABASE": url} if (url := place.database(name)) else {}
    environ: Mapping[str, str] = {**os.environ, **database, "LOCKGATE_HOME": str(place.folder / name)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, "up", "--port", "0", "--json", cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError("`lockgate up` did not start")
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def watched(place: Place, pid: int) -> Figures:
    place.say(f"idle for {place.seconds(WATCHED):.0f} s")
    await asyncio.sleep(place.seconds(SETTLING))
    before, server = cost(pid), place.server_cost()
    await asyncio.sleep(place.seconds(WATCHED))
    after, minutes = cost(pid), place.seconds(WATCHED) / 60
    spent = place.server_cost().cpu - server.cpu
    return {
        "CPU s per minute": (after.cpu - before.cpu) / minutes,
        **({"CPU s per minute, database server": spent / minutes} if place.server else {}),
        "memory, MB": after.rss_mb,
        "peak memory, MB": after.peak_mb,
    }
