"""One connection: its system and health, which fields carry what, its webhooks, who uses it."""

from markupsafe import Markup
from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.views import ConnectionView, ConnectorView
from lockgate.console.frame import page
from lockgate.console.pages.connections.health import check, health_badge
from lockgate.console.pages.connections.profile import profile
from lockgate.console.parts.acting import button
from lockgate.console.parts.asking import shown
from lockgate.console.parts.markup import (
    NOTHING,
    Piece,
    facts,
    heading,
    instant,
    joined,
    link,
    prose,
    section,
)
from lockgate.console.parts.values import value_of
from lockgate.console.parts.watching import Watched
from lockgate.console.place import here


@page("/connections/{name}", "Connection")
async def connection(name: str) -> None:
    watched = await Watched[ConnectionView].begin(lambda: views.connection(here(), name), every=5.0)
    ui.page_title(f"{name} · Lockgate")
    connector = connector_of(watched.now)
    watched.draw(title)
    actions(watched)
    watched.draw(wrong)
    with ui.element("div").classes("halves"):
        with ui.element("div").classes("stack"):
            profile(watched)
        with ui.element("div").classes("stack"):
            watched.draw(system)
            watched.draw(lambda now: settings(now, connector))
            watched.draw(webhooks)


def connector_of(now: ConnectionView) -> ConnectorView:
    return next(one for one in views.connectors() if one.id == now.connector)


def title(now: ConnectionView) -> Markup:
    return heading(now.name, below=joined([health_badge(now), " ", now.title, *told(now)]))


def told(now: ConnectionView) -> list[Piece]:
    return [Markup(" · asked {}").format(instant(now.checked_at))] if now.checked_at else []


def actions(watched: Watched[ConnectionView]) -> None:
    name = watched.now.name

    async def ask() -> str | None:
        try:
            return await check(name)
        finally:
            await watched.again()

    async def reveal() -> str | None:
        path, secret = await acts.reveal_webhook(here(), name, acts.LOCAL)
        await shown("Where its webhooks come in", address_of(path, secret))
        return None

    async def remove() -> str | None:
        await acts.remove_connection(here(), name, acts.LOCAL)
        ui.navigate.to("/connections")
        return None

    with ui.row().classes("actions"):
        button("Check now", ask, tone="primary")
        button("Show webhook address", reveal)
        button("Remove", remove, tone="danger", sure=f"Forget {name} with its credentials and profile?")


def address_of(path: str, secret: str) -> Markup:
    base = here().settings.hooks.rstrip("/") or str(ui.context.client.request.base_url).rstrip("/")
    reach = (
        NOTHING
        if here().settings.hooks
        else Markup(
            "<p>Other machines reach this one under another address: set it with <code>LOCKGATE_HOOKS</code>.</p>"
        )
    )
    return Markup(
        "<p>Enter this at the system. Whoever knows the address can tell us to look at items, and nothing more.</p>"
        "<h3>Address</h3><pre class='secret'>{}</pre><h3>Secret to sign with</h3><pre class='secret'>{}</pre>{}"
    ).format(base + path, secret, reach)


def wrong(now: ConnectionView) -> Markup:
    """What its system answered that must be put right, and how."""
    if now.problem is None:
        return NOTHING
    flows = joined((link(flow, f"/flows/{flow}") for flow in now.flows), ", ")
    stands = Markup("<p>Until then {} cannot go on; nothing is lost.</p>").format(flows) if now.flows else NOTHING
    return Markup(
        '<div class="notice stop" role="alert"><strong>{}</strong><p>Put that right, then check again.</p>{}</div>'
    ).format(prose(now.problem), stands)


def system(now: ConnectionView) -> Markup:
    info = now.info
    flows = joined((link(flow, f"/flows/{flow}") for flow in now.flows), ", ") or "no flow yet"
    rows: list[tuple[str, Piece]] = [("Used by", flows)]
    if info is not None:
        notes = joined(Markup("<p>{}</p>").format(note) for note in info.notes)
        rows = [
            ("Product", info.product),
            ("Version", info.version),
            ("Account", info.account),
            *rows,
            ("Notes", notes),
        ]
    return section("System", facts(rows))


def settings(now: ConnectionView, connector: ConnectorView) -> Markup:
    """What was set, by the names it has for people; secrets only as being there. What stands as usual is not worth a line."""
    fields = connector.settings["properties"]

    def named(name: str) -> str:
        return str(fields.get(name, {}).get("title", name))

    told = {name: value for name, value in now.settings.items() if value != fields.get(name, {}).get("default")}
    given = [(named(name), value_of(value)) for name, value in told.items()]
    usual = len(now.settings) - len(told)
    rest = Markup('<p class="muted">{} more stand as usual.</p>').format(usual) if usual else NOTHING
    sealed = [(named(name), "kept sealed") for name in now.secrets]
    return section("Settings", joined([facts([*given, *sealed]), rest]))


def webhooks(now: ConnectionView) -> Markup:
    return section(
        "Webhooks",
        Markup(
            '<p class="muted">They come in at <code>{}</code>. What they miss is found by looking for changes.</p>'
        ).format(now.webhook),
    )
