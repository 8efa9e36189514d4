"""Assets: list, search, create, read, delete."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from lockgate.connectors.celum.sandbox import uploads
from lockgate.connectors.celum.sandbox.asset_filters import on_assets
from lockgate.connectors.celum.sandbox.call import (
    Call,
    PageOf,
    answer,
    created,
    integer,
    nothing,
    required_integer,
    string,
)
from lockgate.connectors.celum.sandbox.definitions import Kind
from lockgate.connectors.celum.sandbox.errors import forbidden, invalid, missing
from lockgate.connectors.celum.sandbox.events import asset_event
from lockgate.connectors.celum.sandbox.filters import Node
from lockgate.connectors.celum.sandbox.inclusions import (
    ASSET_TYPES,
    ASSET_WORDS,
    WHOLE_ASSET,
    Inclusions,
    from_body,
    from_query,
)
from lockgate.connectors.celum.sandbox.lookup import Condition
from lockgate.connectors.celum.sandbox.records import Asset, Entry, Version
from lockgate.connectors.celum.sandbox.search import (
    all_of,
    full_text,
    page_of_body,
    search_assets,
    sorting_of_body,
    where_of_body,
)
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.values import write_plain
from lockgate.connectors.celum.sandbox.views import asset_view, whole_asset


async def list_assets(call: Call) -> Response:
    """GET /assets"""
    nodes: list[Node] = full_text(call, "ASSET")
    if (parent := call.number("parentId")) is not None:
        nodes.append({"type": "ASSET_PARENT_ID", "values": [parent], "recursive": call.flag("recursive")})
    where = all_of(on_assets(call.tenant), nodes)
    return _page(call.tenant, where, call.sorting(), call.page(), from_query(call, ASSET_WORDS))


async def find_assets(call: Call) -> Response:
    """POST /assets/search"""
    body = await call.body()
    where = where_of_body(on_assets(call.tenant), body)
    return _page(call.tenant, where, sorting_of_body(body), page_of_body(body), from_body(body, ASSET_TYPES))


def _page(
    tenant: Tenant, where: Condition, sorting: list[tuple[str, str]], page: PageOf, include: Inclusions
) -> Response:
    total, ids = search_assets(tenant, where, sorting, page)
    content = [asset_view(tenant, entry, include) for entry in tenant.catalog.entries(ids)]
    return answer(page.envelope(total, content))


async def read_asset(call: Call) -> Response:
    """GET /assets/{assetId}"""
    entry = call.tenant.catalog.get(call.path_id("assetId", "asset"))
    return answer(asset_view(call.tenant, entry, from_query(call, ASSET_WORDS, WHOLE_ASSET)))


async def create_asset(call: Call) -> Response:
    """POST /assets"""
    body = await call.body()
    tenant = call.tenant
    parent = required_integer(body, "parentId")
    tenant.tree.get(parent)
    if not tenant.tree.permission_defining(parent):
        raise invalid("parentId", f"Collection {parent} is not of a permission-defining type")
    tenant.may("upload", f"collection {parent}")
    type_id = integer(body, "typeId")
    kind = None if type_id is None else asset_type(tenant, type_id)
    fields = write_plain(tenant, kind, body)
    name = string(body, "name")
    version = await _first_version(call, body, name)
    entry = Entry(_new(call, name or version.filename, kind, [parent], fields, version), version)
    with tenant.store.transaction():
        tenant.catalog.put(entry)
    if version.has_file:
        tenant.previews.begin(version.id)
    asset_event(tenant, "ASSET_CREATED", entry)
    return created(whole_asset(tenant, entry))


def asset_type(tenant: Tenant, id: int) -> Kind:
    kind = tenant.definitions.asset_types.get(id)
    if kind is None:
        raise missing("assetType", id)
    return kind


def _new(
    call: Call, name: str, kind: Kind | None, parents: list[int], fields: dict[str, Any], version: Version
) -> Asset:
    version.asset_id = call.tenant.next_id()
    return Asset(
        id=version.asset_id,
        name=name,
        type_id=kind.id if kind else None,
        created=version.created,
        created_by=call.user.id,
        availability={"type": "DIRECT", "available": True},
        parents=parents,
        fields=fields,
        version_id=version.id,
    )


async def _first_version(call: Call, body: Mapping[str, Any], name: str | None) -> Version:
    """The version of the uploaded file, or the stand-in of an asset without one."""
    tenant, handle = call.tenant, string(body, "uploadHandle")
    upload = uploads.ready(tenant, handle, "uploadHandle") if handle is not None else None
    picture = alternative(tenant, body)
    if upload is None:
        version = placeholder(tenant, name, call.user.id)
    else:
        uploads.use_up(tenant, upload)
        version = await uploads.version_of(tenant, upload, upload.filename, call.user.id)
    if picture is not None:
        uploads.use_up(tenant, picture)
        version.alternative = picture.digest
    return version


def alternative(tenant: Tenant, body: Mapping[str, Any]) -> uploads.Upload | None:
    """The upload that is to stand in for the preview, if one is given."""
    name = "alternativePreviewUploadHandle"
    handle = string(body, name)
    return None if handle is None else uploads.ready(tenant, handle, name)


def placeholder(tenant: Tenant, name: str | None, user: int) -> Version:
    """The version of an asset without a file: a name is all there is."""
    if not name:
        raise invalid("name", "name is required without an upload")
    return Version(
        id=tenant.next_id(),
        asset_id=0,
        filename=name,
        filesize=0,
        category="PLACEHOLDER",
        state="SUCCEEDED",
        created=tenant.now(),
        created_by=user,
    )


def open_to(call: Call, entry: Entry, *permissions: str) -> None:
    """Refuse to change an asset that somebody else has locked, or where a permission is missing."""
    for permission in permissions:
        call.tenant.may(permission, f"asset {entry.asset.id}")
    lock = entry.asset.lock
    if lock is not None and lock["creation"]["userId"] != call.user.id:
        raise forbidden(f"Asset {entry.asset.id} is locked by another user")


async def delete_asset(call: Call) -> Response:
    """DELETE /assets/{assetId}"""
    entry = call.tenant.catalog.get(call.path_id("assetId", "asset"))
    open_to(call, entry, "delete")
    remove(call.tenant, entry)
    return nothing()


def remove(tenant: Tenant, entry: Entry) -> None:
    """Delete an asset everywhere, and tell of it."""
    for version in tenant.catalog.versions(entry.asset.id):
        tenant.previews.forget(version.id)
    with tenant.store.transaction():
        tenant.catalog.delete(entry.asset.id)
    asset_event(tenant, "ASSET_DELETED", entry)
