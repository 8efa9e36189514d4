"""Versions of an asset: list, add, delete."""

from starlette.responses import Response

from lockgate.connectors.celum.sandbox import uploads
from lockgate.connectors.celum.sandbox.assets import alternative, open_to
from lockgate.connectors.celum.sandbox.call import Call, answer, created, nothing, required_string
from lockgate.connectors.celum.sandbox.errors import bad_request
from lockgate.connectors.celum.sandbox.events import version_event
from lockgate.connectors.celum.sandbox.records import Entry, Version
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.views import version_view


async def list_versions(call: Call) -> Response:
    """GET /assets/{assetId}/versions"""
    tenant = call.tenant
    entry = tenant.catalog.get(call.path_id("assetId", "asset"))
    versions = tenant.catalog.versions(entry.asset.id)
    shown = [version_view(tenant, version, active=version.id == entry.version.id) for version in versions]
    return answer(call.page().cut(shown))


async def add_version(call: Call) -> Response:
    """POST /assets/{assetId}/versions"""
    id = call.path_id("assetId", "asset")
    body = await call.body()
    tenant = call.tenant
    open_to(call, tenant.catalog.get(id), "addVersion")
    filename = required_string(body, "filename")
    upload = uploads.ready(tenant, required_string(body, "uploadHandle"), "uploadHandle")
    picture = alternative(tenant, body)
    for used in (upload, picture):
        if used is not None:
            uploads.use_up(tenant, used)
    version = await uploads.version_of(tenant, upload, filename, call.user.id)
    version.alternative = picture.digest if picture else None
    attach(tenant, tenant.catalog.get(id), version)
    return created(version_view(tenant, version, active=True))


def attach(tenant: Tenant, before: Entry, version: Version) -> Entry:
    """Add a version to an asset; it becomes the active one at once."""
    version.asset_id = before.asset.id
    after = tenant.catalog.get(before.asset.id)
    after.version, after.asset.version_id = version, version.id
    after.asset.modified, after.asset.modified_by = version.created, version.created_by
    with tenant.store.transaction():
        tenant.catalog.put(after)
    tenant.previews.begin(version.id)
    version_event(tenant, "ASSET_VERSION_ADDED", before, after)
    version_event(tenant, "ASSET_VERSION_ACTIVATED", before, after)
    return after


async def delete_version(call: Call) -> Response:
    """DELETE /assets/{assetId}/versions/{versionId}"""
    tenant = call.tenant
    before = tenant.catalog.get(call.path_id("assetId", "asset"))
    version = tenant.catalog.version_of(before.asset.id, call.path_id("versionId", "version"))
    open_to(call, before, "manageVersions")
    if version.id == before.version.id:
        raise bad_request(f"Version {version.id} is active")
    after = tenant.catalog.get(before.asset.id)
    after.asset.modified, after.asset.modified_by = tenant.now(), call.user.id
    with tenant.store.transaction():
        tenant.catalog.delete_version(version.id)
        tenant.catalog.put(after)
    tenant.previews.forget(version.id)
    version_event(tenant, "ASSET_VERSION_DELETED", before, after)
    return nothing()
