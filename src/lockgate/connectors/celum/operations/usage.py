"""External references: where an asset is in use, so that people in the DAM see where it is live before they change it.

CELUM tells the references of an asset apart by who uses it (provider), as what (description) and at which instance: one
address each. A second address of the same provider therefore gets an instance of its own.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping import dates
from lockgate.kit.contract import operation
from lockgate.kit.errors import Rejected


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
        """Say that the asset is live at this address. Said once for each address and provider, however often it is called.

        An `instance` that is named has one address: saying another one replaces it.
        """
        known = await self.usages(asset)
        there = matching(known, url, provider, instance)
        if there is not None:
            return there
        said = Usage(id="", url=url, provider=provider, description=description, instance=instance, updated=None)
        if not instance and any(keys(one) == keys(said) for one in known):
            said = msgspec.structs.replace(said, instance=hashlib.sha256(url.encode()).hexdigest()[:12])
        await self._change(asset, {"add": [{"url": url, **keys(said)}]})
        return matching(await self.usages(asset), url, provider, said.instance) or said

    @operation(effect="withdraw", idempotent="look-up")
    async def unmark_used(self, asset: str, url: str, provider: str, instance: str = "") -> bool:
        """Take that back; False when it was not said. What other systems said stays.

        Raises Rejected where CELUM cannot tell it from a reference to another address, which would go with it.
        """
        known = await self.usages(asset)
        there = matching(known, url, provider, instance)
        if there is None:
            return False
        if any(keys(one) == keys(there) and one.url != url for one in known):
            raise Rejected(
                f"At asset {asset} the reference to {url} has the keys of one to another address; remove it in CELUM.",
                code="usage.keys",
            )
        await self._change(asset, {"remove": [keys(there)]})
        return True

    async def _change(self, asset: str, change: Mapping[str, Any]) -> None:
        """Never repeated by itself: adding twice would say it twice. The next call looks first."""
        body = {"externalReferences": {"op": "MODIFY", **change}}
        await self.client.change_asset(asset, body, repeatable=False)

    async def _references(self, asset: str) -> list[Record]:
        found: list[Record] = (await self.client.asset(asset, "externalReferences")).get("externalReferences") or []
        return found


def matching(known: list[Usage], url: str, provider: str, instance: str) -> Usage | None:
    """The reference to this address, of this instance if one is named."""
    found = (one for one in known if (one.url, one.provider) == (url, provider))
    return next((one for one in found if instance in ("", one.instance)), None)


def keys(usage: Usage) -> dict[str, str]:
    """By what CELUM tells references of an asset apart."""
    told = {"providerKey": usage.provider, "descriptionKey": usage.description}
    return told | ({"instanceKey": usage.instance} if usage.instance else {})


def to_usage(one: Record) -> Usage:
    said = {name: key_of(one.get(name)) for name in ("provider", "description", "instance")}
    try:
        updated = dates.instant(one["updated"]) if one.get("updated") is not None else None
    except dates.Unreadable:
        updated = None
    return Usage(id=str(one.get("id") or ""), url=str(one.get("url") or ""), updated=updated, **said)


def key_of(told: object) -> str:
    """Objects with a key and labels; a key alone is read as well."""
    return str(told.get("key") or "") if isinstance(told, Mapping) else str(told or "")
