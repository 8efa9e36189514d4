"""Objects of a module ⇄ values by canonical name, by the profile; modules → schema. Pure; vendor words stop here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.connectors.fourallportal.values import (
    FLAG,
    LISTS,
    PLAIN,
    Entry,
    Field,
    Unwritable,
    dimension,
    entries,
    localized,
    read,
    write,
)
from lockgate.kit.contract import Held, Ref
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import FieldInfo, Match, Profile, canonical, vendor_values
from lockgate.model import codes
from lockgate.model.item import ASSET, PRODUCT

Record = Mapping[str, Any]
Fields = Mapping[str, Field]
"""Fields of a module by name."""

TYPES = {
    "CEVarchar": "text", "CEText": "text", "CETextList": "text", "CEVarcharList": "text", "CEEmail": "text",
    "CEPhone": "text", "MAMString": "text", "XMPString": "text", "MAMList": "text",
    "CEInteger": "number", "CELong": "number", "CEDouble": "number", "CEMetric": "number",
    "MAMNumber": "number", "XMPNumber": "number",
    "CEBoolean": "boolean", "MAMBoolean": "boolean",
    "CEDate": "date", "MAMDate": "date", "CETimestamp": "instant",
    "CEEnum": "choice",
    "CEId": "reference", "CEIdList": "reference", "CEExternalId": "reference", "CEExternalIdList": "reference",
    "CEObjectLink": "reference", "CEExternalObjectLink": "reference",
}  # fmt: skip


DIMENSIONS = ("locale", "channel")
"""What a field may hold different values for; a match may name one of each in its options."""


def field_info(field: Field, options: Mapping[str, str], quirks: Quirks) -> FieldInfo:
    """One field for the profile."""
    kind = str(field.get("type", ""))
    modules = field.get("modules") or []
    return FieldInfo(
        name=str(field["name"]),
        label=str(field.get("label") or ""),
        type="choice" if field.get("valueOptionKey") else TYPES.get(kind, "text"),
        multiple=kind in LISTS,
        localized=localized(field),
        options=dict(options),
        writable=field["name"] not in quirks.read_only_fields,
        target=str(modules[0]) if modules else None,
    )


def image_time(record: Record) -> str:
    """When the file was put in last, by the portal's clock; where that is not stated, when anything was changed."""
    told = entries(record.get("mod_time_img"))
    return str(told[0]["value"] if told else record.get("mod_time") or "")


def revision(record: Record) -> str:
    """Both clocks of an object: metadata and file."""
    if not record.get("mod_time"):
        raise ContractBroken(f"Object {record.get('id')} came without `mod_time`, so its changes cannot be told.")
    return f"{record['mod_time']}|{image_time(record)}"


def ref_of(record: Record) -> Ref:
    return Ref(str(record["id"]), revision(record))


