"""Filter bodies of `POST /assets/search` (all filter types are documented; the members of some are inferred)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lockgate.connectors.celum.mapping import dates

Filter = dict[str, Any]

WHOLE: Mapping[str, list[Filter]] = {
    "asset": [{"type": "ALL_ASSET_INFORMATION_FIELDS"}, {"type": "ALL_DOWNLOAD_FORMATS"}],
    "collection": [{"type": "ALL_COLLECTION_INFORMATION_FIELDS"}],
}
"""Inclusions that make an entity in a list as complete as one read alone, as far as this connector reads it."""


def every(*filters: Filter | None, entity: str = "asset") -> Filter:
    given = [one for one in filters if one is not None]
    return given[0] if len(given) == 1 else of(entity, "LOGICAL", operator="AND", filters=given)


def any_of(*filters: Filter, entity: str = "asset") -> Filter:
    return filters[0] if len(filters) == 1 else of(entity, "LOGICAL", operator="OR", filters=list(filters))


def of(entity: str, name: str, **members: Any) -> Filter:
    """A filter of assets or of collections: their names differ in the first word only."""
    return {"type": f"{entity.upper()}_{name}", **members}


def with_ids(ids: Sequence[int], *, entity: str = "asset") -> Filter:
    return of(entity, "ID", values=list(ids))


def above(last: int, *, entity: str = "asset") -> Filter:
    """Ids greater than the last one seen: key-set paging, which nothing written meanwhile can shift."""
    return of(entity, "ID_RANGE", **{"from": last + 1})


def below_collection(collection: int | None, *, entity: str = "asset") -> Filter | None:
    return None if collection is None else of(entity, "PARENT_ID", values=[collection], recursive=True)


def touched_since(since: datetime, *, versioned: bool, entity: str = "asset") -> Filter:
    """Modified, created (one that never changed may lack `modification`) or given a new version since then."""
    kinds = ["MODIFICATION", "CREATION", *(["VERSIONED"] if versioned and entity == "asset" else [])]
    parts = (of(entity, f"{kind}_DATE_RANGE", **{"from": dates.text(since)}) for kind in kinds)
    return any_of(*parts, entity=entity)


def dated(kind: str, *, entity: str = "asset") -> Filter:
    """Those that have a date of this kind at all."""
    return of(entity, f"{kind}_DATE_RANGE", **{"from": "1970-01-01T00:00:00.000Z"})


def text_field(entity: str, definition: Mapping[str, Any], text: str) -> Filter:
    """Those whose text field holds this text somewhere, whatever its letter case."""
    name = f"{definition['type']}_INFORMATION_FIELD"
    return of(entity, name, informationFieldId=definition["id"], text=text)


def number_field(entity: str, definition: Mapping[str, Any], value: float) -> Filter:
    name = f"{definition['type']}_INFORMATION_FIELD_EQUALITY"
    return of(entity, name, informationFieldId=definition["id"], value=value)


def reference_field(entity: str, definition: Mapping[str, Any], id: int) -> Filter:
    name = f"{definition['type']}_INFORMATION_FIELD_EQUALITY"
    return of(entity, name, informationFieldId=definition["id"], value=id)
