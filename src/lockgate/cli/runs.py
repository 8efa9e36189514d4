"""Runs told to a flow and followed to their end, here or in the process that works this home."""

import asyncio
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lockgate.app import views
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.cli.output import ERR
from lockgate.cli.place import installation
from lockgate.cli.progress import Rates
from lockgate.cli.reading import Document, plain
from lockgate.cli.working import at_work
from lockgate.ledger import plans
from lockgate.ledger.plans import Plan

PACE = 0.1
"""Seconds between looks at a run."""
ENDED = frozenset({"done", "failed", "waiting", "cancelled"})
PAGE = 500


async def carry_out(flow: str, kind: str, params: dict[str, Any], *, quiet: bool) -> Document:
    """Start a run, follow it to its end and answer its document."""
    async with at_work(engine=True) as at:
        run = await at.start(flow, kind, params)
        await followed(at.app, run, quiet=quiet)
        await at.settle()
        return plain(await views.run(at.app, run))


async def switch_on(flow: str, *, run: bool, quiet: bool) -> Document | None:
    """Switch a draft on; with `run` follow its first run to its end and answer its document."""
    async with at_work(engine=True) as at:
        first = await at.activate(flow, run=run)
        if first is None:
            return None
        await followed(at.app, first, quiet=quiet)
        await at.settle()
        return plain(await views.run(at.app, first))


async def make_plan(flow: str, limit: int | None, *, quiet: bool) -> Document:
    """Make a plan; its document, and its changes (the first, or with None all of them)."""
    async with at_work(engine=True) as at:
        run = await at.start(flow, "plan", {})
        await followed(at.app, run, quiet=quiet)
        made = plain(await views.plan(at.app, run))
        page = plain(await views.changes(at.app, run, limit=limit or PAGE))
        while limit is None and page["next"] is not None:
            more = plain(await views.changes(at.app, run, after=page["next"], limit=PAGE))
            page = {"rows": page["rows"] + more["rows"], "next": more["next"]}
        return {"plan": made, "changes": page}


async def ready_plan(flow: str, id: str | None) -> str:
    """The plan that is meant. Raises Refused when it cannot be applied."""
    async with installation() as app:
        await app.flows.row(flow)
        if id is None:
            return newest_ready(flow, (await app.ledger.read(lambda c: plans.page(c, flow=flow))).rows)
        found = await app.ledger.read(lambda c: plans.get(c, id))
    if found is None or found.flow != flow:
        raise Refused(f"there is no plan {id!r} of {flow}: `lockgate flow plan {flow}` makes one", missing=True)
    if found.state != "ready":
        raise Refused(f"plan {id} is {found.state}: `lockgate flow plan {flow}` makes a new one")
    return found.id


def newest_ready(flow: str, found: list[Plan]) -> str:
    ready = next((one.id for one in found if one.state == "ready"), None)
    if ready is None:
        raise Refused(f"{flow} has no plan to apply: `lockgate flow plan {flow}` makes one")
    return ready


async def followed(app: Lockgate, run: str, *, quiet: bool) -> None:
    """Show how far a run is until it has ended; a run works on when the person who follows it leaves."""
    with progress(ERR, quiet=quiet) as bar:
        task = bar.add_task("carrying", total=None, bytes=0)
        while True:
            row = await views.run(app, run)
            bar.update(task, total=row.total, completed=row.account.read, bytes=row.account.bytes)
            if row.state in ENDED:
                return
            await asyncio.sleep(PACE)


def progress(console: Console, *, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rates(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True)
