"""What people did, and whether the record of all that was done holds."""

from markupsafe import Markup
from nicegui import ui

from lockgate.app import views
from lockgate.app.views import AuditReportView, PersonAct
from lockgate.console.parts.acting import button
from lockgate.console.parts.listing import Column, chips, pager, table
from lockgate.console.parts.markup import NOTHING, Piece, draw, empty, instant, joined, link, number, section
from lockgate.console.parts.values import value_of
from lockgate.console.place import here

PAGE = 25
COLUMNS = ("When", "Who", "Did", "To", Column("More", "wide"))
UNTOLD = frozenset({"by", "flow"})
"""Details that stand in columns of their own."""


async def audit(flow: str, after: str) -> None:
    """The chain's buttons and the list of what people did."""
    with ui.element("section").classes("panel").props('id="audit"'):
        draw(Markup('<div class="head"><h2>The record</h2></div><p class="muted">{}</p>').format(WHAT))
        report = draw(NOTHING)

        async def verify() -> str | None:
            report.set_content(told(await views.audit_report(here())))
            return None

        with ui.row().classes("actions"):
            button("Verify the chain", verify)
            draw(link("Export it", "/api/v1/audit/export", "button"))
    draw(await people(flow, after))


WHAT = (
    "Whatever is decided, written or withdrawn, and by whom, is kept in a chain: each row holds the hash of the one before, "
    "so that any later change shows. The export verifies itself with nothing but SHA-256."
)


def told(report: AuditReportView) -> Markup:
    if not report.intact:
        return Markup(
            '<div class="notice stop" role="alert"><strong>It does not hold at row {}</strong><p>{}</p></div>'
        ).format(report.broken, report.problem)
    return Markup(
        '<div class="notice ok" role="status"><strong>It holds: {} rows with {} entries</strong>'
        "<p>Keep its end elsewhere, to prove later that nothing before it was written anew:</p><code>{}:{}</code></div>"
    ).format(number(report.rows), number(report.entries), report.last.n, report.last.hash)


async def people(flow: str, after: str) -> Markup:
    """What was done to connections and to flows as such, or to one flow and its items."""
    found = await views.person_acts(here(), flow, after=after or None, limit=PAGE)
    flows = [(line.name, line.name) for line in await views.flow_lines(here())]
    choices = chips("/system", "flow", [("", "Connections"), *flows], {"flow": flow}, label="To what")
    listed = table(COLUMNS, map(cells, found.rows), label="What people did") if found.rows else NOTHING_YET
    return section(
        "What people did", joined([choices, listed, pager("/system", found.next, after, flow=flow)]), id="people"
    )


NOTHING_YET = empty("Nothing yet", "Connections made, flows installed, runs started, recalls: all of it is noted.")


def cells(one: PersonAct) -> tuple[Piece, ...]:
    more = joined((detail(name, value) for name, value in one.detail.items() if name not in UNTOLD), " · ")
    return instant(one.at), one.by, one.act, one.key, more


def detail(name: str, value: object) -> Markup:
    return Markup('<span class="muted">{}</span> {}').format(name, value_of(value))
