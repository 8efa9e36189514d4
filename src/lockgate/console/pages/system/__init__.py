"""The installation itself: is it well, what is it, what was done in it and does the record hold."""

from markupsafe import Markup
from nicegui import ui

from lockgate.app import views
from lockgate.app.views import FindingView, VersionView
from lockgate.console.frame import page
from lockgate.console.pages.system.audit import audit
from lockgate.console.parts.acting import button
from lockgate.console.parts.markup import Piece, badge, draw, facts, heading, joined, link, prose, section
from lockgate.console.place import here

STATES = {"ok": ("in order", "ok"), "warn": ("look at it", "warn"), "fail": ("wrong", "stop")}
ORDER = ("fail", "warn", "ok")


@page("/system", "System")
async def system(flow: str = "", after: str = "") -> None:
    draw(heading("System"))
    with ui.element("div").classes("halves"):
        with ui.element("div").classes("stack"):
            examination()
            await audit(flow, after)
        draw(about(views.version(here())))


def examination() -> None:
    """All that `lockgate doctor` looks at. Systems are asked, which may take a moment: the page does not wait for it."""
    with ui.element("section").classes("panel").props('id="health"'):
        draw(Markup('<div class="head"><h2>Is it in order?</h2></div>'))
        shown = draw(Markup('<p class="muted">Looking …</p>'))

        async def look() -> str | None:
            shown.set_content(findings(await views.health(here())))
            return None

        with ui.row().classes("actions"):
            button("Look again", look)
    ui.timer(0.05, look, once=True)


def findings(found: list[FindingView]) -> Markup:
    """What is wrong first."""
    rows = (finding(one) for one in sorted(found, key=lambda one: ORDER.index(one.state)))
    return Markup('<ul class="findings">{}</ul>').format(joined(rows))


def finding(one: FindingView) -> Markup:
    remedy = Markup('<p class="remedy">{}</p>').format(prose(one.remedy)) if one.remedy else ""
    return Markup("<li>{}<div><strong>{}</strong> <span>{}</span>{}</div></li>").format(
        badge(*STATES[one.state]), one.what, prose(one.sentence), remedy
    )


def about(version: VersionView) -> Markup:
    rows: list[tuple[str, Piece]] = [
        ("Lockgate", version.lockgate),
        ("Python", version.python),
        ("Database", version.database),
        ("Its tables", version.schema_version),
        ("Home", Markup("<code>{}</code>").format(here().settings.home.resolve())),
    ]
    links = Markup("<p>{}</p>").format(
        joined([link("API", "/api/docs"), link("Metrics", "/metrics"), link("Ready?", "/readyz")], " · ")
    )
    return section("What runs here", joined([facts(rows), links]))
