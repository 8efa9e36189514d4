"""One plan: what a run would do, field by field; to be applied, and what came of that."""

from typing import NamedTuple

from markupsafe import Markup
from nicegui import ui

from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.app.views import ChangeView, FlowView, Listing, PlanView, RunView
from lockgate.console.frame import page
from lockgate.console.pages.plan.acting import buttons, possible
from lockgate.console.pages.plan.changes import listed, withdrawals
from lockgate.console.pages.plan.summary import head, notices, summary
from lockgate.console.parts.runs import UNDER_WAY
from lockgate.console.parts.watching import Watched
from lockgate.console.place import here
from lockgate.model.plan import Action

PAGE = 20


class Sight(NamedTuple):
    """What is read for the page."""

    plan: PlanView
    flow: FlowView
    making: RunView
    applying: RunView | None
    """The latest run that carries it out, or did."""
    changes: Listing[ChangeView]
    withdrawals: Listing[ChangeView]
    """Those of the first page stand before all others."""

    def settled(self) -> bool:
        return self.plan.state != "building" and (self.applying is None or self.applying.state not in UNDER_WAY)


@page("/flows/{name}/plans/{id}", "Plan")
async def plan(name: str, id: str, action: str = "", after: str = "") -> None:
    chosen = chosen_action(action)

    async def read() -> Sight:
        applying = await applied_by(name, id)
        if (before := seen.get(id)) and before.settled() and before.applying == applying:
            return before  # its sums and changes stand as they are
        seen[id] = await sight(name, id, applying, chosen, after)
        return seen[id]

    seen: dict[str, Sight] = {}
    ui.page_title(f"Plan of {name} · Lockgate")
    watched = await Watched[Sight].begin(read)
    watched.draw(lambda now: head(now.plan, now.flow))
    watched.build(
        lambda now: possible(now.plan, now.applying),
        lambda now: buttons(now.plan, now.flow, now.applying, watched.again),
        "actions",
    )
    watched.draw(lambda now: notices(now.plan, now.making, now.applying))
    watched.draw(lambda now: summary(now.plan, action))
    watched.draw(lambda now: withdrawals(now.plan, now.withdrawals))
    watched.draw(lambda now: changes(now, action, after))


def chosen_action(text: str) -> Action | None:
    found = next((one for one in Action if one == text), None)
    if text and found is None:
        raise Refused(f"there is no action {text!r}; there are {', '.join(Action)}")
    return found


async def applied_by(flow: str, id: str) -> RunView | None:
    latest = await views.runs(here(), flow=flow, kind="apply", limit=20)
    return next((one for one in latest.rows if one.params.get("plan") == id), None)


async def sight(name: str, id: str, applying: RunView | None, action: Action | None, after: str) -> Sight:
    found = await views.plan(here(), id)
    if found.flow != name:
        raise Refused(f"plan {id} is none of flow {name}, but of {found.flow}", missing=True)
    first = action is None and not after
    gone = (
        await views.changes(here(), id, action=Action.WITHDRAW, limit=PAGE) if first else Listing[ChangeView](rows=[])
    )
    return Sight(
        plan=found,
        flow=await views.flow(here(), name),
        making=await views.run(here(), id),
        applying=applying,
        changes=await views.changes(here(), id, action=action, after=after or None, limit=PAGE),
        withdrawals=gone,
    )


def changes(now: Sight, action: str, after: str) -> Markup:
    """All of the page but what stands above."""
    above = {one.key for one in now.withdrawals.rows}
    rest = [one for one in now.changes.rows if one.key not in above]
    return listed(now.plan, Listing[ChangeView](rows=rest, next=now.changes.next), action, after)
