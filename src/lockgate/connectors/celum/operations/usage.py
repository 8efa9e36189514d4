"""External references: where an asset is in use, so that people in the DAM see where it is live before they change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping import dates
from lockgate.kit.contract import operation


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """An asset is used at this address."""

    id: str
    url: str
    provider: str
    """Key of the system that uses it."""
    description: str
    instance: str
    """Key of that system's instance, empty where there is only one."""
    updated: datetime | None


class UsageOperations(CelumBase):
    @operation(effect="read")
    async def usages(self, asset: str) -> list[Usage]:
        """Where the asset is said to be used, by any system. Raises NotFound."""
        return [to_usage(one) for one in await self._references(asset)]

    @operation(effect="upsert", idempotent="look-up")
    async def mark_used(
        self, asset: str, url: str, provider: str, description: str = "used", instance: str = ""
    ) -> Usage:
        """Say that the asset is live at this address. Said once for each address and provider, however often it is called."""
        there = await self._find(asset, url, provider, instance)
        if there is None:
            added = {"url": url, "providerKey": provider, "descriptionKey": description}
            await self._change(asset, {"add": [added | ({"instanceKey": instance} if instance else {})]})
            there = await self._find(asset, url, provider, instance)
        return (
            there
            if there is not None
            else Usage(id="", url=url, provider=provider, description=description, instance=instance, updated=None)
        )

    @operation(effect="withdraw", idempotent="look-up")
    async def unmark_used(self, asset: str, url: str, provider: str, instance: str = "") -> bool:
        """Take that back; False when it was not said. What other systems said stays."""
        there = await self._find(asset, url, provider, instance)
        if there is None:
            return False
        await self._change(asset, {"remove": [{"id": int(there.id)}]})
        return True

    async def _change(self, asset: str, change: Mapping[str, Any]) -> None:
        """Never repeated by itself: adding twice would say it twice. The next call looks first."""
        body = {"externalReferences": {"op": "MODIFY", **change}}
        await self.client.change_asset(asset, body, repeatable=False)

    async def _find(self, asset: str, url: str, provider: str, instance: str) -> Usage | None:
        wanted = (url, provider, instance)
        known = (to_usage(one) for one in await self._references(asset))
        return next((one for one in known if (one.url, one.provider, one.instance) == wanted), None)

    async def _references(self, asset: str) -> list[Record]:
        found: list[Record] = (await self.client.asset(asset, "externalReferences")).get("externalReferences") or []
        return found


def to_usage(one: Record) -> Usage:
    said = {name: key_of(one.get(name)) for name in ("provider", "description", "instance")}
    try:
        updated = dates.instant(one["updated"]) if one.get("updated") is not None else None
    except dates.Unreadable:
        updated = None
    return Usage(id=str(one.get("id") or ""), url=str(one.get("url") or ""), updated=updated, **said)


def key_of(told: object) -> str:
    """Objects with a key, or the key alone: their form is not documented."""
    return str(told.get("key") or "") if isinstance(told, Mapping) else str(told or "")
