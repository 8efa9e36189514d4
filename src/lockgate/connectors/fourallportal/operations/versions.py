"""Versions: an object with its file kept as it is, and made current again later. Their routes are inferred."""

from datetime import datetime
from typing import Any

import msgspec

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.values import instant
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken, Transient


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """An object as it was when somebody kept it."""

    id: str
    comment: str
    by: str
    """Id of the user."""
    at: datetime | None


class VersionOperations(PortalBase):
    @operation(effect="read")
    async def versions(self, kind: str, id: str) -> list[Version]:
        """Newest first. Raises NotFound for an object that is gone, or a portal without the route."""
        return [to_version(one) for one in await self.client.versions(await self.modules.named(kind), id)]

    @operation(effect="create", idempotent="look-up")
    async def take_version(self, kind: str, id: str, comment: str) -> Version:
        """Keep the object as it is now: before a flow overwrites what people made. Where the answer is lost, it is looked for."""
        module, known = await self.modules.named(kind), {one.id for one in await self.versions(kind, id)}
        try:
            return to_version(await self.client.take_version(module, id, comment))
        except (Transient, ContractBroken):
            fresh = [one for one in await self.versions(kind, id) if one.id not in known and one.comment == comment]
            if not fresh:
                raise
            return fresh[0]

    @operation(effect="replace")
    async def restore_version(self, kind: str, id: str, version: str) -> None:
        """Make a version current again, file and metadata. What is current now is lost unless it is kept first."""
        await self.client.restore_version(await self.modules.named(kind), id, version)


def to_version(one: dict[str, Any]) -> Version:
    return Version(
        id=str(one["id"]),
        comment=str(one.get("comment") or ""),
        by=str(one.get("created_by") or ""),
        at=instant(one.get("created_time")),
    )
