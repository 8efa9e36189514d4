"""Look up, record and forget deliveries: what runs do, many rows at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from lockgate.ledger.clock import instant, micros
from lockgate.ledger.deliveries import counting
from lockgate.ledger.deliveries.rows import (
    JOINED,
    NARROW,
    SELECTED,
    WIDE,
    Delivery,
    delivery,
    names,
    names_hash,
    narrow,
    opened,
    wide,
)
from lockgate.ledger.sql import KeyList, Upsert, is_sqlite, many, storable
from lockgate.ledger.tables import delivery as table
from lockgate.ledger.tables import delivery_detail, item_identifier, item_title
from lockgate.ledger.words import folded

_get = KeyList(f"SELECT {SELECTED} FROM {JOINED} WHERE d.flow = {{}} AND d.key {{keys}}")  # noqa: S608 - our own names
_revisions = KeyList("SELECT key, rev FROM delivery WHERE flow = {} AND key {keys}")
_standing = KeyList("SELECT key, named, ref, outcome, code, held FROM delivery WHERE flow = {} AND key {keys}")
_details = KeyList("SELECT key, detail FROM delivery_detail WHERE flow = {} AND key {keys}")
_due_taken = KeyList("UPDATE delivery SET due = NULL WHERE flow = {} AND due <= {} AND key {keys}")
_remove = KeyList("DELETE FROM delivery WHERE flow = {} AND key {keys}")
_remove_details = KeyList("DELETE FROM delivery_detail WHERE flow = {} AND key {keys}")

_put = Upsert(table, NARROW, key=("flow", "key"))
_put_detail = Upsert(delivery_detail, WIDE, key=("flow", "key"))
_put_title = Upsert(item_title, ("flow", "key", "words"), key=("flow", "key"))
_remove_titles = KeyList("DELETE FROM item_title WHERE flow = {} AND key {keys}")
_words_in = KeyList(
    "INSERT INTO item_words (rowid, words) SELECT id, words FROM item_title WHERE flow = {} AND key {keys}"
)
_words_out = KeyList(
    "INSERT INTO item_words (item_words, rowid, words)"
    " SELECT 'delete', id, words FROM item_title WHERE flow = {} AND key {keys}"
)
_put_names = Upsert(item_identifier, ("value", "kind", "flow", "key"), key=("value", "kind", "flow", "key"))


def get(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, Delivery]:
    """The deliveries of these items, by key; items the flow never recorded are absent."""
    return {row[1]: delivery(row) for row in _get(c, keys, flow)}


def revisions(c: Connection, flow: str, keys: Iterable[str]) -> dict[str, str]:
    """The source revision last recorded, by key: what a full sync compares first."""
    return dict(_revisions(c, keys, flow))


def put(c: Connection, rows: Sequence[Delivery]) -> None:
    """Record these deliveries, new or known. What an item is found by is touched only where identifiers or title changed."""
    last = {(row.flow, row.key): row for row in rows}
    for flow in sorted({flow for flow, _ in last}):
        _put_flow(c, flow, [row for (one, _), row in last.items() if one == flow])


def _put_flow(c: Connection, flow: str, rows: Sequence[Delivery]) -> None:
    named = [names_hash(row) for row in rows]
    known = {one.key: one for one in _known(c, flow, [row.key for row in rows])}
    renamed = [
        row
        for row, number in zip(rows, named, strict=True)
        if number != (known[row.key].named if row.key in known else 0)
    ]
    _forget_names(c, flow, [known[row.key] for row in renamed if row.key in known])
    _put(c, map(narrow, rows, named))
    _put_detail(c, map(wide, rows))
    _put_found_by(c, flow, renamed)
    counting.moved(
        c, flow, (one.state for one in known.values()), ((row.outcome.value, row.code, row.held) for row in rows)
    )


class Known(NamedTuple):
    """What is recorded of an item and decides what else must be touched."""

    key: str
    named: int
    ref: str | None
    state: counting.State


def _known(c: Connection, flow: str, keys: Sequence[str]) -> list[Known]:
    return [
        Known(key, named, ref, (outcome, code, held))
        for key, named, ref, outcome, code, held in _standing(c, keys, flow)
    ]


def _put_found_by(c: Connection, flow: str, rows: Sequence[Delivery]) -> None:
    """Let these items be found by their numbers and the words of their titles."""
    if not rows:
        return
    _put_names(c, ((value, kind, flow, row.key) for row in rows for kind, value in names(row.identifiers, row.ref)))
    titles = [(flow, row.key, told) for row in rows if (told := folded(storable(row.title)))]
    _put_title(c, titles)
    if is_sqlite(c):
        _words_in(c, [key for _, key, _ in titles], flow)


def _forget_names(c: Connection, flow: str, rows: Sequence[Known]) -> None:
    """Let items be found no more by what is recorded of them."""
    if not rows:
        return
    keys, refs = [row.key for row in rows], {row.key: row.ref for row in rows}
    if is_sqlite(c):
        _words_out(c, keys, flow)
    _remove_titles(c, keys, flow)
    old = [
        {"v": value, "k": kind, "f": flow, "i": key}
        for key, blob in _details(c, keys, flow)
        for kind, value in names(opened(blob).identifiers, refs[key])
    ]
    if old:
        at = item_identifier.c
        one = (
            (at.value == bindparam("v"))
            & (at.kind == bindparam("k"))
            & (at.flow == bindparam("f"))
            & (at.key == bindparam("i"))
        )
        c.execute(delete(item_identifier).where(one), old)


_flow_words_out = text(
    "INSERT INTO item_words (item_words, rowid, words) SELECT 'delete', id, words FROM item_title WHERE flow = :flow"
)


class Mark(msgspec.Struct, frozen=True):
    """An item found unchanged at a revision; `due` is the next instant a verdict may change."""

    key: str
    rev: str
    due: datetime | None = None


def touch_unchanged(c: Connection, flow: str, marks: Iterable[Mark]) -> None:
    """Note a new revision and due date of items whose target needed nothing; all else stays as recorded."""
    many(
        c,
        "UPDATE delivery SET rev = ?, due = ? WHERE flow = ? AND key = ?",
        [(one.rev, micros(one.due), flow, one.key) for one in sorted(marks, key=attrgetter("key"))],
    )


def told(c: Connection, flow: str, key: str, audit_n: int) -> None:
    """Note that this audit row tells of the last act on an item; all else stays as recorded."""
    c.execute(update(table).where(table.c.flow == flow, table.c.key == key).values(audit_n=audit_n))


def due(c: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Flow and key of items whose due instant has come, the longest overdue first."""
    found = c.execute(
        select(table.c.flow, table.c.key).where(table.c.due <= micros(now)).order_by(table.c.due).limit(limit)
    )
    return [(flow, key) for flow, key in found]


