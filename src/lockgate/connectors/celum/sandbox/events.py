"""Webhooks: what is told of each change. Entities are described as a list would show them."""

from collections.abc import Sequence
from typing import Any

from lockgate.connectors.celum.sandbox.records import Collection, Entry
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.views import asset_view, collection_view


def asset_event(tenant: Tenant, type: str, entry: Entry, **members: Any) -> None:
    """An event that carries the asset as `entity`."""
    if tenant.listened:
        tenant.emit(type, entity=asset_view(tenant, entry), **members)


def asset_updated(
    tenant: Tenant, before: Entry, after: Entry, members: Sequence[str], fields: Sequence[int] = ()
) -> None:
    """An asset was changed; also tells of the collections it came to and left."""
    if not tenant.listened:
        return
    tenant.emit(
        "ASSET_UPDATED",
        entity=asset_view(tenant, after),
        entityBeforeUpdate=asset_view(tenant, before),
        updatedFields=list(members),
        updatedInformationFields=list(fields),
        updatedFileProperties=[],
    )
    old, new = before.asset.parents, after.asset.parents
    for id in (id for id in new if id not in old):
        asset_event(tenant, "ASSET_ADDED", after, toCollectionId=id)
    for id in (id for id in old if id not in new):
        asset_event(tenant, "ASSET_REMOVED", after, fromCollectionId=id)


def version_event(tenant: Tenant, type: str, before: Entry, after: Entry) -> None:
    """An event of the kind that says `asset`, not `entity`."""
    if tenant.listened:
        tenant.emit(type, asset=asset_view(tenant, after), assetBefore=asset_view(tenant, before))


def reference_events(tenant: Tenant, before: Entry, after: Entry) -> None:
    """External references that came, changed and went. They name their asset by number only."""
    old = {one["id"]: one for one in before.asset.references}
    new = {one["id"]: one for one in after.asset.references}
    id = after.asset.id
    for reference in (one for one in new.values() if one != old.get(one["id"])):
        known = {"externalReferenceBefore": old[reference["id"]]} if reference["id"] in old else {}
        tenant.emit("EXTERNAL_REFERENCE_ADDED", assetId=id, externalReference=reference, **known)
    for reference in (one for one in old.values() if one["id"] not in new):
        tenant.emit("EXTERNAL_REFERENCE_DELETED", assetId=id, externalReference=reference)


def collection_event(tenant: Tenant, type: str, node: Collection, **members: Any) -> None:
    if tenant.listened:
        tenant.emit(type, entity=collection_view(tenant, node), **members)


def collection_moved(tenant: Tenant, before: Collection, after: Collection) -> None:
    """A collection has another parent now; the root of a tree has none, and is not named."""
    ends = {"fromCollectionId": before.parent_id, "toCollectionId": after.parent_id}
    collection_event(tenant, "COLLECTION_MOVED", after, **{name: id for name, id in ends.items() if id is not None})


def collection_updated(
    tenant: Tenant, before: dict[str, Any], after: Collection, members: list[str], fields: list[int]
) -> None:
    """A collection was changed; `before` is how it was shown before."""
    collection_event(
        tenant,
        "COLLECTION_UPDATED",
        after,
        entityBeforeUpdate=before,
        updatedFields=members,
        updatedInformationFields=fields,
    )
