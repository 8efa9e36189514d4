"""The promises every connector keeps, asked of webhooks."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.webhook.connector import Webhook
from lockgate.connectors.webhook.sandbox import WebhookSandbox
from lockgate.connectors.webhook.settings import WebhookSettings
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.conformance.bench import HOOK_SECRET
from lockgate.kit.contract import HookRequest
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services


class WebhookBench(Bench):
    """Whatever somebody does at the sender is sent to a connector of ours; those under test share its journal."""

    sandbox_type: ClassVar[type[Sandbox]] = WebhookSandbox
    sandbox: WebhookSandbox
    kind = "product"
    file_route = "GET /files/*"
    read_route = "*"

    def connector(self, services: Services, url: str, key: str) -> Webhook:
        own = {"site": f"{url}/events", "signing_secret": key, "types": ("item.*",)}
        paths = {
            "file": "image.url",
            "file_name": "image.name",
            "file_digest": "image.sha256",
            "version": "data.version",
        }
        return Webhook(WebhookSettings.model_validate({**own, **paths}), Profile(), services)

    def sent(self, type: str, item: Mapping[str, Any]) -> HookRequest:
        body = msgspec.json.encode(self.sandbox.event(type, dict(item)))
        return HookRequest(path="", headers=self.sandbox.signed(body, HOOK_SECRET), body=body)

    async def heard(self, item: Mapping[str, Any]) -> str:
        (await self.connect()).receive(self.sent("item.changed", item))
        return str(item["id"])

    async def make_item(self, content: bytes) -> str:
        return await self.heard(self.sandbox.save(self.sandbox.made("Larch", content, "larch.png")))

    async def change_item(self, id: str) -> None:
        await self.heard(self.sandbox.rename(id, f"Larch {self.sandbox.state.next_id('title')}"))

    async def replace_item_file(self, id: str, content: bytes) -> None:
        await self.heard(
            self.sandbox.save({**self.sandbox.item(id), "image": self.sandbox.image(content, "larch.png")})
        )

    def hook(self, id: str) -> HookRequest:
        known = self.sandbox.state.get("item", id) or {"id": id, "version": 1}
        return self.sent("item.changed", known)

    def strange_hook(self) -> HookRequest:
        return self.sent("invoice.paid", {"id": "I-1", "version": 1})

    def count(self) -> int:
        return sum(not one["removed"] for one in self.sandbox.state.all("copy"))

    def fields(self, version: int) -> Mapping[str, Any]:
        return {"title": {"de": f"Lärche {version}"}, "keywords": ["tree", f"v{version}"]}


TestWebhook = promises(
    Webhook,
    WebhookBench,
    excuses={
        "test_the_file_read_back_is_the_file_sent": "files are not sent; of those told only SHA-256 is known, not MD5",
        "test_what_lasts_is_named_by_what_to_do": "items are read from what was sent to us, so no call can fail",
        "test_a_record_that_pages_give_twice_does_no_harm": "items are listed from our own journal, not in pages of the sender's",
        "test_a_record_that_a_page_skips_is_not_lost": "items are listed from our own journal, not in pages of the sender's",
    },
)
