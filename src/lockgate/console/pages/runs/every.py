"""All runs, the newest first."""

from typing import get_args

from markupsafe import Markup

from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.app.views import RunView
from lockgate.console.frame import page
from lockgate.console.parts.listing import Column, chips, pager, table
from lockgate.console.parts.markup import Piece, draw, empty, heading, instant, joined, link, live, number, section
from lockgate.console.parts.runs import KINDS, UNDER_WAY, duration, kind_words, pace, run_badge, run_progress
from lockgate.console.place import here
from lockgate.ledger.runs import State

PAGE = 50
COLUMNS = (
    "Run", "Flow", Column("What it looks at", "wide"), "State", Column("Read", "number"), Column("Delivered", "number"),
    Column("Blocked", "number"), Column("Parked", "number"), Column("Failed", "number"), Column("Took", "number"), "Pace",
)  # fmt: skip
STATES = (("", "All"), ("running", "Running"), ("queued", "Queued"), ("waiting", "Asking you"), ("failed", "Failed"),
          ("done", "Done"), ("cancelled", "Cancelled"))  # fmt: skip


@page("/runs", "Runs")
async def runs(flow: str = "", kind: str = "", state: str = "", after: str = "") -> None:
    draw(heading("Runs", below="Each time a flow looks at many items at once. What comes in live is not a run."))
    asked = {"flow": flow, "kind": kind, "state": state}
    flows = [("", "All flows"), *((line.name, line.name) for line in await views.flow_lines(here()))]
    draw(
        section(
            "",
            joined(
                [
                    chips("/runs", "state", STATES, asked, label="State"),
                    chips("/runs", "kind", [("", "Any kind"), *KINDS.items()], asked, label="Kind"),
                    chips("/runs", "flow", flows, asked, label="Flow"),
                ]
            ),
        )
    )
    await live(lambda: listed(asked, after))


async def listed(asked: dict[str, str], after: str) -> Markup:
    found = await views.runs(
        here(), flow=asked["flow"] or None, kind=asked["kind"] or None, state=state_of(asked["state"]), after=after or None,
        limit=PAGE,
    )  # fmt: skip
    if not found.rows and not any((*asked.values(), after)):
        return empty(
            "No run yet",
            "A flow runs over everything when it is switched on, when a person asks for it, and as a sweep at its time.",
            link("Go to the flows", "/flows", "button"),
        )
    if not found.rows:
        return empty("No run like this", link("Show all runs", "/runs", "button"))
    return section(
        "", joined([table(COLUMNS, map(cells, found.rows), label="Runs"), pager("/runs", found.next, after, **asked)])
    )


def state_of(text: str) -> State | None:
    found: State | None = next((one for one in get_args(State) if one == text), None)
    if text and found is None:
        raise Refused(f"there is no state {text!r}; there are {', '.join(get_args(State))}")
    return found


def cells(run: RunView) -> tuple[Piece, ...]:
    at = run.account
    took = run_progress(run) if run.state in UNDER_WAY else Markup("{}").format(duration(run.seconds))
    return (
        link(instant(run.started), f"/runs/{run.id}"), link(run.flow, f"/flows/{run.flow}"), kind_words(run.kind), run_badge(run),
        number(at.read), number(at.written), number(at.blocked), number(at.parked), number(at.failed), took, pace(run),
    )  # fmt: skip
