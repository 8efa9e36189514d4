"""Objects at rest: one row each, found by id, by time, and by the values of short fields.

Lookups are kept in lower case and answer candidates: who needs an exact match compares again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import msgspec

from lockgate.kit.sandbox.store import Store

from .records import Record
from .schema import Field, Schema

TABLES = """
CREATE TABLE IF NOT EXISTS objects (
  module TEXT NOT NULL, id TEXT NOT NULL, live INTEGER NOT NULL, mod_time TEXT NOT NULL, doc BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS objects_by_id ON objects (module, id);
CREATE INDEX IF NOT EXISTS objects_oldest ON objects (module, live, mod_time, id);
CREATE INDEX IF NOT EXISTS objects_newest ON objects (module, live, mod_time DESC, id);
CREATE TABLE IF NOT EXISTS terms (
  field TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (field, value, id)
) WITHOUT ROWID;
"""
SAVE = """
INSERT INTO objects (module, id, live, mod_time, doc) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (module, id) DO UPDATE SET live = excluded.live, mod_time = excluded.mod_time, doc = excluded.doc
"""
CHUNK = 5_000
PLACE = "file."
"""The term of a file's folder and name together."""
ORDERS = {"mod_time": "mod_time {way}, id", "id": "id {way}"}

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Record).decode
Term = tuple[str, str, str]


@dataclass(slots=True)
class Window:
    """Which part of a module to walk: bounds of `mod_time`, order, how many to skip and take (-1: all)."""

    bounds: list[tuple[str, str]] = field(default_factory=list)
    order: str = "mod_time"
    descending: bool = True
    offset: int = 0
    limit: int = -1

    def where(self) -> str:
        return "module = ? AND live = 1" + "".join(f" AND mod_time {sign} ?" for sign, _ in self.bounds)

    def arguments(self, module: str) -> list[str]:
        return [module, *(moment for _, moment in self.bounds)]


class Objects:
    """All objects of all modules, and their indexes."""

    def __init__(self, store: Store, schema: Schema) -> None:
        self._db = store.db
        self._db.executescript(TABLES)
        self._transaction = store.transaction
        self.use(schema)

    def use(self, schema: Schema) -> None:
        """Index what this schema wants to be found."""
        self._indexed = {
            name: [one for one in module.fields.values() if one.indexed] for name, module in schema.modules.items()
        }

    def get(self, module: str, id: str) -> Record | None:
        """An object, also a deleted one."""
        row = self._db.execute("SELECT doc FROM objects WHERE module = ? AND id = ?", (module, id)).fetchone()
        return _decode(row[0]) if row else None

    def live(self, module: str, id: str) -> Record | None:
        """An object that is not deleted."""
        found = self.get(module, id)
        return found if found is not None and not found.deleted else None

    def exists(self, module: str, id: str) -> bool:
        query = "SELECT 1 FROM objects WHERE module = ? AND id = ? AND live = 1"
        return self._db.execute(query, (module, id)).fetchone() is not None

    def save(self, record: Record, before: Record | None) -> None:
        """Store an object in its new state; `before` is what is stored now."""
        self._db.execute(SAVE, _row(record))
        old = set() if before is None else set(self._terms(before))
        new = set(self._terms(record))
        self._db.executemany("DELETE FROM terms WHERE field = ? AND value = ? AND id = ?", old - new)
        self._db.executemany("INSERT OR IGNORE INTO terms VALUES (?, ?, ?)", new - old)

    def add_many(self, records: Iterable[Record]) -> None:
        """Store new objects; quick for a hundred thousand."""
        remaining = iter(records)
        while chunk := list(islice(remaining, CHUNK)):
            with self._transaction():
                self._db.executemany(SAVE, map(_row, chunk))
                terms = (term for record in chunk for term in self._terms(record))
                self._db.executemany("INSERT OR IGNORE INTO terms VALUES (?, ?, ?)", terms)

    def _terms(self, record: Record) -> Iterator[Term]:
        if record.deleted:
            return
        for one in self._indexed[record.module]:
            for value in record.values(one.name):
                yield f"{record.module}.{one.name}", value.lower(), record.id
        if record.module == "file":
            yield PLACE, _place(record.value("parent_id"), str(record.value("name"))), record.id

    def name_taken(self, folder: str | None, name: str) -> bool:
        """Whether a live file of that name, in whatever case, lies in the folder."""
        query = "SELECT 1 FROM terms WHERE field = ? AND value = ? LIMIT 1"
        return self._db.execute(query, (PLACE, _place(folder, name))).fetchone() is not None

    def with_value(self, module: str, name: str, value: str, limit: int = -1) -> list[str]:
        """Ids of live objects holding that text in an indexed field, in whatever case."""
        query = "SELECT id FROM terms WHERE field = ? AND value = ? ORDER BY id LIMIT ?"
        return [row[0] for row in self._db.execute(query, (f"{module}.{name}", value.lower(), limit))]

    def with_prefix(self, module: str, name: str, prefix: str, limit: int = -1) -> list[str]:
        """Ids of live objects with a value beginning so in an indexed field."""
        query = "SELECT id FROM terms WHERE field = ? AND value >= ? AND value < ? LIMIT ?"
        low = prefix.lower()
        return [row[0] for row in self._db.execute(query, (f"{module}.{name}", low, low + "\U0010ffff", limit))]

    def holder_of(self, record: Record, unique: Field) -> str | None:
        """Id of another live object with the same value in a unique field."""
        for value in record.values(unique.name):
            for id in self.with_value(record.module, unique.name, value):
                other = self.live(record.module, id) if id != record.id else None
                if other is not None and value in other.values(unique.name):
                    return id
        return None

    def has_child(self, record: Record) -> bool:
        """Whether another object calls this one its parent."""
        parents = {"folder": ("folder.parent_id", "file.parent_id"), "product": ("product.parent_product",)}
        query = "SELECT 1 FROM terms WHERE field = ? AND value = ? LIMIT 1"
        fields = parents.get(record.module, ())
        return any(self._db.execute(query, (one, record.id.lower())).fetchone() for one in fields)

    def walk(self, module: str, window: Window) -> Iterator[Record]:
        """Live objects in order, read as they are asked for."""
        order = ORDERS[window.order].format(way="DESC" if window.descending else "ASC")
        query = f"SELECT doc FROM objects WHERE {window.where()} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608 (fixed words)
        found = self._db.execute(query, (*window.arguments(module), window.limit, window.offset))
        return (_decode(row[0]) for row in found)

    def count(self, module: str, window: Window | None = None) -> int:
        """How many live objects the window's bounds leave."""
        window = window or Window()
        query = f"SELECT count(*) FROM objects WHERE {window.where()}"  # noqa: S608 (fixed words)
        return int(self._db.execute(query, window.arguments(module)).fetchone()[0])


def _place(folder: str | None, name: str) -> str:
    return f"{folder or ''}/{name}".lower()


def _row(record: Record) -> tuple[str, str, bool, str, bytes]:
    return record.module, record.id, not record.deleted, record.mod_time, _encode(record)
