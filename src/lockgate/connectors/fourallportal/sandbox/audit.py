"""The history of objects: one entry per field and change, newest first (answer shape inferred)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from lockgate.kit.sandbox.store import Store

from .changes import Change, EventType
from .conditions import Column, condition
from .query import parse
from .records import Entry
from .schema import Module
from .times import instant

TABLES = """
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY, module TEXT NOT NULL, object_id TEXT NOT NULL, event_type INTEGER NOT NULL,
  field TEXT, old_value BLOB NOT NULL, new_value BLOB NOT NULL, mod_time TEXT NOT NULL, mod_by TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_by_object ON audit (module, object_id, id);
"""
FIRST_ID = 9001

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[dict[str, Any]]).decode

Row = dict[str, Any]

COLUMNS: Mapping[str, Column[Row]] = {
    "field": Column("text", lambda row: () if row["field"] is None else (row["field"],)),
    "mod_by": Column("text", lambda row: (row["mod_by"],)),
    "mod_time": Column("instant", lambda row: (instant(row["mod_time"]),)),
    "event_type": Column("number", lambda row: (row["event_type"],)),
}


class Audit:
    """Writes and reads the history of audited fields."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.db.executescript(TABLES)

    def note(self, module: Module, change: Change, by: str, at: str) -> None:
        """Add one entry for each audited field that changed; one without a field for a delete."""
        record = change.after
        rows = [
            (self._store.next_id("audit", FIRST_ID), record.module, record.id, change.kind, *entry, at, by)
            for entry in _entries(module, change)
        ]
        self._store.db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def list(self, module: str, object_id: str, query: str, offset: int, count: int) -> Row:
        """The answer of the audit route: the part asked for, and how many entries there are in all."""
        holds = condition(parse(query), COLUMNS) if query.strip() else None
        rows = [row for row in self._rows(module, object_id) if holds is None or holds(row)]
        return {"total_count": len(rows), "result": rows[offset : offset + count]}

    def _rows(self, module: str, object_id: str) -> Iterator[Row]:
        found = self._store.db.execute(
            "SELECT id, event_type, field, old_value, new_value, mod_time, mod_by FROM audit"
            " WHERE module = ? AND object_id = ? ORDER BY id DESC",
            (module, object_id),
        )
        for id, event_type, field, old, new, mod_time, mod_by in found:
            row: Row = {
                "id": str(id),
                "module": module,
                "object_id": object_id,
                "event_type": event_type,
                "field": field,
            }
            row |= {"old_value": _decode(old), "new_value": _decode(new), "mod_time": mod_time, "mod_by": mod_by}
            yield row


def _entries(module: Module, change: Change) -> Iterator[tuple[str | None, bytes, bytes]]:
    if change.kind is EventType.DELETE:
        yield None, b"[]", b"[]"
        return
    for field in module.fields.values():
        old = _value(change.before.fields if change.before else {}, field.name)
        new = _value(change.after.fields, field.name)
        if old != new and not field.read_only:
            yield field.name, _encode(old), _encode(new)


def _value(fields: Mapping[str, list[Entry]], name: str) -> list[Entry]:
    return fields.get(name, [])
