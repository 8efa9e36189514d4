"""What people and the API ask for: lists by outcome and reason, counts, an item by whatever it is called."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, tuple_

from lockgate.ledger.deliveries.rows import NARROW, Delivery, Held, delivery
from lockgate.ledger.deliveries.store import get
from lockgate.ledger.paging import Page, cut, position
from lockgate.ledger.tables import delivery as table
from lockgate.ledger.tables import delivery_detail as wide
from lockgate.ledger.tables import item_identifier
from lockgate.model.codes import IDENTIFIERS, identifier
from lockgate.model.plan import Outcome

_HIDDEN = table.c.held == literal_column("'hidden'")

Place = tuple[str, str, str, str]
"""Where a row stands in lists: flow, outcome, code, key. Any filter by the first ones is a range of one index."""


def page(
    c: Connection,
    *,
    flow: str | None = None,
    outcome: Outcome | str | None = None,
    code: str | None = None,
    held: Held | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Delivery]:
    """Deliveries that match all that is given, grouped by flow, outcome and code; `after` is the `next` of the page before.

    `text` is looked for in titles, keys and identifiers, whatever the case of its letters; unlike the other filters it
    reads every row they leave.
    """
    start: Place | None = position(after, 4) if after else None
    fixed = {"outcome": outcome and str(outcome), "code": code}
    rows: list[Delivery] = []
    for one in [flow] if flow is not None else flows(c, start[0] if start else ""):
        statement = _matching(one, fixed, held, text)
        if start is not None and one == start[0]:
            statement = statement.where(_after(fixed, start))
        statement = statement.limit(limit + 1 - len(rows))
        rows += [delivery(tuple(row)) for row in c.execute(statement)]
        if len(rows) > limit:
            break
    return cut(rows, limit, lambda last: (last.flow, last.outcome.value, last.code, last.key))


def _matching(flow: str, fixed: dict[str, str | None], held: Held | None, text: str | None) -> Select[Any]:
    columns = [*(table.c[name] for name in NARROW[:-1]), wide.c.title, wide.c.detail]
    joined = table.join(wide, (wide.c.flow == table.c.flow) & (wide.c.key == table.c.key))
    statement = select(*columns).select_from(joined).where(table.c.flow == flow)
    for name, value in fixed.items():
        if value is not None:
            statement = statement.where(table.c[name] == value)
    if held == "hidden":
        # Written out, not bound: only so does the planner see that the index of hidden copies covers it.
        statement = statement.where(_HIDDEN)
    elif held is not None:
        statement = statement.where(table.c.held == held)
    if text is not None:
        statement = statement.where(wide.c.search.contains(text.strip().casefold(), autoescape=True))
    return statement.order_by(table.c.outcome, table.c.code, table.c.key)


def _after(fixed: dict[str, str | None], start: Place) -> ColumnElement[bool]:
    """Behind `start` in the order of the index, said with the columns no filter has fixed."""
    open = [name for name, value in (*fixed.items(), ("key", None)) if value is None]
    places = dict(zip(("outcome", "code", "key"), start[1:], strict=True))
    return tuple_(*(table.c[name] for name in open)) > tuple_(*(places[name] for name in open))


def counts(c: Connection, flow: str) -> dict[str, dict[str, int]]:
    """How many items of the flow stand at each outcome and code."""
    statement = select(table.c.outcome, table.c.code, func.count()).where(table.c.flow == flow)
    found: dict[str, dict[str, int]] = {}
    for outcome, code, number in c.execute(statement.group_by(table.c.outcome, table.c.code)):
        found.setdefault(outcome, {})[code] = number
    return found


def flows(c: Connection, first: str = "") -> Iterator[str]:
    """The flows that have deliveries, in order from `first` on, by one step in the index for each."""
    flow = c.execute(select(func.min(table.c.flow)).where(table.c.flow >= first)).scalar()
    while flow is not None:
        yield flow
        flow = c.execute(select(func.min(table.c.flow)).where(table.c.flow > flow)).scalar()


def by_identifier(c: Connection, text: str) -> list[Delivery]:
    """Deliveries of items that carry this text as key or as identifier of any kind, in any spelling of it we know."""
    spellings = {text, text.strip(), *(identifier(kind, text) for kind in IDENTIFIERS)} - {None, ""}
    at = item_identifier.c
    wanted: dict[str, set[str]] = {flow: {text.strip()} for flow in flows(c)}
    for flow, key in c.execute(select(at.flow, at.key).where(at.value.in_(spellings))):
        wanted.setdefault(flow, set()).add(key)
    return [one for flow in sorted(wanted) for _, one in sorted(get(c, flow, wanted[flow]).items())]


def by_ref(c: Connection, ref: str, limit: int) -> list[Delivery]:
    """Deliveries whose copy has this id at the target. Reads the narrow row of every delivery: for a person's question only."""
    found: dict[str, list[str]] = {}
    for flow, key in c.execute(select(table.c.flow, table.c.key).where(table.c.ref == ref).limit(limit)):
        found.setdefault(flow, []).append(key)
    return [one for flow in sorted(found) for _, one in sorted(get(c, flow, found[flow]).items())]
