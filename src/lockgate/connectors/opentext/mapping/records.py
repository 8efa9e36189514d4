"""What was read of a node or workspace: its values by canonical name, by the profile, and back."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lockgate.connectors.opentext.mapping.categories import Attribute, attributes, flat, keyed, value_of
from lockgate.connectors.opentext.mapping.dates import instant
from lockgate.connectors.opentext.mapping.values import UnwritableError, ours, readable, theirs, writable
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import Match, Profile

Record = Mapping[str, Any]

NAME = Attribute(key="name", label="Name", length=248)
DESCRIPTION = Attribute(key="description", label="Description")
OWN = {one.key: one for one in (NAME, DESCRIPTION)}
"""Properties that are written."""
STATED = ("create_date", "modify_date", "mime_type", "size", "type_name", "reserved", "create_user_id")
"""Properties that are only read."""
UPLOADER = "uploaded_by"
"""User id of who put in the newest version of a document."""
BUSINESS = ("business_object_id", "business_object_type", "external_system_id", "workspace_type", "workspace_name")
"""Of a workspace, or of the workspace a document lies in."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A node as it was read."""

    properties: Record
    values: Record = {}
    """Category values by key."""
    attributes: Mapping[str, Attribute] = {}
    business: Record = {}
    version: Record = {}
    renditions: Sequence[Record] = ()
    """Other forms of that version."""
    workspace: int | None = None
    """The workspace that a document lies in."""

    @property
    def id(self) -> str:
        return str(self.properties["id"])


def seen_of(told: Record, **more: Any) -> Seen:
    """From the `results` of an answer about one node or workspace."""
    data = told.get("data") or {}
    definitions = (told.get("metadata") or {}).get("categories")
    return Seen(
        properties=data.get("properties") or {},
        values=flat(data.get("categories")),
        attributes=attributes(definitions),
        **more,
    )


def business_of(told: Record) -> dict[str, Any]:
    """The business object of a workspace and what kind of workspace it is, from its `results`."""
    data = told.get("data") or {}
    business = data.get("business_properties") or {}
    properties = data.get("properties") or {}
    return {
        **{name: business.get(name) for name in BUSINESS[:3]},
        "workspace_type": properties.get("wksp_type_name") or business.get("workspace_type_name"),
        "workspace_name": properties.get("name"),
    }


def filled_by(told: Record) -> dict[str, str]:
    """Attributes that the leading application fills: names by key."""
    rows = [one for one in told.get("businessProperties") or () if isinstance(one, dict)]
    keys = (str(row.get("attributeID")) for row in rows)
    whole = (key if "_" in key else f"{row.get('categoryID')}_{key}" for key, row in zip(keys, rows, strict=True))
    return {key: str(row.get("name") or "") for key, row in zip(whole, rows, strict=True)}


def revision(properties: Record, zone: str) -> str:
    """When it was changed, and a digest of what a list shows: the server's clock has whole seconds only."""
    at = instant(properties.get("modify_date"), zone)
    if at is None:
        raise ContractBroken(f"Item {properties.get('id')} came without `modify_date`, so its changes cannot be told.")
    parent = abs(int(properties.get("parent_id") or 0))
    shown = [properties.get("name"), properties.get("description") or "", properties.get("size"), parent]
    digest = hashlib.sha256(msgspec.json.encode(shown)).hexdigest()[:12]
    return f"{at:%Y-%m-%dT%H:%M:%SZ}|{digest}"


class Fields:
    """Reads and writes fields of one kind by the profile."""

    def __init__(self, kind: str, profile: Profile, known: Mapping[str, Attribute], quirks: Quirks) -> None:
        self.kind, self.zone, self.quirks = kind, profile.zone, quirks
        self.known = known
        self.matches = {one.canonical: one for one in profile.matches.get(kind, ())}

    def value(self, seen: Seen, name: str) -> Any:
        """What is held under a canonical name, choices in our words; None where the profile has no field for it."""
        match = self.matches.get(name)
        return None if match is None else ours(match, self.raw(seen, match))

    def raw(self, seen: Seen, match: Match) -> Any:
        field = match.field
        if field in seen.business:
            return seen.business[field]
        if field == UPLOADER:
            return seen.version.get("owner_id")
        if field in OWN or field in STATED:
            return seen.properties.get(field) or None
        one = seen.attributes.get(field) or self.known.get(field)
        return None if one is None else readable(one, value_of(seen.values, one))

    def all(self, seen: Seen) -> dict[str, Any]:
        return {name: self.value(seen, name) for name in self.matches}

    def encoded(self, values: Mapping[str, Any], before: Record) -> tuple[dict[str, Any], dict[str, Any]]:
        """Properties and category values to write, by the server's keys; what the profile has no field for is left out.

        Raises UnwritableError.
        """
        properties: dict[str, Any] = {}
        categories: dict[str, Any] = {}
        for name, value in values.items():
            if (found := self._field(name)) is None:
                continue
            match, one = found
            wire = self._wire(match, one, value)
            if one.key in OWN:
                properties[one.key] = "" if wire is None else wire
            else:
                categories |= keyed(one, "" if wire is None else wire, before)
        return properties, categories

    def _field(self, name: str) -> tuple[Match, Attribute] | None:
        match = self.matches.get(name)
        one = OWN.get(match.field) or self.known.get(match.field) if match else None
        return (match, one) if match and one and not one.read_only else None

    def _wire(self, match: Match, one: Attribute, value: Any) -> Any:
        ends = match.canonical.endswith("until")
        try:
            return writable(one, theirs(match, value), zone=self.zone, language=self.quirks.language, ends=ends)
        except UnwritableError as problem:
            raise UnwritableError(f"{match.canonical} cannot be written to {one.label}: {problem}") from problem

    def as_held(self, values: Mapping[str, Any], *, without: Sequence[str] = ()) -> dict[str, Any]:
        """What reading gives back for these values once they are written; those that are not kept as fields are left out."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            if name in without or (field := self._field(name)) is None:
                continue
            match, one = field
            try:
                found[name] = ours(match, readable(one, self._wire(match, one, value)))
            except UnwritableError:
                continue
        return found
