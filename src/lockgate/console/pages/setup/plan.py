"""Last step: the flow stands as a draft, its plan is computed, and a person switches it on or not."""

import asyncio
from typing import TYPE_CHECKING

from markupsafe import Markup
from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.views import ChangeView, PlanView
from lockgate.app.views.reasons import words
from lockgate.console.parts.acting import button
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import NOTHING, empty, joined, link, number
from lockgate.console.parts.markup import draw as put
from lockgate.console.place import here

if TYPE_CHECKING:
    from lockgate.console.pages.setup.wizard import Wizard

FIRST = 8
"""Changes that are shown here; the plan's own page has all."""
PACE = 0.3
"""Seconds between looks at a plan that is computed."""
WORKING = frozenset({"queued", "running"})


async def draw(wizard: "Wizard") -> None:
    answers = wizard.answers
    made = await views.flow_file(here(), answers.recipe, answers.uses, answers.ask, answers.name or None)
    row = await acts.add_flow(here(), made.text, "the console", acts.LOCAL, draft=True)
    ui.label(f"{row.name} stands as a draft: nothing is watched or written yet.").classes("muted")
    with ui.element("div") as shown:
        put(Markup("<p>Reading the source and asking the gates …</p>"))
    with ui.row().classes("actions"):
        on = button("Switch on", lambda: switch_on(row.name), tone="primary")
        ui.link("Download the flow file", f"/api/v1/flows/{row.name}/file").classes("button")
        button("Discard", lambda: discard(wizard, row.name), tone="danger", sure=f"Forget the draft {row.name}?")
    on.disable()
    ui.timer(0.01, lambda: preview(row.name, shown, on), once=True)


async def preview(name: str, shown: ui.element, on: ui.button) -> None:
    run = await acts.plan_flow(here(), name, acts.LOCAL)
    found = await views.run(here(), run.id)
    while found.state in WORKING:
        await asyncio.sleep(PACE)
        found = await views.run(here(), run.id)
    plan = await views.plan(here(), run.id)
    some = await views.changes(here(), run.id, limit=FIRST)
    shown.clear()
    with shown:
        put(
            told(name, plan, some.rows, bool(some.next))
            if found.state == "done"
            else empty("The plan could not be made", found.note)
        )
    if found.state == "done":
        on.enable()


def told(name: str, plan: PlanView, changes: list[ChangeView], more: bool) -> Markup:
    doing = joined(
        (
            Markup("<li><b>{}</b> {}</li>").format(number(count), action.replace("_", " "))
            for action, count in plan.summary.items()
        )
    ) or Markup("<li>Nothing: the target holds everything already.</li>")
    held = joined(
        Markup("<li><b>{}</b> {}</li>").format(number(count), words(code))
        for code, count in sorted(plan.account.reasons.items(), key=lambda one: -one[1])
    )
    stopped = Markup("<div><h3>What would stay out</h3><ul>{}</ul></div>").format(held) if held else NOTHING
    rows = [(one.title, ", ".join(action.replace("_", " ") for action in one.actions)) for one in changes]
    first = table([Column("Item", "wide"), "Would be"], rows, label="First changes") if rows else NOTHING
    whole = link("The whole plan, item by item", f"/flows/{name}/plans/{plan.id}") if more else NOTHING
    return Markup('<div class="columns"><div><h3>What would be done</h3><ul>{}</ul></div>{}</div>{}{}').format(
        doing, stopped, first, whole
    )


async def switch_on(name: str) -> None:
    await acts.activate_flow(here(), name, acts.LOCAL)
    ui.navigate.to(f"/flows/{name}")


async def discard(wizard: "Wizard", name: str) -> None:
    await acts.remove_flow(here(), name, acts.LOCAL)
    wizard.answers.asked = False
    await wizard.show()
