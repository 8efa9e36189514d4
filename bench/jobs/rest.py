"""The rig's records through connectors that are nothing but definitions, beside those that are code: full syncs, and events."""

from bench.figures import Parts
from bench.jobs.events import EVENTS, burst, staged, steady
from bench.jobs.sync import measured
from bench.place import Place
from bench.rig import ends
from bench.rig.ends import free_port


async def rest(place: Place) -> Parts:
    """The same run by definition and by code, each for the first time and with nothing changed, by index and whole."""
    records, allowed = ends.data(place.size), sum(1 for n in range(1, place.size + 1) if n % 5)
    parts: Parts = {}
    for defined in (True, False):
        for whole, read, source in ((False, "index", "restsource"), (True, "whole", "restwhole")):
            how, installed = "by definition" if defined else "by code", source if defined else ""
            port, name = free_port(), f"{read}-{'defined' if defined else 'coded'}"
            for what, written in (("first", allowed), ("unchanged", 0)):
                title = f"{what}, {read}, {how}"
                parts[title] = await measured(
                    place, title, records, port, written=written, name=name, whole=whole, defined=installed
                )
    return parts


async def rest_events(place: Place) -> Parts:
    """Sustained rate, then latency, by definition and by code. Both at one rate: half of what the definition takes."""
    parts: Parts = {}
    rate = 0.0
    for defined, how in ((True, "by definition"), (False, "by code")):
        async with staged(place, how.replace(" ", "-"), defined=defined) as stage:
            await burst(stage, place.times(2_000))
            place.say(f"events {how}, as fast as they are taken")
            parts[f"sustained, {how}"] = await burst(stage, place.times(EVENTS))
            rate = rate or parts[f"sustained, {how}"]["events/s"] / 2
            place.say(f"events {how}, {rate:,.0f}/s")
            parts[f"steady, {how}"] = await steady(stage, rate)
    return parts
