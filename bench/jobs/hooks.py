"""Webhooks alone: each committed before its 202, by a process that takes in and works nothing."""

from contextlib import AsyncExitStack

from bench.figures import Figures, Parts, counted
from bench.jobs.events import LONGEST, STEADY, flow_between, server_figures
from bench.place import Place
from bench.process import Lockgate
from bench.rig import ends

RECORDS = 100_000
HOOKS = 30_000


async def hooks(place: Place) -> Parts:
    """As many as 32 connections bring, then half as many."""
    records = ends.data(place.times(RECORDS))
    async with AsyncExitStack() as stack:
        source, sink = (
            await stack.enter_async_context(ends.source(records)),
            await stack.enter_async_context(ends.sink()),
        )
        lockgate = await stack.enter_async_context(place.lockgate(works=False))
        hook = await flow_between(lockgate, source, sink, bulk=False)
        place.say("webhooks, as fast as they are acknowledged")
        options = ("-n", str(place.times(HOOKS)), "-t", str(place.seconds(LONGEST)))
        parts = {"sustained": await acknowledged(place, lockgate, hook, *options)}
        rate = parts["sustained"]["acknowledged/s"] / 2
        place.say(f"webhooks, {rate:,.0f}/s")
        options = ("-r", f"{rate:.1f}", "-t", str(place.seconds(STEADY)))
        parts["half rate"] = await acknowledged(place, lockgate, hook, *options)
    return parts


async def acknowledged(place: Place, lockgate: Lockgate, hook: str, *options: str) -> Figures:
    before, server = lockgate.cost(), place.server_cost()
    told = await ends.load(hook, ends.data(place.times(RECORDS)), *options)
    if told["errors"] or told["acked"] != told["sent"]:
        raise RuntimeError(f"not every webhook was acknowledged: {told}")
    return {
        "acknowledged/s": told["acks_per_s"],
        "CPU s per 1,000": (lockgate.cost().cpu - before.cpu) / told["sent"] * 1000,
        **server_figures(server, place.server_cost(), told["sent"]),
        **counted(told["ack_ms"], "acknowledged"),
    }
