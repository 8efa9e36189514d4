"""What is asked of the table: pages of rows, rows by id, rows that changed. Each function is a job on a connection."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, func, or_, select, text

from lockgate.connectors.sql.table import Rows, comparable, plain
from lockgate.kit.contract import Ref
from lockgate.kit.profile import Profile
from lockgate.kit.records import items
from lockgate.model.event import Event, changed
from lockgate.model.item import Item

PAGE = 500
Row = Mapping[str, Any]


class Cursor(msgspec.Struct, frozen=True):
    """The newest change seen, as text, and the id of the row up to which rows of that very change were read."""

    at: str = ""
    id: str = ""

    @classmethod
    def parsed(cls, rows: Rows, stored: str) -> "Cursor":
        """What to read from: the newest change seen, less the overlap."""
        seen = msgspec.json.decode(stored.encode(), type=Cursor)
        return cls(earlier(rows, seen.at)) if seen.at else cls()

    def later(self, other: "Cursor") -> "Cursor":
        return other if other.at else self

    def __str__(self) -> str:
        return msgspec.json.encode(self).decode()


def earlier(rows: Rows, at: str) -> str:
    """The instant less the overlap, in the form in which it was written; what is no instant stays as it is."""
    try:
        before = datetime.fromisoformat(at) - timedelta(seconds=rows.settings.overlap)
    except (ValueError, OverflowError):
        return at
    return before.isoformat(sep="T" if "T" in at else " ")


class Changed(msgspec.Struct, frozen=True):
    events: list[Event]
    last: Cursor


def server(c: Connection) -> tuple[str, str, str]:
    """Product, version and user."""
    version = ".".join(str(one) for one in c.dialect.server_version_info or ())
    account = "" if c.dialect.name == "sqlite" else str(c.execute(select(func.current_user())).scalar())
    return (
        {"postgresql": "PostgreSQL", "mysql": "MySQL or MariaDB", "sqlite": "SQLite"}[c.dialect.name],
        version,
        account,
    )


def tells_apart(c: Connection, rows: Rows) -> bool:
    """Whether the column of our key tells any two keys apart. MySQL and MariaDB usually compare without regard to capitals."""
    if c.dialect.name != "mysql" or rows.key is None:
        return True
    asked = (
        "SELECT collation_name FROM information_schema.columns "
        "WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :table AND column_name = :column"
    )
    told = {"schema": rows.table.schema, "table": rows.table.name, "column": rows.key.name}
    collation = c.execute(text(asked), told).scalar()
    return collation is None or str(collation).endswith("_bin")


def newest(c: Connection, rows: Rows) -> Cursor:
    if rows.modified is None:
        return Cursor()
    found = c.execute(select(func.max(rows.modified))).scalar()
    return Cursor(str(plain(found))) if found is not None else Cursor()


def changed_rows(c: Connection, rows: Rows, after: Cursor) -> Changed:
    """A page of changes behind the cursor, oldest first; with a bare instant, from that instant on."""
    modified, id = rows.modified, rows.id
    if modified is None:
        return Changed([], after)
    asked = select(id, modified).where(modified.is_not(None)).order_by(modified, id).limit(PAGE)
    found = c.execute(behind(asked, rows, after)).all()
    events = [changed(rows.settings.kind, str(plain(one)), at=aware(when)) for one, when in found]
    last = Cursor(str(plain(found[-1][1])), str(plain(found[-1][0]))) if found else after
    return Changed(events, last)


def behind(asked: Select[Any], rows: Rows, after: Cursor) -> Select[Any]:
    modified, id = rows.modified, rows.id
    at = comparable(modified, after.at) if modified is not None and after.at else None
    if modified is None or at is None:
        return asked
    if not after.id:
        return asked.where(modified >= at)
    return asked.where(or_(modified > at, and_(modified == at, id > rows.as_id(after.id))))


def aware(when: Any) -> datetime | None:
    """Only an instant that states its zone says when it was."""
    return when if isinstance(when, datetime) and when.tzinfo is not None else None


def page(c: Connection, rows: Rows, after: str | None) -> list[Ref]:
    asked = select(*rows.told_and_id()).order_by(rows.id).limit(PAGE)
    if after is not None:
        asked = asked.where(rows.id > rows.as_id(after))
    found = c.execute(asked).mappings()
    return [Ref(str(plain(row[rows.id.name])), revision(rows.record(dict(row)))) for row in found]


def by_ids(c: Connection, rows: Rows, ids: Sequence[str]) -> list[Row]:
    wanted = [one for id in ids if (one := rows.as_id(id)) is not None]
    found: list[Row] = []
    for first in range(0, len(wanted), PAGE):
        asked = select(*rows.told_and_id()).where(rows.id.in_(wanted[first : first + PAGE]))
        found += [dict(row) for row in c.execute(asked).mappings()]
    return found


def found(c: Connection, rows: Rows, column: str, values: Sequence[str]) -> dict[str, list[str]]:
    """Ids by value; values that the column cannot hold are not there."""
    at = rows.table.columns[column]
    wanted = {one: value for value in values if (one := comparable(at, value)) is not None}
    known: dict[str, list[str]] = {}
    for id, value in c.execute(select(rows.id, at).where(at.in_(list(wanted))).order_by(rows.id)):
        if (asked := wanted.get(value)) is not None:
            known.setdefault(asked, []).append(str(plain(id)))
    return known


def revision(record: Mapping[str, Any]) -> str:
    return hashlib.blake2b(msgspec.json.encode(record, order="deterministic"), digest_size=16).hexdigest()


def to_item(rows: Rows, row: Row, system: str, profile: Profile) -> Item:
    record = rows.record(row)
    modified = aware(row[rows.modified.name]) if rows.modified is not None else None
    return items.to_item(
        rows.settings.kind, str(plain(row[rows.id.name])), revision(record), record,
        system=system, profile=profile, place=rows.settings.table, modified=modified,
    )  # fmt: skip
