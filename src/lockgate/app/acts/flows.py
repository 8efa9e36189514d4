"""What people do with flows and runs."""

from typing import TYPE_CHECKING, Any

from lockgate.app.acts.noting import note
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.ledger import plans, runs
from lockgate.ledger.flows import FlowRow
from lockgate.ledger.runs import Run

if TYPE_CHECKING:
    from lockgate.engine.engine import Engine

UNFINISHED = frozenset({"queued", "running", "waiting"})
KINDS = ("full", "sweep")


async def add_flow(app: Lockgate, text: str, source: str, by: str, *, draft: bool = False) -> FlowRow:
    """Install a flow, or its new version. Raises RecipeErrors, Refused, ConnectorError; then nothing is changed.

    A `draft` is not watched and not worked before it is switched on; plans can be made of it.
    """
    row = await app.add_flow(text, source, draft=draft)
    act = "flow drafted" if draft else "flow installed"
    await note(app, act, row.name, by, flow=row.name, version=row.version, digest=row.digest)
    return row


async def activate_flow(app: Lockgate, name: str, by: str, *, run: bool = True) -> Run | None:
    """Switch a draft on: it is watched from now on, and with `run` everything there is looked at for the first time.

    Answers that run. Raises Refused, and what binding it raises; then it stays a draft.
    """
    row = await app.flows.row(name)
    if row.state != "draft":
        raise Refused(f"flow {name!r} is {row.state}: only a draft can be switched on")
    await app.activate(name)
    await note(app, "flow switched on", name, by, flow=name, version=row.version, digest=row.digest)
    return await run_flow(app, name, by) if run else None


async def switched_on(app: Lockgate, name: str) -> None:
    """Raises Refused where it is only a draft."""
    row = await app.flows.row(name)
    if row.state == "draft":
        raise Refused(f"flow {name!r} is a draft: switch it on first (`lockgate flow activate {name}`), or remove it")


async def pause_flow(app: Lockgate, name: str, by: str) -> None:
    """Stop watching and working a flow; what happens meanwhile waits. Raises Refused."""
    await switched_on(app, name)
    await app.pause(name)
    await note(app, "flow paused", name, by, flow=name)


async def resume_flow(app: Lockgate, name: str, by: str) -> None:
    """Go on with a flow, or try again one that could not be started. Raises Refused, and what binding it raises."""
    await switched_on(app, name)
    await app.resume(name)
    await note(app, "flow resumed", name, by, flow=name)


async def remove_flow(app: Lockgate, name: str, by: str) -> None:
    """Forget a flow; what it delivered stays where it is. Raises Refused."""
    await app.remove_flow(name)
    await note(app, "flow removed", name, by)


async def run_flow(
    app: Lockgate, name: str, by: str, *, kind: str = "full", verify: bool = False, confirmed: int | None = None
) -> Run:
    """Start a run: `full` (what changed) or `sweep` (everything, and the target is asked). Answers at once.

    `confirmed` is how many withdrawals a person agrees to. Raises Refused.
    """
    if kind not in KINDS:
        raise Refused(f"{kind!r} is no kind of run: there are {' and '.join(KINDS)}")
    engine = await working(app, name)
    params = asked(verify=verify or kind == "sweep", confirmed=confirmed)
    return await begun(app, engine, name, kind, by, params)


async def plan_flow(app: Lockgate, name: str, by: str) -> Run:
    """Start making a plan, of a draft, too; the run's id is the plan's. Raises Refused."""
    return await begun(app, await working(app, name, drafts=True), name, "plan", by, {})


async def apply_plan(app: Lockgate, id: str, by: str, *, confirmed: int | None = None) -> Run:
    """Carry out a plan: exactly the items it names are looked at, as they are now. Raises Refused."""
    found = await app.ledger.read(lambda c: plans.get(c, id))
    if found is None:
        raise Refused(f"there is no plan {id!r}", missing=True)
    if found.state != "ready":
        raise Refused(f"plan {id} is {found.state}: only one that is ready can be applied")
    engine = await working(app, found.flow)
    return await begun(app, engine, found.flow, "apply", by, {"plan": id, **asked(confirmed=confirmed)})


async def cancel_run(app: Lockgate, id: str, by: str) -> None:
    """End a run before its next page; what it has done stays. Raises Refused."""
    run = await app.ledger.read(lambda c: runs.get(c, id))
    if run is None:
        raise Refused(f"there is no run {id!r}", missing=True)
    if run.state not in UNFINISHED:
        raise Refused(f"run {run.id} has ended already: it is {run.state}")
    await app.working.cancel(run.id)
    await note(app, "run cancelled", run.id, by, flow=run.flow)


async def begun(app: Lockgate, engine: "Engine", flow: str, kind: str, by: str, params: dict[str, Any]) -> Run:
    run = await engine.run(flow, kind, **params)
    await note(app, f"{kind} run started", run.id, by, flow=flow, **params)
    return run


def asked(*, verify: bool = False, confirmed: int | None = None) -> dict[str, Any]:
    """The parameters that say anything."""
    params: dict[str, Any] = {"verify": True} if verify else {}
    return params if confirmed is None else {**params, "confirmed": confirmed}


async def working(app: Lockgate, name: str, *, drafts: bool = False) -> "Engine":
    """The engine that works this flow, or knows it as a draft. Raises Refused with what to do where none does."""
    row = await app.flows.row(name)
    engine = app.working
    if row.state == "paused":
        raise Refused(f"flow {name!r} is paused: resume it first")
    if not drafts:
        await switched_on(app, name)
    if name not in engine.flows and name not in engine.drafts:
        why = (app.problems or {}).get(name, "it was not there when this process started")
        raise Refused(f"flow {name!r} cannot work: {why}; put that right, then resume it")
    return engine
