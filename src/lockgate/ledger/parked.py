"""Items that cannot go on: why, what they wait for, since when, how often tried."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, delete, func, select, tuple_, update

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.deliveries import finding
from lockgate.ledger.paging import Page, cut, position
from lockgate.ledger.sql import KeyList, Row, Upsert, storable
from lockgate.ledger.tables import parked as table
from lockgate.ledger.tables import parked_wait


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """One parked item. `waits` are opaque texts: whatever `wake` will be asked with when the thing appears."""

    flow: str
    key: str
    code: str
    reason: str
    waits: tuple[str, ...] = ()
    since: datetime
    tries: int = 0
    next_try: datetime | None = None


_COLUMNS = ("flow", "key", "code", "reason", "waits", "since", "tries", "next_try")
_put = Upsert(table, _COLUMNS, key=("flow", "key"))
_put_waits = Upsert(parked_wait, ("wait", "flow", "key"), key=("wait", "flow", "key"))
_get = KeyList(f"SELECT {', '.join(_COLUMNS)} FROM parked WHERE flow = {{}} AND key {{keys}}")  # noqa: S608 - our own names
_waits = KeyList("SELECT key, waits FROM parked WHERE flow = {} AND key {keys}")
_wake = KeyList("SELECT DISTINCT flow, key FROM parked_wait WHERE wait {keys}")
_remove = KeyList("DELETE FROM parked WHERE flow = {} AND key {keys}")
_remove_wait = KeyList("DELETE FROM parked_wait WHERE flow = {} AND key = {} AND wait {keys}")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[str, ...]).decode


def put(c: Connection, rows: Iterable[Parked]) -> None:
    """Park these items, or say anew why they are parked."""
    last = {(row.flow, row.key): row for row in rows}
    for flow in sorted({flow for flow, _ in last}):
        _drop_waits(c, flow, [key for one, key in last if one == flow])
    _put(c, map(_stored, last.values()))
    _put_waits(c, ((storable(wait), row.flow, row.key) for row in last.values() for wait in row.waits))


def remove(c: Connection, flow: str, keys: Sequence[str]) -> None:
    """These items are no longer parked."""
    _drop_waits(c, flow, keys)
    _remove(c, keys, flow)


def _drop_waits(c: Connection, flow: str, keys: Sequence[str]) -> None:
    for key, blob in _waits(c, keys, flow):
        if waits := _decode(blob):
            _remove_wait(c, waits, flow, key)


def drop_flow(c: Connection, flow: str) -> None:
    """Forget all that a flow has parked."""
    c.execute(delete(parked_wait).where(parked_wait.c.flow == flow))
    c.execute(delete(table).where(table.c.flow == flow))


def get(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, Parked]:
    """Those of these items that are parked, by key."""
    return {row[1]: _parked(row) for row in _get(c, keys, flow)}


def wake(c: Connection, waits: Sequence[str]) -> list[tuple[str, str]]:
    """Flow and key of the items that wait for any of these. They stay parked until a flow has looked at them."""
    return sorted({(flow, key) for flow, key in _wake(c, map(storable, waits))})


def ready(c: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Flow and key of items whose next try has come, the longest overdue first."""
    statement = select(table.c.flow, table.c.key).where(table.c.next_try <= micros(now))
    return [(flow, key) for flow, key in c.execute(statement.order_by(table.c.next_try).limit(limit))]


