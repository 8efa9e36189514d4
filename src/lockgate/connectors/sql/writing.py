"""What is done to the table: rows put in, changed, marked, removed. Each function is a job in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lockgate.connectors.sql.reading import Row, revision
from lockgate.connectors.sql.table import Rows, plain
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected


class Writable:
    """A table that has a column for our key."""

    def __init__(self, rows: Rows) -> None:
        if rows.key is None:
            raise AssertionError("asked for tables with a key only")
        self.table, self.id, self.told, self.hidden = rows.table, rows.id, rows.told, rows.hidden
        self.key: Column[Any] = rows.key
        self.rows = rows

    def columns(self) -> list[Column[Any]]:
        named = [*self.rows.told_and_id(), self.key, *([self.hidden] if self.hidden is not None else [])]
        return list({one.name: one for one in named}.values())


def by_keys(c: Connection, rows: Writable, keys: Sequence[str]) -> list[Row]:
    return [dict(row) for row in c.execute(select(*rows.columns()).where(rows.key.in_(list(keys)))).mappings()]


def put(c: Connection, rows: Writable, key: str, values: Mapping[str, Any]) -> Receipt:
    """Change the row of this key, else put it in. Who put it in between is changed, too: our key is unique."""
    created = not changed(c, rows, key, values)
    if created:
        try:
            with c.begin_nested():
                c.execute(insert(rows.table).values({**values, rows.key.name: key}))
        except IntegrityError:
            if not changed(c, rows, key, values):
                raise
            created = False
    (row,) = by_keys(c, rows, [key])
    told = {one.name: plain(row[one.name]) for one in rows.told}
    return Receipt(key=key, ref=str(plain(row[rows.id.name])), revision=revision(told), created=created)


def changed(c: Connection, rows: Writable, key: str, values: Mapping[str, Any]) -> bool:
    if not c.execute(select(rows.id).where(rows.key == key)).first():
        return False
    if values:
        c.execute(update(rows.table).where(rows.key == key).values(dict(values)))
    return True


def marked(c: Connection, rows: Writable, refs: Sequence[str], *, hide: bool) -> Iterator[Receipt | ConnectorError]:
    if rows.hidden is None:
        raise NeedsOperator(
            "To hide rows, say which column marks them (setting hidden), or have them removed.", code="no_hidden"
        )
    return iter([mark(c, rows, rows.hidden, ref, hide) for ref in refs])


def mark(c: Connection, rows: Writable, column: Column[Any], ref: str, hide: bool) -> Receipt | ConnectorError:
    if (key := our_key(c, rows, ref)) is None:
        return absent(ref)
    at = rows.id == rows.rows.as_id(ref)
    c.execute(update(rows.table).where(at, rows.key == key).values({column.name: hide}))
    if bool(c.execute(select(column).where(at)).scalar()) is not hide:
        return Rejected(
            f"Row {ref} did not take the mark in {column.name}; look for a trigger or rule.", code="not_marked"
        )
    return Receipt(key=key, ref=ref)


def removed(c: Connection, rows: Writable, refs: Sequence[str]) -> Iterator[Receipt | ConnectorError]:
    return iter([remove(c, rows, ref) for ref in refs])


def remove(c: Connection, rows: Writable, ref: str) -> Receipt | ConnectorError:
    """A row that is gone already is closed; one that is there without our key is not ours to remove."""
    at = rows.id == rows.rows.as_id(ref)
    if not c.execute(select(rows.id).where(at)).first():
        return Receipt(key="", ref=ref)
    if (key := our_key(c, rows, ref)) is None:
        return absent(ref)
    c.execute(delete(rows.table).where(at, rows.key == key))
    return Receipt(key=key, ref=ref)


def our_key(c: Connection, rows: Writable, ref: str) -> str | None:
    """Our key of a row; None for one that is not there or not ours."""
    found = c.execute(select(rows.key).where(rows.id == rows.rows.as_id(ref))).scalar()
    return str(found) if found is not None else None


def absent(ref: str) -> NotFound:
    return NotFound(f"There is no row {ref} of ours.", code="not_found")
