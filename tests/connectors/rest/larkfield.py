"""Larkfield, a system nobody has: what connectors by definition are tried against. It keeps items with files, and products."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import Sandbox, file_response

Record = dict[str, Any]


class Larkfield(Sandbox):
    """Its manners: an error is `{"error": {"code", "message"}}`; instants are naive UTC; deleting needs no permission."""

    id: ClassVar[str] = "larkfield"
    title: ClassVar[str] = "Larkfield"
    base_path: ClassVar[str] = "/api"
    contract: ClassVar[tuple[str, ...]] = ()

    def routes(self) -> list[Route]:
        return [
            Route("/api/me", self.me),
            Route("/api/items", self.items),
            Route("/api/items", self.create, methods=["POST"]),
            Route("/api/items/{id}", self.item),
            Route("/api/items/{id}", self.update, methods=["PATCH"]),
            Route("/api/items/{id}", self.delete, methods=["DELETE"]),
            Route("/api/files", self.upload, methods=["POST"]),
            Route("/api/files/{id}", self.file),
            Route("/api/products/{id}", self.product),
            Route("/api/products/{id}", self.change_product, methods=["PATCH"]),
            Route("/api/products", self.products),
        ]

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────

    async def seed(self) -> None:
        for number in (1, 2, 3):
            self.save_item(
                {"title": f"Sample {number}", "state": "live", "sku": f"SKU-{number}", "tags": [{"name": "sample"}]},
                self.keep(f"sample {number}".encode(), f"sample-{number}.png"),
            )
        self.state.put("product", "p1", {"id": "p1", "name": "Chair", "images": []})

    def keep(self, content: bytes, name: str) -> Record:
        digest = self.state.blob_put(content)
        file = {"id": f"f{self.state.next_id('file')}", "name": name, "size": len(content), "sha256": digest}
        self.state.put("file", str(file["id"]), file)
        return file

    def save_item(self, item: Record, file: Record | None = None) -> Record:
        known: Record = {
            "title": "",
            "state": "draft",
            "sku": None,
            "tags": [],
            "texts": {},
            "foreign_id": None,
            "file": None,
        }
        item = {**known, **item}
        item.setdefault("id", self.state.next_id("item"))
        item["version"] = self.state.next_id("version")
        item["updated"] = self.stamp()
        if file is not None:
            item["file"] = file
        self.state.put("item", str(item["id"]), item)
        return item

    def stamp(self) -> str:
        return self.clock.now().astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")

    def find(self, id: str) -> Record:
        if (found := self.state.get("item", id)) is None:
            raise HTTPException(404, "not_found: There is no such item.")
        return found

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        detail = str(exc.detail) if isinstance(exc, HTTPException) else "broken: Something broke."
        code, _, message = detail.partition(": ")
        return JSONResponse({"error": {"code": code, "message": message}}, status)

    def allow(self, request: Request) -> None:
        if request.headers.get("x-key") != self.config.key:
            raise HTTPException(401, "no_key: The key is not known.")

    # ── routes ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def me(self, request: Request) -> Response:
        self.allow(request)
        return JSONResponse({"name": "sandbox"})

    async def items(self, request: Request) -> Response:
        self.allow(request)
        query = request.query_params
        found = [one for one in self.state.all("item") if self.wanted(one, query)]
        if query.get("sort") == "updated":
            found.sort(key=lambda one: str(one["updated"]))
        size, page = int(query.get("limit", 100)), int(query.get("page", 1))
        return JSONResponse({"items": found[(page - 1) * size : page * size], "total": len(found)})

    def wanted(self, item: Record, query: Any) -> bool:
        since = query.get("since")
        if since and datetime.fromisoformat(item["updated"]) < datetime.fromisoformat(since):
            return False
        sets = {"ids": "id", "foreign_ids": "foreign_id", "skus": "sku"}
        return all(str(item[member]) in query[name].split(",") for name, member in sets.items() if name in query)

    async def item(self, request: Request) -> Response:
        self.allow(request)
        return JSONResponse(self.find(request.path_params["id"]))

    async def create(self, request: Request) -> Response:
        """Our key is unique here."""
        self.allow(request)
        told = await request.json()
        key = told.get("foreign_id")
        if key and any(one["foreign_id"] == key for one in self.state.all("item")):
            raise HTTPException(409, "taken: This foreign id is taken.")
        file = self.state.get("file", str(told.pop("file"))) if "file" in told else None
        return JSONResponse(self.save_item({"state": "live", **told}, file), 201)

    async def update(self, request: Request) -> Response:
        self.allow(request)
        item, told = self.find(request.path_params["id"]), await request.json()
        if told.get("title") == "forbidden":
            raise HTTPException(500, "bad_title: This title cannot be stored.")
        file = self.state.get("file", str(told.pop("file"))) if "file" in told else None
        return JSONResponse(self.save_item({**item, **told}, file))

    async def delete(self, request: Request) -> Response:
        self.allow(request)
        if not self.state.delete("item", request.path_params["id"]):
            raise HTTPException(404, "not_found: There is no such item.")
        return Response(status_code=204)

    async def upload(self, request: Request) -> Response:
        self.allow(request)
        saved = await self.save_body(request)
        digest = self.state.blob_put(saved.path, digest=saved.sha256, move=True)
        name = request.headers.get("x-name", "file")
        file = {"id": f"f{self.state.next_id('file')}", "name": name, "size": saved.size, "sha256": digest}
        self.state.put("file", str(file["id"]), file)
        return JSONResponse(file, 201)

    async def file(self, request: Request) -> Response:
        self.allow(request)
        found = self.state.get("file", request.path_params["id"])
        if found is None:
            raise HTTPException(404, "not_found: There is no such file.")
        return file_response(self.state.blob_path(found["sha256"]), found["name"], "image/png", request)

    async def product(self, request: Request) -> Response:
        self.allow(request)
        if (found := self.state.get("product", request.path_params["id"])) is None:
            raise HTTPException(404, "not_found: There is no such product.")
        return JSONResponse(found)

    async def products(self, request: Request) -> Response:
        self.allow(request)
        image = request.query_params.get("image", "")
        return JSONResponse([one for one in self.state.all("product") if image in one["images"]])

    async def change_product(self, request: Request) -> Response:
        self.allow(request)
        found = self.state.get("product", request.path_params["id"])
        if found is None:
            raise HTTPException(404, "not_found: There is no such product.")
        self.state.put("product", str(found["id"]), made := {**found, **await request.json()})
        return JSONResponse(made)

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────

    def backdate(self, id: int, seconds: float) -> None:
        """As if an item had changed so long ago."""
        item = self.find(str(id))
        at = datetime.fromisoformat(item["updated"]) - timedelta(seconds=seconds)
        self.state.put("item", id, {**item, "updated": at.isoformat(timespec="milliseconds")})
