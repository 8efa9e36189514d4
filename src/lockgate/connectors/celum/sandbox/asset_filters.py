"""The 52 filter types of assets, and the 31 of collections."""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.celum.sandbox.call import integer, integers, required_string, string
from lockgate.connectors.celum.sandbox.errors import invalid
from lockgate.connectors.celum.sandbox.filters import (
    Build,
    Node,
    Scope,
    among,
    as_json,
    boolean,
    bounds,
    date,
    double,
    equal,
    matching,
    needed,
    needed_values,
    one_of,
    shared,
    strings,
    text_query,
    within,
)
from lockgate.connectors.celum.sandbox.lookup import Condition
from lockgate.connectors.celum.sandbox.tenant import Tenant

CATEGORIES = frozenset({"UNKNOWN", "IMAGE", "DOCUMENT", "VIDEO", "AUDIO", "TEXT", "MODEL3D", "PLACEHOLDER"})
PARENTS = "t.id IN (SELECT asset_id FROM celum_asset_parent WHERE collection_id IN (SELECT value FROM json_each(?)))"
PROPERTY = (
    "(SELECT json_extract(p.value, '$.value') FROM celum_version v, json_each(v.doc, '$.properties') p WHERE v.id = t.version_id"
    " AND json_extract(p.value, '$.type') = ? AND json_extract(p.value, '$.name') = ?)"
)


def _parents(scope: Scope, node: Node) -> Condition:
    return PARENTS, [as_json(_collections(scope.tenant, node))]


def _collection_parents(scope: Scope, node: Node) -> Condition:
    return among("t.parent_id"), [as_json(_collections(scope.tenant, node))]


def _collections(tenant: Tenant, node: Node) -> list[int]:
    """The collections named, which must be there; with all below them when that is asked for."""
    ids: list[int] = needed_values(node, integers)
    for id in ids:
        tenant.tree.get(id)
    return tenant.tree.below(ids) if boolean(node, "recursive") else ids


def _collection_types(scope: Scope, node: Node) -> Condition:
    types = needed_values(node, integers)
    return PARENTS, [as_json([id for type in types for id in scope.tenant.tree.of_type(type)])]


def _categories(_: Scope, node: Node) -> Condition:
    values = needed_values(node, strings)
    if unknown := set(values) - CATEGORIES:
        raise invalid("values", f"Unknown file category {min(unknown)}")
    return among("t.category"), [as_json(values)]


def _extensions(_: Scope, node: Node) -> Condition:
    wanted = [value.lower().removeprefix(".") for value in needed_values(node, strings)]
    return among("t.extension"), [as_json(wanted)]


def _no_extension(_: Scope, __: Node) -> Condition:
    return "t.extension = ''", []


def _available(scope: Scope, node: Node) -> Condition:
    now = scope.tenant.now()
    sql = "coalesce(t.available, coalesce(t.available_from <= ?, 1) AND coalesce(t.available_to >= ?, 1)) = ?"
    return sql, [now, now, needed(node, "active", boolean)]


def _content(_: Scope, node: Node) -> Condition:
    """Text inside files; only that of plain text files is known here."""
    sql = (
        "celum_match((SELECT json_extract(v.doc, '$.content') FROM celum_version v WHERE v.id = t.version_id), ?, ?, ?)"
    )
    return sql, list(text_query(node))


def _property_name(node: Node) -> str:
    """The vendor's model says `filePropertyName`; clients were described with `name`, so either is read."""
    return string(node, "filePropertyName") or required_string(node, "name")


def _text_property(_: Scope, node: Node) -> Condition:
    return f"celum_match({PROPERTY}, ?, ?, ?)", ["TEXT", _property_name(node), *text_query(node)]


def _property_equal(type: str, read: Any) -> Build:
    def build(_: Scope, node: Node) -> Condition:
        return f"{PROPERTY} = ?", [type, _property_name(node), needed(node, "value", read)]

    return build


def _property_within(type: str, read: Any) -> Build:
    def build(_: Scope, node: Node) -> Condition:
        return bounds(PROPERTY, [type, _property_name(node)], node, read)

    return build


def _properties() -> dict[str, Build]:
    filters: dict[str, Build] = {
        "ASSET_TEXT_FILE_PROPERTY": _text_property,
        "ASSET_BOOLEAN_FILE_PROPERTY": _property_equal("BOOLEAN", boolean),
    }
    for type, read in (("NUMBER", integer), ("DOUBLE", double), ("DATE", date)):
        filters[f"ASSET_{type}_FILE_PROPERTY_EQUALITY"] = _property_equal(type, read)
        filters[f"ASSET_{type}_FILE_PROPERTY_RANGE"] = _property_within(type, read)
    return filters


ASSET_FILTERS: Mapping[str, Build] = {
    **shared("ASSET"),
    "ASSET_NAME": matching("t.name"),
    "ASSET_FILE_NAME": matching("t.filename"),
    "ASSET_CONTENT": _content,
    "ASSET_PARENT_ID": _parents,
    "ASSET_COLLECTION_TYPE_ID": _collection_types,
    "ASSET_FILE_CATEGORY": _categories,
    "ASSET_FILE_EXTENSION": _extensions,
    "ASSET_FILE_EXTENSION_EMPTY": _no_extension,
    "ASSET_CHECKSUM": one_of("t.checksum", strings),
    "ASSET_VERSIONED_USER_ID": one_of("t.versioned_by"),
    "ASSET_VERSIONED_DATE_EQUALITY": equal("t.versioned", date),
    "ASSET_VERSIONED_DATE_RANGE": within("t.versioned", date),
    "ASSET_AVAILABILITY": _available,
    "ASSET_AVAILABILITY_DATE_RANGE": within("t.available_from", date),
    "ASSET_EXPIRATION_DATE_RANGE": within("t.available_to", date),
    **_properties(),
}
COLLECTION_FILTERS: Mapping[str, Build] = {
    **shared("COLLECTION"),
    "COLLECTION_NAME": matching("t.names", "celum_match_any"),
    "COLLECTION_PARENT_ID": _collection_parents,
}


def on_assets(tenant: Tenant) -> Scope:
    return Scope(tenant, "ASSET", ASSET_FILTERS)


def on_collections(tenant: Tenant) -> Scope:
    return Scope(tenant, "COLLECTION", COLLECTION_FILTERS)
