"""All flows and how they stand."""

from markupsafe import Markup

from lockgate.app import views
from lockgate.app.views import FlowLine
from lockgate.console.frame import page
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import (
    Piece,
    address,
    badge,
    draw,
    empty,
    heading,
    link,
    live,
    number,
    section,
    state_badge,
)
from lockgate.console.place import here

COLUMNS = ("Flow", Column("What it does", "wide"), "From", "To", "State", Column("Delivered", "number"),
           Column("Blocked", "number"), Column("Parked", "number"), Column("Waiting", "number"))  # fmt: skip


@page("/flows", "Flows")
async def flows() -> None:
    draw(heading("Flows", below="What is carried from where to where, and how it stands."))
    await live(listed)


async def listed() -> Markup:
    lines = await views.flow_lines(here())
    if not lines:
        return empty(
            "No flow yet",
            "A flow carries what is approved and cleared from one system to another.",
            link("Set one up", "/setup", "button primary"),
        )
    return section("", table(COLUMNS, [cells(line) for line in lines], label="Flows"))


def cells(line: FlowLine) -> tuple[Piece, ...]:
    state = badge("cannot work", "stop") if line.problem else state_badge(line.state)
    held = line.counts.get("written", 0) + line.counts.get("unchanged", 0)
    return (
        link(line.name, f"/flows/{line.name}"), line.title, line.source, line.target, state, number(held),
        number(line.counts.get("blocked", 0)), link(number(line.parked), address("/parked", flow=line.name)), number(line.waiting),
    )  # fmt: skip
