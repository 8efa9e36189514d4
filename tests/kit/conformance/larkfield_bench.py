"""What the conformance suite needs to know of Larkfield."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lockgate.kit.conformance import Bench, Carrier
from lockgate.kit.conformance.bench import HOOK_SECRET
from lockgate.kit.contract import Connector, HookRequest, Secret
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

from .larkfield import Larkfield, LarkfieldSettings
from .larkfield_sandbox import LarkfieldSandbox, signature


class LarkfieldBench(Bench):
    sandbox_type = LarkfieldSandbox
    sandbox: LarkfieldSandbox
    connector_type: type[Larkfield] = Larkfield
    read_route = "GET /assets"
    file_route = "GET /assets/*/file"

    def connector(self, services: Services, url: str, key: str) -> Connector[Any]:
        return self.connector_type(LarkfieldSettings(url=url, token=Secret(key)), Profile(), services)

    async def make_item(self, content: bytes) -> str:
        return self.sandbox.add({"title": "theirs"}, content)

    async def change_item(self, id: str) -> None:
        self.sandbox.save(self.sandbox.asset(id) | {"title": f"changed after {self.sandbox.asset(id)['rev']}"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.sandbox.save(self.sandbox.asset(id), content)

    def hook(self, id: str) -> HookRequest:
        return signed({"type": "changed", "id": id})

    def strange_hook(self) -> HookRequest:
        return signed({"type": "sneezed", "id": "100"})

    def count(self) -> int:
        return self.sandbox.state.count("asset")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {"title": f"version {version}"}

    async def identified(self) -> tuple[str, str, str, str]:
        self.sandbox.state.put("shelf", "s-2", {"id": "s-2", "sku": "4711", "images": []})
        return "shelf", "sku", "4711", "s-2"

    async def carrier(self) -> Carrier:
        self.sandbox.state.put("shelf", "s-1", {"id": "s-1", "sku": "0815", "images": []})
        return Carrier(kind="shelf", id="s-1", field="images")

    async def attach(self, carrier: Carrier) -> str:
        self.sandbox.state.put("shelf", carrier.id, {"id": carrier.id, "sku": "0815", "images": ["100"]})
        return "100"

    def attached(self, carrier: Carrier) -> Sequence[str]:
        shelf = self.sandbox.state.get("shelf", carrier.id) or {}
        return list(shelf["images"])


def signed(body: dict[str, Any]) -> HookRequest:
    raw = msgspec.json.encode(body)
    return HookRequest(path="", headers={"x-signature": signature(HOOK_SECRET, raw)}, body=raw)
