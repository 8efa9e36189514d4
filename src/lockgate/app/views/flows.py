"""Flows as people see them: what they carry, how it stands, what needs somebody."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.views.flowfile import ends_of, installed
from lockgate.app.views.runs import RunView, run_view
from lockgate.app.views.shape import View
from lockgate.engine.recipe import Flow, Question
from lockgate.ledger import deliveries, inbox, parked, runs, tallies
from lockgate.ledger.flows import FlowRow, State
from lockgate.ledger.inbox import Lane
from lockgate.ledger.runs import Run


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
    waiting: int
    """How many items are in the inbox, to be looked at."""
    parked: int
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


class Standing:
    """What the ledger knows of one flow, read at one instant."""

    def __init__(self, c: Connection, name: str) -> None:
        self.reasons = deliveries.counts(c, name)
        self.inbox: dict[Lane, int] = inbox.counts(c).get(name, {})
        self.parked = sum(parked.counts(c, name).values())
        last = runs.page(c, flow=name, limit=1).rows
        self.last: Run | None = last[0] if last else None


async def flow_lines(app: Lockgate) -> list[FlowLine]:
    """All flows by name."""
    rows = await app.flows.all()
    standing = await app.ledger.read(lambda c: {row.name: Standing(c, row.name) for row in rows})
    return [FlowLine(**line_fields(app, row, await installed(row), standing[row.name])) for row in rows]


async def flow(app: Lockgate, name: str) -> FlowView:
    """Raises Refused when there is none of this name."""
    row = await app.flows.row(name)
    found, standing = await installed(row), await app.ledger.read(lambda c: Standing(c, name))
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
        "waiting": sum(standing.inbox.values()),
        "parked": standing.parked,
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
    }  # fmt: skip


def unreadable() -> dict[str, Any]:
    """Details of a flow whose file can no longer be read; its problem says why."""
    return {"uses": {}, "kind": "", "as_kind": "", "ask": [], "gates": [], "fields": [], "closed": ""}


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
    until = app.clock()
    since = until - timedelta(hours=hours)
    points: dict[datetime, SeriesPoint] = {}
    for one in await app.ledger.read(lambda c: tallies.series(c, name, since)):
        point = points.setdefault(one.hour, SeriesPoint(hour=one.hour, outcomes={}, reasons={}))
        if one.outcome == "reason":
            point.reasons[one.code] = one.n
        else:
            point.outcomes[one.outcome] = one.n
    return SeriesView(flow=name, since=since, until=until, points=list(points.values()))
