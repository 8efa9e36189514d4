"""Full syncs of the rig's records: for the first time, with nothing changed (by index and whole), with one per cent changed."""

from pathlib import Path
from typing import Any

from bench.figures import Figures, Parts
from bench.jobs.events import flow_between
from bench.machine import Cost
from bench.place import Place
from bench.rig import FLOW, ends
from bench.rig.ends import free_port


async def sync(place: Place) -> Parts:
    """Each part is a process of its own over what the one before left, so that its memory is its own."""
    plain, changed = ends.data(place.size), ends.data(place.size, changed=1)
    port, allowed = free_port(), sum(1 for n in range(1, place.size + 1) if n % 5)
    one_percent = sum(1 for n in range(100, place.size + 1, 100) if n % 5)
    parts = {"first": await measured(place, "first", plain, port, written=allowed)}
    parts["first"]["database, MB"] = place.database_mb()
    parts["unchanged, by index"] = await measured(place, "unchanged, by index", plain, port, written=0)
    parts["1 % changed"] = await measured(place, "1 % changed", changed, port, written=one_percent)
    return parts | await whole(place, plain, allowed)


async def whole(place: Place, records: Path, allowed: int) -> Parts:
    """A source that has no index of revisions: every record is read to see whether it differs."""
    port, name = free_port(), "whole"
    await measured(place, "first, whole", records, port, written=allowed, name=name, whole=True)
    again = await measured(place, "unchanged, whole", records, port, written=0, name=name, whole=True)
    return {"unchanged, whole": again}


async def measured(
    place: Place,
    what: str,
    records: Path,
    port: int,
    *,
    written: int,
    name: str = "lockgate",
    whole: bool = False,
    defined: str = "",
) -> Figures:
    """A full run over these records; the source is always found at the same port."""
    place.say(f"sync of {place.size:,}: {what}")
    async with (
        ends.source(records, port=port) as source,
        ends.sink(port=port_of_sink(port)) as sink,
        place.lockgate(name) as lockgate,
    ):
        if name not in place.installed:
            await flow_between(lockgate, source, sink, bulk=True, whole=whole, defined=defined)
            place.installed.add(name)
        server, source_before, sink_before = place.server_cost(), source.cost(), sink.cost()
        told = await lockgate.tell("run", flow=FLOW)
        rig = source.cost().cpu - source_before.cpu + sink.cost().cpu - sink_before.cpu
        check(told["account"], await sink.stats(), place.size, written)
        return figures(told, place.size, server, place.server_cost(), rig)


def port_of_sink(port: int) -> int:
    return PORTS.setdefault(port, free_port())


PORTS: dict[int, int] = {}


def check(account: dict[str, Any], stats: dict[str, Any], size: int, written: int) -> None:
    if (account["read"], account["written"], stats["unique"]) != (size, written, written):
        raise RuntimeError(f"{size} records, {written} to be written: Lockgate says {account}, the sink {stats}")


def figures(told: dict[str, Any], size: int, before: Cost, after: Cost, rig: float) -> Figures:
    server = after.cpu - before.cpu
    return {
        "CPU s": told["cpu"],
        "records per CPU s": size / max(told["cpu"], 0.01),
        **({"CPU s, database server": server} if server else {}),
        "CPU s, rig": rig,
        "seconds": told["seconds"],
        "peak memory, MB": told["peak_mb"],
    }
