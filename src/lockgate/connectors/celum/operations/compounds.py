"""Compound objects: collections that stand for a product or set, complete once their assets carry what it requires."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import Rejected

UPDATE_RULE = "UPDATE-COLLECTION-REFERENCE-ELEMENT-RULE"


class Compound(msgspec.Struct, frozen=True, kw_only=True):
    """A compound object as CELUM last evaluated it."""

    collection: str
    type: str
    """Key of its type."""
    state: str
    """`EVALUATING`, `IN_PROGRESS`, `COMPLETE` or `ERROR`."""
    required: Mapping[str, tuple[str, ...]]
    """By the rule's number: the collections that assets of it must refer to."""
    errors: tuple[str, ...] = ()


class CompoundOperations(CelumBase):
    @operation(effect="read")
    async def compound(self, collection: str) -> Compound | None:
        """What the collection is as a compound object; None for a plain one. Raises NotFound."""
        return to_compound(await self.client.one(f"collections/{collection}", {"includeCompoundInfo": True}))

    @operation(effect="read")
    async def compounds(self, *types: str, parent: str | None = None) -> list[str]:
        """Ids of the collections that are compound objects, of these types or of any, at any depth below a collection."""
        query: dict[str, Any] = {"compoundSearchType": "only", "recursive": True, "parentId": parent}
        query["compoundTypes"] = list(types) or None
        return [str(one["id"]) for one in await self.client.paged("collections", query)]

    @operation(effect="upsert")
    async def make_compound(self, collection: str, type: str) -> Compound:
        """Make the collection a compound object of a type, by the type's key."""
        change = {"typeKey": {"op": "SET", "compoundObjectTypeKey": type}}
        return await self._compounded(collection, change)

    @operation(effect="upsert")
    async def require(
        self, collection: str, rule: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Compound:
        """Change which collections (views, countries, sizes) the assets of a compound object must refer to, by a rule of its type."""
        told: dict[str, Any] = {
            "op": "MODIFY",
            "add": [int(one) for one in add],
            "remove": [int(one) for one in remove],
        }
        change = {"elementRules": [{"type": UPDATE_RULE, "ruleId": int(rule), "requiredCollectionIds": told}]}
        return await self._compounded(collection, change)

    @operation(effect="withdraw")
    async def unmake_compound(self, collection: str) -> None:
        """Make it a plain collection again; what lies in it stays."""
        await self.client.change(f"collections/{collection}", {"compoundObject": {"typeKey": {"op": "REMOVE"}}})

    async def _compounded(self, collection: str, change: Mapping[str, Any]) -> Compound:
        await self.client.change(f"collections/{collection}", {"compoundObject": change})
        found = await self.compound(collection)
        if found is None:
            raise Rejected(
                f"CELUM took the change, but collection {collection} is no compound object.", code="compound"
            )
        return found


def to_compound(node: Record) -> Compound | None:
    told = node.get("compoundObject")
    if not isinstance(told, dict):
        return None
    rules = told.get("elementRules") or ()
    return Compound(
        collection=str(node["id"]),
        type=str(told.get("compoundTypeKey") or ""),
        state=str(told.get("compoundObjectState") or ""),
        required={str(one.get("ruleId")): tuple(map(str, one.get("requiredCollectionIds") or ())) for one in rules},
        errors=tuple(str(one) for one in told.get("errors") or ()),
    )
