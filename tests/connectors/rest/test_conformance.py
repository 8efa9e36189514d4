"""The promises every connector keeps, asked of one that is nothing but a definition, as source and as target."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from lockgate.connectors.rest.library import connector
from lockgate.kit.conformance import Bench, Carrier, promises
from lockgate.kit.contract import Connector
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

from .larkfield import Larkfield

DEFINED = connector(Path(__file__).with_name("larkfield.yaml"))


class LarkfieldBench(Bench):
    """Somebody else's work, in the sandbox's own state."""

    sandbox_type: ClassVar[type[Sandbox]] = Larkfield
    sandbox: Larkfield
    read_route = "GET /items"
    file_route = "GET /files/*"

    def connector(self, services: Services, url: str, key: str) -> Connector[Any]:
        return DEFINED(DEFINED.settings_type.model_validate({"site": url, "key": key}), Profile(), services)

    async def make_item(self, content: bytes) -> str:
        return str(self.sandbox.save_item({"title": "theirs"}, self.sandbox.keep(content, "larch.png"))["id"])

    async def change_item(self, id: str) -> None:
        item = self.sandbox.find(id)
        self.sandbox.save_item({**item, "title": f"renamed after {item['version']}"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.sandbox.save_item(self.sandbox.find(id), self.sandbox.keep(content, "other.png"))

    def count(self) -> int:
        return self.sandbox.state.count("item")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": {"en": f"Larch {version}"},
            "status": "approved",
            "ids.sku": f"SKU-{version}00",
            "keywords": ["tree", f"version {version}"],
        }

    async def identified(self) -> tuple[str, str, str, str]:
        return "asset", "sku", "SKU-2", "2"

    async def carrier(self) -> Carrier:
        return Carrier(kind="product", id="p1", field="images")

    async def attach(self, carrier: Carrier) -> str:
        product = self.sandbox.state.get("product", carrier.id) or {}
        self.sandbox.state.put("product", carrier.id, {**product, "images": [*product["images"], "1"]})
        return "1"

    def attached(self, carrier: Carrier) -> Sequence[str]:
        return list((self.sandbox.state.get("product", carrier.id) or {})["images"])


TestLarkfield = promises(DEFINED, LarkfieldBench)
