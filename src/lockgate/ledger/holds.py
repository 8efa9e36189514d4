"""Recalls by people: an item that one of them closed for a flow, until somebody lifts it."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, tuple_

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.paging import Page, cut, position
from lockgate.ledger.sql import KeyList, Row, Upsert
from lockgate.ledger.tables import hold as table

RECALLED = "recalled"
"""Code of the reason for which a recalled item is blocked."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """This person closed this item for this flow, and why."""

    flow: str
    key: str
    reason: str
    who: str
    at: datetime


_COLUMNS = ("flow", "key", "reason", "who", "at")
_put = Upsert(table, _COLUMNS, key=("flow", "key"))
_get = KeyList("SELECT flow, key, reason, who, at FROM hold WHERE flow = {} AND key {keys}")
_remove = KeyList("DELETE FROM hold WHERE flow = {} AND key {keys}")


def put(c: Connection, rows: Iterable[Hold]) -> None:
    """Close these items; one that was recalled before takes the new reason."""
    _put(c, ((row.flow, row.key, row.reason, row.who, micros(row.at)) for row in rows))


def get(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, Hold]:
    """The recalls among these items, by key."""
    return {row[1]: _hold(tuple(row)) for row in _get(c, keys, flow)}


def remove(c: Connection, flow: str, keys: Iterable[str]) -> None:
    """Lift these recalls."""
    _remove(c, keys, flow)


def page(c: Connection, *, flow: str | None = None, after: str | None = None, limit: int = 50) -> Page[Hold]:
    """What is recalled, by flow and key; `after` is the `next` of the page before."""
    order = (table.c.flow, table.c.key)
    statement = select(*(table.c[name] for name in _COLUMNS)).order_by(*order).limit(limit + 1)
    if flow is not None:
        statement = statement.where(table.c.flow == flow)
    if after:
        statement = statement.where(tuple_(*order) > tuple_(*position(after, 2)))
    return cut([_hold(tuple(row)) for row in c.execute(statement)], limit, lambda last: (last.flow, last.key))


def _hold(row: Row) -> Hold:
    flow, key, reason, who, at = row
    return Hold(flow=flow, key=key, reason=reason, who=who, at=instant(at))
