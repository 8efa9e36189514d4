"""States of an asset: locked, available, valid, and what our account may do with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping import asset_id, dates
from lockgate.connectors.celum.mapping.asset import VALIDATION, trail_date
from lockgate.connectors.celum.source import number
from lockgate.kit.contract import operation
from lockgate.kit.errors import Rejected


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody works on the asset: nobody else may change it."""

    by: str
    """Number of the user."""
    comment: str
    since: datetime | None
    temporary: bool


class StateOperations(CelumBase):
    @operation(effect="read")
    async def locked(self, asset: str) -> Lock | None:
        """Who holds the asset; None when nobody does."""
        return to_lock(await self.client.asset(asset))

    @operation(effect="upsert")
    async def lock(self, asset: str, comment: str) -> Lock:
        """Hold the asset for our account. Raises Transient (`asset.locked`) where somebody else does."""
        changed = to_lock(await self.client.change_asset(asset, {"lock": {"op": "SET", "comment": comment}}))
        if changed is None:
            raise Rejected(f"CELUM took the lock of asset {asset}, but does not show it.", code="lock")
        return changed

    @operation(effect="upsert")
    async def unlock(self, asset: str) -> None:
        """Let the asset go. Raises Transient (`asset.locked`) where it is held by somebody else."""
        await self.client.change_asset(asset, {"lock": {"op": "CLEAR"}})

    @operation(effect="upsert")
    async def set_availability(
        self, asset: str, *, start: datetime | None = None, end: datetime | None = None, available: bool = True
    ) -> None:
        """When the asset may be used: between two instants, or by `available` without dates. It replaces what was said."""
        told: dict[str, object] = {"type": "DIRECT", "available": available}
        if start is not None or end is not None:
            edges = {"from": start, "to": end}
            told = {"type": "DATED", **{name: dates.text(when) for name, when in edges.items() if when is not None}}
        await self.client.change_asset(asset, {"availability": told})

    @operation(effect="read")
    async def validation(self, assets: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """What CELUM calls incomplete, by asset; empty for a valid one. Assets that are gone are left out."""
        wanted = [one for one in map(number, dict.fromkeys(assets)) if one is not None]
        return {asset_id(one): invalid(one) for one in await self.client.by_ids(wanted)}

    @operation(effect="read")
    async def permissions(self, asset: str) -> Mapping[str, bool]:
        """What our account may do with the asset, in CELUM's words: `editMetadata`, `addVersion`, `downloadOriginal` …"""
        told = (await self.client.one(f"assets/{asset}", {"permissions": ["all"], "inclusions": ["permissions"]})).get(
            "permissions"
        )
        return {str(name): may is True for name, may in told.items()} if isinstance(told, dict) else {}


def to_lock(asset: Record) -> Lock | None:
    told = asset.get("lock")
    if not isinstance(told, dict):
        return None
    creation = told.get("creation") or {}
    return Lock(
        by=str(creation.get("userId") or ""),
        comment=str(told.get("comment") or ""),
        since=trail_date(creation),
        temporary=told.get("temporary") is True,
    )


def invalid(asset: Record) -> tuple[str, ...]:
    stated = asset.get("validationStatus") or {}
    return tuple(VALIDATION.get(name, str(name)) for name, valid in stated.items() if valid is not True)
