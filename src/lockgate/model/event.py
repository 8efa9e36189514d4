"""Events are hints: look at this item again. They may be repeated, late or missing, and carry no content but for systems that
push their records."""

from datetime import datetime

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """`type` reads `asset.changed` or `asset.gone` (CloudEvents style); `id` is the vendor's id of the item."""

    type: str
    kind: str
    id: str
    at: datetime | None = None
    """When it happened by the vendor's clock (UTC), if it says."""
    record: bytes | None = None
    """The record itself, from a system that pushes whole records: it is taken instead of reading the item (`Connector.told`)."""


def changed(kind: str, id: str, at: datetime | None = None, record: bytes | None = None) -> Event:
    return Event(type=f"{kind}.changed", kind=kind, id=id, at=at, record=record)


def gone(kind: str, id: str, at: datetime | None = None) -> Event:
    return Event(type=f"{kind}.gone", kind=kind, id=id, at=at)
