"""What every page has: its address, a head with navigation and search, and what is shown when it cannot be shown."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec

from markupsafe import Markup
from nicegui import ui

from lockgate.app.problems import Refused
from lockgate.app.version import VERSION
from lockgate.console.parts.markup import draw
from lockgate.engine.recipe import RecipeErrors
from lockgate.kit.errors import ConnectorError
from lockgate.ledger import LedgerError

P = ParamSpec("P")
Body = Callable[P, Awaitable[None]]

NAVIGATION = (
    ("Overview", "/"),
    ("Flows", "/flows"),
    ("Items", "/items"),
    ("Parked", "/parked"),
    ("Runs", "/runs"),
    ("Connections", "/connections"),
    ("System", "/system"),
)
EXPECTED = (Refused, RecipeErrors, ConnectorError, LedgerError)
"""What goes wrong in words; anything else is a defect of ours."""
LINKS = f"""\
<link rel="stylesheet" href="/console/{VERSION}/console.css">
<script src="/console/{VERSION}/console.js"></script>
"""
HEAD = Markup("""\
<a class="skip" href="#main">Skip to the page</a>
<a class="brand" href="/">Lockgate</a>
<nav aria-label="Main">{links}</nav>
<form class="search" role="search" action="/search">
<input type="search" name="text" aria-label="Search items, identifiers, flows" placeholder="SKU, GTIN, ISBN, name, id  ( / )">
</form>
<a class="button primary" href="/setup">New flow</a>
<button class="theme" type="button" aria-label="Light or dark" title="Light or dark" data-theme>◐</button>
""")
THEMES = {"light": False, "dark": True}


def page(path: str, title: str) -> Callable[[Body[P]], Body[P]]:
    """Serve a page at a path of Starlette's form; its parameters are the function's, queries too.

    What the function draws stands below the head. A sentence of those in EXPECTED is shown in its place.
    """

    def register(body: Body[P]) -> Body[P]:
        @ui.page(path, title=f"{title} · Lockgate", response_timeout=30.0)
        @wraps(body)
        async def framed(*args: P.args, **kwargs: P.kwargs) -> None:
            head(path)
            with ui.element("main").props('id="main" tabindex="-1"'):
                try:
                    await body(*args, **kwargs)
                except EXPECTED as error:
                    sorry(error)

        return framed

    return register


def head(path: str) -> None:
    """Navigation, search and the theme's switch."""
    ui.add_head_html(LINKS)
    ui.dark_mode(chosen_theme())
    links = Markup("").join(
        Markup('<a href="{}"{}>{}</a>').format(
            target, Markup(' aria-current="page"') if lies(path, target) else "", name
        )
        for name, target in NAVIGATION
    )
    draw(HEAD.format(links=links), tag="header")


def lies(path: str, below: str) -> bool:
    return path == below or (below != "/" and path.startswith(f"{below}/"))


def chosen_theme() -> bool | None:
    """Dark or light as this browser chose; None follows the system."""
    return THEMES.get(ui.context.client.request.cookies.get("theme", ""))


def sorry(error: Exception) -> None:
    """Say what is wrong, and what to do, in place of what could not be shown."""
    with ui.element("section").classes("sorry").props('role="alert"'):
        for sentence in sentences(error):
            ui.label(sentence)


def sentences(error: Exception) -> tuple[str, ...]:
    """What an expected error says, sentence by sentence."""
    if isinstance(error, Refused):
        return error.sentences
    if isinstance(error, ConnectorError):
        return (error.sentence,)
    return tuple(str(error).splitlines()) or (type(error).__name__,)
