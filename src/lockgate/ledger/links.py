"""Links a flow has made in the target: which of our copies hangs at which object there."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, func, select

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.sql import KeyList, Row, Upsert, many
from lockgate.ledger.tables import link as table


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """The copy of `key` is linked from the object `kind`/`id` by its field `field`."""

    flow: str
    key: str
    kind: str
    id: str
    field: str
    ref: str | None = None
    """Our copy, as the target names it. None: about to be linked, and not confirmed yet."""
    at: datetime


_COLUMNS = ("flow", "key", "kind", "id", "field", "ref", "at")
_KEY = _COLUMNS[:5]
_put = Upsert(table, _COLUMNS, key=_KEY)
_get = KeyList(
    "SELECT flow, key, kind, id, field, ref, at FROM link WHERE flow = {} AND key {keys} ORDER BY key, kind, id, field"
)


def get(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, list[LinkRow]]:
    """The links of these items by key; items without links are absent."""
    found: dict[str, list[LinkRow]] = {}
    for row in _get(c, keys, flow):
        found.setdefault(row[1], []).append(_link(tuple(row)))
    return found


_linked = KeyList("SELECT id, key FROM link WHERE flow = {} AND kind = {} AND id {keys}")


def linked(c: Connection, flow: str, kind: str, ids: Iterable[str]) -> dict[str, set[str]]:
    """The items of a flow that are linked from these objects, by object; objects without links are absent."""
    found: dict[str, set[str]] = {}
    for id, key in _linked(c, ids, flow, kind):
        found.setdefault(id, set()).add(key)
    return found


def put(c: Connection, rows: Iterable[LinkRow]) -> None:
    """Record links that were made; one that is known already takes the new `ref` and `at`."""
    _put(c, ((row.flow, row.key, row.kind, row.id, row.field, row.ref, micros(row.at)) for row in rows))


def remove(c: Connection, rows: Sequence[LinkRow]) -> None:
    """Forget links that were taken away in the target."""
    where = " AND ".join(f"{name} = ?" for name in _KEY)
    many(c, f"DELETE FROM link WHERE {where}", [(r.flow, r.key, r.kind, r.id, r.field) for r in rows])  # noqa: S608 - our names


def drop_flow(c: Connection, flow: str) -> None:
    """Forget all links of a flow."""
    c.execute(delete(table).where(table.c.flow == flow))


def used(c: Connection, kind: str, id: str) -> list[LinkRow]:
    """All links from this object of the target, of every flow."""
    made = (table.c.kind == kind) & (table.c.id == id) & table.c.ref.is_not(None)
    statement = select(*(table.c[name] for name in _COLUMNS)).where(made)
    return [_link(tuple(row)) for row in c.execute(statement.order_by(table.c.flow, table.c.key, table.c.field))]


def used_by_id(c: Connection, id: str, limit: int) -> list[LinkRow]:
    """Up to `limit` links from objects of the target with this id: of each kind in turn, since the index begins with the kind."""
    found: list[LinkRow] = []
    kind = c.execute(select(func.min(table.c.kind))).scalar()
    while kind is not None and len(found) < limit:
        statement = select(*(table.c[name] for name in _COLUMNS)).where(table.c.kind == kind, table.c.id == id)
        rows = c.execute(statement.order_by(table.c.flow, table.c.key, table.c.field).limit(limit - len(found)))
        found += [_link(tuple(row)) for row in rows]
        kind = c.execute(select(func.min(table.c.kind)).where(table.c.kind > kind)).scalar()
    return found


def _link(row: Row) -> LinkRow:
    flow, key, kind, id, field, ref, at = row
    return LinkRow(flow=flow, key=key, kind=kind, id=id, field=field, ref=ref, at=instant(at))
