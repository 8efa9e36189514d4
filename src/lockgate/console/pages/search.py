"""The search of every page: what a name, a number or an id leads to. The only item that is found is shown at once."""

from fastapi import Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from lockgate.app import views
from lockgate.app.views import HitView, SearchView
from lockgate.console.frame import page
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import (
    NOTHING,
    Piece,
    badge,
    draw,
    empty,
    heading,
    held_badge,
    item_address,
    joined,
    link,
    outcome_badge,
    section,
)
from lockgate.console.place import here

SEE_OTHER = 303
LIMIT = 50
COLUMNS = ("What", Column("Name", "wide"), Column("Found by", "why"), "Outcome", "At the target")
KINDS = {"item": "item", "flow": "flow", "connection": "system", "run": "run"}


@page("/search", "Search")
async def search(text: str = "") -> Response | None:
    draw(heading("Search", below=Markup("For “{}”").format(text) if text.strip() else "Everything at once."))
    if not text.strip():
        draw(empty("What are you looking for?", *EXAMPLES))
        return None
    found = await views.search(here(), text, limit=LIMIT)
    if len(found.hits) == 1 and found.hits[0].kind == "item":
        return RedirectResponse(leads(found.hits[0]), SEE_OTHER)
    draw(listed(found) if found.hits else nothing(text))
    return None


EXAMPLES = (
    "A SKU, GTIN or ISBN in any spelling, an id at the source or at the target, or the beginning of one.",
    "Words of a title, by their beginnings, whatever their case and accents.",
    "The name of a flow or a system, the id of a run.",
)


def nothing(text: str) -> Markup:
    unseen = "An item that no flow has looked at yet cannot be found: it is seen with the next run, or when it changes."
    return empty(f"Nothing is known of “{text}”", unseen, *EXAMPLES)


def listed(found: SearchView) -> Markup:
    more = Markup('<p class="muted">There is more than these {}: add a word or a digit.</p>').format(len(found.hits))
    return section("", joined([table(COLUMNS, map(cells, found.hits), label="Found"), more if found.more else NOTHING]))


def cells(hit: HitView) -> tuple[Piece, ...]:
    return (
        badge(KINDS[hit.kind]),
        link(hit.title, leads(hit)),
        hit.detail,
        outcome_badge(hit.outcome) if hit.outcome else NOTHING,
        held_badge(hit.held) if hit.held else NOTHING,
    )


def leads(hit: HitView) -> str:
    """Where it is shown."""
    if hit.kind == "item":
        return item_address(hit.flow or "", hit.key or "")
    return {"flow": f"/flows/{hit.flow}", "connection": f"/connections/{hit.connection}", "run": f"/runs/{hit.run}"}[
        hit.kind
    ]
