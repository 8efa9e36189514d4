"""One item of one flow: why it is where it is, until when, and what happened to it."""

from typing import NamedTuple

from markupsafe import Markup
from nicegui import ui

from lockgate.app import views
from lockgate.app.views import ItemView, Listing, RecallView, TimelineEntry, WhereRow
from lockgate.console.frame import page
from lockgate.console.pages.item.acting import buttons, possible
from lockgate.console.pages.item.place import elsewhere, gates, held_up, person, place, recalled
from lockgate.console.pages.item.timeline import timeline
from lockgate.console.parts.markup import (
    NOTHING,
    Piece,
    away,
    draw,
    facts,
    held_badge,
    instant,
    joined,
    link,
    outcome_badge,
)
from lockgate.console.parts.pictures import thumbnail
from lockgate.console.parts.watching import Watched
from lockgate.console.place import here

PAGE = 20
"""So many things that happened stand on one page."""


class Sight(NamedTuple):
    """What is read for the page."""

    item: ItemView
    recall: RecallView | None
    past: Listing[TimelineEntry]


@page("/items/{flow}/{key:path}", "Item")
async def item(flow: str, key: str, after: str = "") -> None:
    async def read() -> Sight:
        shown = await views.item(here(), flow, key)
        recalls = (await views.recalls_of(here(), flow, [key])).rows
        past = await views.timeline(here(), flow, key, after=after or None, limit=PAGE)
        return Sight(shown, recalls[0] if recalls else None, past)

    watched = await Watched[Sight].begin(read)
    ui.page_title(f"{watched.now.item.title} · Lockgate")
    watched.draw(lambda now: head(now.item))
    watched.build(
        lambda now: possible(now.item, now.recall), lambda now: buttons(watched.again, now.item, now.recall), "actions"
    )
    watched.draw(lambda now: recalled(now.recall))
    watched.draw(lambda now: held_up(now.item))
    watched.draw(lambda now: gates(now.item.verdicts, now.item.due))
    watched.draw(lambda now: place(now.item))
    draw(elsewhere(await others(watched.now.item)))
    watched.draw(lambda now: timeline(now.item, now.past, after))


async def others(shown: ItemView) -> list[WhereRow]:
    """Where other flows have put the same item."""
    found = await views.where_used(here(), shown.key)
    return [row for row in found.rows if (row.source, row.key) == (shown.source, shown.key) and row.flow != shown.flow]


def head(shown: ItemView) -> Markup:
    return Markup('<div class="subject">{}<div><h1>{}</h1><p class="below">{}</p>{}</div></div>').format(
        thumbnail(shown.flow, shown.key, title=f"Picture of {shown.title}"),
        shown.title,
        joined([outcome_badge(shown.outcome), held_badge(shown.held)], " "),
        facts(known(shown)),
    )


def known(shown: ItemView) -> list[tuple[str, Piece]]:
    at_source = away(f"{shown.kind} {shown.key} at {shown.source}", shown.url) if shown.url else NOTHING
    return [
        *(
            (kind.upper(), Markup('<span class="code">{}</span>').format(", ".join(found)))
            for kind, found in shown.identifiers.items()
        ),
        ("Source", at_source or f"{shown.kind} {shown.key} at {shown.source}"),
        ("Belongs to", chosen(shown)),
        ("Flow", link(shown.flow, f"/flows/{shown.flow}")),
        ("Looked at", instant(shown.at)),
    ]


def chosen(shown: ItemView) -> Piece:
    """What a person said it belongs to."""
    if shown.choice is None:
        return NOTHING
    one = shown.choice
    return joined([f"{one.label} ({one.kind} {one.id}), said by {person(one.by)} ", instant(one.at)])
