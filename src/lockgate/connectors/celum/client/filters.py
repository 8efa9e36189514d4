"""Filter bodies of `POST /assets/search` (all filter types are documented; the members of some are inferred)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lockgate.connectors.celum.mapping import dates

Filter = dict[str, Any]

WHOLE = [{"type": "ALL_ASSET_INFORMATION_FIELDS"}, {"type": "ALL_DOWNLOAD_FORMATS"}]
"""Inclusions that make an asset in a list as complete as one read alone, as far as this connector reads it."""


def every(*filters: Filter | None) -> Filter:
    given = [one for one in filters if one is not None]
    return given[0] if len(given) == 1 else {"type": "ASSET_LOGICAL", "operator": "AND", "filters": given}


def any_of(*filters: Filter) -> Filter:
    return filters[0] if len(filters) == 1 else {"type": "ASSET_LOGICAL", "operator": "OR", "filters": list(filters)}


def with_ids(ids: Sequence[int]) -> Filter:
    return {"type": "ASSET_ID", "values": list(ids)}


def above(last: int) -> Filter:
    """Ids greater than the last one seen: key-set paging, which nothing written meanwhile can shift."""
    return {"type": "ASSET_ID_RANGE", "from": last + 1}


def below_collection(collection: int | None) -> Filter | None:
    return None if collection is None else {"type": "ASSET_PARENT_ID", "values": [collection], "recursive": True}


def touched_since(since: datetime, *, versioned: bool) -> Filter:
    """Modified, created (one that never changed may lack `modification`) or given a new version since then."""
    kinds = ["MODIFICATION", "CREATION", *(["VERSIONED"] if versioned else [])]
    return any_of(*({"type": f"ASSET_{kind}_DATE_RANGE", "from": dates.text(since)} for kind in kinds))


def dated(kind: str) -> Filter:
    """Assets that have a date of this kind at all."""
    return {"type": f"ASSET_{kind}_DATE_RANGE", "from": "1970-01-01T00:00:00.000Z"}
