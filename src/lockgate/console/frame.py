"""What every page has: its address, a head with navigation and search, and what is shown when it cannot be shown."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec

from fastapi import Request, Response
from markupsafe import Markup
from nicegui import Client, ui

from lockgate.app import views
from lockgate.app.version import VERSION
from lockgate.console.parts.markup import NOTHING, draw, empty, link, number
from lockgate.console.parts.saying import EXPECTED, alert, missing, sentences
from lockgate.console.place import here

P = ParamSpec("P")
Body = Callable[P, Awaitable[Response | None]]

NAVIGATION = (
    ("Overview", "/"),
    ("Flows", "/flows"),
    ("Items", "/items"),
    ("Parked", "/parked"),
    ("Runs", "/runs"),
    ("Connections", "/connections"),
    ("System", "/system"),
)
LINKS = f"""\
<link rel="stylesheet" href="/console/{VERSION}/console.css">
<script src="/console/{VERSION}/console.js"></script>
"""
HEAD = Markup("""\
<header>
<a class="skip" href="#main">Skip to the page</a>
<a class="brand" href="/">Lockgate</a>
<nav aria-label="Main">{links}</nav>
<form class="search" role="search" action="/search">
<input type="search" name="text" aria-label="Search items, identifiers, flows" placeholder="SKU, GTIN, ISBN, name, id  ( / )">
</form>
<a class="button primary" href="/setup">New flow</a>
<button class="theme" type="button" aria-label="Light or dark" title="Light or dark" data-theme>◐</button>
</header>
""")
"""Sent as it is, so that it stands before any script has run."""
THEMES = {"light": False, "dark": True}
NOT_THERE, DEFECT = 404, 500


def page(path: str, title: str) -> Callable[[Body[P]], Body[P]]:
    """Serve a page at a path of Starlette's form; its parameters are the function's, queries too.

    What the function draws stands below the head; an answer that it gives is sent instead. What goes wrong is said in
    its place: in its own words if it is one of those in EXPECTED, else that it is a defect.
    """

    def register(body: Body[P]) -> Body[P]:
        @ui.page(path, title=f"{title} · Lockgate", response_timeout=30.0)
        @wraps(body)
        async def framed(*args: P.args, **kwargs: P.kwargs) -> Response | None:
            await head(path)
            with main():
                try:
                    return await body(*args, **kwargs)
                except Exception as error:  # noqa: BLE001 - whatever it is, a person reads a sentence
                    sorry(error)
            return None

        return framed

    return register


def main() -> ui.element:
    """What stands below the head. Quasar has put a landmark of this name around it."""
    return ui.element("div").props('id="main" tabindex="-1"')


async def head(path: str) -> None:
    """Navigation, search and the theme's switch."""
    ui.add_head_html(LINKS)
    ui.dark_mode(chosen_theme())
    counts = {"/parked": await parked()}
    links = Markup("").join(tab(name, target, counts.get(target, 0), lies(path, target)) for name, target in NAVIGATION)
    ui.add_body_html(str(HEAD.format(links=links)))  # Markup would escape what stands before it


def tab(name: str, target: str, count: int, current: bool) -> Markup:
    here_now = Markup(' aria-current="page"') if current else NOTHING
    told = Markup(' <span class="count">{}</span>').format(number(count)) if count else NOTHING
    return Markup('<a href="{}"{}>{}{}</a>').format(target, here_now, name, told)


async def parked() -> int:
    """How many items are parked; none where that cannot be told, for the page itself says why."""
    try:
        return sum(one.n for one in await views.parked_counts(here()))
    except EXPECTED:
        return 0


def lies(path: str, below: str) -> bool:
    return path == below or (below != "/" and path.startswith(f"{below}/"))


def chosen_theme() -> bool | None:
    """Dark or light as this browser chose; None follows the system."""
    return THEMES.get(ui.context.client.request.cookies.get("theme", ""))


def sorry(error: Exception) -> None:
    """Say what is wrong, and what to do, in place of what could not be shown."""
    if missing(error):
        ui.context.client.status_code = NOT_THERE
    elif not isinstance(error, EXPECTED):
        ui.context.client.status_code = DEFECT
    draw(alert(sentences(error)))


async def nowhere(request: Request, _: Exception) -> Response:
    """The answer at an address that no page has."""
    ways = Markup("Go to the {}, or search for an item above.").format(link("overview", "/"))
    with Client(ui.page("", title="Not found · Lockgate"), request=request) as client:
        await head("")
        with main():
            draw(
                empty("There is no such page", Markup("Nothing is at <code>{}</code>.").format(request.url.path), ways)
            )
    return client.build_response(request, NOT_THERE)
