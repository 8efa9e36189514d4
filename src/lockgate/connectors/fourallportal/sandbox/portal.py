"""The portal behind its routes: objects, history, feeds and announcements, changed together or not at all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.store import Store

from .audit import Audit
from .changes import Change, EventType
from .errors import not_found
from .feed import Feed
from .folders import Folders
from .objects import Objects
from .present import Presenter
from .records import Record
from .schema import ConnectorConfig, Module, Schema, portal_schema
from .search import Search
from .steps import set_up_by
from .switches import Switches
from .values import Writer

Announce = Callable[[str, dict[str, Any]], None]
EVENT_NAMES = {EventType.CREATE: "CE_Create", EventType.UPDATE: "CE_Update", EventType.DELETE: "CE_Delete"}


class Portal:
    """Everything one tenant holds."""

    def __init__(self, store: Store, clock: SandboxClock, switches: Switches, announce: Announce) -> None:
        self.store = store
        self.clock = clock
        self.switches = switches
        self.schema = _configured(store)
        self.objects = Objects(store, self.schema)
        self.folders = Folders(self.objects)
        self.search = Search(self.objects, self.folders)
        self.present = Presenter(self.objects, self.folders)
        self.audit = Audit(store)
        self.feed = Feed(store, clock, self.objects, self.search, self.schema)
        self.feed.resume()
        self.writer = Writer(self.schema, self.objects.exists)
        self._announce = announce
        self._stale: dict[tuple[str, str], tuple[Record | None, float]] = {}

    @property
    def content(self) -> bool:
        """Whether this is a tenant fed from a DAM."""
        return bool((self.store.get("tenant", "schema") or {}).get("content"))

    def set_up(self, *, content: bool) -> None:
        """Begin an emptied tenant with a schema; call before any object is written."""
        self.store.put("tenant", "schema", {"content": content})
        self.use(portal_schema(content=content))
        self.folders.forget()
        self.feed.resume()
        self._stale.clear()

    def reconfigure(self, config: ConnectorConfig) -> None:
        """Give a connector another configuration, as an administrator may at any time; its hash changes."""
        doc = {"name": config.name, "fields": config.fields, "conditions": config.conditions}
        self.store.put("connector", config.name, doc)
        self.use(self.schema.with_connector(config))

    def use(self, schema: Schema) -> None:
        """Be set up so from now on."""
        self.schema = schema
        self.writer = Writer(schema, self.objects.exists)
        self.objects.use(schema)
        self.feed.use(schema)

    def module(self, name: str) -> Module:
        """A module by name; 404 when there is none."""
        found = self.schema.modules.get(name)
        return found if found is not None else not_found(f"Module '{name}'")

    @contextmanager
    def changing(self) -> Iterator[list[Change]]:
        """All or nothing: what is put in the list is announced once everything is stored."""
        changes: list[Change] = []
        try:
            with self.store.transaction():
                yield changes
        except BaseException:
            self.folders.forget()
            raise
        for change in changes:
            self._tell(change)

    def keep(self, change: Change, changes: list[Change]) -> None:
        """Store an object in its new state, with history and events."""
        after = change.after
        self.objects.save(after, change.before)
        if after.module == "folder":
            self.folders.forget()
        self.audit.note(self.module(after.module), change, after.mod_by, after.mod_time)
        self.feed.note(change, self.switches)
        changes.append(change)

    def _tell(self, change: Change) -> None:
        after, name = change.after, EVENT_NAMES[change.kind]
        if self.switches.read_delay > 0:
            until = self.clock.elapsed() + self.switches.read_delay
            self._stale.setdefault((after.module, after.id), (change.before, until))
        self._announce(name, {"event": name, "module": after.module, "id": after.id, "mod_time": after.mod_time})

    def seen(self, module: str, id: str) -> Record | None:
        """A live object as readers see it: for a while still as it was, when reads lag behind."""
        return self.seen_of(self.objects.live(module, id), module, id)

    def seen_of(self, record: Record | None, module: str, id: str) -> Record | None:
        """The same for an object that is at hand."""
        stale = self._stale.get((module, id))
        if stale is None:
            return record
        if stale[1] > self.clock.elapsed():
            return stale[0]
        del self._stale[module, id]
        return record


def _configured(store: Store) -> Schema:
    """The schema as it was left: tenants and their connectors outlive the process."""
    tenant: Mapping[str, Any] = store.get("tenant", "schema") or {}
    schema = set_up_by(store, portal_schema(content=bool(tenant.get("content"))))
    for doc in store.all("connector"):
        usual = schema.connectors[doc["name"]]
        config = ConnectorConfig(
            usual.name, usual.module, tuple(doc["fields"]), tuple(doc["conditions"]), usual.derivates
        )
        schema = schema.with_connector(config)
    return schema
