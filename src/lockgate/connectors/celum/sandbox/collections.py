"""Collections: list, search, create, read, change, move, delete."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from starlette.responses import Response

from lockgate.connectors.celum.sandbox import compounds, roles
from lockgate.connectors.celum.sandbox.asset_filters import on_collections
from lockgate.connectors.celum.sandbox.call import (
    Call,
    PageOf,
    answer,
    created,
    integer,
    mapping,
    nothing,
    operation,
    required_integer,
    string,
)
from lockgate.connectors.celum.sandbox.errors import bad_request, invalid, invalid_locale, missing
from lockgate.connectors.celum.sandbox.events import collection_event, collection_moved, collection_updated
from lockgate.connectors.celum.sandbox.filters import Node, boolean
from lockgate.connectors.celum.sandbox.inclusions import (
    COLLECTION_TYPES,
    COLLECTION_WORDS,
    WHOLE,
    Inclusions,
    from_body,
    from_query,
)
from lockgate.connectors.celum.sandbox.lookup import Condition
from lockgate.connectors.celum.sandbox.records import Collection
from lockgate.connectors.celum.sandbox.search import (
    all_of,
    full_text,
    page_of_body,
    search_collections,
    sorting_of_body,
    where_of_body,
)
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.values import write_operations, write_plain
from lockgate.connectors.celum.sandbox.views import collection_view, whole_collection

LEVELS = ("STRICT", "TOLERANT")
MEMBERS = ("name", "icon", "validationLevel", "validationLevelInherited", "roleAssignments", "compoundObject")


async def list_collections(call: Call) -> Response:
    """GET /collections"""
    where = all_of(on_collections(call.tenant), [*_asked(call), *_place(call)])
    if call.number("parentId") is None and not call.flag("recursive") and not call.words("ids"):
        where = f"{where[0]} AND t.parent_id IS NULL", where[1]
    return _page(call.tenant, where, call.sorting(), call.page(), from_query(call, COLLECTION_WORDS))


def _asked(call: Call) -> list[Node]:
    """The filters that the query parameters stand for, but for the place in the tree."""
    nodes = full_text(call, "COLLECTION")
    if call.words("ids"):
        nodes.append({"type": "COLLECTION_ID", "values": call.numbers("ids")})
    if (type_id := call.number("typeId")) is not None:
        nodes.append({"type": "COLLECTION_TYPE_ID", "values": [type_id]})
    if call.flag("permissionDefiningOnly"):
        definitions = call.tenant.definitions
        defining = [id for id in definitions.collection_types if definitions.permission_defining(id)]
        nodes.append({"type": "COLLECTION_TYPE_ID", "values": defining})
    return [*nodes, *compounds.asked(call)]


def _place(call: Call) -> list[Node]:
    """Below a collection; with `recursive` at any depth, but never the collection itself."""
    parent = call.number("parentId")
    if parent is None:
        return []
    return [{"type": "COLLECTION_PARENT_ID", "values": [parent], "recursive": call.flag("recursive")}]


async def find_collections(call: Call) -> Response:
    """POST /collections/search"""
    body = await call.body()
    where = where_of_body(on_collections(call.tenant), body)
    return _page(call.tenant, where, sorting_of_body(body), page_of_body(body), from_body(body, COLLECTION_TYPES))


def _page(
    tenant: Tenant, where: Condition, sorting: list[tuple[str, str]], page: PageOf, include: Inclusions
) -> Response:
    total, ids = search_collections(tenant, where, sorting, page)
    return answer(page.envelope(total, [collection_view(tenant, tenant.tree.get(id), include) for id in ids]))


async def read_collection(call: Call) -> Response:
    """GET /collections/{collectionId}"""
    node = call.tenant.tree.get(call.path_id("collectionId", "collection"))
    include = from_query(call, COLLECTION_WORDS, WHOLE)
    if call.flag("includeCompoundInfo"):
        include = replace(include, words=include.words | {"compoundInfo"})
    return answer(collection_view(call.tenant, node, include))


async def create_collection(call: Call) -> Response:
    """POST /collections"""
    body = await call.body()
    tenant = call.tenant
    parent_id, type_id = integer(body, "parentId"), integer(body, "typeId")
    if (parent_id is None) == (type_id is None):
        raise invalid("typeId", "Either typeId or parentId must be given")
    if parent_id is not None:
        type_id = tenant.tree.get(parent_id).type_id
        tenant.may("addCollection", f"collection {parent_id}")
    if type_id not in tenant.definitions.collection_types:
        raise missing("collectionType", type_id)
    node = Collection(
        id=tenant.next_id(),
        type_id=type_id,
        name=_names(body),
        icon=string(body, "icon"),
        parent_id=parent_id,
        level=_first_level(body, root=parent_id is None),
        fields=write_plain(tenant, tenant.definitions.collection_types[type_id], body),
        roles=roles.first(body),
        created=tenant.now(),
        created_by=call.user.id,
    )
    tenant.tree.put(node)
    collection_event(tenant, "COLLECTION_CREATED", node)
    return created(whole_collection(tenant, node))


def _names(body: Mapping[str, Any]) -> dict[str, str]:
    names = mapping(body, "name")
    for locale, name in names.items():
        if not isinstance(name, str) or not name:
            raise invalid_locale("name", locale, "A name must be text")
    if not names:
        raise invalid("name", "name is required")
    return names


def _first_level(body: Mapping[str, Any], *, root: bool) -> str | None:
    """The validation level of a new collection; None inherits it."""
    inherited, level = boolean(body, "validationLevelInherited"), _level(body)
    if root:
        if inherited is not None:
            raise invalid("validationLevelInherited", "A root has nothing to inherit")
        return level or "STRICT"
    if inherited is False:
        return level or "STRICT"
    if level is not None:
        raise invalid("validationLevel", "validationLevel must not be given when it is inherited")
    return None


def _level(body: Mapping[str, Any]) -> str | None:
    level = string(body, "validationLevel")
    if level is not None and level not in LEVELS:
        raise invalid("validationLevel", f"validationLevel must be one of {', '.join(LEVELS)}")
    return level


async def change_collection(call: Call) -> Response:
    """PATCH /collections/{collectionId}"""
    id = call.path_id("collectionId", "collection")
    body = await call.body()
    tenant = call.tenant
    before = tenant.tree.get(id)
    shown_before = collection_view(tenant, before)
    after = msgspec.structs.replace(before, fields=dict(before.fields), modified=tenant.now(), modified_by=call.user.id)
    _rename(after, body)
    roles.change(after, body)
    compounds.change(tenant, after, body)
    _move(tenant, after, body)
    _change_level(after, body, tenant.tree.level(before))
    kind = tenant.definitions.collection_types[after.type_id]
    fields = write_operations(tenant, kind, body, after.fields, strict=tenant.tree.level(after) == "STRICT")
    tenant.tree.put(after)
    members = [name for name in body if name in MEMBERS]
    if before.parent_id != after.parent_id:
        collection_moved(tenant, before, after)
    if members or fields:
        collection_updated(tenant, shown_before, after, members, fields)
    return answer(whole_collection(tenant, after))


def _rename(after: Collection, body: Mapping[str, Any]) -> None:
    if body.get("name") is not None:
        after.name = {**after.name, **_names(body)}
    if body.get("icon") is not None:
        after.icon = string(body, "icon")


def _move(tenant: Tenant, after: Collection, body: Mapping[str, Any]) -> None:
    if body.get("parentId") is None:
        return
    change = mapping(body, "parentId")
    if operation(change, "parentId", "SET", "CLEAR") == "CLEAR":
        after.level = tenant.tree.level(after)
        after.parent_id = None
        return
    parent = tenant.tree.get(required_integer(change, "value"))
    if tenant.tree.is_below(parent.id, after.id):
        raise invalid("parentId", "A collection cannot be moved below itself")
    if parent.type_id != after.type_id:
        raise invalid("parentId", f"Collection {parent.id} is of another type")
    after.parent_id = parent.id


def _change_level(after: Collection, body: Mapping[str, Any], now: str) -> None:
    """A root cannot inherit, a child that inherits has no level of its own: what says otherwise is ignored."""
    inherited, level = boolean(body, "validationLevelInherited"), _level(body)
    if after.parent_id is not None and inherited is not None:
        after.level = None if inherited else after.level or now
    if level is not None and after.level is not None:
        after.level = level


async def delete_collection(call: Call) -> Response:
    """DELETE /collections/{collectionId}"""
    tenant = call.tenant
    node = tenant.tree.get(call.path_id("collectionId", "collection"))
    if tenant.tree.has_children(node.id) or tenant.catalog.holds_assets(node.id):
        raise bad_request(f"Collection {node.id} is not empty")
    tenant.tree.delete(node)
    collection_event(tenant, "COLLECTION_DELETED", node)
    return nothing()
