"""CORA, the older OData v4 interface beside the Content API: reading only, as public clients were seen to read.

The same assets and collections in its words. Inferred: what is inside `fileInformation`, `versionInformation`, the values of
information fields and their definitions, and that a fault is answered in OData's form.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from lockgate.connectors.celum.sandbox.asset_filters import on_assets, on_collections
from lockgate.connectors.celum.sandbox.call import PageOf, answer
from lockgate.connectors.celum.sandbox.definitions import FORMATS, LOCALIZED_TYPES, REFERENCE_TYPES, Field
from lockgate.connectors.celum.sandbox.downloads import link
from lockgate.connectors.celum.sandbox.errors import Refused
from lockgate.connectors.celum.sandbox.files import formats_of
from lockgate.connectors.celum.sandbox.lookup import Condition
from lockgate.connectors.celum.sandbox.odata import Options, locales, options_of
from lockgate.connectors.celum.sandbox.records import Asset, Collection, Entry, Version
from lockgate.connectors.celum.sandbox.search import all_of, search_assets, search_collections
from lockgate.connectors.celum.sandbox.tenant import Tenant

LARGEST = 200
SCHEME = "celumApiKey "
OLD_TYPES = {
    "TEXT": "Text",
    "TEXT_AREA": "TextArea",
    "LOCALIZED_TEXT": "LocalizedText",
    "LOCALIZED_TEXT_AREA": "LocalizedTextArea",
    "NUMBER": "Number",
    "DOUBLE": "Double",
    "BOOLEAN": "Boolean",
    "DATE": "Date",
    "DROPDOWN": "DropDown",
    "COLLECTION_REFERENCE": "NodeReference",
    "TAG_REFERENCE": "TagReference",
}


def admit(tenant: Tenant, request: Request) -> None:
    """The API key after its scheme; nothing else is taken."""
    given = request.headers.get("authorization", "")
    key = given.removeprefix(SCHEME) if given.startswith(SCHEME) else ""
    if not hmac.compare_digest(key.encode(), tenant.config.key.encode()):
        raise Refused(401, "UNAUTHORIZED", "No authentication profile found for API key")


async def assets(tenant: Tenant, request: Request) -> Response:
    """GET /cora/Assets"""
    admit(tenant, request)
    options = options_of(request)
    where = _narrowed(all_of(on_assets(tenant), options.assets(tenant)), options)
    total, ids = search_assets(tenant, where, options.order(), _page(options))
    shown = [await _asset(tenant, entry, options) for entry in tenant.catalog.entries(ids)]
    return _listed(shown, total, options)


async def asset(tenant: Tenant, request: Request) -> Response:
    """GET /cora/Assets({id})"""
    admit(tenant, request)
    entry = tenant.catalog.find(_id(request))
    if entry is None:
        raise Refused(404, "NOT_FOUND", f"Asset {_id(request)} does not exist")
    return answer(await _asset(tenant, entry, options_of(request)))


async def nodes(tenant: Tenant, request: Request) -> Response:
    """GET /cora/Nodes"""
    admit(tenant, request)
    options = options_of(request)
    where = all_of(on_collections(tenant), options.nodes())
    total, ids = search_collections(tenant, where, options.order(), _page(options))
    return _listed([_node(tenant, tenant.tree.get(id), options) for id in ids], total, options)


async def node(tenant: Tenant, request: Request) -> Response:
    """GET /cora/Nodes({id})"""
    admit(tenant, request)
    found = tenant.tree.find(_id(request))
    if found is None:
        raise Refused(404, "NOT_FOUND", f"Node {_id(request)} does not exist")
    return answer(_node(tenant, found, options_of(request)))


async def formats(tenant: Tenant, request: Request) -> Response:
    """GET /cora/DownloadFormats"""
    admit(tenant, request)
    shown = [{"id": one["id"], "key": one["key"], "name": locales(one["name"])} for one in FORMATS.values()]
    return answer({"value": shown})


async def fields(tenant: Tenant, request: Request) -> Response:
    """GET /cora/AssetInformationFields"""
    admit(tenant, request)
    known = [one for one in tenant.definitions.fields.values() if one.entity == "ASSET"]
    return answer({"value": [_definition(one) for one in known]})


def _id(request: Request) -> int:
    given = str(request.path_params["id"])
    if not given.isdecimal():
        raise Refused(400, "BAD_REQUEST", f"{given} is no key")
    return int(given)


def _page(options: Options) -> PageOf:
    """`$skip` need not stand at the edge of a page; pages here do, as those of all clients seen."""
    size = min(options.top or LARGEST, LARGEST)
    return PageOf(options.skip // size + 1, size)


def _narrowed(where: Condition, options: Options) -> Condition:
    """CORA states a change date of every asset: that of making it, where it never changed."""
    sql, values = where
    for sign, instant in options.changed:
        sql, values = f"({sql}) AND coalesce(t.modified, t.created) {sign} ?", [*values, instant]
    return sql, values


def _listed(shown: list[dict[str, Any]], total: int, options: Options) -> Response:
    return answer({**({"@odata.count": total} if options.count else {}), "value": shown})


async def _asset(tenant: Tenant, entry: Entry, options: Options) -> dict[str, Any]:
    asset, version = entry.asset, entry.version
    whole = {
        "id": asset.id,
        "name": asset.name,
        "fileCategory": version.category.lower(),
        "fileInformation": {"fileExtension": version.extension, "originalFileSize": version.filesize},
        "fileProperties": [{"name": one["name"], "value": one["value"]} for one in version.properties],
        "modificationInformation": {
            "creationDateTime": asset.created,
            "lastModificationDateTime": asset.modified or asset.created,
        },
        "versionInformation": {"versionId": version.id},
        "lockInformation": {"locked": asset.lock is not None},
        "availability": _availability(asset.availability),
        "informationFieldValues": _values(tenant, asset),
    }
    shown = options.selected(whole) | _expanded(tenant, asset, options)
    if "binaries" in options.expand:
        shown["binaries"] = await _binaries(tenant, version, options.expand["binaries"])
    return shown


def _expanded(tenant: Tenant, asset: Asset, options: Options) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "nodes" in options.expand:
        shown["nodes"] = [{"id": id} for id in asset.parents]
    if "publicUrls" in options.expand:
        shown["publicUrls"] = [_public(one) for one in asset.references]
    if "assetVersions" in options.expand:
        shown["assetVersions"] = [{"id": one.id} for one in tenant.catalog.versions(asset.id)]
    if "type" in options.expand:
        shown["type"] = {"id": asset.type_id}
    return shown


def _availability(told: Mapping[str, Any]) -> dict[str, Any]:
    if told["type"] == "DATED":
        edges = {"activeFrom": told.get("from"), "activeTo": told.get("to")}
        return {"availabilityType": "dated", **{name: when for name, when in edges.items() if when}}
    return {"availabilityType": "active" if told["available"] else "inactive"}


def _public(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"provider": one["provider"]["key"], "description": one["description"]["key"], "url": one["url"]}


async def _binaries(tenant: Tenant, version: Version, only: str | None) -> list[dict[str, Any]]:
    """One for each format the asset has, or for the one that is asked for."""
    wanted = [one for one in formats_of(version) if only is None or str(one) == only]
    shown = []
    for form in wanted:
        place = await link(tenant, [(version.id, form)])
        entry = {"id": f"{version.id}-{form}", "format": str(form), "@odata.mediaReadLink": place["url"]}
        shown.append(entry)
    return shown


def _values(tenant: Tenant, asset: Asset) -> dict[str, Any]:
    known = tenant.definitions.fields
    return {known[int(id)].name: _value(tenant, known[int(id)], value) for id, value in asset.fields.items()}


def _value(tenant: Tenant, field: Field, value: Any) -> Any:
    if field.type in LOCALIZED_TYPES:
        return locales(value)
    if field.type in REFERENCE_TYPES:
        named = ((id, tenant.tree.find(id)) for id in value)
        return [{"id": id, "name": locales(node.name) if node else []} for id, node in named]
    if field.type == "DROPDOWN":
        return {"index": value, "label": locales(field.choices.get(value, {}))}
    return value


def _definition(field: Field) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": field.id, "name": field.name, "type": OLD_TYPES[field.type]}
    shown["label"] = locales(field.definition["labels"])
    if field.type == "DROPDOWN":
        shown["options"] = [{"index": index, "label": locales(labels)} for index, labels in field.choices.items()]
    return shown


def _node(tenant: Tenant, node: Collection, options: Options) -> dict[str, Any]:
    shown = options.selected(_brief(tenant, node))
    if "children" in options.expand:
        shown["children"] = [_brief(tenant, one) for one in tenant.tree.all() if one.parent_id == node.id]
    if "childrenRecursive" in options.expand:
        inner = [tenant.tree.get(id) for id in tenant.tree.below([node.id]) if id != node.id]
        shown["childrenRecursive"] = [_brief(tenant, one) for one in inner]
    return shown


def _brief(tenant: Tenant, node: Collection) -> dict[str, Any]:
    return {"id": node.id, "name": locales(node.name), "hasChildren": tenant.tree.has_children(node.id)}
