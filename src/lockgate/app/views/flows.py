"""Flows as people see them: what they carry, how it stands, what needs somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.views.flowfile import ends_of, installed
from lockgate.app.views.funnel import StepView, funnel
from lockgate.app.views.runs import RunView, run_view
from lockgate.app.views.shape import View
from lockgate.engine.recipe import Flow, Question
from lockgate.ledger import deliveries, inbox, parked, runs, tallies
from lockgate.ledger.flows import FlowRow, State
from lockgate.ledger.inbox import Lane
from lockgate.ledger.runs import Run
from lockgate.ledger.runs import State as RunState
from lockgate.ledger.tallies import Tally


class FlowLine(View):
    """One flow, as lists show it."""

    name: str
    title: str
    recipe: str
    state: State
    working: bool
    """Whether this process works it now."""
    problem: str | None = None
    """Why it cannot work, and what to do."""
    source: str
    """The connection it carries from."""
    target: str
    """The connection it carries to."""
    created: datetime
    version: int
    """Counts up whenever what the flow does was changed."""
    counts: dict[str, int]
    """How many items stand at each outcome."""
    held: dict[str, int]
    """Of how many items the target holds nothing (`none`), a visible copy (`live`), a hidden one (`hidden`)."""
    blocked: int
    """How many items a gate stops."""
    waiting: int
    """How many items are in the inbox, to be looked at."""
    parked: int
    halted: str | None = None
    """Why it stands still until a person acts: a system refuses us."""
    running: list[RunView]
    """Runs that are under way, or wait for their turn."""
    last_run: RunView | None = None


class AnswerView(View):
    """One question of the recipe and how this flow answers it."""

    name: str
    label: str
    help: str = ""
    answer: str | list[str]


class GateView(View):
    """One gate, in the order in which they are asked."""

    name: str
    kind: str
    terms: dict[str, Any]
    """What it asks, in plain data."""
    stopped: int | None = None
    """How many items stand blocked by it; null when two gates of this kind cannot be told apart."""


class ResolveView(View):
    """How the counterpart at the target is found."""

    name: str
    kind: str
    by: list[str]
    missing: str
    field: str


class WatchView(View):
    """How the source is watched beside its webhooks, in seconds."""

    poll: float
    sweep: float | None = None


class GuardView(View):
    """From how many withdrawals on a person is asked."""

    share: float
    least: int


class FlowView(FlowLine):
    """One flow, with what its recipe says and how its items stand."""

    why: str = ""
    uses: dict[str, str]
    """Role to connection."""
    kind: str
    """Kind of the items at the source."""
    as_kind: str
    """Kind under which they stand at the target."""
    ask: list[AnswerView]
    gates: list[GateView]
    resolve: ResolveView | None = None
    fields: list[str]
    """The fields of the target that this flow owns."""
    closed: str
    """What happens to the copy when a gate closes."""
    watch: WatchView | None = None
    guard: GuardView | None = None
    funnel: list[StepView]
    """From all items that are known to those the target shows: what passed each gate, and what stopped there."""
    reasons: dict[str, dict[str, int]]
    """How many items stand at each outcome, by the code of the reason."""
    inbox: dict[Lane, int]
    """How many items wait to be looked at, by urgency."""


class SeriesPoint(View):
    """What left runs in one hour."""

    hour: datetime
    outcomes: dict[str, int]
    """By outcome, and beside them `linked`, `withdrawn` and `bytes`."""
    reasons: dict[str, int]


class SeriesView(View):
    """What a flow did, hour by hour, oldest first; hours in which nothing was done are left out."""

    flow: str
    since: datetime
    until: datetime
    points: list[SeriesPoint]


@dataclass(slots=True)
class Standing:
    """What the ledger knows of one flow, read at one instant."""

    reasons: dict[str, dict[str, int]]
    held: dict[str, int]
    inbox: dict[Lane, int] = field(default_factory=dict)
    parked: int = 0
    running: list[Run] = field(default_factory=list)
    last: Run | None = None


def standings(c: Connection, names: Sequence[str]) -> dict[str, Standing]:
    """How these flows stand: a few rows for each, however many items there are."""
    found = {name: Standing(deliveries.counts(c, name), deliveries.held_counts(c, name)) for name in names}
    for name, lanes in inbox.counts(c).items():
        if name in found:
            found[name].inbox = lanes
    for group in parked.groups(c, names[0] if len(names) == 1 else None):
        if group.flow in found:
            found[group.flow].parked += group.n
    for state in UNDER_WAY:
        for run in runs.page(c, state=state, limit=100).rows:
            if run.flow in found:
                found[run.flow].running.append(run)
    for name, standing in found.items():
        standing.last = next(iter(runs.page(c, flow=name, limit=1).rows), None)
    return found


UNDER_WAY: tuple[RunState, ...] = ("running", "queued")


async def flow_lines(app: Lockgate) -> list[FlowLine]:
    """All flows by name."""
    rows = await app.flows.all()
    standing = await app.ledger.read(lambda c: standings(c, [row.name for row in rows]))
    return [FlowLine(**line_fields(app, row, await installed(row), standing[row.name])) for row in rows]


async def flow(app: Lockgate, name: str) -> FlowView:
    """Raises Refused when there is none of this name."""
    row = await app.flows.row(name)
    found, standing = await installed(row), (await app.ledger.read(lambda c: standings(c, [name])))[name]
    told = details(found, standing) if isinstance(found, Flow) else unreadable()
    return FlowView(**line_fields(app, row, found, standing), **told, reasons=standing.reasons, inbox=standing.inbox)


def line_fields(app: Lockgate, row: FlowRow, found: Flow | tuple[str, ...], standing: Standing) -> dict[str, Any]:
    at = ends_of(found)
    return {
        "name": row.name,
        "title": found.recipe.title if isinstance(found, Flow) else row.name,
        "recipe": found.recipe_name if isinstance(found, Flow) else "",
        "state": row.state,
        "working": app.engine is not None and row.name in app.engine.flows,
        "problem": "; ".join(found) if isinstance(found, tuple) else (app.problems or {}).get(row.name),
        "source": at.source,
        "target": at.target,
        "created": row.created,
        "version": row.version,
        "counts": {outcome: sum(codes.values()) for outcome, codes in standing.reasons.items()},
        "held": standing.held,
        "blocked": sum(standing.reasons.get("blocked", {}).values()),
        "waiting": sum(standing.inbox.values()),
        "parked": standing.parked,
        "halted": app.engine.halts.reasons.get(row.name) if app.engine is not None else None,
        "running": [run_view(run, app.clock()) for run in standing.running],
        "last_run": run_view(standing.last, app.clock()) if standing.last else None,
    }


def details(found: Flow, standing: Standing) -> dict[str, Any]:
    resolve, watch, guard = found.resolve, found.watch, found.guard
    return {
        "why": found.recipe.why,
        "uses": dict(found.uses),
        "kind": found.source.kind,
        "as_kind": found.target.kind,
        "ask": [answer(name, question, found) for name, question in found.recipe.ask.items() if name in found.ask],
        "gates": gate_views(found, standing.reasons.get("blocked", {})),
        "resolve": None if resolve is None else ResolveView(
            name=resolve.name, kind=resolve.kind, by=list(resolve.by), missing=resolve.missing, field=resolve.field
        ),
        "fields": list(found.deliver.fields),
        "closed": found.deliver.closed,
        "watch": WatchView(
            poll=watch.poll.total_seconds(), sweep=watch.sweep.total_seconds() if watch.sweep is not None else None
        ),
        "guard": GuardView(share=guard.share, least=guard.least),
        "funnel": funnel(found, standing.reasons, standing.held["live"]),
    }  # fmt: skip


def unreadable() -> dict[str, Any]:
    """Details of a flow whose file can no longer be read; its problem says why."""
    return {"uses": {}, "kind": "", "as_kind": "", "ask": [], "gates": [], "fields": [], "closed": "", "funnel": []}


def answer(name: str, question: Question, found: Flow) -> AnswerView:
    given = found.ask[name]
    return AnswerView(
        name=name, label=question.label, help=question.help, answer=given if isinstance(given, str) else list(given)
    )


def gate_views(found: Flow, blocked: dict[str, int]) -> list[GateView]:
    """The gates with what stands blocked by each: the first part of a reason's code is the kind of gate that gave it."""
    kinds = [gate.kind for gate in found.gates]
    stopped = {kind: sum(n for code, n in blocked.items() if code.split(".")[0] == kind) for kind in kinds}
    return [
        GateView(
            name=gate.name,
            kind=gate.kind,
            terms=dict(gate.terms),
            stopped=stopped[gate.kind] if kinds.count(gate.kind) == 1 else None,
        )
        for gate in found.gates
    ]


async def series(app: Lockgate, name: str, hours: int) -> SeriesView:
    """What the flow did in the last hours. Raises Refused when there is no such flow."""
    await app.flows.row(name)
    return (await all_series(app, [name], hours))[0]


async def all_series(app: Lockgate, names: Sequence[str], hours: int) -> list[SeriesView]:
    """What each of these flows did in the last hours."""
    until = app.clock()
    since = until - timedelta(hours=hours)
    found = await app.ledger.read(lambda c: {name: tallies.series(c, name, since) for name in names})
    return [SeriesView(flow=name, since=since, until=until, points=points(told)) for name, told in found.items()]


def points(found: Sequence[Tally]) -> list[SeriesPoint]:
    by_hour: dict[datetime, SeriesPoint] = {}
    for one in found:
        point = by_hour.setdefault(one.hour, SeriesPoint(hour=one.hour, outcomes={}, reasons={}))
        if one.outcome == "reason":
            point.reasons[one.code] = one.n
        else:
            point.outcomes[one.outcome] = one.n
    return list(by_hour.values())
