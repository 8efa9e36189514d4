"""Relations: typed, directed links between two assets, with metadata of their own."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping import fields as reading
from lockgate.connectors.celum.mapping.writing import Unwritable, Writer
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken, Rejected, Transient
from lockgate.kit.profile import Match

DIRECTIONS: Mapping[str, str | None] = {"out": "SOURCE_TO_TARGET", "in": "TARGET_TO_SOURCE", "both": None}


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    """Number of the relation type."""
    source: str
    target: str
    """Ids of the assets; empty for one that our account may not see."""
    fields: Mapping[str, Any] = {}
    """Its metadata by the names of its fields, those that have a value."""
    status: str = ""
    """Of a relation between versions: `SYNCED`, `OUTDATED` (an end has a newer one by now) or `BROKEN` (an end is gone)."""


class RelationOperations(CelumBase):
    @operation(effect="read")
    async def relations(
        self, asset: str, type: str | None = None, direction: Literal["out", "in", "both"] = "both"
    ) -> list[Relation]:
        """Relations of one asset, of a type by its name or of all. There is no way to list those of many."""
        query: dict[str, Any] = {"assetId": asset, "direction": DIRECTIONS[direction]}
        query["typeId"] = None if type is None else await self.links.relation_type(type)
        query["inclusions"] = ["informationFields"]
        return [to_relation(one) for one in await self.client.paged("relations", query)]

    @operation(effect="read")
    async def relation(self, id: str) -> Relation:
        """One relation with its metadata. Raises NotFound."""
        return to_relation(await self.client.one(f"relations/{id}"))

    @operation(effect="create", idempotent="look-up")
    async def relate(
        self,
        source: str,
        target: str,
        type: str,
        fields: Mapping[str, Any] | None = None,
        *,
        source_version: str | None = None,
        target_version: str | None = None,
    ) -> Relation:
        """A relation from one asset to another; the one that is there already gets these fields.

        Between versions it says of what was made from what; CELUM then tells when an end has a newer one (`status`).
        """
        type_id = await self.links.relation_type(type)
        values = await self._plain(fields or {})
        bound = {"sourceAssetVersionId": source_version, "targetAssetVersionId": target_version}
        versions = {name: int(id) for name, id in bound.items() if id is not None}
        there = await self.links.between(source, target, type_id)
        if there:
            return await self._described(there[0], values, versions)
        body: dict[str, Any] = {"relationTypeId": type_id, "sourceAssetId": int(source), "targetAssetId": int(target)}
        body |= versions
        body["informationFieldValues"] = [writer.entry(value) for writer, value in values if value is not None]
        try:
            return to_relation(await self.client.create("relations", body))
        except (Transient, ContractBroken):
            there = await self.links.between(source, target, type_id)
            if not there:
                raise
            return to_relation(await self.client.one(f"relations/{there[0]['id']}"))

    @operation(effect="upsert")
    async def describe_relation(self, id: str, fields: Mapping[str, Any]) -> Relation:
        """Set metadata of a relation, by the names of its fields; None empties one."""
        values = await self._plain(fields)
        return await self._described(await self.client.one(f"relations/{id}"), values)

    @operation(effect="withdraw")
    async def unrelate(self, id: str) -> bool:
        """Delete a relation; False when it is gone already."""
        return await self.client.remove(f"relations/{id}")

    @operation(effect="upsert")
    async def retarget(
        self, id: str, *, source: str | None = None, target: str | None = None, type: str | None = None
    ) -> Relation:
        """Lead a relation from or to another asset, or give it another type; what is not said stays."""
        told = {"sourceAssetId": source, "targetAssetId": target}
        body = {name: int(one) for name, one in told.items() if one is not None}
        body |= {} if type is None else {"relationTypeId": await self.links.relation_type(type)}
        return to_relation(await self.client.change(f"relations/{id}", body))

    async def _described(
        self, relation: Record, values: list[tuple[Writer, Any]], versions: Mapping[str, int] | None = None
    ) -> Relation:
        now = reading.collect(relation)
        entries = [
            writer.entry(writer.operation(value, now.get(str(writer.definition["id"])))) for writer, value in values
        ]
        path = f"relations/{relation['id']}"
        body = {**(versions or {}), **({"informationFieldValues": entries} if entries else {})}
        return to_relation(await (self.client.change(path, body) if body else self.client.one(path)))

    async def _plain(self, fields: Mapping[str, Any]) -> list[tuple[Writer, Any]]:
        """Values for fields of relations by their own names: profiles are about items."""
        known = await self.content.definitions.fields("relation")
        found = []
        for name, value in fields.items():
            if name not in known:
                raise Rejected(f"Relations in CELUM have no field {name!r}.", code="field")
            writer = Writer(
                Match(canonical=name, field=name),
                known[name],
                zone=self.profile.zone,
                locale=self.quirks.default_locale,
            )
            try:
                words = writer.words(value)
                vocabulary = await self.content.definitions.words(known[name], words) if words else None
                found.append((writer, writer.plain(value, vocabulary)))
            except Unwritable as problem:
                raise Rejected(f"{name} cannot be written: {problem}.", code="field.value") from problem
        return found


def to_relation(one: Record) -> Relation:
    ends = {name: (one.get(f"{name}Asset") or {}).get("id") for name in ("source", "target")}
    values = {value.name or value.id: value.raw for value in reading.values(one) if not value.empty}
    return Relation(
        id=str(one["id"]),
        type=str(one.get("typeId") or ""),
        source=str(ends["source"] or ""),
        target=str(ends["target"] or ""),
        fields=values,
        status=str(one.get("status") or ""),
    )
