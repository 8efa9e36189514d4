"""Parked items: why they cannot go on, what they wait for, and what a person can do about it."""

from functools import partial

from markupsafe import Markup

from lockgate.app import acts, views
from lockgate.app.views import ParkedCount, ParkedView
from lockgate.app.views.reasons import words
from lockgate.console.frame import page
from lockgate.console.parts.acting import RowAct, agreed, on_rows, row_button
from lockgate.console.parts.choosing import choose
from lockgate.console.parts.listing import Column, pager, table
from lockgate.console.parts.markup import (
    NOTHING,
    Piece,
    address,
    draw,
    empty,
    filters,
    heading,
    instant,
    item_address,
    joined,
    link,
    live,
    number,
    section,
)
from lockgate.console.place import here

REASONS = ("Flow", Column("Why", "wide"), "Oldest", Column("Items", "number"), Column("", "tools"))
ITEMS = (
    Column("Item", "wide"), Column("Why", "wide"), Column("Waits for", "wide"), "Since", Column("Tries", "number"), "Next try",
    Column("", "tools"),
)  # fmt: skip
GUARD = "guard"


@page("/parked", "Parked")
async def parked(flow: str = "", code: str = "", text: str = "", after: str = "") -> None:
    draw(
        heading(
            "Parked",
            below="What cannot go on by itself, or waits for something. Nothing is lost: each item stays here.",
        )
    )
    asked = {"flow": flow, "code": code, "text": text}
    again = await live(partial(everything, asked, after), every=5.0)
    on_rows({"retry-reason": retry_reason, "retry": retry, "drop": drop, "choose": pick}, again)


async def everything(asked: dict[str, str], after: str) -> Markup:
    counts = await views.parked_counts(here(), asked["flow"] or None)
    if not counts and not any(asked.values()):
        return empty(
            "Nothing is parked",
            "An item is parked when it cannot go on: its product is not there yet, its file cannot be read, the target refuses it.",
            "It says here why, what it waits for, and goes on by itself once that is there.",
        )
    return joined([section("By reason", reasons(counts, asked)), await items(asked, after)])


def reasons(counts: list[ParkedCount], asked: dict[str, str]) -> Markup:
    rows = [
        (
            link(one.flow, f"/flows/{one.flow}"),
            link(
                words(one.code),
                address("/parked", flow=one.flow, code=one.code),
                "chosen" if chosen(one, asked) else "",
            ),
            instant(one.since),
            number(one.n),
            row_button(
                "Retry all",
                "retry-reason",
                title=f"Retry all: {words(one.code)}",
                flow=one.flow,
                code=one.code,
                n=str(one.n),
            ),
        )
        for one in sorted(counts, key=lambda one: -one.n)
    ]
    return table(REASONS, rows, label="Reasons")


def chosen(one: ParkedCount, asked: dict[str, str]) -> bool:
    return (one.flow, one.code) == (asked["flow"], asked["code"])


async def items(asked: dict[str, str], after: str) -> Markup:
    flow, code, text = (asked[name] or None for name in ("flow", "code", "text"))
    found = await views.parked_items(here(), flow=flow, code=code, text=text, after=after or None, limit=50)
    listed = (
        table(ITEMS, [cells(one) for one in found.rows], label="Parked items")
        if found.rows
        else empty("No item like this")
    )
    tools = filters("/parked", {"text": ("Title, key or identifier", text or "")}, flow=flow or "", code=code or "")
    return section(
        words(code) if code else "All items",
        joined([listed, pager("/parked", found.next, after, **asked)]),
        tools=tools,
    )


def cells(one: ParkedView) -> tuple[Piece, ...]:
    given = {"flow": one.flow, "key": one.key}
    buttons = [row_button("Retry", "retry", title=f"Retry {one.title}", code=one.code, **given)]
    if one.choosable:
        buttons.insert(
            0, row_button("Choose…", "choose", title=f"Choose what {one.title} belongs to", named=one.title, **given)
        )
    if one.code != GUARD:
        buttons.append(row_button("Drop", "drop", title=f"Drop {one.title}", named=one.title, **given))
    return (
        link(one.title, item_address(one.flow, one.key)),
        one.reason,
        joined(one.waits, ", ") or NOTHING,
        instant(one.since),
        number(one.tries),
        instant(one.next_try),
        joined(buttons, " "),
    )


async def retry_reason(asked: RowAct) -> str | None:
    held = asked["code"] == GUARD
    if held and not await agreed(f"Withdraw {asked['n']} copies that the guard holds back?", "Withdraw them", "danger"):
        return None
    done = await acts.retry_parked(
        here(), asked["flow"], acts.LOCAL, code=asked["code"], confirm=int(asked["n"]) if held else None
    )
    return f"{number(done)} items are looked at again"


async def retry(asked: RowAct) -> str | None:
    held = asked["code"] == GUARD
    if held and not await agreed("Withdraw this copy that the guard holds back?", "Withdraw it", "danger"):
        return None
    await acts.retry_one(here(), asked["flow"], asked["key"], acts.LOCAL, confirm=1 if held else None)
    return "It is looked at again"


async def drop(asked: RowAct) -> str | None:
    if not await agreed(f"Let {asked['named']} be until it changes at the source?", "Drop it", "danger"):
        return None
    await acts.drop(here(), asked["flow"], asked["key"], acts.LOCAL)
    return "It is left alone until it changes"


async def pick(asked: RowAct) -> str | None:
    return await choose(asked["flow"], asked["key"], asked["named"])
