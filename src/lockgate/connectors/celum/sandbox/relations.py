"""Relations: typed, directed links between two assets."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from lockgate.connectors.celum.sandbox.call import (
    Call,
    answer,
    created,
    integer,
    nothing,
    required_integer,
)
from lockgate.connectors.celum.sandbox.definitions import Kind
from lockgate.connectors.celum.sandbox.errors import invalid, missing
from lockgate.connectors.celum.sandbox.inclusions import PLAIN, RELATION_WORDS, WHOLE, Inclusions, from_query
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.values import sets, write_operations, write_plain
from lockgate.connectors.celum.sandbox.views import asset_view, trail

DIRECTIONS = {
    None: "? IN (source, target)",
    "SOURCE_TO_TARGET": "source = ?",
    "TARGET_TO_SOURCE": "target = ?",
}


class Relation(msgspec.Struct, kw_only=True, omit_defaults=True):
    id: int
    type_id: int
    source: int
    target: int
    source_version: int | None = None
    target_version: int | None = None
    fields: dict[str, Any] = {}
    created: str
    created_by: int
    modified: str | None = None
    modified_by: int | None = None


async def list_relations(call: Call) -> Response:
    """GET /relations"""
    tenant = call.tenant
    asset_id = call.needed("assetId")
    tenant.catalog.get(asset_id)
    direction = call.text("direction")
    if direction not in DIRECTIONS:
        raise invalid("direction", f"direction must be one of {', '.join(name for name in DIRECTIONS if name)}")
    include, type_id, version_id = from_query(call, RELATION_WORDS), call.number("typeId"), call.number("versionId")
    # The condition is one of three fixed texts; the number goes through the question mark.
    query = f"SELECT doc FROM celum_relation WHERE {DIRECTIONS[direction]} ORDER BY id"  # noqa: S608
    docs = tenant.store.db.execute(query, (asset_id,)).fetchall()
    found = [msgspec.json.decode(doc, type=Relation) for (doc,) in docs]
    wanted = [
        relation
        for relation in found
        if type_id in {None, relation.type_id}
        and version_id in {None, relation.source_version, relation.target_version}
    ]
    return answer(call.page().cut([_view(tenant, relation, include) for relation in wanted]))


async def read_relation(call: Call) -> Response:
    """GET /relations/{relationId}"""
    return answer(_view(call.tenant, _get(call), from_query(call, RELATION_WORDS, WHOLE)))


async def create_relation(call: Call) -> Response:
    """POST /relations"""
    body = await call.body()
    tenant = call.tenant
    type_id = required_integer(body, "relationTypeId")
    if type_id not in tenant.definitions.relation_types:
        raise missing("relationType", type_id)
    ends: dict[str, int | None] = {}
    for end in ("source", "target"):
        asset_id = tenant.catalog.get(required_integer(body, f"{end}AssetId")).asset.id
        ends |= {end: asset_id, f"{end}_version": _version(tenant, asset_id, body, f"{end}AssetVersionId")}
    relation = msgspec.convert(
        {
            "id": tenant.next_id(),
            "type_id": type_id,
            **ends,
            "fields": write_plain(tenant, _kind(tenant, type_id), body),
            "created": tenant.now(),
            "created_by": call.user.id,
        },
        Relation,
    )
    _store(tenant, relation)
    _tell(tenant, "RELATION_CREATED", relation)
    return created(_view(tenant, relation, WHOLE))


async def change_relation(call: Call) -> Response:
    """PATCH /relations/{relationId}"""
    relation = _get(call)
    body = await call.body()
    tenant = call.tenant
    _move_ends(tenant, relation, body)
    write_operations(tenant, _kind(tenant, relation.type_id), body, relation.fields, strict=True)
    relation.modified, relation.modified_by = tenant.now(), call.user.id
    _store(tenant, relation)
    return answer(_view(tenant, relation, WHOLE))


async def delete_relation(call: Call) -> Response:
    """DELETE /relations/{relationId}"""
    relation = _get(call)
    call.tenant.store.db.execute("DELETE FROM celum_relation WHERE id = ?", (relation.id,))
    _tell(call.tenant, "RELATION_DELETED", relation)
    return nothing()


def _move_ends(tenant: Tenant, relation: Relation, body: Mapping[str, Any]) -> None:
    """Another type, other assets or other versions; fields that the new type does not have are dropped."""
    if (type_id := integer(body, "relationTypeId")) is not None:
        if type_id not in tenant.definitions.relation_types:
            raise missing("relationType", type_id)
        known = _kind(tenant, type_id).fields
        relation.type_id = type_id
        relation.fields = {id: value for id, value in relation.fields.items() if int(id) in known}
    for end in ("source", "target"):
        if (asset_id := integer(body, f"{end}AssetId")) is not None:
            setattr(relation, end, tenant.catalog.get(asset_id).asset.id)
            setattr(relation, f"{end}_version", None)
        if body.get(f"{end}AssetVersionId") is not None:
            setattr(relation, f"{end}_version", _version(tenant, getattr(relation, end), body, f"{end}AssetVersionId"))


def _status(tenant: Tenant, relation: Relation) -> str | None:
    """Of relations between versions: whether both are still the current ones, or an end is gone."""
    pairs = [(relation.source, relation.source_version), (relation.target, relation.target_version)]
    bound = [(tenant.catalog.find(id), version) for id, version in pairs if version is not None]
    if not bound:
        return None
    if any(entry is None for entry, _ in bound):
        return "BROKEN"
    return "SYNCED" if all(entry and entry.version.id == version for entry, version in bound) else "OUTDATED"


def _kind(tenant: Tenant, type_id: int) -> Kind:
    return tenant.definitions.relation_types[type_id]


def _version(tenant: Tenant, asset_id: int, body: Mapping[str, Any], name: str) -> int | None:
    """A version of this end, if the relation is to be between versions."""
    id = integer(body, name)
    return None if id is None else tenant.catalog.version_of(asset_id, id).id


def _get(call: Call) -> Relation:
    id = call.path_id("relationId", "relation")
    row = call.tenant.store.db.execute("SELECT doc FROM celum_relation WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise missing("relation", id)
    return msgspec.json.decode(row[0], type=Relation)


def _store(tenant: Tenant, relation: Relation) -> None:
    row = (relation.id, relation.source, relation.target, relation.type_id, msgspec.json.encode(relation).decode())
    tenant.store.db.execute("INSERT OR REPLACE INTO celum_relation VALUES (?, ?, ?, ?, ?)", row)


def _tell(tenant: Tenant, type: str, relation: Relation) -> None:
    if tenant.listened:
        tenant.emit(type, entity=_view(tenant, relation, PLAIN))


def _view(tenant: Tenant, relation: Relation, include: Inclusions) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": relation.id,
        "typeId": relation.type_id,
        "creation": trail(relation.created, relation.created_by),
    }
    if relation.modified is not None and relation.modified_by is not None:
        view["modification"] = trail(relation.modified, relation.modified_by)
    for name, end in (("sourceAsset", relation.source), ("targetAsset", relation.target)):
        if (entry := tenant.catalog.find(end)) is not None:
            view[name] = asset_view(tenant, entry)
    if (status := _status(tenant, relation)) is not None:
        view["status"] = status
    if "informationFields" in include:
        view["informationFieldValueSets"] = sets(
            tenant, _kind(tenant, relation.type_id), relation.fields, include.fields
        )
    return view
