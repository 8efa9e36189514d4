"""Versions of objects, and the rehearsal that tries out writing before a tenant goes live."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.errors import NotFound, Transient

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES, PRODUCTS = "/api/modules/file/objects", "/api/modules/product/objects"


async def original(portal: FourAllPortal, id: str) -> bytes:
    (item,) = await portal.fetch("asset", [id])
    rendition = item.rendition("original")
    assert rendition is not None
    async with portal.open(id, rendition) as stream:
        return b"".join([chunk async for chunk in stream.chunks])


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_product_is_kept_changed_and_brought_back(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1", price=10)
    async with connect() as portal:
        kept = await portal.take_version("product", id, "before the sale")
        await tenant.set(PRODUCTS, {"id": id, "price": 7})
        later = await portal.take_version("product", id, "in the sale")
        listed = await portal.versions("product", id)
        await portal.restore_version("product", id, kept.id)
    assert [one.id for one in listed] == [later.id, kept.id]
    assert (kept.comment, kept.by, kept.at is not None) == ("before the sale", listed[0].by, True)
    assert await tenant.value(PRODUCTS, id, "price") == 10
    assert await tenant.value(PRODUCTS, id, "article_number") == "LARCH-1"


async def test_the_file_of_a_version_comes_back_with_it(tenant: Any, connect: Connect) -> None:
    id = await tenant.upload(b"the first", "leaf.txt", "text/plain")
    async with connect() as portal:
        kept = await portal.take_version("asset", id, "the first")
        await tenant.replace(id, b"the second", "leaf.txt")
        assert await original(portal, id) == b"the second"
        await portal.restore_version("asset", id, kept.id)
        assert await original(portal, id) == b"the first"


async def test_a_version_that_is_brought_back_is_a_change_like_any_other(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1", price=10)
    async with connect() as portal:
        kept = await portal.take_version("product", id, "")
        await tenant.set(PRODUCTS, {"id": id, "price": 7})
        await portal.restore_version("product", id, kept.id)
        newest, *_ = await portal.history("product", id, field="price")
    assert (newest.before, newest.after) == (7, 10)


async def test_a_lost_answer_keeps_no_second_version(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        await tenant.fault({"match": "POST */versions", "kind": "cut", "times": 1})
        kept = await portal.take_version("product", id, "once")
        assert [one.id for one in await portal.versions("product", id)] == [kept.id]


async def test_a_version_that_was_not_kept_is_not_invented(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        await tenant.fault({"match": "POST */versions", "kind": "status", "status": 503})
        with pytest.raises(Transient):
            await portal.take_version("product", id, "once")


async def test_versions_of_what_is_not_there_are_not_found(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        with pytest.raises(NotFound):
            await portal.versions("product", "no-such-id")
        with pytest.raises(NotFound):
            await portal.restore_version("product", id, "v-999")


# ── the rehearsal ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_rehearsal_tries_all_that_writes_and_leaves_nothing_behind(tenant: Any, connect: Connect) -> None:
    before = await tenant.files(), len((await tenant.call("GET", f"{PRODUCTS}?limit=1000"))["result"])
    async with connect() as portal:
        said = await portal.rehearse()
    assert [one for one in said if one.startswith("!")] == []
    assert {"A file is uploaded and read back.", "A file is replaced and read back."} <= set(said)
    assert "An object is created with the id we choose." in said
    assert {
        "CEDate in file.license_until is written and read back.",
        "CEDouble in product.price is written and read back.",
    } <= {*said}
    assert before == (await tenant.files(), len((await tenant.call("GET", f"{PRODUCTS}?limit=1000"))["result"]))


async def test_a_check_writes_only_where_it_is_told_to(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await portal.check()
    assert not [*await tenant.calls("POST"), *await tenant.calls("PATCH"), *await tenant.calls("PUT")]
    async with connect(rehearse=True) as portal:
        info = await portal.check()
    assert "A file is uploaded and read back." in info.notes


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ("POST /api/modules/file/objects", "! A file cannot be uploaded"),
        ("PUT /api/modules/file/objects/*", "! A file cannot be replaced"),
        ("GET /api/modules/file/objects/*/media/*", "! The uploaded file cannot be read"),
        ("PATCH /api/modules/product/objects", "! A product cannot be created"),
    ],
)
async def test_a_rehearsal_names_what_the_portal_does_otherwise(
    tenant: Any, connect: Connect, match: str, said: str
) -> None:
    await tenant.fault({"match": match, "kind": "status", "status": 415})
    async with connect() as portal:
        assert [one for one in await portal.rehearse() if one.startswith(said)]


async def test_a_rehearsal_says_what_it_could_not_clear_away(tenant: Any, connect: Connect) -> None:
    await tenant.fault({"match": "DELETE /api/modules/product/objects/*", "kind": "status", "status": 403})
    async with connect() as portal:
        said = await portal.rehearse()
    (left,) = [one for one in said if "is left; delete it by hand" in one]
    id = left.split()[4]
    assert await tenant.get(PRODUCTS, id)


async def test_a_rehearsal_tries_the_fields_that_this_tenant_has(tenant: Any, connect: Connect) -> None:
    await tenant.act("remove_field", module="product", name="price")
    await tenant.act("add_field", module="product", name="stock", type="CEInteger", label="Bestand")
    async with connect() as portal:
        said = await portal.rehearse()
    assert "CEInteger in product.stock is written and read back." in said
    assert not [one for one in said if "product.price" in one]
