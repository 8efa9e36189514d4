"""The first page: systems and flows, what needs a person, the last day."""

from markupsafe import Markup
from nicegui import ui

from lockgate.app import views
from lockgate.app.views import OverviewView, SeriesView
from lockgate.console.frame import page
from lockgate.console.pages.overview.map import drawn
from lockgate.console.pages.overview.needs import needs
from lockgate.console.parts.charts import hours, legend, summed
from lockgate.console.parts.markup import NOTHING, draw, empty, heading, joined, link, section
from lockgate.console.parts.watching import Watched
from lockgate.console.place import here


@page("/", "Overview")
async def overview() -> None:
    watched = await Watched[OverviewView].begin(lambda: views.overview(here()))
    draw(heading("Overview"))
    watched.draw(systems)
    if watched.now.flows or watched.now.needs:
        with ui.element("div").classes("halves"):
            watched.draw(lambda now: needs(now.needs))
            watched.draw(lambda now: day(now.series))


def systems(now: OverviewView) -> Markup:
    return joined(
        [
            section("Systems and flows", drawn(now.systems, now.flows)) if now.systems else NOTHING,
            NOTHING if now.flows else beginning(now),
        ]
    )


def beginning(now: OverviewView) -> Markup:
    """What to do in an installation that carries nothing yet."""
    return section(
        "",
        empty(
            "Nothing is carried yet" if now.systems else "Welcome to Lockgate",
            "A flow carries what is approved and cleared from one system to another, and keeps the proof.",
            Markup("<ol>{}</ol>").format(joined(Markup("<li>{}</li>").format(step) for step in STEPS)),
            link("New flow", "/setup", "button primary"),
            Markup("To look around first, <code>lockgate demo</code> sets up two make-believe systems and a flow."),
        ),
    )


STEPS = (
    "Choose what is to be carried: there are recipes for it.",
    "Connect the two systems; each is asked at once whether it answers.",
    "Look at the plan: nothing is written before you agree.",
    "Switch it on.",
)


def day(series: list[SeriesView]) -> Markup:
    """The last day of each flow, hour by hour."""
    charts = (
        Markup("<h3>{}</h3>{}{}").format(link(one.flow, f"/flows/{one.flow}"), hours(one), legend(summed(one)))
        for one in series
    )
    return section("Last 24 hours", joined(charts)) if series else NOTHING
