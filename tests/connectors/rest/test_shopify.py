"""Shopify by its shipped definition, against the sandbox that was written from its reference."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lockgate.connectors.rest.library import connector
from lockgate.connectors.rest.places import SHIPPED
from lockgate.connectors.rest.sandboxes.shopify import Shopify
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.conformance.bench import PICTURE
from lockgate.kit.contract import Connector, Receipt, Write
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

DEFINED = connector(SHIPPED / "shopify.yaml")


class ShopifyBench(Bench):
    sandbox_type: ClassVar[type[Sandbox]] = Shopify
    sandbox: Shopify
    kind = "product"
    absent_id = "gid://shopify/Product/999999999"
    read_route = "POST /graphql.json"
    file_route = "GET /cdn/*"

    def connector(self, services: Services, url: str, key: str) -> Connector[Any]:
        return DEFINED(DEFINED.settings_type.model_validate({"site": url, "token": key}), Profile(), services)

    def theirs(self, content: bytes) -> str:
        digest = self.sandbox.state.blob_put(content)
        return self.sandbox.keep(
            {"name": "larch.jpg", "media_type": "image/jpeg", "size": len(content), "sha256": digest}
        )

    def found(self, id: str) -> dict[str, Any]:
        return self.sandbox.state.get("product", id) or {}

    async def make_item(self, content: bytes) -> str:
        number = self.sandbox.state.next_id("product")
        known = next(self.sandbox.state.all("product"))
        id = f"gid://shopify/Product/{number}"
        self.sandbox.save({**known, "id": id, "title": "Theirs", "metafields": {}, "media": [self.theirs(content)]})
        return id

    async def change_item(self, id: str) -> None:
        self.sandbox.save({**self.found(id), "title": f"renamed {self.sandbox.state.next_id('name')}"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.sandbox.save({**self.found(id), "media": [self.theirs(content)]})

    def count(self) -> int:
        return self.sandbox.state.count("product")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": f"Larch {version}",
            "description": f"<p>A chair of larch, {version}</p>",
            "vendor": f"Larkfield {version}",
            "keywords": ["larch", f"version {version}"],
            "ids.sku": f"LARCH-{version}",
            "price": f"{version}9.90",
        }

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "SKU-2", "gid://shopify/Product/2"


TestShopify = promises(DEFINED, ShopifyBench, excuses=DEFINED.definition.about.excuses)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[ShopifyBench]:
    async with ShopifyBench.running(tmp_path) as ready:
        yield ready


async def test_what_shopify_refuses_under_status_200_is_told_in_its_words(bench: ShopifyBench) -> None:
    [answer] = await (await bench.connect()).upsert("product", [Write(key="flow:1", fields={"title": ""})])
    assert isinstance(answer, Rejected)
    assert "Title can't be blank" in str(answer)


async def test_an_image_of_others_stays_when_ours_is_replaced(bench: ShopifyBench) -> None:
    target = await bench.connect()
    [receipt] = await target.upsert("product", [bench.write("flow:1", content=PICTURE)])
    assert isinstance(receipt, Receipt)
    theirs = bench.theirs(PICTURE)
    product = bench.found(receipt.ref)
    bench.sandbox.save({**product, "media": [*product["media"], theirs]})
    await target.upsert("product", [bench.write("flow:1", ref=receipt.ref, content=PICTURE + b"new")])
    assert theirs in bench.found(receipt.ref)["media"]


async def test_the_metafield_for_our_key_is_made_before_the_first_write(bench: ShopifyBench) -> None:
    target = await bench.connect()
    assert any("metafield" in note for note in (await target.check()).notes)
    await target.upsert("product", [bench.write("flow:1")])
    assert bench.sandbox.state.get("definition", "lockgate.key") is not None