def tried(c: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Take these off the list of those ready, in the same job that hints them: so each is hinted once."""
    by_flow: dict[str, list[str]] = {}
    for flow, key in pairs:
        by_flow.setdefault(flow, []).append(key)
    for flow in sorted(by_flow):
        _tried(c, by_flow[flow], flow)


_tried = KeyList("UPDATE parked SET next_try = NULL WHERE flow = {} AND key {keys}")


def hasten(c: Connection, now: datetime) -> None:
    """Have all that would be tried again later tried now."""
    c.execute(update(table).where(table.c.next_try > micros(now)).values(next_try=micros(now)))


def next_ready(c: Connection) -> datetime | None:
    """The first instant for which a next try is set (it may have passed), or None."""
    return instant(c.execute(select(func.min(table.c.next_try)).where(table.c.next_try.is_not(None))).scalar())


Order = Literal["reason", "oldest"]
"""`reason`: by flow and code, the longest parked first in each. `oldest`: the longest parked of all first."""

_ORDERS: dict[Order, tuple[Column[Any], ...]] = {
    "reason": (table.c.flow, table.c.code, table.c.since, table.c.key),
    "oldest": (table.c.since, table.c.flow, table.c.key),
}


def page(
    c: Connection,
    *,
    flow: str | None = None,
    code: str | None = None,
    text: str | None = None,
    before: datetime | None = None,
    order: Order = "reason",
    after: str | None = None,
    limit: int = 50,
) -> Page[Parked]:
    """Parked items that match all that is given; `after` is the `next` of the page before.

    `text` is looked for as in the list of all items; `before`: parked before that instant.
    """
    by = _ORDERS[order]
    start = position(after, len(by)) if after else None
    wanted = Wanted(flow, code, micros(before))
    if text is None or not text.strip():
        rows = _walked(c, wanted, by, start, limit + 1)
    else:
        flows = [flow] if flow is not None else _flows(c)
        places = finding.fitting(c, text, flows)
        if places is None:
            fits = finding.fits(c, text, flows, table.c.flow, table.c.key)
            rows = _walked(c, wanted, by, start, limit + 1, fits)
        else:
            rows = _picked(c, wanted, by, start, places)[: limit + 1]
    return cut(rows, limit, lambda last: _place(last, by))


class Wanted(NamedTuple):
    """What is listed; None lets everything pass."""

    flow: str | None
    code: str | None
    before: int | None


By = tuple[Column[Any], ...]


def _walked(
    c: Connection,
    wanted: Wanted,
    by: By,
    start: tuple[Any, ...] | None,
    limit: int,
    fits: ColumnElement[bool] | None = None,
) -> list[Parked]:
    """Rows in the order of an index, from behind `start` on."""
    statement = select(*(table.c[name] for name in _COLUMNS)).order_by(*by).limit(limit)
    if wanted.flow is not None:
        statement = statement.where(table.c.flow == wanted.flow)
    if wanted.code is not None:
        statement = statement.where(table.c.code == wanted.code)
    if wanted.before is not None:
        statement = statement.where(table.c.since < wanted.before)
    if start is not None:
        statement = statement.where(tuple_(*by) > tuple_(*start))
    if fits is not None:
        statement = statement.where(fits)
    return [_parked(tuple(row)) for row in c.execute(statement)]


def _picked(
    c: Connection, wanted: Wanted, by: By, start: tuple[Any, ...] | None, places: Iterable[finding.Place]
) -> list[Parked]:
    """Those of these items that are parked, in order, from behind `start` on."""
    keys: dict[str, list[str]] = {}
    for flow, key in places:
        keys.setdefault(flow, []).append(key)
    rows = (row for flow, some in keys.items() for row in get(c, flow, some).values())
    chosen = [
        row
        for row in rows
        if wanted.code in {None, row.code} and (wanted.before is None or micros(row.since) < wanted.before)
    ]
    return sorted((row for row in chosen if start is None or _place(row, by) > start), key=lambda row: _place(row, by))


def _place(row: Parked, by: By) -> tuple[Any, ...]:
    told = {"flow": row.flow, "code": row.code, "since": micros(row.since), "key": row.key}
    return tuple(told[one.name] for one in by)


def _flows(c: Connection) -> list[str]:
    found: list[str] = []
    while (
        flow := c.execute(select(func.min(table.c.flow)).where(table.c.flow > (found or [""])[-1])).scalar()
    ) is not None:
        found.append(flow)
    return found


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """So many items of a flow are parked for one reason, the first of them since then."""

    flow: str
    code: str
    n: int
    since: datetime


def groups(c: Connection, flow: str | None = None) -> list[Group]:
    """What is parked, by flow and reason."""
    by = (table.c.flow, table.c.code)
    statement = select(*by, func.count(), func.min(table.c.since)).group_by(*by).order_by(*by)
    if flow is not None:
        statement = statement.where(table.c.flow == flow)
    return [Group(flow=flow, code=code, n=n, since=instant(since)) for flow, code, n, since in c.execute(statement)]


def counts(c: Connection, flow: str | None = None) -> dict[str, int]:
    """How many items are parked, by code."""
    statement = select(table.c.code, func.count()).group_by(table.c.code)
    if flow is not None:
        statement = statement.where(table.c.flow == flow)
    return {code: number for code, number in c.execute(statement)}  # noqa: C416 - rows are no tuples to a dict's types


def _stored(row: Parked) -> Row:
    return (
        row.flow,
        row.key,
        row.code,
        storable(row.reason),
        _encode(tuple(map(storable, row.waits))),
        micros(row.since),
        row.tries,
        micros(row.next_try),
    )


def _parked(row: tuple[Any, ...]) -> Parked:
    flow, key, code, reason, waits, since, tries, next_try = row
    return Parked(
        flow=flow,
        key=key,
        code=code,
        reason=reason,
        waits=_decode(waits),
        since=instant(since),
        tries=tries,
        next_try=instant(next_try),
    )
