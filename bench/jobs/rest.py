"""Full syncs of the rig's records through connectors that are nothing but definitions, beside those that are code."""

from bench.figures import Parts
from bench.jobs.sync import measured
from bench.place import Place
from bench.rig import ends
from bench.rig.ends import free_port


async def rest(place: Place) -> Parts:
    """The same run by definition and by code, each for the first time and with nothing changed, by index and whole."""
    records, allowed = ends.data(place.size), sum(1 for n in range(1, place.size + 1) if n % 5)
    parts: Parts = {}
    for defined, how in ((True, "by definition"), (False, "by code")):
        for whole, read in ((False, "index"), (True, "whole")):
            port, name = free_port(), f"{'whole' if whole else 'index'}-{'defined' if defined else 'coded'}"
            for what, written in (("first", allowed), ("unchanged", 0)):
                title = f"{what}, {read}, {how}"
                parts[title] = await measured(place, title, records, port, written=written, name=name, defined=defined)
    return parts
