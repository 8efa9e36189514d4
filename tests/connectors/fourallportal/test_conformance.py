"""The promises every connector keeps, asked of 4ALLPORTAL: as a source of files, and as a target for them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.fourallportal.connector import FourAllPortal, PortalSettings
from lockgate.connectors.fourallportal.sandbox import SANDBOX, FourAllPortalSandbox
from lockgate.kit.conformance import Bench, Carrier, promises
from lockgate.kit.conformance.bench import HOOK_SECRET, KEY, source
from lockgate.kit.contract import HookRequest
from lockgate.kit.http import Bearer, RestClient
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

FILES, PRODUCTS = "/api/modules/file/objects", "/api/modules/product/objects"
PROFILE = Profile(
    matches={
        "asset": tuple(
            Match(canonical=name, field=name)
            for name in ("title", "description", "keywords", "copyright", "license_until", "status")
        ),
        "product": (Match(canonical="ids.sku", field="article_number"), Match(canonical="images", field="images")),
    },
    zone="Europe/Berlin",
)


class PortalBench(Bench):
    """Somebody else's work in the sandbox, over the same API."""

    sandbox: FourAllPortalSandbox
    sandbox_type: ClassVar[type[Sandbox]] = SANDBOX
    options: ClassVar[Mapping[str, Any]] = {
        "status_rule": False
    }  # a tenant whose rule it is never shows again what was archived
    absent_id = "0badf11e-0000-4000-8000-000000000000"
    read_route = "GET /api/modules/file/objects"
    file_route = "GET *media*"
    signed = False

    def connector(self, services: Services, url: str, key: str) -> FourAllPortal:
        quirks = {"settle_seconds": 0.01}
        return FourAllPortal(
            PortalSettings.model_validate({"site": url, "key": key, "quirks": quirks}), PROFILE, services
        )

    # ── somebody else ────────────────────────────────────────────────────────────────────────────────────────────

    def api(self) -> RestClient:
        return RestClient(self.url, self.services(), Bearer(KEY))

    async def set(self, path: str, record: Mapping[str, Any]) -> str:
        wire = {name: value if name == "id" else [{"value": value}] for name, value in record.items()}
        async with self.api() as api:
            ids = await api.send_json("PATCH", path, [wire])
        return str(ids[0])

    async def make_item(self, content: bytes) -> str:
        async with self.api() as api:
            sent = await api.upload("POST", FILES, source(content), field="file")
        return str(msgspec.json.decode(sent.answer.body)[0])

    async def change_item(self, id: str) -> None:
        await self.set(FILES, {"id": id, "copyright": f"Larkfield {self.sandbox.clock.now().isoformat()}"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        async with self.api() as api:
            await api.upload("PUT", f"{FILES}/{id}/media/original", source(content), field="file")

    def hook(self, id: str) -> HookRequest:
        return posted({"event": "CE_Update", "module": "file", "id": id, "mod_time": "2026-03-04T10:11:12.000Z"})

    def strange_hook(self) -> HookRequest:
        return posted({"event": "CE_Update", "module": "collection", "id": "c-1"})

    # ── what the sandbox holds ───────────────────────────────────────────────────────────────────────────────────

    def count(self) -> int:
        return self.sandbox.portal.objects.count("file")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": {"de": f"Lärche {version}", "en": f"Larch {version}", "fr": "Mélèze"},
            "description": {"und": f"a tree, version {version}"},
            "keywords": ["tree", f"v{version}"],
            "license_until": f"2027-01-0{version}T23:00:00Z",
            "status": "approved",
        }

    async def identified(self) -> tuple[str, str, str, str]:
        sku = "LARCH-'1'"
        return "product", "sku", sku, await self.set(PRODUCTS, {"article_number": sku})

    async def carrier(self) -> Carrier:
        id = await self.set(PRODUCTS, {"article_number": "LARCH-2"})
        return Carrier(kind="product", id=id, field="images")

    async def attach(self, carrier: Carrier) -> str:
        theirs = await self.make_item(b"a file of somebody else's")
        await self.set(PRODUCTS, {"id": carrier.id, "images": [theirs]})
        return theirs

    def attached(self, carrier: Carrier) -> Sequence[str]:
        record = self.sandbox.portal.objects.live("product", carrier.id)
        assert record is not None
        found: list[str] = record.value("images") or []
        return found


def posted(body: Mapping[str, Any]) -> HookRequest:
    headers = {"content-type": "application/json"}
    return HookRequest(path=HOOK_SECRET, headers=headers, body=msgspec.json.encode(body))


TestFourAllPortal = promises(FourAllPortal, PortalBench)
