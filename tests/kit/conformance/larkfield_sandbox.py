"""Larkfield, a vendor that does not exist: assets with a file, shelves that carry assets, a change feed, signed webhooks."""

import hashlib
import hmac
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import Sandbox, file_response

SIZE = 2
FIELDS = [{"name": "title", "type": "text"}, {"name": "ours", "type": "text"}]


class LarkfieldSandbox(Sandbox):
    id = "larkfield"

    def routes(self) -> list[Route]:
        return [
            Route("/me", self.me),
            Route("/schema", self.schema),
            Route("/assets", self.list_assets),
            Route("/assets", self.create, methods=["POST"]),
            Route("/assets/{id}", self.patch, methods=["PATCH"]),
            Route("/assets/{id}/file", self.send_file),
            Route("/assets/{id}/file", self.take_file, methods=["PUT"]),
            Route("/changes", self.changes),
            Route("/shelves", self.shelves),
            Route("/shelves/{id}/images/{asset}", self.attach, methods=["PUT", "DELETE"]),
        ]

    async def seed(self) -> None:
        for n in range(3):
            self.add({"title": f"seeded {n}"}, f"seed {n}".encode())

    # ── state ────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, fields: dict[str, Any], content: bytes | None = None) -> str:
        id = str(self.state.next_id("asset", 100))
        self.save({"id": id, "hidden": False, **fields}, content)
        return id

    def save(self, asset: dict[str, Any], content: bytes | None = None) -> None:
        asset["rev"] = self.state.next_id("change")
        if content is not None:
            asset |= {"file": self.state.blob_put(content), "size": len(content)}
        self.state.put("asset", asset["id"], asset)
        self.state.put("change", asset["rev"], {"n": asset["rev"], "id": asset["id"]})

    def asset(self, id: str) -> dict[str, Any]:
        if (found := self.state.get("asset", id)) is None:
            raise HTTPException(404, f"no asset {id}")
        return found

    # ── routes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def allow(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.config.key}":
            raise HTTPException(401, "the token is not good")

    async def me(self, request: Request) -> Response:
        self.allow(request)
        return JSONResponse({"product": "Larkfield", "user": "tests"})

    async def schema(self, request: Request) -> Response:
        self.allow(request)
        return JSONResponse({"asset": FIELDS})

    async def list_assets(self, request: Request) -> Response:
        self.allow(request)
        query = request.query_params
        assets = list(self.state.all("asset"))
        if "id" in query:
            return JSONResponse([one for one in assets if one["id"] in query.getlist("id")])
        if "ours" in query:
            return JSONResponse([one for one in assets if one.get("ours") in query.getlist("ours")])
        after = int(query.get("after", 0))
        return JSONResponse([one for one in assets if int(one["id"]) > after][:SIZE])

    async def create(self, request: Request) -> Response:
        self.allow(request)
        fields = await request.json()
        if fields.get("ours") and any(one.get("ours") == fields["ours"] for one in self.state.all("asset")):
            raise HTTPException(409, "that key is in use")
        return JSONResponse(self.asset(self.add(fields)), 201)

    async def patch(self, request: Request) -> Response:
        self.allow(request)
        asset = self.asset(request.path_params["id"]) | await request.json()
        self.save(asset)
        return JSONResponse(asset)

    async def send_file(self, request: Request) -> Response:
        self.allow(request)
        asset = self.asset(request.path_params["id"])
        wanted = request.query_params.get("version", asset.get("file"))
        if wanted is None or not self.state.blob_path(wanted).exists():
            raise HTTPException(404, "no such file")
        return file_response(self.state.blob_path(wanted), f"{asset['id']}.png", "image/png", request)

    async def take_file(self, request: Request) -> Response:
        self.allow(request)
        asset = self.asset(request.path_params["id"])
        self.save(asset, await request.body())
        return JSONResponse(asset)

    async def changes(self, request: Request) -> Response:
        self.allow(request)
        changes = list(self.state.all("change"))
        after = request.query_params.get("after")
        if after is None:
            return JSONResponse({"last": changes[-1]["n"], "changes": []})
        rest = [one for one in changes if one["n"] > int(after)][:SIZE]
        return JSONResponse({"last": rest[-1]["n"] if rest else int(after), "changes": rest})

    async def shelves(self, request: Request) -> Response:
        self.allow(request)
        return JSONResponse(list(self.state.all("shelf")))

    async def attach(self, request: Request) -> Response:
        self.allow(request)
        shelf = self.state.get("shelf", request.path_params["id"])
        if shelf is None:
            raise HTTPException(404, "no such shelf")
        others = [one for one in shelf["images"] if one != request.path_params["asset"]]
        shelf["images"] = [*others, request.path_params["asset"]] if request.method == "PUT" else others
        self.state.put("shelf", shelf["id"], shelf)
        return JSONResponse(shelf)


def signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
