"""Entities as CELUM shows them: required members always, optional ones only with a value."""

from typing import Any

from lockgate.connectors.celum.sandbox import compounds, previews, roles
from lockgate.connectors.celum.sandbox.definitions import FORMATS, Kind
from lockgate.connectors.celum.sandbox.files import formats_of
from lockgate.connectors.celum.sandbox.inclusions import (
    ASSET_PERMISSIONS,
    COLLECTION_PERMISSIONS,
    PLAIN,
    WHOLE,
    WHOLE_ASSET,
    Inclusions,
)
from lockgate.connectors.celum.sandbox.records import Asset, Collection, Entry, Version
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.values import complete, sets

View = dict[str, Any]


def trail(date: str, user: int) -> View:
    return {"date": date, "userId": user}


def kind_of(tenant: Tenant, asset: Asset) -> Kind | None:
    return None if asset.type_id is None else tenant.definitions.asset_types[asset.type_id]


def level_of(tenant: Tenant, asset: Asset) -> str:
    """The validation level of an asset: the strictest of the collections that define its permissions."""
    parents = (tenant.tree.find(id) for id in asset.parents if tenant.tree.permission_defining(id))
    levels = {tenant.tree.level(parent) for parent in parents if parent}
    return "TOLERANT" if levels == {"TOLERANT"} else "STRICT"


def asset_view(tenant: Tenant, entry: Entry, include: Inclusions = PLAIN) -> View:
    asset, version = entry.asset, entry.version
    kind, tree = kind_of(tenant, asset), tenant.tree
    parents = [parent for id in asset.parents if (parent := tree.find(id))]
    view: View = {"id": asset.id, "name": asset.name}
    if kind is not None:
        view["typeId"] = kind.id
    view["creation"] = trail(asset.created, asset.created_by)
    if asset.modified is not None and asset.modified_by is not None:
        view["modification"] = trail(asset.modified, asset.modified_by)
    view |= {
        "releaseStatus": "RELEASED" if asset.released else "UNRELEASED",
        "availability": asset.availability,
        "parentIds": asset.parents,
        "parentPaths": [tree.path(parent.type_id, parent.id) for parent in parents],
        "validationLevel": level_of(tenant, asset),
        "validationStatus": {
            "assetTypeSet": kind is not None,
            "requiredFieldsValid": complete(kind, asset.fields),
            "permissionDefiningCollectionValid": any(tree.permission_defining(parent.id) for parent in parents),
        },
    }
    if asset.lock is not None:
        view["lock"] = asset.lock
    view["currentVersion"] = version_view(tenant, version, active=True)
    return view | _included(tenant, asset, version, include)


def whole_asset(tenant: Tenant, entry: Entry) -> View:
    """An asset as it is read alone, without inclusions asked for."""
    return asset_view(tenant, entry, WHOLE_ASSET)


def _included(tenant: Tenant, asset: Asset, version: Version, include: Inclusions) -> View:
    view: View = {}
    if "informationFields" in include:
        view["informationFieldValueSets"] = sets(tenant, kind_of(tenant, asset), asset.fields, include.fields)
    if "fileProperties" in include:
        view["fileProperties"] = version.properties
    if "externalReferences" in include:
        view["externalReferences"] = asset.references
    if "permissions" in include:
        view["permissions"] = include.permitted(ASSET_PERMISSIONS, tenant.denied)
    if "downloadFormats" in include:
        allowed = formats_of(version)
        view["downloadFormats"] = [FORMATS[id] for id in allowed if include.formats is None or id in include.formats]
    return view


def version_view(tenant: Tenant, version: Version, *, active: bool) -> View:
    view: View = {
        "id": version.id,
        "active": active,
        "filename": version.filename,
        "filesize": version.filesize,
        "fileExtension": version.extension,
        "fileCategory": version.category,
        "previewState": version.state,
        "creation": trail(version.created, version.created_by),
    }
    if version.checksum:
        view["fileChecksum"] = version.checksum
    if size := previews.size(version):
        view["previewSize"] = size
    if urls := previews.urls(tenant, version):
        view["previewUrls"] = urls
    return view


def collection_view(tenant: Tenant, node: Collection, include: Inclusions = PLAIN) -> View:
    tree, kind = tenant.tree, tenant.definitions.collection_types[node.type_id]
    view: View = {"id": node.id, "typeId": node.type_id, "name": node.name}
    if node.icon is not None:
        view["icon"] = node.icon
    if node.parent_id is not None:
        view["parentId"] = node.parent_id
    view |= {
        "hasChildren": tree.has_children(node.id),
        "path": tree.path(node.type_id, node.parent_id),
        "validationLevel": tree.level(node),
        "validationLevelInherited": node.level is None and node.parent_id is not None,
        "validationStatus": {"collectionTypeSet": True, "requiredFieldsValid": complete(kind, node.fields)},
        "permissions": include.permitted(COLLECTION_PERMISSIONS, tenant.denied) if "permissions" in include else {},
        "creation": trail(node.created, node.created_by),
    }
    if node.modified is not None and node.modified_by is not None:
        view["modification"] = trail(node.modified, node.modified_by)
    if "informationFields" in include:
        view["informationFieldValueSets"] = sets(tenant, kind, node.fields, include.fields)
    if "roleAssignments" in include:
        view["roleAssignments"] = roles.view(tenant, node)
    if "compoundInfo" in include and node.compound is not None:
        view["compoundObject"] = compounds.view(tenant, node)
    return view


def whole_collection(tenant: Tenant, node: Collection) -> View:
    """A collection as it is read alone, without inclusions asked for."""
    return collection_view(tenant, node, WHOLE)
