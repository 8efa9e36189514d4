"""Links of our assets: into collections, and as relations from other assets. What others put there stays."""

import asyncio
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from lockgate.connectors.celum.client import CelumWriter
from lockgate.connectors.celum.client.calls import ASSET, COLLECTION, Record
from lockgate.connectors.celum.copies import Answer
from lockgate.connectors.celum.definitions import Definitions
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.kit.contract import Link, Receipt
from lockgate.kit.errors import Conflict, Rejected
from lockgate.kit.together import answered, by_group

MEMBERS = "assets"
"""The one field of a collection that carries links."""


class Links:
    """Attaches and detaches for one connection."""

    def __init__(self, client: CelumWriter, definitions: Definitions) -> None:
        self.client, self.definitions = client, definitions
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def link(self, links: Sequence[Link]) -> list[Answer]:
        """Those of one asset of ours one after another, assets side by side."""
        return await by_group(links, lambda one: one.ref, self._of_one)

    async def _of_one(self, links: Sequence[Link]) -> list[Answer]:
        async with self._locks.setdefault(links[0].ref, asyncio.Lock()):
            return [await answered(self._one(one)) for one in links]

    async def _one(self, link: Link) -> Receipt:
        if link.kind == COLLECTION:
            await self._member(link)
        elif link.kind == ASSET:
            await self._related(link)
        else:
            raise Rejected(f"CELUM links assets to collections and to assets here, not to {link.kind}.", code="kind")
        return Receipt(key=link.ref, ref=link.id)

    async def _member(self, link: Link) -> None:
        """Put the asset into the collection, or take it out; the change names this one parent only."""
        if link.field != MEMBERS:
            raise Rejected(f"A collection has no links {link.field}; its field is {MEMBERS}.", code="field")
        parent = int(link.id)
        if (parent in (await self.client.asset(link.ref)).get("parentIds", ())) == link.present:
            return
        change = {"op": "MODIFY", "add" if link.present else "remove": [parent]}
        await self.client.change_asset(link.ref, {"parentIds": change})
        if (parent in (await self.client.asset(link.ref)).get("parentIds", ())) != link.present:
            raise Conflict(f"The collections of asset {link.ref} did not stay as written; it is tried again.")

    async def _related(self, link: Link) -> None:
        """A relation from the asset that carries the field to ours; its type is the field's name."""
        type_id = await self.relation_type(link.field)
        there = await self.between(link.id, link.ref, type_id)
        if link.present and not there:
            ends = {"sourceAssetId": int(link.id), "targetAssetId": int(link.ref)}
            await self.client.create("relations", {"relationTypeId": type_id, **ends})
        if not link.present:
            for one in there:
                await self.client.remove(f"relations/{one['id']}")
        if bool(await self.between(link.id, link.ref, type_id)) != link.present:
            raise Conflict(f"The relations of asset {link.id} did not stay as written; it is tried again.")

    async def between(self, source: str, target: str, type_id: int) -> list[Record]:
        """Relations of this type from one asset to the other."""
        query: dict[str, Any] = {"assetId": int(source), "typeId": type_id, "direction": "SOURCE_TO_TARGET"}
        found = await self.client.paged("relations", query)
        return [one for one in found if str((one.get("targetAsset") or {}).get("id")) == target]

    async def relation_type(self, name: str) -> int:
        """The number of a relation type by its name or label. Raises Rejected."""
        types = await self.definitions.types("relation-types")
        for one in types:
            said = {str(one.get("name")), str(one["id"]), *labels(one.get("labels")).values()}
            if name.casefold() in {word.casefold() for word in said}:
                return int(one["id"])
        known = ", ".join(str(one.get("name")) for one in types) or "none"
        raise Rejected(f"CELUM has no relation type {name!r}; it has {known}.", code="relation_type")
