"""Items as people see them: what the gates said, where the copy is, what happened to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.choosing import ChoiceView, choice_view
from lockgate.app.views.flowfile import Ends, ends
from lockgate.app.views.parked import ParkedView, counterpart_names, parked_view
from lockgate.app.views.shape import Listing, View, listing, read_page
from lockgate.ledger import choices, deliveries
from lockgate.ledger import links as ledger_links
from lockgate.ledger import parked as ledger_parked
from lockgate.ledger.choices import Choice
from lockgate.ledger.deliveries import Delivery, Held
from lockgate.ledger.links import LinkRow
from lockgate.model.plan import Outcome
from lockgate.model.verdict import Decision, Verdict

WORDS = {Decision.ALLOW: "lets it through", Decision.DENY: "stops it", Decision.ASK: "asks a person"}
HELD = {"none": "not there", "live": "visible", "hidden": "there, but hidden"}


class ItemLine(View):
    """One item of a flow, as lists show it."""

    flow: str
    key: str
    """The item's id at the source."""
    title: str
    outcome: Outcome
    code: str = ""
    reason: str = ""
    held: Held
    """What the target holds of it: nothing, a visible copy, a hidden copy."""
    identifiers: dict[str, list[str]]
    at: datetime
    """When it was last looked at."""
    since: datetime
    """Since when the target has been like this."""


class VerdictView(View):
    """One gate's answer."""

    gate: str
    decision: Decision
    reason: str
    code: str = ""
    until: datetime | None = None
    """The first instant at which the answer may change by itself."""
    words: str
    """All of it as one sentence."""


class LinkView(View):
    """Our copy hangs at this object of the target."""

    kind: str
    id: str
    field: str
    since: datetime


class PlaceView(View):
    """Where an item is: the copy a flow has put into its target."""

    connection: str
    kind: str
    held: Held
    words: str
    ref: str | None = None
    """The vendor's id of the copy."""
    url: str | None = None
    """The vendor's own page for the copy."""
    file_version: str | None = None
    """Which version of the source's file it carries."""
    filename: str | None = None
    size: int | None = None
    """Bytes of the file, where the source states them."""
    sha256: str | None = None
    """Digest of the file's bytes as they were sent."""
    since: datetime
    links: list[LinkView]
    fields: dict[str, Any]
    """What was written into the fields this flow owns."""


class ItemView(ItemLine):
    """One item of a flow, with all that is known of it."""

    source: str
    """The connection it comes from."""
    kind: str
    url: str | None = None
    """The vendor's own page for the item at the source."""
    due: datetime | None = None
    """When it will be looked at by itself because a verdict may change."""
    verdicts: list[VerdictView]
    place: PlaceView
    choice: ChoiceView | None = None
    """The counterpart that a person chose for it."""
    parked: ParkedView | None = None


class Look(View):
    """The gates' verdicts as of now, read from the source; nothing was written."""

    flow: str
    key: str
    title: str | None = None
    """Null when the source no longer has the item."""
    at: datetime
    allowed: bool
    verdicts: list[VerdictView]


def item_line(row: Delivery) -> ItemLine:
    return ItemLine(**line_fields(row))


def line_fields(row: Delivery) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in ItemLine.model_fields}
    return fields | {"title": row.title or row.key}


def verdict_view(found: Verdict) -> VerdictView:
    gate = found.gate or "the source"
    until = f", until {found.due:%Y-%m-%d %H:%M:%S} UTC" if found.due else ""
    return VerdictView(
        gate=found.gate,
        decision=found.decision,
        reason=found.reason,
        code=found.code,
        until=found.due,
        words=f"“{gate}” {WORDS[found.decision]}: {found.reason}{until}",
    )


def place_view(row: Delivery, links: list[LinkRow], at: Ends) -> PlaceView:
    return PlaceView(
        connection=at.target,
        kind=at.as_kind,
        held=row.held,
        words=f"{HELD[row.held]} at {at.target} since {row.since:%Y-%m-%d %H:%M:%S} UTC",
        ref=row.ref,
        url=row.extras.get("target_url"),
        file_version=row.file_version or None,
        filename=row.extras.get("filename"),
        size=row.extras.get("length"),
        sha256=row.file_digest,
        since=row.since,
        links=[LinkView(kind=one.kind, id=one.id, field=one.field, since=one.at) for one in links],
        fields=row.extras.get("fields", {}),
    )


def item_view(
    row: Delivery, links: list[LinkRow], waiting: ParkedView | None, choice: Choice | None, at: Ends
) -> ItemView:
    return ItemView(
        **line_fields(row),
        source=at.source,
        kind=at.kind,
        url=row.url,
        due=row.due,
        verdicts=[verdict_view(one) for one in row.verdicts],
        place=place_view(row, links, at),
        choice=choice_view(choice) if choice else None,
        parked=waiting,
    )


