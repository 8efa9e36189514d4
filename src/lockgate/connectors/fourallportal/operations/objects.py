"""Objects field by field: values in every dimension, object images, deletion."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.values import dimension, entries
from lockgate.kit.contract import FileStream, operation
from lockgate.kit.errors import NotFound, Rejected


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a field. Without locale or channel it holds for all of them."""

    value: Any
    locale: str | None = None
    """As the tenant writes it: `de_DE`."""
    channel: str | None = None


class ObjectOperations(PortalBase):
    @operation(effect="read")
    async def values(self, kind: str, id: str, field: str) -> list[Value]:
        """All values of a field, one for each locale and channel it has; `field` is the portal's own name."""
        module = await self._with(kind, field)
        record = await self.client.get(module, id, [field])
        return [
            Value(
                value=one["value"],
                locale=dimension(one, "locale") or None,
                channel=dimension(one, "channel") or None,
            )
            for one in entries(record.get(field))
        ]

    @operation(effect="upsert")
    async def set_values(self, kind: str, id: str, field: str, values: Sequence[Value]) -> None:
        """Set values of a field in these dimensions, None clears one; those in others stay.

        Raises NotFound for an object that is gone, Rejected for a dimension that the field or the tenant does not have.
        """
        module = await self._with(kind, field)
        await self.client.get(module, id)
        await self.client.patch(module, [{"id": id, field: [wire(one) for one in values]}])

    @operation(effect="read")
    @asynccontextmanager
    async def picture(self, kind: str, id: str, usage: str = "medium") -> AsyncIterator[FileStream]:
        """The image of an object of any module, in a preview size: small, medium, large. Raises NotFound for none."""
        async with self.client.media(await self.modules.named(kind), id, usage) as stream:
            yield stream

    @operation(effect="withdraw")
    async def delete_object(self, kind: str, id: str) -> bool:
        """Delete any object, ours or not: for a person who said so. False when it is gone already."""
        try:
            await self.client.delete(await self.modules.named(kind), id)
        except NotFound:
            return False
        return True

    async def _with(self, kind: str, field: str) -> str:
        module, records = await self.modules.named(kind), await self.modules.records(kind)
        if field not in records.fields:
            raise Rejected(f"Objects of module {module} have no field {field!r}.", code="field")
        return module


def wire(one: Value) -> dict[str, Any]:
    told = {"locale": one.locale, "channel": one.channel}
    dimensions = {name: value for name, value in told.items() if value}
    return {"value": one.value, **({"dimensions": dimensions} if dimensions else {})}
