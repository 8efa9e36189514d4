"""Records of CORA in the form of the Content API, so that one mapping makes items of both. Pure.

Only the names of members are known from public clients, most of their insides are inferred; what is not there stays unsaid.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

Record = Mapping[str, Any]

TYPES = {
    "Text": "TEXT",
    "TextArea": "TEXT_AREA",
    "LocalizedText": "LOCALIZED_TEXT",
    "LocalizedTextArea": "LOCALIZED_TEXT_AREA",
    "Number": "NUMBER",
    "Double": "DOUBLE",
    "Boolean": "BOOLEAN",
    "Date": "DATE",
    "DropDown": "DROPDOWN",
    "NodeReference": "COLLECTION_REFERENCE",
    "TagReference": "TAG_REFERENCE",
}
"""Field types by their older names."""


def to_asset(
    record: Record, definitions: Mapping[str, Record] | None = None, formats: Iterable[Record] = ()
) -> dict[str, Any]:
    """An asset. CORA states no release, so there is no `releaseStatus`: what the tenant's own field says counts."""
    trail = record.get("modificationInformation") or {}
    asset: dict[str, Any] = {"id": record.get("id"), "name": record.get("name")}
    for ours, theirs in (("creation", "creationDateTime"), ("modification", "lastModificationDateTime")):
        if trail.get(theirs) is not None:
            asset[ours] = {"date": trail[theirs]}
    asset["parentIds"] = [one["id"] for one in record.get("nodes") or () if "id" in one]
    asset["validationStatus"] = {}
    if (window := availability(record.get("availability"))) is not None:
        asset["availability"] = window
    asset["currentVersion"] = version(record)
    if definitions is not None:
        asset["informationFieldValueSets"] = [{"informationFieldValues": values(record, definitions)}]
        asset["downloadFormats"] = allowed(record, formats)
    return asset


def to_node(record: Record, parent: int | None = None) -> dict[str, Any]:
    """A collection. CORA states neither its type nor what stands above it; who asked below one knows that."""
    node: dict[str, Any] = {"id": record["id"], "name": texts(record.get("name"))}
    node |= {"hasChildren": record["hasChildren"]} if "hasChildren" in record else {}
    return node | ({} if parent is None else {"parentId": parent})


def availability(told: object) -> dict[str, Any] | None:
    """`active` and `dated` are known; anything else is off, as unknown is closed."""
    if not isinstance(told, Mapping):
        return None
    kind = str(told.get("availabilityType") or "").lower()
    if kind != "dated":
        return {"type": "DIRECT", "available": kind == "active"}
    edges = {"from": told.get("activeFrom"), "to": told.get("activeTo")}
    return {"type": "DATED", **{name: when for name, when in edges.items() if when is not None}}


def version(record: Record) -> dict[str, Any]:
    """The file of now. CORA gives no number for it that could be asked for, so a digest of what it states stands for it."""
    info = record.get("fileInformation") or {}
    extension, name = str(info.get("fileExtension") or ""), str(record.get("name") or "file")
    suffix = f".{extension}" if extension else ""
    stated = [info, record.get("versionInformation")]
    return {
        "id": hashlib.blake2b(msgspec.json.encode(stated, order="sorted"), digest_size=8).hexdigest(),
        "active": True,
        "filename": name if name.lower().endswith(suffix.lower()) else f"{name}{suffix}",
        "filesize": info.get("originalFileSize"),
        "fileExtension": extension,
        "fileCategory": str(record.get("fileCategory") or "unknown").upper(),
    }


def values(record: Record, definitions: Mapping[str, Record]) -> list[dict[str, Any]]:
    told = record.get("informationFieldValues") or {}
    return [
        {"type": definition["type"], "field": definition, "value": value(definition["type"], told[name])}
        for name, definition in definitions.items()
        if name in told
    ]


def value(kind: str, told: Any) -> Any:
    if kind.startswith("LOCALIZED_"):
        return texts(told)
    if kind == "DROPDOWN" and isinstance(told, Mapping):
        return told.get("index")
    if kind in {"COLLECTION_REFERENCE", "TAG_REFERENCE"}:
        return [{**one, "name": texts(one.get("name"))} for one in told or () if isinstance(one, Mapping)]
    return told


def texts(told: Any) -> Any:
    """`[{"locale": "en", "value": "…"}]` as a map by locale; a plain text as it is."""
    if not isinstance(told, list):
        return told
    return {str(one.get("locale")): one.get("value") for one in told if isinstance(one, Mapping) and one.get("value")}


def to_definition(field: Record) -> dict[str, Any]:
    """An information field."""
    kind = str(field.get("type") or "")
    named = texts(field.get("label") or field.get("labels") or [])
    found = {**field, "type": TYPES.get(kind, kind), "labels": named if isinstance(named, Mapping) else {}}
    if field.get("options"):
        found["options"] = by_locale(field["options"])
    return found


def by_locale(options: Iterable[Record]) -> dict[str, list[dict[str, Any]]]:
    """Options of a dropdown: CORA has labels in each option, the Content API options in each locale."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in options:
        for locale, label in (texts(one.get("label") or []) or {}).items():
            found.setdefault(locale, []).append({"index": one.get("index"), "label": label})
    return found


def allowed(record: Record, formats: Iterable[Record]) -> list[dict[str, Any]]:
    """The formats that the asset has a binary of."""
    there = {str(one.get("format")) for one in record.get("binaries") or ()}
    return [dict(one) for one in formats if str(one.get("id")) in there]
