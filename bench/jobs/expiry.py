"""An instant at which the time of many assets ends, until each copy was seen hidden; nothing but the clock tells of it."""

import asyncio
import time
from datetime import UTC, datetime

from bench.figures import Parts, waits
from bench.jobs.celum import SENDERS, Scene, scene
from bench.place import Place

ITEMS = 1_000
TELLING = 0.01
"""Seconds per asset, about, that it takes to tell CELUM."""
TRIES = 4


async def expiry(place: Place) -> Parts:
    """Deliver all, let the time of so many end at one instant, and wait for it."""
    async with scene(place) as stage:
        first = await stage.lockgate.tell("run")
        keys = (await stage.lockgate.tell("keys"))[: place.times(ITEMS)]
        ends = await announced(stage, keys, 5 + TELLING * len(keys) + 1.5 * first["seconds"])
        await asyncio.sleep(ends - time.time())
        with stage.charged() as spent:
            hidden = [await stage.lockgate.tell("hidden_at", key=key, within=120.0) for key in keys]
    late = [at - ends for at in hidden]
    return {
        "instant → confirmed hidden": {
            **waits(late, "each"),
            "all, s": max(late),
            "items": len(keys),
            "items/s": len(keys) / max(late),
            **spent,
        }
    }


async def announced(stage: Scene, keys: list[str], ahead: float) -> float:
    """Let the assets end so many seconds ahead, and Lockgate know it; the instant. Later where that took too long."""
    for _ in range(TRIES):
        ends = time.time() + ahead
        stage.place.say(f"{len(keys):,} assets end in {ahead:.0f} s")
        await tell_all(stage, keys, ends)
        await stage.lockgate.tell("run")
        if time.time() < ends:
            return ends
        ahead *= 2
    raise RuntimeError("the instant passed before Lockgate knew of it: this machine is too busy to measure that")


async def tell_all(stage: Scene, keys: list[str], ends: float) -> None:
    """Give every asset the same end of its availability."""
    at = datetime.fromtimestamp(ends, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    work = iter(keys)

    async def some() -> None:
        for key in work:
            await stage.act("set_availability", id=int(key), to=at)

    await asyncio.gather(*(some() for _ in range(SENDERS)))
