"""Searching: a condition, an order, a page. The same for lists asked for by query parameters."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.celum.sandbox.asset_filters import on_assets, on_collections
from lockgate.connectors.celum.sandbox.call import Call, PageOf, integer, mapping, objects, required_string, string
from lockgate.connectors.celum.sandbox.definitions import REFERENCE_TYPES
from lockgate.connectors.celum.sandbox.errors import invalid
from lockgate.connectors.celum.sandbox.filters import FIELD, Node, Scope, condition, path_of
from lockgate.connectors.celum.sandbox.lookup import BY_ID, Condition, Order
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.values import field_of_type

SHARED_SORTS = {
    "id": "t.id",
    "name": "t.name COLLATE NOCASE",
    "creation.date": "t.created",
    "modification.date": "t.modified",
    "creation.userId": "t.created_by",
    "modification.userId": "t.modified_by",
}
ASSET_SORTS = SHARED_SORTS | {
    "currentVersion.filename": "t.filename COLLATE NOCASE",
    "currentVersion.filesize": "t.filesize",
    "currentVersion.fileCategory": "t.category",
    "currentVersion.fileExtension": "t.extension",
}
FIELD_SORT = re.compile(r"informationField\.(\d{1,18})(?:\.([A-Za-z_-]+))?")


def search_assets(
    tenant: Tenant, where: Condition, sorting: Sequence[tuple[str, str]], page: PageOf
) -> tuple[int, list[int]]:
    return tenant.search.ids(
        "celum_asset", where, order(on_assets(tenant), ASSET_SORTS, sorting), page.size, page.offset
    )


def search_collections(
    tenant: Tenant, where: Condition, sorting: Sequence[tuple[str, str]], page: PageOf
) -> tuple[int, list[int]]:
    return tenant.search.ids(
        "celum_collection", where, order(on_collections(tenant), SHARED_SORTS, sorting), page.size, page.offset
    )


def order(scope: Scope, sorts: Mapping[str, str], sorting: Sequence[tuple[str, str]]) -> Order:
    """The order asked for; what is equal in it follows by id."""
    terms: list[str] = []
    values: list[Any] = []
    for field, direction in sorting:
        if direction not in {"ASC", "DESC"}:
            raise invalid("sort", "The order must be ASC or DESC")
        expression, inner = _sort(scope, sorts, field)
        terms.append(f"{expression} {direction}")
        values += inner
    if not any(field == "id" for field, _ in sorting):
        terms.append(BY_ID)
    return ", ".join(terms), values


def _sort(scope: Scope, sorts: Mapping[str, str], name: str) -> tuple[str, list[Any]]:
    if name in sorts:
        return sorts[name], []
    parts = FIELD_SORT.fullmatch(name)
    if parts is None or scope.entity != "ASSET":
        raise invalid("sort", f"Cannot sort by {name}")
    field = field_of_type(scope.tenant, int(parts[1]), scope.entity)
    if field.type in REFERENCE_TYPES:
        raise invalid("sort", f"Cannot sort by field {field.id} of type {field.type}")
    return FIELD, [path_of(field, parts[2]) if parts[2] else path_of(field)]


def where_of_body(scope: Scope, body: Mapping[str, Any]) -> Condition:
    if body.get("filter") is None:
        raise invalid("filter", "filter is required")
    return condition(scope, body["filter"])


def sorting_of_body(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(required_string(entry, "field"), string(entry, "order") or "ASC") for entry in objects(body, "sorting")]


def page_of_body(body: Mapping[str, Any]) -> PageOf:
    pagination = mapping(body, "pagination")
    return PageOf(integer(pagination, "page"), integer(pagination, "size"))


def full_text(call: Call, prefix: str) -> list[Node]:
    """The filter that `searchText` and its companions stand for."""
    text = call.text("searchText")
    if not text:
        return []
    how = {"searchType": call.text("searchType"), "searchOperator": call.text("searchOperator")}
    return [{"type": f"{prefix}_FULLTEXT", "text": text, **how}]


def all_of(scope: Scope, nodes: Sequence[Node]) -> Condition:
    """The condition that all these filters hold."""
    return condition(scope, {"type": f"{scope.entity}_LOGICAL", "filters": list(nodes)})
