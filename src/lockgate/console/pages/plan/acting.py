"""What a person can do with a plan: apply it, make it anew."""

from collections.abc import Awaitable, Callable, Hashable

from nicegui import ui

from lockgate.app import acts
from lockgate.app.views import FlowView, PlanView, RunView
from lockgate.console.pages.flow.acting import plan as plan_again
from lockgate.console.pages.flow.acting import to_activate
from lockgate.console.parts.acting import button
from lockgate.console.parts.runs import UNDER_WAY
from lockgate.console.place import here
from lockgate.model.plan import Action

Again = Callable[[], Awaitable[None]]


def possible(plan: PlanView, applying: RunView | None) -> Hashable:
    """What decides which buttons there are."""
    return plan.state, busy(applying)


def busy(applying: RunView | None) -> bool:
    return applying is not None and applying.state in UNDER_WAY


def buttons(plan: PlanView, flow: FlowView, applying: RunView | None, again: Again) -> None:
    if plan.state == "ready" and any(plan.summary.values()) and not busy(applying) and flow.state != "draft":
        gone = plan.summary.get(Action.WITHDRAW, 0)
        button("Apply", lambda: apply(plan, gone, again), tone="danger" if gone else "primary", sure=sure(flow, gone))
    if plan.state == "ready" and flow.state == "draft":
        button("Activate", lambda: begin(flow.name), tone="primary", sure=to_activate(flow))
    if plan.state != "building":
        button("Plan again", lambda: plan_again(plan.flow))


def sure(flow: FlowView, gone: int) -> str:
    """What a person agrees to. How many copies go is said; and where the guard would ask, that it will not ask again."""
    if not gone:
        return f"Carry it out at {flow.target}? Each item is looked at as it is now."
    live = flow.held.get("live", 0)
    asked = flow.guard is not None and gone > max(flow.guard.least, int(flow.guard.share * live))
    more = " That is more than the guard lets go without a person's word: to apply is to give it." if asked else ""
    return f"Carry it out at {flow.target}? {gone:,} of {live:,} visible copies are withdrawn.{more}"


async def begin(name: str) -> None:
    await acts.activate_flow(here(), name, acts.LOCAL)
    ui.navigate.to(f"/flows/{name}")


async def apply(plan: PlanView, gone: int, again: Again) -> str:
    await acts.apply_plan(here(), plan.id, acts.LOCAL, confirmed=gone or None)
    await again()
    return "It is being applied"
