"""The promises every connector keeps, asked of CELUM: as a source of assets, and as a target for them."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.connectors.celum.sandbox import SANDBOX
from lockgate.kit.conformance import Bench, Carrier, promises
from lockgate.kit.conformance.bench import HOOK_SECRET, KEY, source
from lockgate.kit.contract import HookRequest
from lockgate.kit.http import ApiKey, RestClient
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

FOLDERS = 4700
"""A collection of the seed that takes assets."""
FIELDS = {
    "ids.sku": "sku",
    "texts.caption": "caption",
    "texts.description": "description",
    "keywords.subject": "tags",
    "fields.season": "season",
    "fields.rating": "rating",
    "fields.weight": "weight",
    "rights.cleared": "cleared",
    "rights.until": "shot-on",
}
PROFILE = Profile(
    matches={"asset": tuple(Match(canonical=name, field=field) for name, field in FIELDS.items())}, zone="Europe/Berlin"
)


class CelumBench(Bench):
    """Somebody else's work in the sandbox, over the same API."""

    sandbox_type: ClassVar[type[Sandbox]] = SANDBOX
    options: ClassVar[Mapping[str, Any]] = {"key_field": "external-id"}
    read_route = "POST /assets/search"
    file_route = "GET /__files/*"

    def connector(self, services: Services, url: str, key: str) -> Celum:
        told = {"site": url, "key": key, "upload_collection": FOLDERS}
        return Celum(CelumSettings.model_validate(told), PROFILE, services)

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

    # ── what the sandbox holds ───────────────────────────────────────────────────────────────────────────────────

    def count(self) -> int:
        (found,) = self.sandbox.state.db.execute("SELECT count(*) FROM celum_asset").fetchone()
        return int(found)

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": {"de": f"Lärche {version}", "en": f"Larch {version}"},
            "texts.caption": {"de": f"Ein Baum, Fassung {version}", "en": f"A tree, version {version}"},
            "texts.description": {"und": f"a tree, version {version}"},
            "keywords.subject": ["tree", f"v{version}"],
            "fields.season": ("Summer", "Winter")[version % 2],
            "fields.rating": version,
            "fields.weight": 0.5 + version,
            "rights.cleared": version == 1,
            "rights.until": f"2027-01-0{version}T23:00:00Z",
        }

    async def identified(self) -> tuple[str, str, str, str]:
        sku = "LARCH-'1'"
        return "asset", "sku", sku, await self.asset("larch", [{"id": 643, "type": "TEXT", "value": sku}])

    async def asset(self, name: str, values: Sequence[Mapping[str, Any]] = ()) -> str:
        members = {"name": name, "parentId": FOLDERS, "typeId": 2200, "informationFieldValues": values}
        return str((await self.call("POST", "assets", members))["id"])

    async def carrier(self) -> Carrier:
        made = await self.call("POST", "collections", {"name": {"en": "Spring launch"}, "parentId": FOLDERS})
        return Carrier(kind="collection", id=str(made["id"]), field="assets")

    async def attach(self, carrier: Carrier) -> str:
        theirs = await self.asset("an asset of somebody else's")
        await self.call("PATCH", f"assets/{theirs}", {"parentIds": {"op": "MODIFY", "add": [int(carrier.id)]}})
        return theirs

    def attached(self, carrier: Carrier) -> Sequence[str]:
        query = "SELECT asset_id FROM celum_asset_parent WHERE collection_id = ? ORDER BY asset_id"
        return [str(id) for (id,) in self.sandbox.state.db.execute(query, (int(carrier.id),))]

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
