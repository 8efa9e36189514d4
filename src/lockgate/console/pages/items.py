"""All items of all flows: found by flow, outcome, reason, what the target holds, and text."""

from collections.abc import Iterable
from typing import get_args

from markupsafe import Markup

from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.app.views import ItemLine, Listing
from lockgate.app.views.reasons import WORDS, words
from lockgate.console.frame import page
from lockgate.console.parts.listing import Column, pager, table
from lockgate.console.parts.markup import (
    HELD,
    OUTCOMES,
    Piece,
    draw,
    empty,
    heading,
    held_badge,
    instant,
    item_address,
    joined,
    link,
    outcome_badge,
    section,
)
from lockgate.console.place import here
from lockgate.ledger.deliveries import Held
from lockgate.model.plan import Outcome

PAGE = 50
COLUMNS = (Column("Item", "wide"), Column("Identifiers", "code"), "Flow", "Outcome", Column("Why", "why"), "At the target",
           "Looked at")  # fmt: skip
SHOWN = 3
"""So many identifiers of an item stand in the list."""


@page("/items", "Items")
async def items(
    flow: str = "", outcome: str = "", code: str = "", held: str = "", text: str = "", after: str = ""
) -> None:
    """The questions are the address, so that what was found can be sent to somebody."""
    draw(heading("Items", below="What each flow knows of each item: what came of it, why, and what the target holds."))
    asked = {"flow": flow, "outcome": outcome, "code": code, "held": held, "text": text.strip()}
    draw(section("", form(asked, [line.name for line in await views.flow_lines(here())])))
    draw(found(await read(asked, after), asked, after))


async def read(asked: dict[str, str], after: str) -> Listing[ItemLine]:
    outcome, held = asked["outcome"], asked["held"]
    if outcome and outcome not in {one.value for one in Outcome}:
        raise Refused(f"there is no outcome {outcome!r}; there are {', '.join(Outcome)}")
    if held and held not in get_args(Held):
        raise Refused(f"a target holds {' or '.join(get_args(Held))} of an item, not {held!r}")
    return await views.items(
        here(), flow=asked["flow"] or None, outcome=Outcome(outcome) if outcome else None, code=asked["code"] or None,
        held=held_as(held), text=asked["text"] or None, after=after or None, limit=PAGE,
    )  # fmt: skip


def held_as(text: str) -> Held | None:
    return next((one for one in get_args(Held) if one == text), None)


def form(asked: dict[str, str], flows: list[str]) -> Markup:
    """Asks by GET, so it works without scripts and leaves an address."""
    fields = (
        choice("flow", "Flow", "All flows", ((name, name) for name in flows), asked),
        choice("outcome", "Outcome", "Any outcome", ((name, word) for name, (word, _) in OUTCOMES.items()), asked),
        choice("code", "Reason", "Any reason", reasons(asked["code"]), asked),
        choice("held", "At the target", "Shown or not", ((name, HELD[name][0]) for name in get_args(Held)), asked),
    )
    return Markup(
        '<form class="filters" action="/items" aria-label="Find items">{}'
        '<input type="search" name="text" aria-label="Title, identifier or key" placeholder="Title, identifier or key" value="{}">'
        '<button class="button primary">Find</button>{}</form>'
    ).format(joined(fields), asked["text"], link("Clear", "/items", "button") if any(asked.values()) else "")


def choice(name: str, label: str, any: str, options: Iterable[tuple[str, str]], asked: dict[str, str]) -> Markup:
    made = joined(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == asked[name] else "", shown
        )
        for value, shown in (("", any), *options)
    )
    return Markup('<select name="{}" aria-label="{}">{}</select>').format(name, label, made)


def reasons(asked: str) -> list[tuple[str, str]]:
    """Known reasons by their words; one that is asked for is among them whatever it is."""
    codes = {*WORDS, "product.missing", "product.unstated", "product.ambiguous", "file.missing", *filter(None, [asked])}
    return sorted(((code, words(code)) for code in codes), key=lambda one: one[1].lower())


def found(listing: Listing[ItemLine], asked: dict[str, str], after: str) -> Markup:
    if not listing.rows:
        return section("", nothing(asked))
    rows = table(COLUMNS, [cells(line) for line in listing.rows], label="Items")
    return section("", joined([rows, pager("/items", listing.next, after, **asked)]))


def nothing(asked: dict[str, str]) -> Markup:
    if any(asked.values()):
        return empty("No item like this", link("Show all items", "/items"))
    return empty(
        "No item yet",
        "As soon as a flow has looked at an item of its source, it stands here: delivered, blocked, parked or failed, and why.",
        link("Go to the flows", "/flows", "button"),
    )


def cells(line: ItemLine) -> tuple[Piece, ...]:
    return (
        link(line.title, item_address(line.flow, line.key)),
        identifiers(line),
        link(line.flow, f"/flows/{line.flow}"),
        outcome_badge(line.outcome),
        Markup('<span title="{}">{}</span>').format(line.reason, words(line.code)) if line.code else "",
        held_badge(line.held),
        instant(line.at),
    )


def identifiers(line: ItemLine) -> str:
    """The first identifiers; the key where there are none."""
    known = [value for values in line.identifiers.values() for value in values] or [line.key]
    return ", ".join(known[:SHOWN]) + (" …" if len(known) > SHOWN else "")
