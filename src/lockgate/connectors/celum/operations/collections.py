"""Collections: read, make, rename, move, delete, build whole paths."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from weakref import WeakValueDictionary

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping.collection import MISSING, path_names
from lockgate.connectors.celum.mapping.fields import labels, names
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken, Rejected, Transient
from lockgate.model.item import Text


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A collection as it is."""

    id: str
    names: Text
    type: str
    parent: str | None
    path: tuple[str, ...]
    """Names of all above it, the root first."""
    icon: str
    """Name of its symbol in CELUM's interface, empty for the usual one."""
    has_children: bool
    validation: Literal["STRICT", "TOLERANT", ""]
    inherited: bool
    """Whether the validation level is that of the collection above."""
    missing: tuple[str, ...]
    """What CELUM calls incomplete."""
    permissions: Mapping[str, bool]
    """What our account may do there, where it was asked for."""


class CollectionOperations(CelumBase):
    @operation(effect="read")
    async def collection(self, id: str) -> Branch:
        """One collection with what our account may do there. Raises NotFound. Over CORA only its names."""
        if self.cora is not None:
            return to_branch(await self.cora.node(id))
        return to_branch(await self.client.one(f"collections/{id}", {"permissions": ["all"]}))

    @operation(effect="read")
    async def collections(self, parent: str | None = None, *, recursive: bool = False) -> list[Branch]:
        """Those below a collection, or the roots; with `recursive` at any depth. Over CORA not the roots by themselves."""
        if self.cora is not None:
            return [to_branch(one) for one in await self.cora.nodes(parent, recursive=recursive)]
        query = {"parentId": parent, "recursive": recursive or None}
        return [to_branch(one) for one in await self.client.paged("collections", query)]

    @operation(effect="create", idempotent="look-up")
    async def create_collection(self, names: Text, parent: str | None = None, type: str | None = None) -> Branch:
        """A collection below another, or the root of a new tree of a type. One that has such a name there is returned.

        The name in the first language given is compared exactly. Raises Rejected unless one of `parent` and `type` is given.
        """
        if (parent is None) == (type is None):
            raise Rejected("A collection is made below another, or as the root of a type: give one of both.")
        async with self._making.setdefault(f"{parent} {type}", asyncio.Lock()):
            there = await self._named(names, parent, type)
            return to_branch(there if there is not None else await self._make(names, parent, type))

    async def _make(self, names: Text, parent: str | None, type: str | None) -> Record:
        body: dict[str, Any] = {"name": locales(names)}
        body |= {"parentId": int(parent)} if parent is not None else {"typeId": int(type or 0)}
        try:
            return await self.client.create("collections", body)
        except (Transient, ContractBroken):
            found = await self._named(names, parent, type)
            if found is None:
                raise
            return found

    async def _named(self, wanted: Text, parent: str | None, type: str | None) -> Record | None:
        query = {"parentId": parent, "typeId": type}
        first = next(iter(locales(wanted).items()), None)
        found = await self.client.paged("collections", query)
        return next((one for one in found if first and (one.get("name") or {}).get(first[0]) == first[1]), None)

    @operation(effect="create", idempotent="look-up")
    async def ensure_path(self, path: Sequence[str], below: str, language: str = "en") -> Branch:
        """The collection at the end of these names below another; levels that are missing are made."""
        branch = await self.collection(below)
        for name in path:
            known = await self.client.paged("collections", {"parentId": branch.id})
            there = next((one for one in known if name in names(one.get("name"))), None)
            branch = to_branch(there) if there else await self.create_collection({language: name}, branch.id)
        return branch

    @operation(effect="upsert")
    async def rename_collection(self, id: str, names: Text) -> Branch:
        """Names in the languages given; those in others stay."""
        return to_branch(await self.client.change(f"collections/{id}", {"name": locales(names)}))

    @operation(effect="upsert")
    async def set_icon(self, id: str, icon: str) -> Branch:
        """The symbol that people see, by CELUM's name for it."""
        return to_branch(await self.client.change(f"collections/{id}", {"icon": icon}))

    @operation(effect="upsert")
    async def move_collection(self, id: str, parent: str | None) -> Branch:
        """With all below it, to another place of the same type; None makes it a root."""
        change = {"op": "CLEAR"} if parent is None else {"op": "SET", "value": int(parent)}
        return to_branch(await self.client.change(f"collections/{id}", {"parentId": change}))

    @operation(effect="upsert")
    async def set_validation(self, id: str, level: Literal["STRICT", "TOLERANT"] | None) -> Branch:
        """How strictly required fields are wanted in a collection; None inherits that of the one above.

        A root has nothing to inherit: for it only the level counts.
        """
        body: dict[str, Any] = {"validationLevelInherited": level is None}
        body |= {} if level is None else {"validationLevel": level}
        return to_branch(await self.client.change(f"collections/{id}", body))

    @operation(effect="withdraw")
    async def delete_collection(self, id: str) -> bool:
        """Delete an empty collection; False when it is gone already. Raises Rejected where anything is in it."""
        return await self.client.remove(f"collections/{id}")

    @property
    def _making(self) -> WeakValueDictionary[str, asyncio.Lock]:
        """One at a time below each parent, so that two of us never make the same."""
        found: WeakValueDictionary[str, asyncio.Lock] = self.__dict__.setdefault("_locks", WeakValueDictionary())
        return found


def locales(names: Text) -> dict[str, str]:
    return {tag.replace("-", "_"): name for tag, name in names.items() if name}


def to_branch(node: Record) -> Branch:
    stated = node.get("validationStatus") or {}
    told = node.get("permissions")
    return Branch(
        id=str(node["id"]),
        names=labels(node.get("name")),
        type=str(node.get("typeId") or ""),
        parent=str(node["parentId"]) if node.get("parentId") is not None else None,
        path=path_names(node),
        icon=str(node.get("icon") or ""),
        has_children=node.get("hasChildren") is True,
        validation=node.get("validationLevel") or "",
        inherited=node.get("validationLevelInherited") is True,
        missing=tuple(MISSING.get(name, str(name)) for name, valid in stated.items() if valid is not True),
        permissions={str(name): may is True for name, may in told.items()} if isinstance(told, dict) else {},
    )
