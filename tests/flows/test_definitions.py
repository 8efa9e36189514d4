"""Systems by definition in whole flows: Akeneo's products in 4ALLPORTAL, CELUM's pictures at products of Shopify."""

from pathlib import Path
from typing import Any

from tests.flows.installation import installed
from tests.flows.systems import served
from tests.world import CELUM_KEY, PORTAL_KEY, celum_of, content_folder, portal_of

from lockgate.connectors.rest.sandboxes.akeneo import Akeneo
from lockgate.connectors.rest.sandboxes.shopify import Shopify
from lockgate.kit.sandbox.samples import sample_file

PRODUCTS = """\
recipe: products-to-portal
title: Enabled products of Akeneo are products of the portal
uses:
  pim: {kinds: [product]}
  portal: {kinds: [product]}
watch: {system: pim, kind: product}
gates:
  - name: it is enabled
    approved: {}
deliver:
  to: portal
  as: product
  rendition: none
  fields:
    ids.sku: {cel: "item.ids.sku[0]"}
    title: title
    status: {value: approved}
  closed: hide
"""

PICTURES = """\
recipe: pictures-to-shop
title: Approved pictures are products of the shop
uses:
  dam: {kinds: [asset]}
  shop: {kinds: [product]}
watch: {system: dam, kind: asset}
gates:
  - name: creative has approved it
    approved: {}
  - name: we may use it in Germany
    rights: {action: distribute, territory: [DE]}
  - name: it is the newest version
    current: {}
deliver:
  to: shop
  as: product
  fields:
    title: title
    ids.sku: {cel: "item.ids.sku[0]"}
  closed: hide
"""
CHAIR = "00000000-0000-4000-8000-000000000001"


async def test_enabled_products_of_akeneo_are_products_of_the_portal(tmp_path: Path) -> None:
    async with (
        portal_of(content_folder(tmp_path)) as portal,
        served("akeneo") as pim,
        installed(tmp_path / "home") as lockgate,
    ):
        there = (await portal.products()).keys()
        akeneo = pim.sandbox
        assert isinstance(akeneo, Akeneo)
        akeneo.save(CHAIR, {"enabled": False})
        await lockgate.connect("pim", "akeneo", **pim.settings)
        await lockgate.connect("portal", "fourallportal", site=portal.url, key=PORTAL_KEY)
        flow = await lockgate.flow(PRODUCTS, pim="pim", portal="portal")
        first = await lockgate.run(flow)
        assert (first["read"], first["written"], first["reasons"]) == (3, 2, {"approved.no": 1})
        assert (await portal.products()).keys() == there | {"SKU-2", "SKU-3"}

        akeneo.save(CHAIR, {"enabled": True})
        table = CHAIR.replace("001", "002")
        akeneo.save(table, {"values": {"name": [{"locale": "en_US", "scope": None, "data": "Long table"}]}})
        akeneo.save(CHAIR.replace("001", "003"), {"enabled": False})
        second = await lockgate.run(flow)
        assert (second["written"], second["withdrawn"]) == (2, 1)
        now = await portal.products()
        assert {sku: one["status"] for sku, one in now.items() if sku not in there} == {
            "SKU-1": "approved", "SKU-2": "approved", "SKU-3": "archived"
        }  # fmt: skip
        assert "Long table" in now["SKU-2"]["name"].values()
        assert await lockgate.run(flow) == {"read": 3, "unchanged": 2, "blocked": 1, "reasons": {"approved.no": 1}}
        assert await lockgate.acts(flow, table) == ["written", "written"]


async def test_approved_pictures_are_products_of_shopify_until_their_rights_end(tmp_path: Path) -> None:
    async with (
        celum_of(content_folder(tmp_path)) as celum,
        served("shopify") as system,
        installed(tmp_path / "home") as lockgate,
    ):
        shopify = system.sandbox
        assert isinstance(shopify, Shopify)
        before = {one["id"] for one in shopify.state.all("product")}

        async def picture(name: str, sku: str, **more: Any) -> str:
            return await celum.asset(name, sku=sku, content=sample_file(f"{name}.png"), suffix=".png", **more)

        kettle = await picture("Kettle", "K1")
        await picture("Draft", "K2", released=False)
        await picture("Uncleared", "K3", cleared=False)
        await lockgate.connect("dam", "celum", site=celum.url, key=CELUM_KEY)
        await lockgate.connect("shop", "shopify", **system.settings)
        flow = await lockgate.flow(PICTURES, dam="dam", shop="shop")
        first = await lockgate.run(flow)
        assert (first["read"], first["written"], first["blocked"]) == (3, 1, 2)

        (ours,) = [one for one in shopify.state.all("product") if one["id"] not in before]
        assert (ours["title"], ours["status"], ours["variant"]["sku"]) == ("Kettle", "ACTIVE", "K1")
        assert len(ours["media"]) == 1
        newer = sample_file("Kettle.png", 2)
        await celum.new_version(kettle, newer, "Kettle.png")
        assert (await lockgate.run(flow))["written"] == 1
        again = shopify.state.get("product", ours["id"])
        assert again is not None
        (image,) = again["media"]
        media = shopify.state.get("media", image)
        assert media is not None
        assert (media["size"], again["media"] != ours["media"]) == (len(newer), True)

        await celum.act("set_rights", id=int(kettle), cleared=False)
        assert (await lockgate.run(flow))["withdrawn"] == 1
        assert {one["status"] for one in shopify.state.all("product") if one["id"] not in before} == {"DRAFT"}
        assert {one["status"] for one in shopify.state.all("product") if one["id"] in before} == {"ACTIVE"}
        assert await lockgate.acts(flow, kettle) == ["written", "written", "withdrawn"]
