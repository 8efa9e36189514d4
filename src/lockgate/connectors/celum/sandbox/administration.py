"""What an administrator sets up in CELUM: information fields of the tenant's own, and their names."""

from typing import Any

from lockgate.connectors.celum.sandbox.compounds import TYPE
from lockgate.connectors.celum.sandbox.definitions import (
    LOCALIZED_TYPES,
    REFERENCE_TYPES,
    REGION_ROOT,
    TAG_ROOT,
    TEXT_TYPES,
    Field,
)
from lockgate.connectors.celum.sandbox.people import People
from lockgate.connectors.celum.sandbox.steps import ADDED, NAMED
from lockgate.kit.sandbox import ActionRefused, action

TYPES = (*sorted(TEXT_TYPES | LOCALIZED_TYPES | REFERENCE_TYPES), "NUMBER", "DOUBLE", "BOOLEAN", "DATE", "DROPDOWN")
ENTITIES = ("ASSET", "COLLECTION")


class Administration(People):
    """Actions of an administrator."""

    @action(
        "Add an information field to assets, or to folders; a dropdown has the labels of its choices, a reference a root"
    )
    def add_field(
        self,
        name: str,
        type: str,
        label: str,
        entity: str = "ASSET",
        language: str = "en",
        options: list[str] | None = None,
        root: int | None = None,
    ) -> dict[str, Any]:
        if type not in TYPES or entity not in ENTITIES:
            raise ActionRefused(f"A field is one of {', '.join(TYPES)}, of {' or '.join(ENTITIES)}.")
        more: dict[str, Any] = {}
        if type == "DROPDOWN":
            choices = [{"index": at, "label": option} for at, option in enumerate(options or [])]
            more = {"options": {language: choices}}
        elif type in REFERENCE_TYPES:
            usual = TAG_ROOT if type == "TAG_REFERENCE" else REGION_ROOT
            more = {"rootId": usual if root is None else root, "maxSelections": 50}
        id = self.tenant.next_id()
        given = {"id": id, "type": type, "name": name, "labels": {language: label}, "entity": entity, "more": more}
        self.state.put(ADDED, id, given)
        return self._field(id)

    @action("Give an information field another name and label")
    def rename_field(self, id: int, name: str, label: str, language: str = "en") -> dict[str, Any]:
        if int(id) not in self.tenant.definitions.fields:
            raise ActionRefused(f"There is no field {id} here.")
        self.state.put(NAMED, int(id), {"id": int(id), "name": name, "labels": {language: label}})
        return self._field(int(id))

    @action(
        "Make a type of compound objects: complete once their assets carry the keywords they require in a reference field"
    )
    def add_compound_type(self, key: str, name: str, field: int) -> dict[str, Any]:
        kind = self.tenant.definitions.fields.get(int(field))
        if kind is None or kind.type != "COLLECTION_REFERENCE":
            raise ActionRefused(f"Field {field} is no reference to collections.")
        if self.state.get(TYPE, key) is not None:
            raise ActionRefused(f"There is a compound type {key} already.")
        made = {"key": key, "name": {"en": name}, "rule": self.tenant.next_id(), "field": kind.id}
        self.state.put(TYPE, key, made)
        return made

    def _field(self, id: int) -> dict[str, Any]:
        self.tenant.reload()
        field: Field = self.tenant.definitions.fields[id]
        return dict(field.definition)