async def items(
    app: Lockgate,
    *,
    flow: str | None = None,
    outcome: Outcome | None = None,
    code: str | None = None,
    held: Held | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listing[ItemLine]:
    """Items that match all that is given, by flow, outcome, code and key."""
    page = await read_page(
        app,
        lambda c: deliveries.page(
            c, flow=flow, outcome=outcome, code=code, held=held, text=text, after=after, limit=limit
        ),
    )
    return listing([item_line(row) for row in page.rows], page.next)


async def item(app: Lockgate, flow: str, key: str) -> ItemView:
    """Raises Refused when the flow never looked at such an item."""
    at, counterpart = await ends(app, flow), (await counterpart_names(app)).get(flow)

    def read(c: Connection) -> ItemView | None:
        row = deliveries.get(c, flow, [key]).get(key)
        waiting = ledger_parked.get(c, flow, [key]).get(key)
        if row is None:
            return None
        shown = parked_view(waiting, row.title, counterpart) if waiting else None
        chosen = choices.get(c, flow, [key]).get(key)
        return item_view(row, ledger_links.get(c, flow, [key]).get(key, []), shown, chosen, at)

    found = await app.ledger.read(read)
    if found is None:
        raise Refused(f"flow {flow!r} has not looked at an item {key!r}", missing=True)
    return found


async def look(app: Lockgate, flow: str, key: str) -> Look:
    """Ask the gates now. Raises Refused when there is no such flow, ConnectorError when the source does not answer."""
    await app.flows.row(flow)
    title, verdicts, at = await app.look(flow, key)
    allowed = bool(verdicts) and all(one.allows for one in verdicts)
    shown = [verdict_view(one) for one in verdicts]
    return Look(flow=flow, key=key, title=title, at=at, allowed=allowed, verdicts=shown)


class WhereRow(ItemLine):
    """One item that stands somewhere, and where."""

    source: str
    place: PlaceView


FoundBy = Literal["identifier", "target", "name", "nothing"]


class WhereUsed(View):
    """Which items stand where: what a name, a number or an id leads to."""

    query: str
    found_by: FoundBy
    """What the text was found as: an id or number of an item, an id at a target, or a part of a title."""
    rows: list[WhereRow]
    more: bool = False
    """Whether there are more than these; ask more narrowly."""


async def where_used(app: Lockgate, query: str, limit: int = 100) -> WhereUsed:
    """Look for a SKU, GTIN, ISBN or other number, a key, an id at a target, or a part of a title, in this order."""
    text = query.strip()
    if not text:
        raise Refused("say what to look for: a SKU, GTIN, ISBN, id or a part of a title")
    all_ends = {row.name: await ends(app, row.name) for row in await app.flows.all()}

    def read(c: Connection) -> WhereUsed:
        for found_by, find in WAYS:
            rows = [row for row in find(c, text, limit + 1) if row.flow in all_ends]
            if rows:
                shown = where_rows(c, rows[:limit], all_ends)
                return WhereUsed(query=query, found_by=found_by, rows=shown, more=len(rows) > limit)
        return WhereUsed(query=query, found_by="nothing", rows=[])

    return await app.ledger.read(read)


def named(c: Connection, text: str, limit: int) -> list[Delivery]:
    return deliveries.by_identifier(c, text)[:limit]


def at_target(c: Connection, text: str, limit: int) -> list[Delivery]:
    """Items whose copy has this id at the target, or hangs at an object that has it."""
    linked = ledger_links.used_by_id(c, text, limit)
    found: list[Delivery] = []
    for flow in sorted({one.flow for one in linked}):
        found += deliveries.get(c, flow, {one.key for one in linked if one.flow == flow}).values()
    return found or deliveries.by_ref(c, text, limit)


def titled(c: Connection, text: str, limit: int) -> list[Delivery]:
    return deliveries.by_title(c, text, limit)


WAYS: tuple[tuple[FoundBy, Callable[[Connection, str, int], list[Delivery]]], ...] = (
    ("identifier", named),
    ("target", at_target),
    ("name", titled),
)
"""Tried in this order; the first that finds anything answers."""


def where_rows(c: Connection, rows: list[Delivery], at: Mapping[str, Ends]) -> list[WhereRow]:
    links: dict[tuple[str, str], list[LinkRow]] = {}
    for flow in {row.flow for row in rows}:
        known = ledger_links.get(c, flow, [row.key for row in rows if row.flow == flow])
        links |= {(flow, key): found for key, found in known.items()}
    return [
        WhereRow(
            **line_fields(row),
            source=at[row.flow].source,
            place=place_view(row, links.get((row.flow, row.key), []), at[row.flow]),
        )
        for row in rows
    ]