class Records:
    """Objects of one module: their values by canonical name, there and back."""

    def __init__(self, kind: str, fields: Fields, profile: Profile, quirks: Quirks) -> None:
        self.kind, self.fields, self.quirks, self.zone = kind, fields, quirks, profile.zone
        self.matches = {match.canonical: match for match in profile.matches.get(kind, ()) if match.field in fields}
        self.targets = self._targets()
        """By canonical name the kind that a link field of the profile leads to."""

    @property
    def asked(self) -> list[str]:
        """The fields that reading needs."""
        technical = (self.quirks.name_field, self.quirks.media_type_field, self.quirks.size_field)
        matched = [match.field for match in self.matches.values()]
        return [*matched, *technical, self.quirks.key_field, self.quirks.status_field, *self.channels]

    @property
    def channels(self) -> list[str]:
        """The fields that publish to channels, those that there are."""
        return [name for name in self.quirks.publish_fields if name in self.fields]

    def raw(self, record: Record, name: str) -> Any:
        """What the record holds under a canonical name, choices by the portal's keys; None where the profile has no field for it."""
        match = self.matches.get(name)
        if match is None:
            return None
        wire = record.get(match.field)
        return read(self.fields[match.field], narrowed(wire, match) if match.options else wire, self.quirks)

    def _targets(self) -> Mapping[str, str]:
        kinds = {self.quirks.file_module: ASSET, self.quirks.product_module: PRODUCT}
        found = {name: self.fields[match.field].get("modules") or () for name, match in self.matches.items()}
        return {name: kinds.get(str(told[0]), str(told[0])) for name, told in found.items() if told}

    def value(self, record: Record, name: str) -> Any:
        """The same with choices in our words."""
        return translated(self.raw(record, name), self.matches[name], ours) if name in self.matches else None

    def technical(self, record: Record, field: str) -> Any:
        """A value by the portal's own name of its field, which need not be in the profile."""
        return read(PLAIN, record.get(field), self.quirks)

    def length(self, record: Record) -> int | None:
        told = read({"type": "CELong"}, record.get(self.quirks.size_field), self.quirks)
        return told if isinstance(told, int) else None

    def key(self, record: Record) -> str:
        return str(self.technical(record, self.quirks.key_field) or "")

    def hidden(self, record: Record) -> bool:
        """By its status, and off from every channel: one that somebody published since is not hidden any more."""
        published = any(read(FLAG, record.get(name), self.quirks) for name in self.channels)
        return not published and bool(self.technical(record, self.quirks.status_field) == self.quirks.hidden_status)

    def identifiers(self, record: Record) -> dict[str, tuple[str, ...]]:
        """In comparable form, by kind."""
        names = [name for name in self.matches if name.startswith("ids.")]
        kinds = {name.removeprefix("ids."): self.value(record, name) for name in names}
        found = {kind: tuple(dict.fromkeys(comparable(kind, value))) for kind, value in kinds.items()}
        return {kind: values for kind, values in found.items() if values}

    def held(self, record: Record, links: Sequence[str]) -> Held:
        """The record as one of our copies."""
        return Held(
            key=self.key(record),
            ref=str(record["id"]),
            revision=revision(record),
            fields={name: self.value(record, name) for name in self.matches},
            length=self.length(record),
            hidden=self.hidden(record),
            links=tuple(links),
        )

    def encoded(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by canonical name in the portal's form; those that the profile has no field for are left out.

        Raises Unwritable.
        """
        return {
            self.matches[name].field: self._wire(name, value) for name, value in values.items() if name in self.matches
        }

    def _wire(self, name: str, value: Any) -> list[dict[str, Any]]:
        match = self.matches[name]
        try:
            wanted = translated(value, match, theirs)
            entries = write(self.fields[match.field], wanted, self.quirks, self.zone, ends=name.endswith("until"))
        except Unwritable as problem:
            raise Unwritable(f"{name} cannot be written to field {match.field}: {problem}") from problem
        return widened(entries, match) if match.options else entries

    def as_held(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What reading these values back would give: dates without time, texts in the tenant's locales, shortened."""
        wire: dict[str, Any] = {}
        for name, value in values.items():
            if name in self.matches:
                wire |= self._readable(name, value)
        return {name: self.value(wire, name) for name in values if name in self.matches}

    def _readable(self, name: str, value: Any) -> dict[str, Any]:
        try:
            return self.encoded({name: value})
        except Unwritable:
            return {}


def narrowed(wire: Any, match: Match) -> list[Entry]:
    """The entries of the channel or locale that the profile names for this field; where there is none, those for all."""
    found = entries(wire)
    for name in DIMENSIONS:
        if wanted := match.options.get(name):
            found = [one for one in found if dimension(one, name) == wanted] or [
                one for one in found if not dimension(one, name)
            ]
    return found


def widened(entries: list[dict[str, Any]], match: Match) -> list[dict[str, Any]]:
    """The entries written for that channel or locale only."""
    locale, channel = (match.options.get(name) for name in ("locale", "channel"))
    kept = [one for one in entries if not locale or dimension(one, "locale") in {"", locale}]
    if not channel:
        return kept
    return [one | {"dimensions": {**one.get("dimensions", {}), "channel": channel}} for one in kept]


def translated(value: Any, match: Match, by: Any) -> Any:
    """Choices in other words, each of a list by itself; where the profile does not say, as they are."""
    if not match.values or isinstance(value, dict):
        return value
    return [by(match, one) for one in value] if isinstance(value, list | tuple) else by(match, value)


def ours(match: Match, value: Any) -> Any:
    found = None if value is None else canonical(match, value)
    return value if found is None else found


def theirs(match: Match, value: Any) -> Any:
    """The portal's key of a canonical value, the first where several mean the same."""
    return next(iter(vendor_values(match, value)), value) if isinstance(value, str) else value


def comparable(kind: str, value: Any) -> Iterable[str]:
    for one in value if isinstance(value, list) else [value]:
        if one is not None and (found := codes.identifier(kind, str(one))) is not None:
            yield found


def spellings(kind: str, value: str) -> list[str]:
    """How an identifier may be written in the portal: GTINs in every length that their leading zeros allow."""
    known = codes.gtin(value) if kind == "gtin" else None
    if known is None:
        return [value]
    shorter = [known[14 - length :] for length in (13, 12, 8) if not known[: 14 - length].strip("0")]
    return list(dict.fromkeys([value, known, *shorter]))
