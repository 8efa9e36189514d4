"""Objects as the routes answer them."""

from collections.abc import Iterable, Sequence
from typing import Any

from .folders import Folders
from .objects import Objects
from .records import STAMPED, Entry, Record, plain
from .schema import Module


class Presenter:
    """Puts stored objects into the portal's words."""

    def __init__(self, objects: Objects, folders: Folders) -> None:
        self._objects = objects
        self._folders = folders

    def object(self, module: Module, record: Record, fields: Sequence[str] | None) -> dict[str, Any]:
        """As the object routes answer: technical fields always, others as asked for or all that have a value."""
        shown: dict[str, Any] = _plain(record)
        shown["mod_time_img"] = plain(record.mod_time_img)
        shown["has_child"] = plain(self._objects.has_child(record))
        wanted = set(fields) if fields is not None else module.fields.keys()
        shown |= {name: plain(getattr(record, name)) for name in STAMPED if name in wanted}
        return shown | self._values(module, record, (name for name in module.fields if name in wanted))

    def fed(self, module: Module, record: Record, fields: Sequence[str], form: str) -> dict[str, Any]:
        """As the connector's objects route answers; `form` is how values without dimensions look there."""
        shown: dict[str, Any] = _plain(record)
        if module.name == "file":
            shown["mod_time_img"] = _formed(plain(record.mod_time_img), form)
        values = self._values(module, record, fields)
        for name, entries in values.items():
            shown[name] = entries if module.fields[name].dimensions else _formed(entries, form)
        return shown

    def _values(self, module: Module, record: Record, names: Iterable[str]) -> dict[str, list[Entry]]:
        found = {name: self._entries(record, name) for name in names if name in module.fields}
        return {name: entries for name, entries in found.items() if entries}

    def _entries(self, record: Record, name: str) -> list[Entry]:
        if name in {"path", "parent_path"}:
            return [entry for path in self._folders.paths(record) for entry in plain(path)]
        return record.fields.get(name, [])


def _plain(record: Record) -> dict[str, Any]:
    return {"id": record.id, "module": record.module, "type": record.type, "mod_time": record.mod_time}


def _formed(entries: list[Entry], form: str) -> Any:
    if form == "list" or len(entries) != 1:
        return entries
    return entries[0] if form == "object" else entries[0]["value"]
