"""What an administrator has set up: modules, choices, connectors. And folders, which people make."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.conditions import both, equal
from lockgate.connectors.fourallportal.values import PLAIN, read
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken, Transient


class Module(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    kind: str
    """How items of this module are called here: `asset`, `product`, else the module's own name."""
    creatable: bool


class FeedInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A connector that an administrator configured: a change feed of one module, perhaps for one channel."""

    name: str
    module: str
    conditions: tuple[str, ...] = ()
    """What an object must meet to be in it; empty for all."""


class StructureOperations(PortalBase):
    @operation(effect="read")
    async def list_modules(self) -> list[Module]:
        """All modules the key's role sees (the route is inferred; empty where the portal does not have it)."""
        return [
            Module(
                name=str(one["name"]),
                label=str(one.get("label") or ""),
                kind=self.modules.kind(one["name"]) or str(one["name"]),
                creatable=one.get("create") is not False,
            )
            for one in await self.modules.discover()
        ]

    @operation(effect="read")
    async def choices(self, lists: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """Value options by the name of their list: key to label. Lists nobody knows are left out."""
        return await self.client.options(list(lists))

    @operation(effect="read")
    async def connectors(self) -> list[FeedInfo]:
        """The connectors of the portal with their conditions."""
        return [await self._connector(name) for name in named(await self.client.connectors())]

    async def _connector(self, name: str) -> FeedInfo:
        feed = await self.client.feed(name)
        return FeedInfo(name=name, module=feed.module_name or "", conditions=tuple(feed.conditions or ()))

    # ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="create", idempotent="look-up")
    async def ensure_folder(self, path: Sequence[str], below: str | None = None) -> str:
        """The id of the folder at the end of these names, below another or at the top; levels that are missing are made."""
        folder = below
        for name in path:
            folder = await self._folder(name, folder) or await self._make_folder(name, folder)
        return folder or ""

    async def _folder(self, name: str, parent: str | None) -> str | None:
        field, above = self.quirks.folder_name_field, self.quirks.folder_field
        place = equal(above, parent) if parent else f"{above} IS NULL"
        found = await self.client.search(self.quirks.folder_module, both(equal(field, name), place), fields=[field])
        # A server may compare without regard to letter case.
        same = [one for one in found.result if read(PLAIN, one.get(field), self.quirks) == name]
        return str(same[0]["id"]) if same else None

    async def _make_folder(self, name: str, parent: str | None) -> str:
        record: dict[str, Any] = {self.quirks.folder_name_field: [{"value": name}]}
        record |= {self.quirks.folder_field: [{"value": parent}]} if parent else {}
        try:
            return await self.client.create(self.quirks.folder_module, record)
        except (Transient, ContractBroken):
            found = await self._folder(name, parent)
            if found is None:
                raise
            return found

    @operation(effect="upsert")
    async def rename_folder(self, folder: str, name: str) -> None:
        """Raises NotFound for a folder that is gone: writing to an id nobody has would make one."""
        await self.client.get(self.quirks.folder_module, folder)
        await self.client.patch(
            self.quirks.folder_module, [{"id": folder, self.quirks.folder_name_field: [{"value": name}]}]
        )


def named(told: Any) -> list[str]:
    """Names of connectors: their list is an array of objects, of names, or an object keyed by name."""
    if isinstance(told, Mapping):
        return [str(name) for name in told]
    if not isinstance(told, list):
        raise ContractBroken("The portal answered its connectors with neither a list nor an object.", code="connectors")
    found = (one.get("connector_name") or one.get("name") if isinstance(one, Mapping) else one for one in told)
    return [str(one) for one in found if one]
