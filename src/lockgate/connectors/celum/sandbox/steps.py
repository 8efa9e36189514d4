"""What the administrator of a tenant set up otherwise, as it is kept."""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.celum.sandbox.definitions import Own, Row
from lockgate.kit.sandbox.store import Store

ADDED, NAMED = "added_field", "named_field"


def set_up_by(store: Store) -> Own:
    """All of it, in the order in which it was done."""
    added = list(store.all(ADDED))
    named = {int(one["id"]): (str(one["name"]), one["labels"]) for one in store.all(NAMED)}
    return Own(assets=_rows(added, "ASSET"), collections=_rows(added, "COLLECTION"), named=named)


def _rows(added: list[dict[str, Any]], entity: str) -> tuple[Row, ...]:
    return tuple(_row(one) for one in added if one["entity"] == entity)


def _row(one: Mapping[str, Any]) -> Row:
    return int(one["id"]), str(one["type"]), str(one["name"]), "", {"labels": one["labels"], **one["more"]}
