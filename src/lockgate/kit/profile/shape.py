"""The shapes of profile discovery, and what one asks of a profile."""

import hashlib
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
    """Likeliest first. One that begins with a dash is the end of a compound: `-länder` is in `Nutzungsländer`."""
    never: tuple[str, ...] = ()
    """Beginnings of words that make a field something else: `excl` in `excluded countries`."""
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


def schema_digest(kinds: Mapping[str, tuple[FieldInfo, ...]]) -> str:
    """A digest for `Schema.digest`: the same for the same fields, in whatever order a vendor lists them."""
    ordered = {kind: sorted(fields, key=lambda field: field.name) for kind, fields in kinds.items()}
    return hashlib.sha256(msgspec.json.encode(ordered, order="deterministic")).hexdigest()


def schema_of(kinds: Mapping[str, tuple[FieldInfo, ...]]) -> Schema:
    return Schema(kinds=kinds, digest=schema_digest(kinds))


def accept(
    schema: Schema,
    proposed: Mapping[str, tuple[Match, ...]],
    *,
    by: str,
    at: datetime,
    zone: str = "UTC",
    least: float = 0.6,
) -> Profile:
    """A profile of the proposals a person (or a demo) confirms: those of at least this confidence."""
    sure = {kind: tuple(one for one in matches if one.confidence >= least) for kind, matches in proposed.items()}
    return Profile(matches=sure, schema_digest=schema.digest, zone=zone, confirmed_by=by, confirmed_at=at)


def missing(profile: Profile, kind: str, needed: Iterable[str]) -> tuple[str, ...]:
    """Which of the canonical names a recipe needs have no field in this profile, in the order asked."""
    return tuple(name for name in needed if profile.match(kind, name) is None)


def describe(profile: Profile, schema: Schema | None = None) -> list[str]:
    """The profile in sentences for the person who confirms it; labels come from the schema if it is given."""
    labels = {
        (kind, field.name): field.label for kind, fields in (schema.kinds if schema else {}).items() for field in fields
    }
    return [
        sentence(kind, match, labels.get((kind, match.field), ""))
        for kind, matches in profile.matches.items()
        for match in matches
    ]


def sentence(kind: str, match: Match, label: str) -> str:
    """`asset rights.until is read from 705 "License until" (confidence 95 %: …)`."""
    name = f'{match.field} "{label}"' if label and label != match.field else match.field
    why = f": {match.why}" if match.why else ""
    return f"{kind} {match.canonical} is {name} (confidence {round(match.confidence * 100)} %{why})"


def canonical(match: Match, value: Any) -> str | None:
    """A vendor's choice in our words, by its key or label, whatever its letter case. None when the profile does not say."""
    text = str(value).strip()
    if text in match.values:
        return match.values[text]
    folded = text.casefold()
    return next((ours for theirs, ours in match.values.items() if theirs.casefold() == folded), None)


def vendor_values(match: Match, ours: str) -> tuple[str, ...]:
    """The vendor's choices that mean this canonical value: what a query or a write needs."""
    return tuple(theirs for theirs, value in match.values.items() if value == ours)
