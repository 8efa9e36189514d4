"""A small vendor for testing the sandbox base: notes, one file each, and a person who pins them."""

import hashlib
import hmac
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import ActionRefused, Content, Sandbox, SeedOptions, WebhookTarget, action, file_response


class Toy(Sandbox):
    id = "toy"
    base_path = "/v1"
    contract = (
        "GET/POST /notes",
        "GET /notes/{id}",
        "DELETE /notes/{id}",
        "PUT /v1/notes/{id}/file",
        "GET /notes/{id}/file",
    )
    webhook_retries = (5, 60)
    webhook_timeout = 1
    ticks = 0

    def routes(self) -> list[Route]:
        return [
            Route("/v1/notes", self.list_notes),
            Route("/v1/notes", self.create, methods=["POST"]),
            Route("/v1/notes/{note}", self.one),
            Route("/v1/notes/{note}/file", self.file),
            Route("/v1/notes/{note}/file", self.put_file, methods=["PUT"]),
            Route("/v1/forms", self.form, methods=["POST"]),
            Route("/v1/broken", self.broken),
        ]

    async def seed(self) -> None:
        for text in ("first", "second"):
            self.add(text)

    async def seed_content(self, content: Content, options: SeedOptions) -> dict[str, Any]:
        self.state.put_many("note", ((n, {"id": n, "text": asset.filename}) for n, asset in enumerate(content.assets)))
        return {"notes": self.state.count("note"), "seed": options.seed}

    async def tick(self) -> None:
        self.ticks += 1
        if self.config.flag("stumble") and self.ticks == 1:
            raise RuntimeError("the first tick stumbles")

    def on_error(self, request: Request, exc: Exception) -> Response:
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        return JSONResponse({"toy": status, "path": request.url.path}, status)

    def on_expired_token(self, request: Request) -> Response:  # noqa: ARG002 (the toy says the same to everybody)
        return JSONResponse({"toy": "token is old"}, 401)

    def webhook_headers(self, target: WebhookTarget, body: bytes) -> dict[str, str]:
        secret = target.secret
        return {"X-Toy": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()} if secret else {}

    def add(self, text: str) -> dict[str, Any]:
        note: dict[str, Any] = {"id": self.state.next_id("note", 100), "text": text}
        self.state.put("note", note["id"], note)
        self.webhooks.emit("NOTE_ADDED", note)
        return note

    @action("Pin a note")
    async def pin(self, id: int, colour: str = "red") -> dict[str, Any]:
        note = self.state.get("note", id)
        if note is None:
            raise ActionRefused(f"There is no note {id}.")
        self.state.put("note", id, {**note, "pin": colour})
        return {**note, "pin": colour}

    async def list_notes(self, request: Request) -> Response:  # noqa: ARG002 (every handler takes the request)
        return JSONResponse(list(self.state.all("note")))

    async def create(self, request: Request) -> Response:
        return JSONResponse(self.add((await request.json())["text"]), 201)

    async def one(self, request: Request) -> Response:
        note = self.state.get("note", request.path_params["note"])
        if note is None:
            raise HTTPException(404)
        return JSONResponse(note)

    async def put_file(self, request: Request) -> Response:
        saved = await self.save_body(request)
        digest = self.state.blob_put(saved.path, digest=saved.sha256, move=True)
        note = self.state.get("note", request.path_params["note"]) or {}
        self.state.put("note", request.path_params["note"], {**note, "file": digest})
        return JSONResponse({"sha256": saved.sha256, "md5": saved.md5, "size": saved.size})

    async def file(self, request: Request) -> Response:
        note = self.state.get("note", request.path_params["note"]) or {}
        return file_response(self.state.blob_path(note["file"]), "grüße.txt", "text/plain", request)

    async def form(self, request: Request) -> Response:
        form = await self.read_form(request)
        seen = [
            {"name": part.name, "filename": part.filename, "text": part.data.decode(), "size": part.saved and part.saved.size,
             "sha256": part.saved and part.saved.sha256, "type": part.media_type}
            for part in form.parts
        ]  # fmt: skip
        form.discard()
        return JSONResponse(seen)

    async def broken(self, request: Request) -> Response:  # noqa: ARG002 (every handler takes the request)
        raise KeyError("a defect of the toy")


SANDBOX = Toy
