"""Events of the rig: webhook committed and acknowledged → five gates → 24 fields → one POST, each event on its own."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import rig
from bench.figures import Figures, Parts, counted
from bench.machine import Cost
from bench.place import Place
from bench.process import Lockgate
from bench.rig import ends
from bench.rig.ends import End

RECORDS = 100_000
EVENTS = 20_000
LONGEST = 8.0
"""Seconds of load at the most, however slow the answers are."""
STEADY = 5.0
"""Seconds at half rate."""
PATIENCE = 60.0
CATALOGUE = 200_000
"""Records of the full sync that runs beside the events."""
BESIDE = "catalogue"
BESIDE_FLOW = f"""\
flow: {BESIDE}
recipe: {rig.FLOW}
uses: {{pim: {BESIDE}-source, shop: {BESIDE}-sink}}
"""


@dataclass
class Stage:
    """The ends and Lockgate between them; `next` is the number of the next event, which is never sent twice."""

    place: Place
    records: Path
    sink: End
    lockgate: Lockgate
    workers: list[Lockgate]
    hook: str = ""
    next: int = 1

    def spent(self) -> float:
        return sum(one.cost().cpu for one in (self.lockgate, *self.workers))


async def events(place: Place) -> Parts:
    """Sustained rate, then latency at half of it, then the same beside a full sync of other records."""
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(staged(place))
        await burst(stage, place.times(2_000))
        place.say("events, as fast as they are taken")
        parts = {"sustained": await burst(stage, place.times(EVENTS))}
        rate = parts["sustained"]["events/s"] / 2
        place.say(f"events, {rate:,.0f}/s")
        parts["half rate"] = await steady(stage, rate)
        place.say("events beside a full sync")
        async with full_sync_beside(stage):
            parts["half rate beside a full sync"] = await steady(stage, rate)
        del parts["half rate beside a full sync"]["CPU s per 1,000"]  # the sync's share is in it
    return parts


@asynccontextmanager
async def staged(place: Place, name: str = "lockgate", *, defined: bool = False) -> AsyncIterator[Stage]:
    """On SQLite one process; on PostgreSQL one that takes events in and two that work."""
    records = ends.data(place.times(RECORDS))
    async with AsyncExitStack() as stack:
        source, sink = (
            await stack.enter_async_context(ends.source(records)),
            await stack.enter_async_context(ends.sink()),
        )
        apart = place.server is not None
        door = await stack.enter_async_context(place.lockgate(name, works=not apart))
        workers = [await stack.enter_async_context(place.lockgate(name, door=False)) for _ in range(2 if apart else 0)]
        stage = Stage(place, records, sink, door, workers)
        stage.hook = await flow_between(door, source, sink, bulk=False, defined="restevents" if defined else "")
        yield stage


async def flow_between(
    lockgate: Lockgate, source: End, sink: End, *, bulk: bool, whole: bool = False, defined: str = ""
) -> str:
    """Install the rig's flow, its ends by code or, `defined`, its source by this definition; answers where its events go."""
    coded: dict[str, Any] = {
        rig.SOURCE: ["rigsource", {"site": source.url, "whole": whole}],
        rig.SINK: ["rigsink", {"site": sink.url, "bulk": bulk, "concurrency": 64}],
    }
    declared: dict[str, Any] = {
        rig.SOURCE: [defined, {"site": source.url}],
        rig.SINK: ["restsink" if bulk else "restpost", {"site": sink.url}],
    }
    hooks = await lockgate.tell("connect", connections=declared if defined else coded)
    await lockgate.tell("flow", text=rig.BINDING, recipes={rig.FLOW: rig.RECIPE})
    return str(hooks[rig.SOURCE])


async def burst(stage: Stage, number: int) -> Figures:
    """As many events as are taken in, up to a number, until the last of them has arrived."""
    measured = await run(stage, "-n", str(number), "-t", str(stage.place.seconds(LONGEST)))
    span = max(measured["span"], measured["secs"])
    return {
        "events/s": measured["sent"] / span,
        "CPU s per 1,000": measured["cpu"] / measured["sent"] * 1000,
        **measured["server"],
        "acknowledged/s": measured["acks_per_s"],
        **counted(measured["ack_ms"], "acknowledged"),
        "events": measured["sent"],
    }


async def steady(stage: Stage, rate: float) -> Figures:
    measured = await run(stage, "-r", f"{rate:.1f}", "-t", str(stage.place.seconds(STEADY)))
    return {
        **counted(measured["lat_ms"], "event → target"),
        **counted(measured["ack_ms"], "acknowledged"),
        "CPU s per 1,000": measured["cpu"] / measured["sent"] * 1000,
        **measured["server"],
        "events/s": rate,
    }


async def run(stage: Stage, *options: str) -> dict[str, Any]:
    """Send events, wait until what has to arrive has arrived, and see that nothing else did."""
    await stage.sink.reset()
    before, server = stage.spent(), stage.place.server_cost()
    told = await ends.load(stage.hook, stage.records, "-s", str(stage.next), *options)
    first, last = stage.next, int(told["last_seq"])
    stage.next = last + 1
    want = sum(1 for seq in range(first, last + 1) if seq % 5)
    stats = await arrived(stage.sink, want)
    if told["errors"] or stats["unique"] != want or stats["gate_rejects_that_arrived"]:
        raise RuntimeError(f"of {want} events {stats['unique']} arrived, wrongly {stats}; the generator says {told}")
    sent = max(told["sent"], 1)
    spent = server_figures(server, stage.place.server_cost(), sent)
    cpu = stage.spent() - before
    return {**told, "cpu": cpu, "server": spent, "span": stats["span_s"], "lat_ms": stats["lat_ms"], "sent": sent}


def server_figures(before: Cost, after: Cost, sent: int) -> Figures:
    spent = after.cpu - before.cpu
    return {"CPU s per 1,000, database server": spent / sent * 1000} if spent else {}


async def arrived(sink: End, want: int) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    stats = await sink.stats()
    while stats["unique"] < want and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
        stats = await sink.stats()
    return stats


@asynccontextmanager
async def full_sync_beside(stage: Stage) -> AsyncIterator[None]:
    """A full sync of another flow into the same ledger, begun before the block and broken off after it."""
    records = ends.data(stage.place.times(CATALOGUE))
    async with ends.source(records) as source, ends.sink() as sink:
        await stage.lockgate.tell(
            "connect",
            connections={
                f"{BESIDE}-source": ["rigsource", {"site": source.url}],
                f"{BESIDE}-sink": ["rigsink", {"site": sink.url}],
            },
        )
        await stage.lockgate.tell("flow", text=BESIDE_FLOW, recipes={rig.FLOW: rig.RECIPE})
        run = await stage.lockgate.tell("begin", flow=BESIDE)
        await under_way(sink)
        try:
            yield
        finally:
            with contextlib.suppress(KeyError):
                await stage.lockgate.tell("end", run=run)


async def under_way(sink: End) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (await sink.stats())["unique"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the full sync beside the events has not begun")
        await asyncio.sleep(0.02)
