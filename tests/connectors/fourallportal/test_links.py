"""Links of products: others' stay, nothing is lost between two writers, what is gone is told apart."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.conformance import eventually
from lockgate.kit.contract import Link, Receipt
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.profile import Match, Profile

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES, PRODUCTS = "/api/modules/file/objects", "/api/modules/product/objects"


def link(product: str, ref: str, *, present: bool = True, field: str = "images") -> Link:
    return Link(kind="product", id=product, field=field, ref=ref, present=present)


async def linked(portal: FourAllPortal, *links: Link) -> None:
    answers = await portal.link(links)
    assert all(isinstance(answer, Receipt) for answer in answers), answers


async def images(tenant: Any, number: int) -> list[str]:
    return [await tenant.upload(f"image {n}".encode()) for n in range(number)]


async def main(tenant: Any, product: str) -> Any:
    return await tenant.value(PRODUCTS, product, "main_image")


# ── others' entries ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_others_entries_stay_in_their_order_and_ours_come_last(tenant: Any, connect: Connect) -> None:
    one, two, three, ours = await images(tenant, 4)
    product = await tenant.product("LARCH-1", images=[three, one, two])
    async with connect() as portal:
        await linked(portal, link(product, ours))
        assert await tenant.images(product) == [three, one, two, ours]
        await linked(portal, link(product, ours, present=False))
    assert await tenant.images(product) == [three, one, two]


async def test_a_link_that_is_there_costs_no_write(tenant: Any, connect: Connect) -> None:
    (ref,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1", images=[ref])
    await tenant.control("DELETE", "calls")
    async with connect() as portal:
        await linked(portal, link(product, ref))
        await linked(portal, link(product, "nobody", present=False))
    assert await tenant.calls("PATCH") == []


async def test_many_links_of_many_products_are_one_write_a_product(tenant: Any, connect: Connect) -> None:
    refs = await images(tenant, 3)
    products = [await tenant.product(f"LARCH-{n}", images=refs[:1], main_image=refs[0]) for n in range(4)]
    links = [link(product, ref) for ref in refs for product in products]
    await tenant.control("DELETE", "calls")
    async with connect() as portal:
        answers = await portal.link([*links, link(products[0], refs[0], present=False)][:-1])
    assert [(answer.key, answer.ref) for answer in answers if isinstance(answer, Receipt)] == [
        (one.ref, one.id) for one in links
    ]
    assert len(await tenant.calls("PATCH")) == 4
    assert [await tenant.images(product) for product in products] == [refs] * 4


async def test_one_goes_as_another_comes(tenant: Any, connect: Connect) -> None:
    old, new, theirs = await images(tenant, 3)
    product = await tenant.product("LARCH-1", images=[old, theirs], main_image=old)
    async with connect() as portal:
        await linked(portal, link(product, old, present=False), link(product, new))
    assert await tenant.images(product) == [theirs, new]
    assert await main(tenant, product) == new


# ── the main image ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_empty_main_image_is_filled_with_the_first_of_ours_that_is_an_image(
    tenant: Any, connect: Connect
) -> None:
    theirs = await tenant.upload(b"theirs")
    sheet = await tenant.upload(b"%PDF-", "sheet.pdf", "application/pdf")
    ours, more = await images(tenant, 2)
    product = await tenant.product("LARCH-1", images=[theirs])
    async with connect() as portal:
        await linked(portal, link(product, sheet))
        assert await main(tenant, product) is None
        await linked(portal, link(product, sheet), link(product, ours), link(product, more))
        assert await main(tenant, product) == ours


async def test_a_main_image_that_somebody_chose_stays(tenant: Any, connect: Connect) -> None:
    theirs, ours = await images(tenant, 2)
    product = await tenant.product("LARCH-1", main_image=theirs)
    async with connect() as portal:
        await linked(portal, link(product, ours))
        await linked(portal, link(product, ours, present=False))
    assert await main(tenant, product) == theirs


async def test_a_main_image_of_ours_goes_with_its_link_and_leaves_the_choice_to_people(
    tenant: Any, connect: Connect
) -> None:
    ours, theirs = await images(tenant, 2)
    product = await tenant.product("LARCH-1")
    async with connect() as portal:
        await linked(portal, link(product, ours))
        await tenant.set(PRODUCTS, {"id": product, "images": [ours, theirs]})
        await linked(portal, link(product, ours, present=False))
    assert await tenant.images(product) == [theirs]
    assert await main(tenant, product) is None


async def test_a_main_image_of_ours_goes_also_where_somebody_took_it_off_the_list(
    tenant: Any, connect: Connect
) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1", main_image=ours)
    async with connect() as portal:
        await linked(portal, link(product, ours, present=False))
    assert await main(tenant, product) is None


async def test_a_main_image_that_somebody_emptied_stays_empty(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1", images=[ours])
    async with connect() as portal:
        await linked(portal, link(product, ours))
    assert await main(tenant, product) is None


@pytest.mark.parametrize("field", ["", "cover"])
async def test_a_tenant_without_a_main_image_is_left_alone(tenant: Any, connect: Connect, field: str) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1")
    async with connect(main_image_field=field) as portal:
        await linked(portal, link(product, ours))
    assert await tenant.images(product) == [ours]
    assert await main(tenant, product) is None


# ── at the same time ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_connections_that_link_to_one_product_lose_nothing(tenant: Any, connect: Connect) -> None:
    """Both read the list before either writes: the answers to reading are held back."""
    refs = await images(tenant, 8)
    product = await tenant.product("LARCH-1", images=refs[:2], main_image=refs[0])
    await tenant.fault({"match": f"GET {PRODUCTS}/*", "kind": "slow", "delay_ms": 30, "times": 2})
    async with connect(settle_seconds=0.1) as first, connect(settle_seconds=0.1) as second:
        await asyncio.gather(
            linked(first, *(link(product, ref) for ref in refs[2:5])),
            linked(second, *(link(product, ref) for ref in refs[5:]), link(product, refs[0], present=False)),
        )
    assert sorted(await tenant.images(product)) == sorted(refs[1:])


async def test_links_of_one_connection_to_one_product_wait_for_each_other_and_then_go_together(
    tenant: Any, connect: Connect
) -> None:
    refs = await images(tenant, 6)
    product = await tenant.product("LARCH-1", main_image=refs[0])
    await tenant.control("DELETE", "calls")
    async with connect() as portal:
        await asyncio.gather(*(linked(portal, link(product, ref)) for ref in refs))
    assert sorted(await tenant.images(product)) == sorted(refs)
    assert len(await tenant.calls("PATCH")) <= 2


async def test_a_list_that_was_read_is_never_written_twice(tenant: Any, connect: Connect) -> None:
    """A write whose answer is lost may have been followed by somebody else's."""
    ours, theirs = await images(tenant, 2)
    product = await tenant.product("LARCH-1", main_image=theirs)
    await tenant.fault({"match": f"PATCH {PRODUCTS}", "kind": "cut", "times": 1})
    async with connect(settle_seconds=0.15) as portal:
        linking = asyncio.create_task(linked(portal, link(product, ours)))
        await eventually(lambda: tenant.images(product), bool, "the first write never came", 5)
        await tenant.set(PRODUCTS, {"id": product, "images": [ours, theirs]})
        await linking
    assert await tenant.images(product) == [ours, theirs]


