"""What a tenant has configured: fields by entity, types, tags and keywords. Read once, and once more where something is unknown."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.celum.client import CelumWriter
from lockgate.connectors.celum.client.calls import ASSET
from lockgate.connectors.celum.mapping.writing import Unwritable, Words
from lockgate.kit.errors import NeedsOperator

Definition = Mapping[str, Any]
Fields = Mapping[str, Definition]
"""Definitions by name, and by id where a profile names a field so."""

FIELD_SETS = "informationFieldSets"
KEYS = frozenset({"TEXT", "TEXT_AREA"})


class Definitions:
    """For one connection."""

    def __init__(self, client: CelumWriter) -> None:
        self.client, self.quirks = client, client.quirks
        self._fields: dict[str, Fields] = {}
        self._types: dict[str, list[dict[str, Any]]] = {}
        self._words: dict[int, Words] = {}
        self._one_by_one = asyncio.Lock()

    def forget(self) -> None:
        """What was read is read again when it is next wanted."""
        self._fields.clear()
        self._types.clear()
        self._words.clear()

    async def fields(self, entity: str = ASSET) -> Fields:
        """The fields of assets, collections or relations by name and by id."""
        if entity not in self._fields:
            self._fields[entity] = by_handle(await self.client.fields(entity))
        return self._fields[entity]

    async def types(self, path: str) -> list[dict[str, Any]]:
        """`asset-types`, `collection-types` or `relation-types`, each with its fields: lists may leave those out."""
        if path not in self._types:
            listed = await self.client.listed(path)
            self._types[path] = [
                one if FIELD_SETS in one else await self.client.one(f"{path}/{one['id']}") for one in listed
            ]
        return self._types[path]

    async def key(self, entity: str) -> Definition:
        """The text field that keeps our key. Raises NeedsOperator where there is none."""
        name = self.quirks.key_field
        found = (await self.fields(entity)).get(name)
        if found is None or found.get("type") not in KEYS:
            self._fields.pop(entity, None)
            kind = "assets" if entity == ASSET else f"{entity}s"
            raise NeedsOperator(
                f"{self.client.services.connection} has no text field {name!r} for {kind}, so what we write could not be found again. "
                "Have one made in CELUM's administration, or name another under quirks, `key_field`.",
                code="key.field",
            )
        return found

    async def asset_type(self) -> int:
        """The only asset type that has the field for our key. Raises NeedsOperator where there is none, or a choice."""
        key = await self.key(ASSET)
        having = [one for one in await self.types("asset-types") if key["id"] in field_ids(one)]
        if len(having) == 1:
            return int(having[0]["id"])
        named = ", ".join(f"{one['id']} ({one.get('name')})" for one in having) or "none"
        raise NeedsOperator(
            f"Asset types with the field {self.quirks.key_field!r}: {named}. Choose one in the setting `asset_type`.",
            code="asset_type",
        )

    async def takes_assets(self, collection: Mapping[str, Any]) -> bool:
        """Whether assets may be put up there: its type defines permissions."""
        types = await self.types("collection-types")
        return any(one["id"] == collection.get("typeId") and one.get("permissionDefining") is True for one in types)

    # ── words of vocabularies ────────────────────────────────────────────────────────────────────────────────────

    async def words(self, definition: Definition, wanted: Sequence[str] = ()) -> Words:
        """The words a reference field may hold. Where one that is wanted is not among them they are read anew; tags are made.

        Raises Unwritable for a keyword nobody has, and for any of them where the field has no root.
        """
        root = definition.get("rootId")
        if not isinstance(root, int):
            raise Unwritable(f"field {definition.get('name')} does not state where its words stand")
        known = self._words.get(root)
        if known is not None and not known.lacking(wanted):
            return known
        async with self._one_by_one:
            known = self._words[root] = await self._read(root)
            for word in known.lacking(wanted):
                await self._make(definition, root, word, known)
        return known

    async def _read(self, root: int) -> Words:
        found = await self.client.paged("collections", {"parentId": root, "recursive": True})
        return Words({one["id"]: one.get("name") for one in found})

    async def _make(self, definition: Definition, root: int, word: str, known: Words) -> None:
        """A tag is made where it is wanted; keywords are a vocabulary of people, who decide what is in it."""
        if definition.get("type") != "TAG_REFERENCE" or not self.quirks.create_tags:
            raise Unwritable(f"{word!r} is not among the words of field {definition.get('name')}; add it in CELUM")
        made = await self.client.create("collections", {"name": {self.quirks.default_locale: word}, "parentId": root})
        known.add(made["id"], made.get("name"))


def by_handle(definitions: Sequence[Definition]) -> Fields:
    """By name; a name that two share leads to none, their ids do."""
    found: dict[str, Definition] = {str(one["id"]): one for one in definitions if one.get("id") is not None}
    names = [str(one.get("name") or "") for one in definitions]
    return found | {name: one for name, one in zip(names, definitions, strict=True) if name and names.count(name) == 1}


def field_ids(kind: Mapping[str, Any]) -> set[int]:
    """Numbers of the fields that an asset, collection or relation type has."""
    return {field["id"] for group in kind.get(FIELD_SETS) or () for field in group.get("informationFields") or ()}
