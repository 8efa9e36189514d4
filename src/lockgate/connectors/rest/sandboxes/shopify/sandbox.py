"""Shopify's GraphQL Admin API: products with one variant, staged uploads, metafields with unique ids.

Not imitated: the cost of queries (faults give THROTTLED), the moment that images need to be prepared and the search index to
follow, publications, scopes of tokens, searches besides those of `updated_at` and `sku`.
"""

from datetime import UTC
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from graphql import GraphQLSchema, graphql_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.connectors.rest.sandboxes.shopify.schema import schema
from lockgate.connectors.rest.sandboxes.shopify.work import Record, Work
from lockgate.kit.sandbox import Sandbox, file_response

KEY = "[API] Invalid API key or access token (unrecognized login or wrong password)"


class Shopify(Sandbox):
    id: ClassVar[str] = "shopify"
    title: ClassVar[str] = "Shopify"
    base_path: ClassVar[str] = "/admin/api/2025-10"
    contract: ClassVar[tuple[str, ...]] = ("POST /graphql.json", "POST /staged/{id}", "GET /cdn/{name}")

    @cached_property
    def schema(self) -> GraphQLSchema:
        return schema()

    def routes(self) -> list[Route]:
        return [
            Route(f"{self.base_path}/graphql.json", self.graphql, methods=["POST"]),
            Route("/staged/{id}", self.staged, methods=["POST"]),
            Route("/cdn/{name}", self.cdn),
        ]

    async def seed(self) -> None:
        for name in ("Chair", "Table", "Lamp"):
            made = Work(self).productCreate(None, {"title": name, "status": "ACTIVE"})["product"]
            product = self.state.get("product", made["id"]) or {}
            product["variant"]["sku"] = f"SKU-{product['id'].rsplit('/', 1)[-1]}"
            self.save(product)

    def connection(self) -> dict[str, Any]:
        return {"site": self.base_url, "token": self.config.key}

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002 (all refusals look alike)
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        return JSONResponse({"errors": WORDS.get(status, "Internal Server Error")}, status)

    async def graphql(self, request: Request) -> Response:
        """Errors stand under status 200; only credentials are a status."""
        if request.headers.get("x-shopify-access-token") != self.config.key:
            raise HTTPException(401)
        told = await request.json()
        result = graphql_sync(self.schema, told["query"], Work(self), variable_values=told.get("variables"))
        answer: Record = {"data": result.data} if result.data is not None else {}
        if result.errors:
            answer["errors"] = [{**one.formatted, "extensions": {"code": "BAD_REQUEST"}} for one in result.errors]
        return JSONResponse(answer)

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    def stage(self, told: Record) -> Record:
        """A place to put a file, with the form's members that go with it."""
        id = uuid4().hex
        address = f"{self.base_url}/staged/{id}"
        self.state.put("place", id, {"name": told["filename"], "media_type": told["mimeType"]})
        parameters = [{"name": "key", "value": f"tmp/{id}"}, {"name": "policy", "value": f"policy-{id}"}]
        return {"url": address, "resourceUrl": f"{address}/{told['filename']}", "parameters": parameters}

    async def staged(self, request: Request) -> Response:
        """Takes no credentials but those of its form, as object storage does."""
        id = request.path_params["id"]
        place = self.state.get("place", id)
        if place is None:
            raise HTTPException(404)
        form = await self.read_form(request)
        parts = {part.name: part.data.decode() for part in form.parts if part.saved is None}
        file = form.get("file")
        if parts != {"key": f"tmp/{id}", "policy": f"policy-{id}"} or file is None or file.saved is None:
            raise HTTPException(403)
        digest = self.state.blob_put(file.saved.path, digest=file.saved.sha256, move=True)
        url = f"{self.base_url}/staged/{id}/{place['name']}"
        self.state.put("staged", url, {**place, "sha256": digest, "size": file.saved.size})
        return Response(status_code=201, headers={"Location": url})

    def keep(self, file: Record) -> str:
        """A file as an image; returns its id."""
        number = self.state.next_id("media")
        id = f"gid://shopify/MediaImage/{number}"
        self.state.put("media", id, {**file, "id": id, "number": number, "mimeType": file["media_type"]})
        return id

    def save(self, product: Record) -> Record:
        saved = {
            **product,
            "updatedAt": self.clock.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        }
        self.state.put("product", product["id"], saved)
        return saved

    async def cdn(self, request: Request) -> Response:
        media = self.state.get("media", f"gid://shopify/MediaImage/{request.query_params.get('id', '')}")
        if media is None:
            raise HTTPException(404)
        return file_response(self.state.blob_path(media["sha256"]), media["name"], media["media_type"], request)


WORDS = {401: KEY, 403: "Forbidden", 404: "Not Found", 429: "Exceeded 2 calls per second for api client."}
