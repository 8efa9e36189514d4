"""Recalls as people see them: what was recalled, by whom and why, and whether it is closed yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.views.shape import Listing, View, listing, read_page
from lockgate.ledger import deliveries, holds
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.holds import RECALLED, Hold


class RecallView(View):
    """An item that a person closed for a flow."""

    flow: str
    key: str
    title: str
    reason: str
    who: str
    at: datetime
    closed: bool
    """Whether the target was read since, and shows no copy."""
    words: str


def recall_view(hold: Hold, row: Delivery | None) -> RecallView:
    closed = row is not None and row.code == RECALLED and row.held != "live"
    since = f"{row.since:%Y-%m-%d %H:%M:%S} UTC" if row is not None else ""
    words = "not closed yet"
    if closed and row is not None:
        words = f"closed, seen at the target {since}" if row.held == "hidden" else "nothing of it is at the target"
    return RecallView(
        flow=hold.flow,
        key=hold.key,
        title=(row.title if row is not None else "") or hold.key,
        reason=hold.reason,
        who=hold.who,
        at=hold.at,
        closed=closed,
        words=words,
    )


async def recalls(
    app: Lockgate, *, flow: str | None = None, after: str | None = None, limit: int = 50
) -> Listing[RecallView]:
    """What is recalled, by flow and key."""

    def read(c: Connection) -> tuple[list[RecallView], str | None]:
        page = holds.page(c, flow=flow, after=after, limit=limit)
        return views_of(c, page.rows), page.next

    return listing(*await read_page(app, read))


async def recalls_of(app: Lockgate, flow: str, keys: Sequence[str]) -> Listing[RecallView]:
    """The recalls among these items."""
    found = await app.ledger.read(lambda c: views_of(c, [one for _, one in sorted(holds.get(c, flow, keys).items())]))
    return listing(found, None)


def views_of(c: Connection, rows: Sequence[Hold]) -> list[RecallView]:
    known: dict[tuple[str, str], Delivery] = {}
    for flow in {row.flow for row in rows}:
        found = deliveries.get(c, flow, [row.key for row in rows if row.flow == flow])
        known |= {(flow, key): one for key, one in found.items()}
    return [recall_view(row, known.get((row.flow, row.key))) for row in rows]
