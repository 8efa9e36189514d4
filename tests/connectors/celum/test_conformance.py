"""The promises every connector keeps, asked of CELUM."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.connectors.celum.sandbox import SANDBOX
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.conformance.bench import HOOK_SECRET, KEY, source
from lockgate.kit.contract import HookRequest
from lockgate.kit.http import ApiKey, RestClient
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

PROFILE = Profile(matches={"asset": (Match(canonical="ids.sku", field="sku"),)})


class CelumBench(Bench):
    """Somebody else's work in the sandbox, over the same API."""

    sandbox_type: ClassVar[type[Sandbox]] = SANDBOX
    read_route = "POST /assets/search"
    file_route = "GET /__files/*"

    def connector(self, services: Services, url: str, key: str) -> Celum:
        return Celum(CelumSettings.model_validate({"site": url, "key": key}), PROFILE, services)

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        async with RestClient(f"{self.url}/content-api/v1", self.services(), ApiKey(KEY)) as api:
            return await api.send_json(method, path, body)

    async def upload(self, content: bytes) -> str:
        place = await self.call("POST", "upload", {"filename": "larch.png", "filesize": len(content)})
        async with RestClient(self.url, self.services()) as store:
            await store.upload("POST", place["url"], source(content))
        return str(place["handle"])

    async def make_item(self, content: bytes) -> str:
        folder = (await self.folders())[0]["id"]
        members = {"name": "larch", "parentId": folder, "uploadHandle": await self.upload(content)}
        return str((await self.call("POST", "assets", members))["id"])

    async def folders(self) -> list[dict[str, Any]]:
        async with RestClient(f"{self.url}/content-api/v1", self.services(), ApiKey(KEY)) as api:
            page = await api.get_json("collections", params={"permissionDefiningOnly": True, "page": 1, "size": 1})
            found: list[dict[str, Any]] = page["content"]
            return found

    async def change_item(self, id: str) -> None:
        await self.call("PATCH", f"assets/{id}", {"name": f"larch, {self.sandbox.clock.now().isoformat()}"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        members = {"filename": "larch.png", "uploadHandle": await self.upload(content)}
        await self.call("POST", f"assets/{id}/versions", members)

    def hook(self, id: str) -> HookRequest:
        return signed({"type": "ASSET_UPDATED", "entity": {"id": int(id)}, "updatedFields": ["name"]})

    def strange_hook(self) -> HookRequest:
        return signed({"type": "WORKROOM_OPENED", "entity": {"id": 1}})


def signed(event: Mapping[str, Any]) -> HookRequest:
    body = msgspec.json.encode(event)
    proof = hmac.new(HOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-celum-signature": f"sha256={proof}"}
    return HookRequest(path="", headers=headers, body=body)


TestCelum = promises(Celum, CelumBench)
