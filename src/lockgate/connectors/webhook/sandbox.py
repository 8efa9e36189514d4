"""A system that sends webhooks and takes them, written from Standard Webhooks and CloudEvents 1.0, never from our client.

It signs and verifies with the library of Standard Webhooks. Not imitated: other ways to sign, binary mode, batches, receivers
that answer with something worth reading.
"""

import base64
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import Sandbox, WebhookTarget, action, file_response
from lockgate.kit.sandbox.samples import sample_file

SOURCE = "/acme/pim"
EVENT = "application/cloudevents+json"
PREFIX = "lockgate.item."


class WebhookSandbox(Sandbox):
    id: ClassVar[str] = "webhook"
    title: ClassVar[str] = "Webhooks"
    contract: ClassVar[tuple[str, ...]] = ("POST /events", "GET /files/{digest}/{name}")

    def routes(self) -> list[Route]:
        return [
            Route("/events", self.take, methods=["POST"]),
            Route("/files/{digest}/{name}", self.file),
        ]

    def connection(self) -> dict[str, Any]:
        return {
            "site": f"{self.base_url}/events",
            "signing_secret": self.config.key,
            "secret": self.config.key,
            "file": "image.url",
            "file_name": "image.name",
            "file_digest": "image.sha256",
            "sample": msgspec.json.encode(self.event("item.changed", self.sample())).decode(),
        }

    async def seed(self) -> None:
        for number in (1, 2, 3):
            name = f"sample-{number}.png"
            self.save(self.made(f"Sample {number}", sample_file(name), name, sku=f"SKU-{number}"))

    # ── the sender: items that people change, and the webhooks it sends of them ──────────────────────────────────

    def made(self, title: str, content: bytes, name: str, **fields: Any) -> dict[str, Any]:
        """A new item with its file."""
        item = {"id": f"P-{self.state.next_id('item')}", "title": {"en": title}, "status": "released", **fields}
        return {**item, "image": self.image(content, name)}

    def image(self, content: bytes, name: str) -> dict[str, str]:
        digest = self.state.blob_put(content)
        return {"url": f"{self.base_url}/files/{digest}/{name}", "name": name, "sha256": digest}

    def save(self, item: dict[str, Any]) -> dict[str, Any]:
        """Keep an item and tell of it."""
        item = {**item, "version": self.state.next_id("version")}
        self.state.put("item", item["id"], item)
        self.webhooks.emit("item.changed", self.event("item.changed", item))
        return item

    @action("Give an item another title")
    def rename(self, id: str, title: str) -> dict[str, Any]:
        return self.save({**self.item(id), "title": {"en": title}})

    @action("Send every item again")
    def send_all(self) -> dict[str, int]:
        for item in self.state.all("item"):
            self.webhooks.emit("item.changed", self.event("item.changed", item))
        return {"sent": self.state.count("item")}

    @action("Delete an item")
    def delete(self, id: str) -> dict[str, Any]:
        item = self.item(id)
        self.state.delete("item", id)
        told = {"id": id, "version": self.state.next_id("version")}
        self.webhooks.emit("item.deleted", self.event("item.deleted", told))
        return item

    def item(self, id: str) -> dict[str, Any]:
        if (found := self.state.get("item", id)) is None:
            raise HTTPException(404, f"There is no item {id}.")
        return found

    def sample(self) -> dict[str, Any]:
        return {
            "id": "P-0",
            "title": {"en": "A title"},
            "status": "released",
            "sku": "SKU-0",
            "image": {"url": f"{self.base_url}/files/0/x.png", "name": "x.png", "sha256": "0" * 64},
            "version": 1,
        }

    def event(self, type: str, data: dict[str, Any]) -> dict[str, Any]:
        """A CloudEvent about an item, numbered by the version of the item."""
        return {
            "specversion": "1.0",
            "id": f"{data['id']}-{data['version']}-{type}",
            "source": SOURCE,
            "type": type,
            "time": self.clock.now().isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }

    def webhook_headers(self, target: WebhookTarget, body: bytes) -> dict[str, str]:
        """Standard Webhooks: the id is the event's and stays, the time is that of the attempt."""
        return self.signed(body, target.secret or self.config.key)

    def signed(self, body: bytes, secret: str) -> dict[str, str]:
        id, now = str(msgspec.json.decode(body)["id"]), datetime.now(UTC)
        return {
            "content-type": EVENT,
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": verifier(secret).sign(id, now, body.decode()),
        }

    async def file(self, request: Request) -> Response:
        path = self.state.blob_path(request.path_params["digest"])
        if not path.is_file():
            raise HTTPException(404, "There is no such file.")
        return file_response(path, request.path_params["name"], "image/png", request)

    # ── the receiver ─────────────────────────────────────────────────────────────────────────────────────────────

    async def take(self, request: Request) -> Response:
        """Verify, drop repeats by their id and what came too late by its sequence, keep the rest."""
        if not request.headers.get("content-type", "").startswith(EVENT):
            raise HTTPException(415, f"Only {EVENT} is taken.")
        body = await request.body()
        try:
            event = verifier(self.config.key).verify(body, dict(request.headers))
        except (WebhookVerificationError, ValueError) as problem:
            raise HTTPException(401, f"The signature is not good: {problem}.") from problem
        if self.state.get("seen", event["id"]) is None:
            self.state.put("seen", event["id"], event)
            self.keep(event)
        return JSONResponse({"received": event["id"]}, 202)

    def keep(self, event: dict[str, Any]) -> None:
        what = str(event["type"])
        if not what.startswith(PREFIX):
            return
        key = str(event["subject"])
        before = self.state.get("copy", key) or {"sequence": "", "hidden": False}
        if event["sequence"] <= before["sequence"]:
            return
        if what == f"{PREFIX}removed":
            after = {"sequence": event["sequence"], "removed": True, "hidden": True}
        else:
            after = {**before, **event["data"], "sequence": event["sequence"], "removed": False}
            after["hidden"] = what == f"{PREFIX}hidden"
        self.state.put("copy", key, after)


def verifier(secret: str) -> Webhook:
    """For a secret as Standard Webhooks write it, and for any other text as it is."""
    return Webhook(secret if secret.startswith("whsec_") else "whsec_" + base64.b64encode(secret.encode()).decode())


SANDBOX = WebhookSandbox
