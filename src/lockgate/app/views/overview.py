"""Everything at one glance: which system feeds which, how it goes, and what needs a person now."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.views.connections import ConnectionLine, connections
from lockgate.app.views.flows import FlowLine, SeriesView, all_series, flow_lines
from lockgate.app.views.shape import View
from lockgate.ledger import parked, runs
from lockgate.ledger.parked import Group
from lockgate.ledger.runs import Run

NeedKind = Literal["connection", "flow", "halted", "guard", "confirm", "parked"]
GUARD = "guard"
HOURS = 24


class NeedView(View):
    """Something that waits for a person."""

    kind: NeedKind
    """`connection`: a system refuses us. `flow`: it cannot start. `halted`: it stands still. `guard`: withdrawals that are
    held back. `confirm`: a run that asks. `parked`: items that cannot go on."""
    sentence: str
    n: int | None = None
    """How many items."""
    flow: str | None = None
    connection: str | None = None
    run: str | None = None
    code: str | None = None
    since: datetime | None = None


class OverviewView(View):
    """The installation at one glance."""

    at: datetime
    systems: list[ConnectionLine]
    flows: list[FlowLine]
    """Each carries from its `source` to its `target`, which are names of systems."""
    needs: list[NeedView]
    """The most urgent first."""
    series: list[SeriesView]
    """What each flow did in the last day, hour by hour."""


class Waiting:
    """What the ledger knows of things that wait for a person."""

    def __init__(self, c: Connection) -> None:
        self.groups = [(group, example(c, group)) for group in parked.groups(c)]
        self.asking = [run for run in runs.page(c, state="waiting", limit=50).rows if not overtaken(c, run)]


def example(c: Connection, group: Group) -> str:
    """Why the first of them is parked, in words."""
    rows = parked.page(c, flow=group.flow, code=group.code, limit=1).rows
    return rows[0].reason if rows else ""


def overtaken(c: Connection, asking: Run) -> bool:
    """Whether a later run of the flow has gone on where this one asked."""
    later = (run for run in runs.page(c, flow=asking.flow, limit=20).rows if run.started > asking.started)
    return any(run.kind != "plan" and run.state != "queued" for run in later)


async def overview(app: Lockgate) -> OverviewView:
    """All that the first page shows."""
    systems, flows = await connections(app), await flow_lines(app)
    waiting = await app.ledger.read(Waiting)
    return OverviewView(
        at=app.clock(),
        systems=systems,
        flows=flows,
        needs=[*broken(systems, flows), *asked(waiting.asking), *stuck(waiting.groups)],
        series=await all_series(app, [one.name for one in flows], HOURS),
    )


def broken(systems: Sequence[ConnectionLine], flows: Sequence[FlowLine]) -> Iterator[NeedView]:
    for one in systems:
        if one.state == "problem":
            yield NeedView(kind="connection", sentence=one.problem or "", connection=one.name, since=one.checked_at)
    for flow in flows:
        if flow.problem is not None:
            yield NeedView(kind="flow", sentence=flow.problem, flow=flow.name)
        if flow.halted is not None:
            yield NeedView(kind="halted", sentence=flow.halted, flow=flow.name)


def asked(asking: Sequence[Run]) -> Iterator[NeedView]:
    for run in asking:
        yield NeedView(kind="confirm", sentence=run.note, flow=run.flow, run=run.id, since=run.finished)


def stuck(groups: Sequence[tuple[Group, str]]) -> Iterator[NeedView]:
    """Withdrawals that are held back first, then what is parked, the most items first."""
    for group, reason in sorted(groups, key=lambda one: (one[0].code != GUARD, -one[0].n)):
        kind: NeedKind = "guard" if group.code == GUARD else "parked"
        yield NeedView(kind=kind, sentence=reason, n=group.n, flow=group.flow, code=group.code, since=group.since)
