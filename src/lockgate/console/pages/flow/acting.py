"""What a person can do with a flow."""

from collections.abc import Awaitable, Callable, Hashable

from nicegui import ui

from lockgate.app import acts
from lockgate.app.views import FlowView, RunView
from lockgate.console.pages.flow.runs import plan_address
from lockgate.console.parts.acting import button
from lockgate.console.place import here

Again = Callable[[], Awaitable[None]]
GUARD = "guard"


def possible(flow: FlowView, asking: RunView | None) -> Hashable:
    """What decides which buttons there are."""
    return flow.state, flow.problem is not None, flow.halted is not None, guarded(flow), asking


def guarded(flow: FlowView) -> int:
    """How many withdrawals the guard holds back."""
    return flow.reasons.get("parked", {}).get(GUARD, 0)


def buttons(flow: FlowView, asking: RunView | None, again: Again) -> None:
    if flow.state == "active" and flow.problem is None:
        agree(flow, asking, again)
        at_work(flow, again)
    elif flow.state == "draft":
        draft(flow, again)
    else:
        resume(flow, again)
    ui.link("Flow file", f"/api/v1/flows/{flow.name}/file").classes("button").props(
        'download title="Download the flow file"'
    )
    remove(flow)


def agree(flow: FlowView, asking: RunView | None, again: Again) -> None:
    """What the guard asks: whether so many copies may go."""
    if held := guarded(flow):
        sure = f"Close {held:,} copies at {flow.target} that the guard holds back?"
        button(f"Let {held:,} withdrawals go", lambda: let_go(flow.name, held, again), tone="danger", sure=sure)
    if asking is not None and (wanted := asking.asks) is not None:
        kind = "sweep" if asking.kind == "sweep" else "full"
        sure = f"Run it again, and let it close up to {wanted:,} copies at {flow.target}? A plan shows which."
        button(f"Run and withdraw {wanted:,}", lambda: run(flow.name, kind, again, wanted), tone="danger", sure=sure)


def at_work(flow: FlowView, again: Again) -> None:
    if flow.halted is not None:
        resume(flow, again)
    runs = button("Run now", lambda: run(flow.name, "full", again), tone="primary")
    runs.tooltip(f"Look at all that {flow.source} lists, and carry what differs")
    button("Plan", lambda: plan(flow.name)).tooltip("See what a run would do; nothing is written")
    sure = f"Look at everything again, and ask {flow.target} what it really holds of each item? This may take a while."
    sweeps = button("Sweep", lambda: run(flow.name, "sweep", again), sure=sure)
    sweeps.tooltip(f"Look at everything again, whether it changed or not, and ask {flow.target} what it holds")
    button("Pause", lambda: pause(flow.name, again)).tooltip("Stop watching and working until it is resumed")


def draft(flow: FlowView, again: Again) -> None:
    button("Plan", lambda: plan(flow.name), tone="primary")
    button("Activate", lambda: activate(flow.name, again), sure=to_activate(flow))


def to_activate(flow: FlowView) -> str:
    return (
        f"Switch it on? From then on it watches {flow.source} and writes to {flow.target}; it begins with all there is."
    )


def resume(flow: FlowView, again: Again) -> None:
    async def act() -> str:
        await acts.resume_flow(here(), flow.name, acts.LOCAL)
        await again()
        return "It goes on, and looks for what happened meanwhile"

    button("Resume" if flow.state == "paused" else "Try again", act, tone="primary")


def remove(flow: FlowView) -> None:
    async def act() -> None:
        await acts.remove_flow(here(), flow.name, acts.LOCAL)
        ui.navigate.to("/flows")

    kept = (
        "Nothing was delivered yet."
        if flow.state == "draft"
        else "What it delivered stays where it is, and is watched no more."
    )
    button(
        "Discard" if flow.state == "draft" else "Remove",
        act,
        tone="danger",
        sure=f"Forget the flow {flow.name}? {kept}",
    )


async def run(name: str, kind: str, again: Again, confirmed: int | None = None) -> str:
    await acts.run_flow(here(), name, acts.LOCAL, kind=kind, confirmed=confirmed)
    await again()
    return "The run has begun"


async def plan(name: str) -> None:
    made = await acts.plan_flow(here(), name, acts.LOCAL)
    ui.navigate.to(plan_address(name, made.id))


async def pause(name: str, again: Again) -> str:
    await acts.pause_flow(here(), name, acts.LOCAL)
    await again()
    return "Paused: nothing is looked at or written until it is resumed"


async def activate(name: str, again: Again) -> str:
    await acts.activate_flow(here(), name, acts.LOCAL)
    await again()
    return "Switched on: it looks at all there is now"


async def let_go(name: str, held: int, again: Again) -> str:
    gone = await acts.retry_parked(here(), name, acts.LOCAL, code=GUARD, confirm=held)
    await again()
    return f"{gone:,} withdrawals are let go"
