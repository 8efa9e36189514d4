"""A CELUM collection as an Item: its names, where it stands, its own fields. Pure."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from lockgate.connectors.celum.mapping.asset import VALIDATION, changed_at, identifiers
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.connectors.celum.mapping.reading import Reading
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import Profile
from lockgate.model.item import Item, Relation, pick

COLLECTION = "collection"
MISSING = {**VALIDATION, "collectionTypeSet": "collection type"}


def collection_revision(node: Mapping[str, Any]) -> str:
    """A digest of what every answer shows of a collection, with or without inclusions."""
    seen = [
        node.get("modification") or node.get("creation"),
        [node.get(name) for name in ("name", "typeId", "icon", "parentId", "validationLevel", "validationStatus")],
    ]
    return hashlib.blake2b(msgspec.json.encode(seen, order="sorted"), digest_size=12).hexdigest()


def to_collection(node: Mapping[str, Any], *, system: str, profile: Profile, quirks: Quirks) -> Item:
    """The collection as it is now."""
    if not isinstance(node.get("id"), int):
        raise ContractBroken("CELUM sent a collection without an id", detail=repr(sorted(node)))
    reading = Reading(node, profile, quirks, kind=COLLECTION)
    stated = node.get("validationStatus")
    wrong = [MISSING.get(name, str(name)) for name, valid in stated.items() if valid is not True] if stated else []
    title = reading.text("title") or labels(node.get("name"))
    texts = {name: said for name, bound in reading.under("texts.").items() if (said := bound.text())}
    further = fields(reading, node)
    return Item(
        system=system,
        kind=COLLECTION,
        id=str(node["id"]),
        revision=collection_revision(node),
        identifiers=identifiers(reading),
        title=title,
        texts=texts,
        keywords={name: known for name, bound in reading.under("keywords.").items() if (known := bound.meanings())},
        relations=tuple(Relation(type="in", kind=COLLECTION, id=str(one)) for one in [node.get("parentId")] if one),
        fields=further,
        modified=changed_at(node),
        missing=tuple(dict.fromkeys([*wrong, *reading.problems])),
    )


def path_names(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of all above a collection, the root first. The vendor's model says `collectionName`, clients were seen with `name`."""
    segments = (node.get("path") or {}).get("pathSegments") or ()
    return tuple(pick(labels(one.get("collectionName") or one.get("name"))) or "" for one in segments)


def fields(reading: Reading, node: Mapping[str, Any]) -> dict[str, Any]:
    """Its own further fields, and in `type`, `path` and `parent` what sort of collection it is and where it stands."""
    found: dict[str, Any] = {"type": node.get("typeId"), "path": "/".join(path_names(node))}
    found["parent"] = str(node["parentId"]) if node.get("parentId") else None
    for name, bound in reading.under("fields.").items():
        found[name] = reading.trying(name, partial(bound.as_json, reading.zone(bound)), None)
    return found
