"""All connections and whether their systems answer."""

from markupsafe import Markup

from lockgate.app import views
from lockgate.app.views import ConnectionLine
from lockgate.console.frame import page
from lockgate.console.pages.connections.health import check, health_badge
from lockgate.console.parts.acting import RowAct, on_rows, row_button
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import Piece, draw, empty, heading, instant, joined, link, live, prose, section
from lockgate.console.place import here

COLUMNS = ("Connection", "System", "Health", Column("What is wrong", "wide"), "Asked", "Used by", Column("", "tools"))


@page("/connections", "Connections")
async def connections() -> None:
    draw(heading("Connections", below="Systems that flows carry between, each as an account of ours sees it."))
    again = await live(listed, every=5.0)

    async def checked(asked: RowAct) -> str | None:
        return await check(asked["name"])

    on_rows({"check": checked}, again)


async def listed() -> Markup:
    lines = await views.connections(here())
    if not lines:
        return empty(
            "No system is connected yet",
            "A connection is a system with credentials and what we know of its fields. It is made when a flow is set up.",
            link("New flow", "/setup", "button primary"),
        )
    return section("", table(COLUMNS, map(cells, lines), label="Connections"))


def cells(one: ConnectionLine) -> tuple[Piece, ...]:
    flows = joined((link(flow, f"/flows/{flow}") for flow in one.flows), ", ")
    return (
        link(one.name, f"/connections/{one.name}"), one.title, health_badge(one), prose(one.problem or ""), instant(one.checked_at),
        flows or "no flow", row_button("Check now", "check", title=f"Check {one.name} now", name=one.name),
    )  # fmt: skip
