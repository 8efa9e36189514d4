"""Objects of the portal → our items and what we hold there; modules → schema. Pure; vendor words stop here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.connectors.fourallportal.values import Field, entries, instant, localized, read
from lockgate.kit.contract import Held, Ref
from lockgate.kit.profile import FieldInfo, Match, Profile, canonical
from lockgate.model import codes
from lockgate.model.item import ASSET, PRODUCT, Item, Rendition, Text
from lockgate.model.lifecycle import Status

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
READ_ONLY = frozenset({"parent_path", "path", "mimetype", "file_size", "width", "height", "friendlyname"})


def field_info(field: Field, options: Mapping[str, str]) -> FieldInfo:
    """One field for the profile."""
    kind = str(field.get("type", ""))
    modules = field.get("modules") or []
    return FieldInfo(
        name=str(field["name"]),
        label=str(field.get("label") or ""),
        type="choice" if field.get("valueOptionKey") else TYPES.get(kind, "text"),
        multiple=kind.endswith("List"),
        localized=localized(field),
        options=dict(options),
        writable=field["name"] not in READ_ONLY,
        target=modules[0] if modules else None,
    )


def revision(record: Record) -> str:
    """Both clocks of an object: metadata and file."""
    image = entries(record.get("mod_time_img"))
    return f"{record.get('mod_time', '')}|{image[0].get('value', '') if image else ''}"


def ref_of(record: Record) -> Ref:
    return Ref(str(record["id"]), revision(record))


class Reader:
    """Reads records of one module by the profile of the connection."""

    def __init__(self, kind: str, fields: Fields, profile: Profile, quirks: Quirks, system: str) -> None:
        self.kind, self.fields, self.quirks, self.system = kind, fields, quirks, system
        self.matches = {match.canonical: match for match in profile.matches.get(kind, ()) if match.field in fields}

    def value(self, record: Record, name: str) -> Any:
        """What the record holds under a canonical name; None where the profile has no field for it."""
        match = self.matches.get(name)
        return read(self.fields[match.field], record.get(match.field), self.quirks) if match else None

    def item(self, record: Record) -> Item:
        """The record as an item."""
        return Item(
            system=self.system,
            kind=self.kind,
            id=str(record["id"]),
            revision=revision(record),
            identifiers=self.identifiers(record),
            title=as_text(self.value(record, "title")) or as_text(file_name(record)),
            texts=self.texts(record),
            status=self.status(record),
            status_label=str(self.value(record, "status") or ""),
            keywords={"subject": tuple(self.value(record, "keywords") or ())} if self.kind == ASSET else {},
            renditions=tuple(self.renditions(record)),
            modified=instant(record.get("mod_time")),
        )

    def identifiers(self, record: Record) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in self.matches:
            if name.startswith("ids."):
                kind = name.removeprefix("ids.")
                found[kind] = tuple(dict.fromkeys(comparable(kind, self.value(record, name))))
        if self.kind == PRODUCT and "sku" in found:
            # A product family may be an object of its own, whose article number is the family's code.
            found["family"] = tuple(dict.fromkeys((*found.get("family", ()), *found["sku"])))
        return {kind: values for kind, values in found.items() if values}

    def texts(self, record: Record) -> dict[str, Text]:
        names = [name for name in self.matches if name.startswith("texts.")]
        read_ones = {name.removeprefix("texts."): as_text(self.value(record, name)) for name in names}
        return {name: text for name, text in read_ones.items() if text}

    def status(self, record: Record) -> Status:
        """By the profile's values, else by the key itself where it is one of ours; anything else is unknown."""
        match, key = self.matches.get("status"), self.value(record, "status")
        word = (canonical(match, key) if match and key is not None else None) or str(key or "")
        return Status(word) if word in Status.__members__.values() else Status.UNKNOWN

    def renditions(self, record: Record) -> Iterable[Rendition]:
        if self.kind != ASSET:
            return
        image = entries(record.get("mod_time_img"))
        length = read({}, record.get("file_size"), self.quirks)
        yield Rendition(
            name="original",
            filename=str(file_name(record) or record["id"]),
            address=self.quirks.original_usage,
            version=str(image[0].get("value", "")) if image else "",
            length=int(length) if length is not None else None,
            media_type=read({}, record.get("mimetype"), self.quirks),
        )

    def held(self, record: Record, key: str, links: Sequence[str]) -> Held:
        """The record as one of our copies."""
        length = read({}, record.get("file_size"), self.quirks)
        return Held(
            key=key,
            ref=str(record["id"]),
            revision=revision(record),
            fields={name: read(self.fields[match.field], record.get(match.field), self.quirks)
                    for name, match in self.matches.items()},
            length=int(length) if length is not None else None,
            hidden=read({}, record.get(self.quirks.status_field), self.quirks) == self.quirks.hidden_status,
            links=tuple(links),
        )  # fmt: skip


def comparable(kind: str, value: Any) -> Iterable[str]:
    for one in value if isinstance(value, list) else [value]:
        if one is not None and (found := codes.identifier(kind, str(one))) is not None:
            yield found


def spellings(kind: str, value: str) -> list[str]:
    """How an identifier in comparable form may be written in the portal: GTINs also without their leading zeros."""
    if kind != "gtin":
        return [value]
    return [value, *(value[14 - length :] for length in (13, 12, 8) if not value[: 14 - length].strip("0"))]


def as_text(value: Any) -> Text:
    if isinstance(value, dict):
        return {language: words for language, words in value.items() if words}
    return {"und": str(value)} if value else {}


def file_name(record: Record) -> Any:
    found = entries(record.get("name"))
    return found[0].get("value") if found else None


def matched(profile: Profile, kind: str, names: Iterable[str]) -> dict[str, Match]:
    """The matches of these canonical names; names without a field are left out."""
    found = {name: profile.match(kind, name) for name in names}
    return {name: match for name, match in found.items() if match is not None}