async def test_a_link_somebody_takes_away_at_once_is_written_again(tenant: Any, connect: Connect) -> None:
    ours, theirs = await images(tenant, 2)
    product = await tenant.product("LARCH-1", main_image=theirs)
    async with connect(settle_seconds=0.15) as portal:
        linking = asyncio.create_task(linked(portal, link(product, ours)))
        await eventually(lambda: tenant.images(product), bool, "the first write never came", 5)
        await tenant.set(PRODUCTS, {"id": product, "images": [theirs]})
        await linking
    assert await tenant.images(product) == [theirs, ours]


async def test_a_portal_that_never_takes_the_list_is_tried_later(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1")
    await tenant.fault({"match": f"PATCH {PRODUCTS}", "kind": "status", "status": 503})
    async with connect() as portal:
        (answer,) = await portal.link([link(product, ours)])
    assert isinstance(answer, Transient)
    assert len(await tenant.calls("PATCH", "/product/")) == 3  # the test's own, ours, and ours once more


async def test_a_list_that_is_never_seen_as_written_is_a_conflict(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1")
    await tenant.switch(read_delay=60)
    async with connect(settle_seconds=0) as portal:
        (answer,) = await portal.link([link(product, ours)])
    assert isinstance(answer, ConnectorError)
    assert answer.code == "conflict"


# ── what is gone or wrong ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_that_is_gone_stops_no_other_of_its_product(tenant: Any, connect: Connect) -> None:
    gone, ours = await images(tenant, 2)
    product = await tenant.product("LARCH-1")
    await tenant.act("delete", module="file", id=gone)
    async with connect() as portal:
        absent, here = await portal.link([link(product, gone), link(product, ours)])
    assert isinstance(absent, NotFound)
    assert f"no file {gone} any more" in absent.sentence
    assert isinstance(here, Receipt)
    assert await tenant.images(product) == [ours]


async def test_a_product_that_is_gone_stops_no_other_and_is_not_made_anew(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    gone, here = await tenant.product("LARCH-1"), await tenant.product("LARCH-2")
    await tenant.act("delete", module="product", id=gone)
    async with connect() as portal:
        answers = await portal.link([link(gone, ours), link("nobody", ours), link(here, ours)])
        assert await portal.find("product", "sku", ["LARCH-1"]) == {}
    assert [type(answer) for answer in answers] == [NotFound, NotFound, Receipt]


async def test_a_product_that_goes_while_it_is_linked_is_not_found(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1")
    async with connect(settle_seconds=0.15) as portal:
        linking = asyncio.create_task(portal.link([link(product, ours)]))
        await eventually(lambda: tenant.images(product), bool, "the first write never came", 5)
        await tenant.act("delete", module="product", id=product)
        (answer,) = await linking
    assert isinstance(answer, NotFound)


async def test_a_list_refused_for_another_reason_tells_that_reason(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1")
    await tenant.fault({"match": f"PATCH {PRODUCTS}", "kind": "status", "status": 422})
    async with connect() as portal:
        (answer,) = await portal.link([link(product, ours)])
    assert isinstance(answer, Rejected)
    assert "422" in answer.sentence


async def test_a_role_that_may_not_edit_products_stops_the_connection(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    product = await tenant.product("LARCH-1")
    await tenant.switch(rights=["view", "upload", "download"])
    async with connect() as portal:
        with pytest.raises(NeedsOperator, match="does not allow us PATCH"):
            await portal.link([link(product, ours)])


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Link(kind="folder", id="f-1", field="images", ref="x"), "has no folder field for images"),
        (Link(kind="product", id="p-1", field="documents", ref="x"), "has no product field for documents"),
        (
            Link(kind="product", id="p-1", field="cover", ref="x"),
            "has a product field that holds one link only for cover",
        ),
    ],
)
async def test_a_field_that_cannot_be_linked_is_refused_with_the_way_out(
    connect: Connect, wanted: Link, told: str
) -> None:
    fields = {"images": "images", "cover": "main_image"}
    by = Profile(matches={"product": tuple(Match(canonical=name, field=field) for name, field in fields.items())})
    async with connect(by=by) as portal:
        (answer,) = await portal.link([wanted])
    assert isinstance(answer, Rejected)
    assert told in answer.sentence


async def test_what_is_held_tells_of_its_products(tenant: Any, connect: Connect) -> None:
    (ours,) = await images(tenant, 1)
    await tenant.set(FILES, {"id": ours, "ext_id": "dam:1"})
    products = [await tenant.product(f"LARCH-{n}", images=[ours]) for n in range(3)]
    async with connect(page_size=2) as portal:
        held = (await portal.held("asset", ["dam:1"]))["dam:1"]
    assert sorted(held.links) == sorted(products)
