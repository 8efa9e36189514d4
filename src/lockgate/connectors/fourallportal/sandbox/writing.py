"""Creating, updating and deleting objects, by the portal's rules."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import msgspec

from .changes import Change, ObjectType
from .errors import bad, conflict, not_found
from .portal import Portal
from .records import TECHNICAL, Entry, Record, plain
from .schema import NEXT_STATUS, Field, Module
from .times import stamp
from .values import merge

LONGEST_ID = 64


class Writing:
    """One call that writes, by one user at one instant: several objects, all or none."""

    def __init__(
        self, portal: Portal, by: str, changes: list[Change], *, at: str | None = None, any_status: bool = False
    ) -> None:
        self._portal = portal
        self._objects = portal.objects
        self._by = by
        self._at = at or stamp(portal.clock.now())
        self._changes = changes
        self._status_rule = portal.switches.status_rule and not any_status

    # --- create and update ---

    def write(self, module: Module, sent: Any) -> str:
        """Create or update one object from a partial one; only the fields sent are changed."""
        if not isinstance(sent, dict):
            bad("Every element of the array must be an object")
        id = _id(sent.get("id"))
        before = self._objects.get(module.name, id)
        if before is not None and before.deleted:
            conflict(f"Object '{id}' is deleted")
        if before is None and module.name == "file":
            bad("A file is created by uploading it; this route changes metadata of existing files")
        record = self._new(module, id, sent) if before is None else _copy(before, sent)
        self._fill(module, record, sent)
        if before is None or record.fields != before.fields:
            self._check(module, record, before)
            self._stamp(record, before)
            self._portal.keep(Change(before, record), self._changes)
        return id

    def _new(self, module: Module, id: str, sent: dict[str, Any]) -> Record:
        kind = sent.get("type", "default")
        if not isinstance(kind, str) or not kind:
            bad("'type' must be a plain text")
        return Record(id, module.name, kind, self._at, self._by, self._at, self._by, self._at, {})

    def _fill(self, module: Module, record: Record, sent: dict[str, Any]) -> None:
        for name in sent.keys() - {"id", "type"}:
            if name in TECHNICAL:
                bad(f"Field '{name}' is read-only")
            if name not in module.fields:
                bad(f"Unknown field '{name}' in module '{module.name}'")
        for field in (module.fields[name] for name in module.fields if name in sent):
            if field.read_only:
                bad(f"Field '{field.name}' is read-only")
            _put(
                record,
                field,
                merge(record.fields.get(field.name, []), self._portal.writer.read(field, sent[field.name])),
            )

    def _check(self, module: Module, record: Record, before: Record | None) -> None:
        if before is not None and self._status_rule:
            _check_status(before.value("status"), record.value("status"))
        if module.name == "folder":
            self._check_folder(record)
        if module.name == "file" and record.value("name") is None:
            bad("A file needs a name")
        for field in module.fields.values():
            if field.unique and self._objects.holder_of(record, field) is not None:
                conflict(f"Value '{record.value(field.name)}' of unique field '{field.name}' is already used")

    def _check_folder(self, record: Record) -> None:
        name = record.value("name")
        if not name or "/" in name:
            bad("A folder needs a name, without '/'")
        self._portal.folders.refuse_cycle(record)

    def _stamp(self, record: Record, before: Record | None) -> None:
        record.mod_time, record.mod_by = self._at, self._by
        if before is not None and record.value("main_image") != before.value("main_image"):
            record.mod_time_img = self._at

    # --- delete ---

    def delete(self, module: Module, id: str) -> None:
        """Delete softly, and take the object out of every link field that holds it."""
        before = self._objects.live(module.name, id)
        if before is None:
            not_found("Object")
        if module.name == "folder" and self._objects.has_child(before):
            conflict("The folder is not empty")
        gone = msgspec.structs.replace(before, deleted=True, mod_time=self._at, mod_by=self._by)
        self._portal.keep(Change(before, gone), self._changes)
        for other in dict.fromkeys(self._holders(module.name, id)):
            self._unlink(*other, target=module.name, id=id)

    def _holders(self, target: str, id: str) -> Iterator[tuple[str, str]]:
        for module, field in self._portal.schema.links_to(target):
            for holder in self._objects.with_value(module.name, field.name, id):
                yield module.name, holder

    def _unlink(self, module: str, holder: str, *, target: str, id: str) -> None:
        before = self._objects.live(module, holder)
        if before is None:
            return
        record = deepcopy(before)
        for field in self._portal.module(module).links():
            if field.target == target:
                _put(record, field, _without(record.fields.get(field.name, []), id))
        if record.fields != before.fields:
            self._stamp(record, before)
            self._portal.keep(Change(before, record), self._changes)

    # --- files ---

    def create_file(self, sent: dict[str, Any], made: dict[str, Any], blob: str) -> str:
        """Create a file object; `made` are the fields the server finds out from the upload."""
        if "id" in sent:
            bad("An uploaded object cannot choose its id")
        module = self._portal.module("file")
        record = self._new(module, str(uuid4()), sent)
        record.blob = blob
        record.fields = {name: plain(value) for name, value in made.items() if value is not None}
        self._fill(module, record, sent)
        self._check(module, record, None)
        self._portal.keep(Change(None, record, ObjectType.BOTH), self._changes)
        return record.id

    def replace_file(self, before: Record, made: dict[str, Any], blob: str) -> None:
        """Give a file another binary; metadata stay but for what the server finds out from it."""
        record = deepcopy(before)
        for name, value in made.items():
            record.fields[name] = plain(value)
            if value is None:
                del record.fields[name]
        record.blob, record.mod_time_img = blob, self._at
        self._stamp(record, before)
        self._portal.keep(Change(before, record, ObjectType.BOTH), self._changes)


def _id(sent: Any) -> str:
    if sent is None:
        return str(uuid4())
    if not isinstance(sent, str) or not 0 < len(sent) <= LONGEST_ID or not sent.isprintable() or set(sent) & set("/ "):
        bad(f"'id' must be a text of 1 to {LONGEST_ID} characters without blanks and slashes")
    return sent


def _copy(before: Record, sent: dict[str, Any]) -> Record:
    if sent.get("type", before.type) != before.type:
        bad("'type' can be chosen on creation only")
    return deepcopy(before)


def _put(record: Record, field: Field, entries: list[Entry]) -> None:
    if entries:
        record.fields[field.name] = entries
    else:
        record.fields.pop(field.name, None)


def _check_status(old: str | None, new: str | None) -> None:
    """Steps between statuses; an object that has none yet may take any."""
    if old is not None and new != old and new not in NEXT_STATUS[old]:
        conflict(f"Transition {old} -> {new or 'none'} not allowed")


def _without(entries: list[Entry], id: str) -> list[Entry]:
    left = []
    for entry in entries:
        value = entry["value"]
        kept = [one for one in value if one != id] if isinstance(value, list) else value
        if kept not in (id, []):
            left.append(entry | {"value": kept})
    return left
