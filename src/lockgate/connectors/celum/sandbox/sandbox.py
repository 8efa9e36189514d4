"""The CELUM sandbox itself: routes, manners, life."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lockgate.connectors.celum.sandbox import (
    assets,
    change,
    collections,
    content,
    cora,
    directory,
    downloads,
    jobs,
    previews,
    relations,
    seed,
    uploads,
    versions,
)
from lockgate.connectors.celum.sandbox.access import Tokens, caller
from lockgate.connectors.celum.sandbox.call import Call
from lockgate.connectors.celum.sandbox.errors import Refused, answer, plain
from lockgate.connectors.celum.sandbox.making import Making
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.kit.sandbox import Content, SandboxConfig, SeedOptions, WebhookTarget

BASE = "/content-api/v1"
Handler = Callable[[Call], Awaitable[Response]]

# The first that matches answers: `/assets/download` and `/users/me` before the routes with an id in that place.
ROUTES: Mapping[str, Handler] = {
    "GET /version": directory.version,
    "GET /users/me": directory.me,
    "GET /users": directory.users,
    "GET /users/{userId}": directory.user,
    "GET /user-groups": directory.groups,
    "GET /user-groups/{userGroupId}": directory.group,
    "GET /roles": directory.roles,
    "GET /roles/{roleId}": directory.role,
    "GET /clients/{clientId}": directory.client,
    "GET /asset-types": directory.asset_types,
    "GET /asset-types/{assetTypeId}": directory.asset_type,
    "GET /collection-types": directory.collection_types,
    "GET /collection-types/{collectionTypeId}": directory.collection_type,
    "GET /relation-types": directory.relation_types,
    "GET /relation-types/{relationTypeId}": directory.relation_type,
    "GET /compound-types": directory.compound_types,
    "GET /compound-types/{compoundTypeKey}": directory.compound_type,
    "GET /information-fields": directory.information_fields,
    "GET /download-formats": directory.download_formats,
    "GET /assets/download": downloads.download_several,
    "GET /assets": assets.list_assets,
    "POST /assets/search": assets.find_assets,
    "POST /assets": assets.create_asset,
    "GET /assets/{assetId}": assets.read_asset,
    "PATCH /assets/{assetId}": change.change_asset,
    "DELETE /assets/{assetId}": assets.delete_asset,
    "GET /assets/{assetId}/versions": versions.list_versions,
    "POST /assets/{assetId}/versions": versions.add_version,
    "DELETE /assets/{assetId}/versions/{versionId}": versions.delete_version,
    "GET /assets/{assetId}/download": downloads.download_one,
    "POST /upload": uploads.reserve,
    "POST /jobs": jobs.start_job,
    "GET /jobs/{jobId}": jobs.read_job,
    "GET /collections": collections.list_collections,
    "POST /collections/search": collections.find_collections,
    "POST /collections": collections.create_collection,
    "GET /collections/{collectionId}": collections.read_collection,
    "PATCH /collections/{collectionId}": collections.change_collection,
    "DELETE /collections/{collectionId}": collections.delete_collection,
    "GET /relations": relations.list_relations,
    "POST /relations": relations.create_relation,
    "GET /relations/{relationId}": relations.read_relation,
    "PATCH /relations/{relationId}": relations.change_relation,
    "DELETE /relations/{relationId}": relations.delete_relation,
}
OPEN: Mapping[str, Callable[[Tenant, Request], Awaitable[Response]]] = {
    "POST /__files/upload/{handle}": uploads.receive,
    "PUT /__files/upload/{handle}": uploads.receive,
    "GET /__files/download/{token}": downloads.download,
    "GET /__files/preview/{token}": downloads.preview,
    "GET /cora/Assets": cora.assets,
    "GET /cora/Assets({id})": cora.asset,
    "GET /cora/Nodes": cora.nodes,
    "GET /cora/Nodes({id})": cora.node,
    "GET /cora/DownloadFormats": cora.formats,
    "GET /cora/AssetInformationFields": cora.fields,
}
CONTRACT = (
    "GET /version", "GET /users/me", "GET /users", "GET /users/{id}", "GET /user-groups", "GET /user-groups/{id}",
    "GET /roles", "GET /roles/{id}", "GET /clients/{id}", "GET /asset-types", "GET /asset-types/{id}",
    "GET /collection-types", "GET /collection-types/{id}", "GET /relation-types", "GET /relation-types/{id}",
    "GET /compound-types", "GET /information-fields", "GET /download-formats", "GET/POST /assets", "POST /assets/search",
    "GET/PATCH/DELETE /assets/{id}", "GET/POST /assets/{id}/versions", "DELETE /assets/{id}/versions/{vid}",
    "GET /assets/{id}/download", "GET /assets/download", "POST /upload", "POST/PUT /__files/upload/{handle}",
    "GET /__files/download/{token}", "GET /__files/preview/{token}", "POST /jobs", "GET /jobs/{id}",
    "GET/POST /collections", "POST /collections/search", "GET/PATCH/DELETE /collections/{id}", "GET/POST /relations",
    "GET/PATCH/DELETE /relations/{id}", "GET /cora/Assets", "GET /cora/Assets({id})", "GET /cora/Nodes",
    "GET /cora/Nodes({id})", "GET /cora/DownloadFormats", "GET /cora/AssetInformationFields",
)  # fmt: skip


class CelumSandbox(Making):
    """An imitation of CELUM's Content API v1, and of what clients read from its forerunner CORA.

    Options: `preview_seconds` (0.5) until previews of a new version are ready; `password` of the users for Basic (the key);
    `max_reference_names` (100) that are resolved in a reference field; `required` numbers of fields that are required,
    separated by commas; `collection_fields` gives folders the eleven fields of assets, too; `key_field` names one more text field
    of assets and folders; `token_seconds` (300) for which a token of the identity provider lasts; `denied` names permissions
    the caller's role lacks, separated by commas (`addVersion,upload`).
    """

    id = "celum"
    title = "CELUM Content API v1"
    contract = CONTRACT
    base_path = BASE

    def __init__(self, config: SandboxConfig) -> None:
        super().__init__(config)
        self.tenant = Tenant(self)
        self.tokens = Tokens(config, self.clock)

    def routes(self) -> list[Route]:
        guarded = [_route(BASE, shape, self._guarded(handler)) for shape, handler in ROUTES.items()]
        provider = _route("", "POST /__oidc/token", self.tokens.give)
        return [*guarded, *(_route("", shape, self._open(handler)) for shape, handler in OPEN.items()), provider]

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await handler(Call(request, self.tenant, caller(request, self.config, self.tokens)))

        return endpoint

    def _open(
        self, handler: Callable[[Tenant, Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await handler(self.tenant, request)

        return endpoint

    async def seed(self) -> None:
        self.tenant.reload()
        await seed.fill(self.tenant)

    async def seed_content(self, content_: Content, options: SeedOptions) -> dict[str, Any]:  # noqa: ARG002 (assigned already)
        self.state.put("tenant", "content", {})
        self.tenant.reload()
        return await content.fill(self.tenant, content_)

    async def tick(self) -> None:
        previews.complete(self.tenant)

    def set_options(self, changes: Mapping[str, Any]) -> None:
        before = dict(self.config.options)
        super().set_options(changes)
        try:
            self.tenant.reload()
        except ValueError:
            self.config.options.clear()
            self.config.options.update(before)
            raise

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002 (the answer does not depend on it)
        if isinstance(exc, Refused):
            return answer(exc.status, exc.body)
        if isinstance(exc, HTTPException):
            return plain(exc.status_code, exc.detail, exc.headers)
        return plain(500, "Internal error")

    def on_unknown_route(self, request: Request) -> Response:
        """Below the API's base path nothing is told to strangers, not even what is not there."""
        if request.url.path.startswith(BASE):
            try:
                caller(request, self.config, self.tokens)
            except Refused as refusal:
                return self.on_error(request, refusal)
        return plain(404, f"There is no {request.method} {request.url.path}")

    def on_fault(self, request: Request, status: int) -> Response:  # noqa: ARG002
        return plain(
            status, "No authentication profile found for API key" if status == 401 else "The service is not available"
        )

    def webhook_headers(self, target: WebhookTarget, body: bytes) -> dict[str, str]:
        if target.secret is None:
            return {}
        signature = hmac.new(target.secret.encode(), body, hashlib.sha256).hexdigest()
        return {"X-CELUM-Signature": f"sha256={signature}"}


def _route(base: str, shape: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    method, _, path = shape.partition(" ")
    return Route(f"{base}{path}", endpoint, methods=[method])
