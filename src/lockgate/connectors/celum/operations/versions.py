"""Versions of an asset: list, add, make an older one current again, delete."""

from datetime import datetime

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping import files
from lockgate.connectors.celum.mapping.asset import trail_date
from lockgate.kit.contract import FileSource, operation
from lockgate.kit.errors import ContractBroken, NeedsOperator, Transient


class Version(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    current: bool
    filename: str
    length: int | None
    digest: str | None
    """As CELUM states it: `md5:…` by the length of its digits."""
    category: str
    """`image`, `document`, …; `placeholder` for an asset without a file."""
    preview: str
    """`processing`, `succeeded`, `failed`: how far its previews are."""
    made: datetime | None


class VersionOperations(CelumBase):
    @operation(effect="read")
    async def versions(self, asset: str) -> list[Version]:
        """All of them, newest first; exactly one is current."""
        return [to_version(one) for one in await self.client.versions(int(asset))]

    @operation(effect="replace", idempotent="look-up")
    async def add_version(self, asset: str, file: FileSource) -> Version:
        """A file as the new current version, of any asset. Where the answer is lost, the current file is read back."""
        before = await self.client.asset(asset)
        sent = await self.client.put(file)
        body = {"filename": sent.filename, "uploadHandle": sent.handle}
        try:
            return to_version(await self.client.create(f"assets/{asset}/versions", body))
        except NeedsOperator as refused:
            raise await self.client.why(asset, refused) from refused
        except (Transient, ContractBroken):
            now = await self.client.asset(asset)
            same = now.get("currentVersion", {}).get("id") == before.get("currentVersion", {}).get("id")
            if same or await self.copies.digest(asset) != sent.sha256:
                raise
            return to_version(now["currentVersion"])

    @operation(effect="replace")
    async def activate_version(self, asset: str, version: str) -> Version:
        """Make an existing version the current one: going back to what was before."""
        changed = await self.client.change_asset(asset, {"currentVersion": int(version)})
        return to_version(changed["currentVersion"])

    @operation(effect="withdraw")
    async def delete_version(self, asset: str, version: str) -> bool:
        """Delete a version that is not the current one; False when it is gone already. Raises Rejected for the current one."""
        try:
            return await self.client.remove(f"assets/{asset}/versions/{version}")
        except NeedsOperator as refused:
            raise await self.client.why(asset, refused) from refused


def to_version(one: Record) -> Version:
    length = one.get("filesize")
    return Version(
        id=str(one["id"]),
        current=one.get("active") is True,
        filename=str(one.get("filename") or ""),
        length=length if isinstance(length, int) else None,
        digest=files.digest(one.get("fileChecksum")),
        category=str(one.get("fileCategory") or "").lower(),
        preview=str(one.get("previewState") or "").lower(),
        made=trail_date(one.get("creation")),
    )
