"""Which field of a tenant carries which canonical name: discovered, proposed with a confidence, confirmed by a person.

Recipes speak only canonical names (`ids.sku`, `rights.territories`, `window.until`); the profile of a connection says
where this tenant keeps them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec


class FieldInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a tenant's schema."""

    name: str
    """As the vendor's API calls it (name or id): what reading and writing use."""
    label: str = ""
    type: str
    """`text`, `number`, `boolean`, `date`, `instant`, `choice`, `reference`, `file`."""
    multiple: bool = False
    localized: bool = False
    options: Mapping[str, str] = {}
    """Choices by the vendor's key, with their labels."""
    required: bool = False
    writable: bool = True
    target: str | None = None
    """For references: the kind they lead to."""


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's fields by kind of item, and a digest of them that changes when the schema does."""

    kinds: Mapping[str, tuple[FieldInfo, ...]]
    digest: str


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """How a field is recognised: by words its name or label may hold and by type."""

    kind: str
    canonical: str
    words: tuple[str, ...]
    types: tuple[str, ...] = ()
    values: Mapping[str, str] = {}
    """Vendor option (key or label, lower case) → canonical value, for choices."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """One canonical name bound to one field of the tenant."""

    canonical: str
    field: str
    confidence: float = 1.0
    """0 to 1; 1 is an exact name of the right type, or a person's word."""
    why: str = ""
    values: Mapping[str, str] = {}
    """The vendor's value → canonical value, for choices and references."""
    options: Mapping[str, Any] = {}
    """What else the connector needs (locale, channel, unit, time zone)."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The confirmed matches of one connection."""

    matches: Mapping[str, tuple[Match, ...]] = {}
    """By kind of item."""
    schema_digest: str = ""
    zone: str = "UTC"
    """Time zone in which the tenant's plain dates are meant."""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    def match(self, kind: str, canonical: str) -> Match | None:
        return next((one for one in self.matches.get(kind, ()) if one.canonical == canonical), None)

    def field(self, kind: str, canonical: str) -> str | None:
        found = self.match(kind, canonical)
        return found.field if found else None


def propose(schema: Schema, hints: Iterable[Hint]) -> Mapping[str, tuple[Match, ...]]:
    """The likeliest field per canonical name and kind, best first; each field serves one canonical name at most."""
    raise NotImplementedError
