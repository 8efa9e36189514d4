"""One flow: the way items take, how they stand, its runs and plans, and what a person can do with it."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup
from nicegui import ui

from lockgate.app import views
from lockgate.app.views import FlowView, Listing, PlanView, RunView, SeriesView
from lockgate.console.frame import page
from lockgate.console.pages.flow.acting import Again, buttons, possible
from lockgate.console.pages.flow.line import line
from lockgate.console.pages.flow.plans import plans
from lockgate.console.pages.flow.runs import asking, asks, runs
from lockgate.console.pages.flow.standing import account, alerts, last_day, reasons, rules
from lockgate.console.parts.markup import NOTHING, badge, joined, section, state_badge
from lockgate.console.parts.watching import Watched
from lockgate.console.place import here

RUNS, PLANS = 6, 5
"""So many of the latest are shown; the others are on pages of their own."""
SLOW = 15.0
"""Seconds between readings of plans, whose sums take longer to read."""


class Sight(NamedTuple):
    """What is read for the page."""

    flow: FlowView
    runs: Sequence[RunView]
    day: SeriesView


@page("/flows/{name}", "Flow")
async def flow(name: str) -> None:
    async def read() -> Sight:
        shown = await views.flow(here(), name)
        latest = await views.runs(here(), flow=name, limit=RUNS)
        return Sight(shown, latest.rows, await views.series(here(), name, 24))

    async def read_plans() -> Listing[PlanView]:
        return await views.plans(here(), flow=name, limit=PLANS)

    ui.page_title(f"{name} · Lockgate")
    watched = await Watched[Sight].begin(read)
    watched.draw(lambda now: head(now.flow))
    watched.build(lambda now: possible(now.flow, asking(now.runs)), lambda now: act(now, watched.again), "actions")
    watched.draw(lambda now: alerts(now.flow))
    watched.draw(lambda now: asks(now.runs))
    watched.draw(lambda now: section("The way of an item", line(now.flow)) if now.flow.funnel else NOTHING)
    watched.draw(lambda now: Markup('<div class="columns">{}</div>').format(account(now.flow) + last_day(now.day)))
    watched.draw(lambda now: reasons(now.flow))
    watched.draw(lambda now: runs(name, now.runs))
    (await Watched[Listing[PlanView]].begin(read_plans, every=SLOW)).draw(lambda now: plans(now.rows))
    watched.draw(lambda now: rules(now.flow))


def act(now: Sight, again: Again) -> None:
    buttons(now.flow, asking(now.runs), again)


def head(shown: FlowView) -> Markup:
    stuck = "cannot work" if shown.problem else "stands still" if shown.halted else ""
    state = badge(stuck, "stop") if stuck else state_badge(shown.state)
    why = joined([shown.title, ". ", shown.why]) if shown.why else shown.title
    return Markup('<div><h1>{} {}</h1><p class="below">{}</p></div>').format(shown.name, state, why)
