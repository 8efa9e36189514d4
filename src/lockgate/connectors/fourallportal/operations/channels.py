"""Channels: which objects are published to which, by their trigger fields, and what a channel is really given."""

from collections.abc import Mapping, Sequence

import msgspec

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.items import to_item
from lockgate.connectors.fourallportal.values import FLAG, read
from lockgate.connectors.fourallportal.writing import Answer
from lockgate.kit.contract import operation
from lockgate.kit.errors import Rejected
from lockgate.model.item import Item


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    channels: tuple[str, ...]
    """Those whose trigger field is on."""


class ChannelOperations(PortalBase):
    @operation(effect="upsert")
    async def publish(self, kind: str, refs: Sequence[str], channels: Sequence[str]) -> list[Answer]:
        """Switch the trigger fields of these channels on, read back. Other channels stay as they are."""
        return await self._switch(kind, refs, channels, on=True)

    @operation(effect="withdraw")
    async def unpublish(self, kind: str, refs: Sequence[str], channels: Sequence[str] = ()) -> list[Answer]:
        """Switch them off, read back; without channels all of them."""
        known = await self._fields(kind)
        return await self._switch(kind, refs, channels or list(known), on=False)

    @operation(effect="read")
    async def publications(self, kind: str, refs: Sequence[str]) -> list[Publication]:
        """On which channels objects are, by their trigger fields. Objects that are gone are left out."""
        known, module = await self._fields(kind), await self.modules.named(kind)
        found = await self.client.having(module, "id", refs, fields=list(known.values()))
        return [
            Publication(
                id=id,
                channels=tuple(name for name, field in known.items() if read(FLAG, record.get(field), self.quirks)),
            )
            for id, record in found.items()
        ]

    @operation(effect="read")
    async def shown(self, channel: str, kind: str, refs: Sequence[str]) -> list[Item]:
        """What the channel is given of these objects: what its connector shows, in the fields that it has.

        So it tells whether a publication, or its end, has arrived. Raises NotFound where the channel has no connector.
        """
        module, records = await self.modules.named(kind), await self.modules.records(kind)
        name = self.quirks.channel_feed.format(channel=channel, module=module)
        system = self.services.connection
        return [to_item(one, records, system=system, module=module) for one in await self.client.fed(name, list(refs))]

    @operation(effect="upsert")
    async def set_status(self, kind: str, refs: Sequence[str], status: str) -> list[Answer]:
        """Bring objects to a status by the portal's key, read back. A step that the tenant does not allow is Rejected."""
        states = await self.states(kind)
        fields = (await self.modules.records(kind)).fields
        return await states.bring(refs, {states.status(fields): status})

    async def _switch(self, kind: str, refs: Sequence[str], channels: Sequence[str], *, on: bool) -> list[Answer]:
        known, states = await self._fields(kind), await self.states(kind)
        unknown = [name for name in channels if name not in known]
        if unknown:
            raise Rejected(
                f"Objects of module {states.module} cannot be published to {unknown[0]}; there are "
                f"{', '.join(known) or 'no trigger fields'} (quirks, `publish_fields`).",
                code="channel",
            )
        return await states.bring(refs, {known[name]: on for name in channels})

    async def _fields(self, kind: str) -> Mapping[str, str]:
        """By channel the trigger field of this kind."""
        fields = (await self.modules.records(kind)).fields
        return {name.rsplit("_", 1)[-1]: name for name in self.quirks.publish_fields if name in fields}
