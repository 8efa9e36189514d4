"""Parked items as people see them: why, what they wait for in words, since when, how often tried."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.views.choosing import choosable
from lockgate.app.views.flowfile import installed
from lockgate.app.views.shape import Listing, View, listing, read_page
from lockgate.engine.recipe import Flow
from lockgate.ledger import deliveries
from lockgate.ledger import parked as ledger
from lockgate.ledger.parked import Parked


class ParkedView(View):
    """One item that cannot go on."""

    flow: str
    key: str
    title: str
    code: str
    reason: str
    waits: list[str]
    """What it waits for, in words; any of them wakes it. Empty when only time, a change or a person helps."""
    since: datetime
    tries: int
    """How often it was tried again by itself."""
    next_try: datetime | None = None
    choosable: bool = False
    """Whether a person may choose the counterpart it misses."""


class ParkedCount(View):
    """How many items of a flow are parked for one reason."""

    flow: str
    code: str
    n: int
    since: datetime
    """Since when the first of them is."""


def parked_view(row: Parked, title: str, counterpart: str | None) -> ParkedView:
    """`counterpart` is the flow's name for what its items are linked to."""
    return ParkedView(
        flow=row.flow,
        key=row.key,
        title=title or row.key,
        code=row.code,
        reason=row.reason,
        waits=[in_words(wait) for wait in row.waits],
        since=row.since,
        tries=row.tries,
        next_try=row.next_try,
        choosable=counterpart is not None and choosable(row.code, counterpart),
    )


async def counterpart_names(app: Lockgate) -> dict[str, str]:
    """What each flow calls that to which its items are linked; flows without such a thing are absent."""
    found = {row.name: await installed(row) for row in await app.flows.all()}
    return {name: flow.resolve.name for name, flow in found.items() if isinstance(flow, Flow) and flow.resolve}


def in_words(wait: str) -> str:
    """`portal|product|sku|4711` as `a product with sku 4711 at portal`."""
    parts = wait.split("|", maxsplit=3)
    if len(parts) != 4:
        return wait
    connection, kind, by, value = parts
    return f"a {kind} with {by} {value} at {connection}"


async def parked_items(
    app: Lockgate,
    *,
    flow: str | None = None,
    code: str | None = None,
    text: str | None = None,
    before: datetime | None = None,
    order: ledger.Order = "reason",
    after: str | None = None,
    limit: int = 50,
) -> Listing[ParkedView]:
    """Parked items that match all that is given: by flow and reason, or the longest parked first.

    `text` is looked for in titles, keys and identifiers; `before`: parked before that instant.
    """

    counterparts = await counterpart_names(app)

    def read(c: Connection) -> tuple[list[ParkedView], str | None]:
        page = ledger.page(c, flow=flow, code=code, text=text, before=before, order=order, after=after, limit=limit)
        named = titles(c, page.rows)
        return [
            parked_view(row, named.get((row.flow, row.key), ""), counterparts.get(row.flow)) for row in page.rows
        ], page.next

    return listing(*await read_page(app, read))


def titles(c: Connection, rows: Sequence[Parked]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for flow in {row.flow for row in rows}:
        known = deliveries.get(c, flow, [row.key for row in rows if row.flow == flow])
        found |= {(flow, key): one.title for key, one in known.items()}
    return found


async def parked_counts(app: Lockgate, flow: str | None = None) -> list[ParkedCount]:
    """How many are parked, by flow and reason."""
    found = await app.ledger.read(lambda c: ledger.groups(c, flow))
    return [ParkedCount(flow=one.flow, code=one.code, n=one.n, since=one.since) for one in found]