def due_taken(c: Connection, pairs: Iterable[tuple[str, str]], now: datetime) -> None:
    """Take these off the list of due items, in the same job that hints them: so each is hinted once."""
    for flow, group in groupby(sorted(pairs), key=lambda pair: pair[0]):
        _due_taken(c, (key for _, key in group), flow, micros(now))


def next_due(c: Connection) -> datetime | None:
    """The first instant at which some item is due (it may have passed), or None."""
    return instant(c.execute(select(func.min(table.c.due)).where(table.c.due.is_not(None))).scalar())


def keys_after(c: Connection, flow: str, after: str, limit: int) -> list[str]:
    """The flow's keys in order, from the first one after `after` (empty: from the beginning)."""
    statement = select(table.c.key).where(table.c.flow == flow, table.c.key > after).order_by(table.c.key).limit(limit)
    return list(c.execute(statement).scalars())


def remove(c: Connection, flow: str, keys: Sequence[str]) -> None:
    """Forget these deliveries and their identifiers."""
    known = _known(c, flow, keys)
    counting.moved(c, flow, (one.state for one in known), ())
    _forget_names(c, flow, known)
    _remove_details(c, keys, flow)
    _remove(c, keys, flow)


def drop_flow(c: Connection, flow: str) -> int:
    """Forget all deliveries of a flow; says how many there were."""
    counting.drop_flow(c, flow)
    c.execute(delete(item_identifier).where(item_identifier.c.flow == flow))
    if is_sqlite(c):
        c.execute(_flow_words_out, {"flow": flow})
    c.execute(delete(item_title).where(item_title.c.flow == flow))
    c.execute(delete(delivery_detail).where(delivery_detail.c.flow == flow))
    return c.execute(delete(table).where(table.c.flow == flow)).rowcount
