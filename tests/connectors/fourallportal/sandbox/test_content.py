"""A tenant fed from a DAM, and what people do in it."""

import time
from pathlib import Path
from typing import Any

import pytest

from lockgate.connectors.fourallportal.sandbox import FourAllPortalSandbox
from lockgate.kit.sandbox import Content, SandboxConfig, SeedOptions
from lockgate.kit.seed import SeedAsset, SeedProduct

from .caller import PRODUCTS, Caller, value
from .conftest import Start


def asset(*, sku: str | None = None, gtin: str | None = None, family: str | None = None) -> SeedAsset:
    return SeedAsset(
        path=Path("picture.jpg"),
        filename="picture.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        category="image",
        sku=sku,
        gtin=gtin,
        family=family,
    )


CONTENT = Content(
    products=[
        SeedProduct(
            sku="4711",
            gtin="4006381333931",
            family="FAM-1",
            name={"de": "Füller", "en-GB": "Fountain pen", "fr": "Stylo"},
            description={"en": "Writes."},
            price="12.50",
            parent="FAM-1",
        ),
        SeedProduct(sku="FAM-1", name={"und": "Pens"}),
        SeedProduct(sku="4711", name={"en": "Twice"}),
        SeedProduct(sku="X" * 65),
        SeedProduct(sku="4712", gtin="too long to be one", price="on request", parent="nobody"),
    ],
    assets=[
        asset(sku="4711"),
        asset(gtin="4006381333931"),
        asset(family="FAM-1"),
        asset(sku="missing-1"),
        asset(sku="missing-1"),
        asset(gtin="4012345678901"),
    ],
)


class Fed(FourAllPortalSandbox):
    """A portal whose seed is the content above."""

    async def seed(self) -> None:
        await self.seed_content(CONTENT, SeedOptions())


@pytest.fixture
async def fed(start: Start) -> Caller:
    return await start(kind=Fed)


async def test_products_of_the_content_exist(fed: Caller) -> None:
    assert await fed.numbers("") == {"4711", "4712", "FAM-1"}
    (pen,) = await fed.find("gtin = '4006381333931'")
    (family,) = await fed.find("article_number = 'FAM-1'")
    names = ("article_number", "family", "price", "status", "parent_product")
    assert [value(pen, name) for name in names] == ["4711", "FAM-1", 12.5, "approved", family["id"]]
    assert pen["name"] == [
        {"value": "Füller", "dimensions": {"locale": "de_DE"}},
        {"value": "Fountain pen", "dimensions": {"locale": "en_US"}},
    ]
    assert family["name"] == [{"value": "Pens"}]


async def test_the_tenant_has_the_fields_that_content_needs_and_no_files(fed: Caller) -> None:
    fields = {one["name"] for one in (await fed.ok("GET", "/api/modules/file?groups=fields"))["fields"]}
    assert {"usage_rights", "language", "campaign", "format", "credit", "restrictions"} <= fields
    assert await fed.find("", module="file") == []
    sent = {"language": [{"value": ["de"]}], "usage_rights": [{"value": "Web only"}]}
    assert await fed.uploaded(b"x", "x.bin", "application/octet-stream", sent)


async def test_products_of_the_content_are_in_the_feed(fed: Caller) -> None:
    assert [(kind, event) for _, kind, event in await fed.news("all_product", 0)] == [(0, 2)] * 3


async def test_what_comes_back_may_be_shown_again(fed: Caller) -> None:
    (pen,) = await fed.find("article_number = '4711'")
    await fed.set(pen["id"], status="archived")
    await fed.set(pen["id"], status="approved")


async def test_the_status_rule_holds_when_it_is_asked_for(start: Start) -> None:
    fed = await start(kind=Fed, options={"status_rule": "on"})
    (pen,) = await fed.find("article_number = '4711'")
    await fed.set(pen["id"], status="archived")
    await fed.refused(409, "PATCH", PRODUCTS, json=[{"id": pen["id"], "status": [{"value": "approved"}]}])


