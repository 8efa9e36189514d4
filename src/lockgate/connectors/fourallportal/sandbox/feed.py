"""Connectors: per connector a queue of numbered events, and the objects it may hand out.

Documented oddities that are kept: only the newest event of an object remains; starting from 0 rebuilds the queue in the
background and answers nothing meanwhile; what kind of event a change is depends on the connector's conditions.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.store import Store

from .changes import Change, EventType, ObjectType
from .conditions import Holds, condition
from .errors import conflict, not_found
from .objects import Objects, Window
from .query import All, parse
from .records import Record
from .schema import ConnectorConfig, Schema
from .search import Search
from .switches import Switches
from .times import feed_stamp, instant

TABLES = """
CREATE TABLE IF NOT EXISTS feed (
  connector TEXT NOT NULL, id INTEGER NOT NULL, object_id TEXT NOT NULL, object_type INTEGER NOT NULL,
  event_type INTEGER NOT NULL, mod_time TEXT NOT NULL, visible REAL NOT NULL, PRIMARY KEY (connector, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS feed_by_object ON feed (connector, object_id);
"""
INSERT = "INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?, ?)"
FIRST_ID = 11
"""Above 1, so that a walk "from 1" finds everything however the server counts."""
MOST = 1_000
READY = -1.0

Row = tuple[str, int, str, int, int, str, float]


class Feed:
    """The queues of all connectors."""

    def __init__(self, store: Store, clock: SandboxClock, objects: Objects, search: Search, schema: Schema) -> None:
        self._store = store
        self._clock = clock
        self._objects = objects
        self._search = search
        self._rebuilds: dict[str, float] = {}
        store.db.executescript(TABLES)
        self.use(schema)

    def use(self, schema: Schema) -> None:
        """Serve the connectors of this schema."""
        self._schema = schema
        self._holds = {name: self._condition(config) for name, config in schema.connectors.items()}

    def _condition(self, config: ConnectorConfig) -> Holds[Record] | None:
        if not config.conditions:
            return None
        columns = self._search.columns(self._schema.modules[config.module])
        return condition(All(tuple(parse(one) for one in config.conditions)), columns)

    def config(self, name: str) -> ConnectorConfig:
        """A connector by name; 404 when there is none."""
        found = self._schema.connectors.get(name)
        return found if found is not None else not_found(f"Connector '{name}'")

    def holds(self, name: str, record: Record | None) -> bool:
        """Whether a connector hands this object out."""
        test = self._holds[name]
        return record is not None and not record.deleted and (test is None or test(record))

    def note(self, change: Change, switches: Switches) -> None:
        """Enter a change in the queue of every connector it concerns."""
        for name, config in self._schema.connectors.items():
            if config.module != change.after.module:
                continue
            kind = _kind(inside_before=self.holds(name, change.before), inside_after=self.holds(name, change.after))
            if kind is not None:
                self._enter(name, change, kind, switches)

    def _enter(self, name: str, change: Change, kind: EventType, switches: Switches) -> None:
        record = change.after
        apart = switches.events_apart and kind is not EventType.DELETE
        both = apart and change.touched is ObjectType.BOTH
        for touched in (ObjectType.OBJECT, ObjectType.DERIVATE) if both else (change.touched,):
            self._drop(name, record.id, touched if apart else None)
            row = self._row(name, record.id, touched, kind, record.mod_time, switches.event_delay)
            self._store.db.execute(INSERT, row)

    def _drop(self, name: str, object_id: str, touched: ObjectType | None) -> None:
        """Older events of the object go; of one object type only when they are kept apart."""
        query = "DELETE FROM feed WHERE connector = ? AND object_id = ?"
        if touched is None:
            self._store.db.execute(query, (name, object_id))
        else:
            self._store.db.execute(query + " AND object_type IN (?, ?)", (name, object_id, touched, ObjectType.BOTH))

    def _row(self, name: str, object_id: str, touched: int, kind: int, mod_time: str, delay: float) -> Row:
        id = self._store.next_id(f"feed.{name}", FIRST_ID)
        visible = self._clock.elapsed() + delay if delay else 0.0
        return name, id, object_id, touched, kind, feed_stamp(instant(mod_time)), visible

    def note_created(self, records: Iterable[Record]) -> None:
        """Enter new objects in bulk: as a change of each would."""
        rows = self._created(records)
        self._store.db.executemany(INSERT, rows)

    def _created(self, records: Iterable[Record]) -> Iterator[Row]:
        for record in records:
            touched = ObjectType.BOTH if record.blob else ObjectType.OBJECT
            for name, config in self._schema.connectors.items():
                if config.module == record.module and self.holds(name, record):
                    yield self._row(name, record.id, touched, EventType.CREATE, record.mod_time, 0.0)

    # --- reading ---

    def events(self, name: str, start: int, hash: str | None, switches: Switches) -> list[dict[str, Any]]:
        """What the events route answers."""
        config = self.config(name)
        self._check_hash(config, hash)
        if self._rebuilding(name) or (start == 0 and self._begin_rebuild(name, switches.rebuild_delay)):
            return []
        sign = ">" if switches.exclusive_from else ">="
        found = self._store.db.execute(
            f"SELECT id, mod_time, object_id, object_type, event_type FROM feed WHERE connector = ? AND id {sign} ?"  # noqa: S608
            " AND id < (SELECT coalesce(min(id), 1 << 62) FROM feed WHERE connector = ? AND visible > ?) ORDER BY id LIMIT ?",
            (name, start, name, self._clock.elapsed(), MOST),
        )
        keys = ("id", "mod_time", "object_id", "object_type", "event_type")
        return [dict(zip(keys, row, strict=True)) for row in found]

    def _check_hash(self, config: ConnectorConfig, given: str | None) -> None:
        if given != config.hash(self._schema.modules[config.module]):
            conflict("The configuration of the connector has changed: the hash does not match")

    def _begin_rebuild(self, name: str, delay: float) -> bool:
        """Empty the queue and rebuild it later; False when it has just been rebuilt for this very question."""
        if self._rebuilds.pop(name, None) == READY:
            return False
        self._rebuilds[name] = self._clock.elapsed() + delay
        self._store.put("rebuild", name, {"connector": name})
        self._store.db.execute("DELETE FROM feed WHERE connector = ?", (name,))
        return True

    def _rebuilding(self, name: str) -> bool:
        due = self._rebuilds.get(name)
        if due is not None and due != READY and due <= self._clock.elapsed():
            self._rebuild(name)
        return self._rebuilds.get(name, READY) != READY

    def run_due(self) -> None:
        """Finish rebuilds whose time has come."""
        for name in list(self._rebuilds):
            self._rebuilding(name)

    def resume(self) -> None:
        """Take up what a stop of the sandbox cut off: rebuilds are due, and nothing lags any more."""
        self._store.db.execute("UPDATE feed SET visible = 0 WHERE visible > 0")
        self._rebuilds = {doc["connector"]: 0.0 for doc in self._store.all("rebuild")}

    def _rebuild(self, name: str) -> None:
        """Every object the connector holds becomes a creation with a fresh number."""
        module = self.config(name).module
        walked = self._objects.walk(module, Window(descending=False))
        held = [record for record in walked if self.holds(name, record)]
        with self._store.transaction():
            for record in held:
                self._drop(name, record.id, None)
            rows = [self._row(name, one.id, ObjectType.OBJECT, EventType.CREATE, one.mod_time, 0.0) for one in held]
            self._store.db.executemany(INSERT, rows)
            self._store.delete("rebuild", name)
        self._rebuilds[name] = READY

    def objects(self, name: str, ids: Iterable[str], read: Callable[[str, str], Record | None]) -> list[Record]:
        """Those of the objects that the connector holds, in the order asked for; `read` looks one up."""
        config = self.config(name)
        found = (read(config.module, id) for id in dict.fromkeys(ids))
        return [record for record in found if record is not None and self.holds(name, record)]


def _kind(*, inside_before: bool, inside_after: bool) -> EventType | None:
    if inside_after:
        return EventType.UPDATE if inside_before else EventType.CREATE
    return EventType.DELETE if inside_before else None
