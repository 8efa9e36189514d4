"""Versions of objects: snapshots of binary and metadata that people take, and that can be made current again (routes inferred)."""

from copy import deepcopy
from typing import Any

import msgspec

from lockgate.kit.sandbox.store import Store

from .changes import Change, ObjectType
from .errors import bad, not_found
from .portal import Portal
from .records import Entry, Record
from .times import stamp

KIND = "object_version"


class Version(msgspec.Struct, kw_only=True):
    """An object as it was."""

    id: str
    module: str
    object_id: str
    comment: str
    created_time: str
    created_by: str
    fields: dict[str, list[Entry]]
    blob: str | None

    def wire(self) -> dict[str, Any]:
        shown = {"id": self.id, "module": self.module, "object_id": self.object_id, "comment": self.comment}
        return shown | {"created_time": self.created_time, "created_by": self.created_by}


class Versions:
    """All versions of all objects."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    @property
    def _store(self) -> Store:
        return self._portal.store

    def listed(self, record: Record) -> dict[str, Any]:
        """Newest first."""
        found = [one.wire() for one in reversed(self._of(record))]
        return {"total_count": len(found), "result": found}

    def take(self, record: Record, sent: Any, by: str) -> dict[str, Any]:
        """Keep the object as it is now."""
        comment = sent.get("comment", "") if isinstance(sent, dict) else None
        if not isinstance(comment, str):
            bad("A version has a comment, which is a text")
        number = self._store.next_id(KIND, 1)
        version = Version(
            id=f"v-{number}",
            module=record.module,
            object_id=record.id,
            comment=comment,
            created_time=stamp(self._portal.clock.now()),
            created_by=by,
            fields=deepcopy(record.fields),
            blob=record.blob,
        )
        self._store.put(KIND, f"{number:09d}", msgspec.to_builtins(version))
        return version.wire()

    def restore(self, record: Record, id: str, by: str) -> dict[str, Any]:
        """Make a version current again; where the object stands in its folder and under which keys stays as it is."""
        version = next((one for one in self._of(record) if one.id == id), None) or not_found("Version")
        module, after = self._portal.module(record.module), deepcopy(record)
        kept = {field.name for field in module.fields.values() if field.unique} | {"parent_id"}
        after.fields = {
            name: value for name, value in version.fields.items() if name in module.fields and name not in kept
        }
        after.fields |= {name: value for name, value in record.fields.items() if name in kept}
        now = stamp(self._portal.clock.now())
        after.mod_time, after.mod_by, after.blob = now, by, version.blob
        other_file = version.blob != record.blob
        after.mod_time_img = now if other_file else record.mod_time_img
        if other_file or after.fields != record.fields:
            with self._portal.changing() as changes:
                self._portal.keep(Change(record, after, ObjectType.BOTH if other_file else ObjectType.OBJECT), changes)
        return version.wire()

    def _of(self, record: Record) -> list[Version]:
        found = (msgspec.convert(doc, Version) for doc in self._store.all(KIND))
        return [one for one in found if (one.module, one.object_id) == (record.module, record.id)]