async def test_missing_products_are_created_by_people(fed: Caller) -> None:
    last = await fed.last_event("all_product")
    first = (await fed.act("create_missing_products", limit=1))["created"]
    rest = (await fed.act("create_missing_products"))["created"]
    assert list(first) == ["missing-1"]
    assert list(rest) == ["4012345678901"]
    assert await fed.numbers("gtin = '4012345678901' OR article_number = 'missing-1'") == {
        "missing-1",
        "GTIN-4012345678901",
    }
    assert await fed.news("all_product", last) == [(id, 0, 2) for id in (*first.values(), *rest.values())]


async def test_short_texts_are_found_without_walking_through_all_products(start: Start) -> None:
    products = [
        SeedProduct(sku=f"S-{number}", gtin=f"{number:013d}", family=f"F-{number % 500}") for number in range(5000)
    ]

    class Large(FourAllPortalSandbox):
        async def seed(self) -> None:
            await self.seed_content(Content(products=products, assets=[]), SeedOptions())

    fed = await start(kind=Large)

    async def quickest(query: str) -> float:
        times = []
        for _ in range(5):
            began = time.perf_counter()
            await fed.find(query)
            times.append(time.perf_counter() - began)
        return min(times)

    walk = await quickest("price > 1000")
    for query in ("article_number IN ('S-1', 'S-4999')", "gtin = '0000000004000'", "ext_id = 'none'", "family = 'F-7'"):
        assert await quickest(query) < walk / 3, query


async def test_people_create_set_publish_and_delete(portal: Caller) -> None:
    last = await portal.last_event("all_product")
    id = (await portal.act("create_product", sku="X-1", name="Ink"))["id"]
    found = await portal.ok("GET", f"{PRODUCTS}/{id}?fields=name,status,created_by")
    assert (value(found, "name"), value(found, "status"), value(found, "created_by")) == ("Ink", "approved", "u-person")
    await portal.act("set_status", module="product", id=id, status="draft")
    await portal.act("publish", module="product", id=id, channel="webshop")
    assert [one["id"] for one in await portal.ok("GET", f"/api/connectors/webshop_product/objects?ids={id}")] == [id]
    await portal.act("publish", module="product", id=id, channel="webshop", on=False)
    await portal.act("delete", module="product", id=id)
    assert await portal.news("all_product", last) == [(id, 0, 0)]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("create_product", {"sku": "AB-100"}, "already used"),
        ("create_product", {"sku": "X-1", "gtin": "4006381333931"}, "Unknown field 'gtin'"),
        ("create_product", {"sku": 5}, "takes a text"),
        (
            "set_status",
            {"module": "product", "id": "missing", "status": "draft"},
            "There is no product with id missing.",
        ),
        ("set_status", {"module": "mam", "id": "missing", "status": "draft"}, "There is no mam"),
        (
            "publish",
            {"module": "product", "id": "2f0f2c0e-5c4b-4a35-9d2b-0a4f7f6f1c11", "channel": "erp"},
            "publish_erp",
        ),
        ("delete", {"module": "product", "id": "missing"}, "not found"),
        ("configure_connector", {"name": "none"}, "not found"),
        ("configure_connector", {"name": "all_file", "conditions": ["colour = 'red'"]}, "Unknown field 'colour'"),
        ("configure_connector", {"name": "all_file", "fields": ["colour"]}, "has no field colour"),
    ],
)
async def test_people_are_told_why_something_cannot_be_done(
    portal: Caller, name: str, arguments: dict[str, Any], said: str
) -> None:
    answer = await portal("POST", f"/__sandbox/actions/{name}", json=arguments)
    assert answer.status == 409
    assert said in answer.json["error"]


def test_an_option_that_is_no_switch_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="the switches are status_rule"):
        FourAllPortalSandbox(SandboxConfig(options={"colour": "red"}))
