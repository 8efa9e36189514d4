"""Reading the portal over HTTP: lists to their end whatever the page size, files of exactly one version, renditions."""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.conformance import eventually
from lockgate.kit.contract import Page, Ref
from lockgate.kit.errors import ContractBroken, NotFound, Rejected, Transient
from lockgate.model.item import Rendition

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES = "/api/modules/file/objects"
COFFEE_IMAGE = "6d1c7c5e-7c0b-4c39-8f0e-0d8b3f9a2a00"


async def pages(portal: FourAllPortal, kind: str = "product", after: str | None = None) -> list[Page[Ref]]:
    return [page async for page in portal.index(kind, after)]


async def original(portal: FourAllPortal, id: str, name: str = "original") -> Rendition:
    (item,) = await portal.fetch("asset", [id])
    found = item.rendition(name)
    assert found is not None
    return found


async def content(portal: FourAllPortal, id: str, rendition: Rendition) -> bytes:
    async with portal.open(id, rendition) as stream:
        return b"".join([chunk async for chunk in stream.chunks])


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_index_goes_by_ids_and_states_the_total(connect: Connect) -> None:
    async with connect(page_size=10) as portal:
        found = await pages(portal)
    ids = [ref.id for page in found for ref in page.records]
    assert [len(page.records) for page in found] == [10, 10, 10, 7]
    assert ids == sorted(set(ids))
    assert {page.total for page in found} == {37}
    assert [page.cursor for page in found] == [page.records[-1].id for page in found]


async def test_a_server_with_smaller_pages_than_asked_is_read_to_its_end(tenant: Any, connect: Connect) -> None:
    """The sandbox gives 50 a page to those who do not say how many."""
    made = [await tenant.product(f"LARCH-{n}") for n in range(30)]
    async with connect(page_size_params=["pageSize"]) as portal:
        found = await pages(portal)
    assert [len(page.records) for page in found] == [50, 17]
    assert set(made) <= {ref.id for page in found for ref in page.records}


async def test_a_list_in_one_page_costs_one_call_and_without_totals_two(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await pages(portal)
    assert len(await tenant.calls("GET", "/product/objects")) == 1
    async with connect(total_param="withTotal") as portal:
        (page,) = await pages(portal)
    assert len(await tenant.calls("GET", "/product/objects")) == 3
    assert (len(page.records), page.total) == (37, None)


async def test_a_server_that_ignores_conditions_cannot_keep_us_reading_for_ever(connect: Connect) -> None:
    async with connect(search_param="filter", page_size=10) as portal:
        with pytest.raises(ContractBroken, match="same page twice"):
            await pages(portal)


async def test_many_ids_are_fetched_in_portions_each_once(tenant: Any, connect: Connect) -> None:
    ids = [await tenant.product(f"LARCH-{n}") for n in range(120)]
    async with connect() as portal:
        items = await portal.fetch("product", [*ids, ids[0], "nobody"])
    assert sorted(item.id for item in items) == sorted(ids)


async def test_only_what_the_profile_needs_is_asked_for(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        (item,) = await portal.fetch("asset", [COFFEE_IMAGE])
    assert item.title == {"de": "Bild 0", "en": "Picture 0"}
    asked = (await tenant.calls("GET", "/file/objects"))[-1]["query"]
    assert "fields=title" in asked
    assert "fields=width" not in asked


async def test_a_deleted_object_is_neither_listed_nor_fetched(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    await tenant.act("delete", module="product", id=id)
    async with connect() as portal:
        assert await portal.fetch("product", [id]) == []
        assert id not in {ref.id for page in await pages(portal) for ref in page.records}


async def test_other_kinds_are_refused_in_words(connect: Connect) -> None:
    async with connect() as portal:
        with pytest.raises(Rejected, match="its kinds are asset, product, folder"):
            await portal.fetch("task", ["t-1"])


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_version_that_was_replaced_is_not_given_under_its_name(tenant: Any, connect: Connect) -> None:
    id = await tenant.upload(b"first")
    async with connect() as portal:
        before = await original(portal, id)
        await replace(tenant, id, b"second")
        with pytest.raises(Transient, match="replaced meanwhile"):
            await content(portal, id, before)
        assert await content(portal, id, await original(portal, id)) == b"second"


async def test_a_file_replaced_while_it_is_read_never_comes_to_its_end(tenant: Any, connect: Connect) -> None:
    id = await tenant.upload(b"first " * 100_000)
    async with connect() as portal:
        rendition = await original(portal, id)
        async with portal.open(id, rendition) as stream:
            await replace(tenant, id, b"second")
            with pytest.raises(Transient):
                async for _ in stream.chunks:
                    pass


async def replace(tenant: Any, id: str, content: bytes) -> None:
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("file", content, filename="leaf.png", content_type="image/png")
    headers = {"Authorization": "Bearer 75d6a19f-7e44-4ae5-b81f-7292bc9f774d"}
    await tenant.control("PUT", "clock", {"advance_seconds": 1})
    async with tenant.session.put(f"{tenant.url}{FILES}/{id}/media/original", data=form, headers=headers) as answer:
        assert answer.status == 200


async def test_a_file_that_is_gone_is_not_found(tenant: Any, connect: Connect) -> None:
    id = await tenant.upload(b"first")
    async with connect() as portal:
        rendition = await original(portal, id)
        await tenant.act("delete", module="file", id=id)
        with pytest.raises(NotFound, match="any more"):
            await content(portal, id, rendition)
        assert await portal.file_digest("asset", id) is None


async def test_a_rendition_still_being_made_is_waited_for(tenant: Any, connect: Connect) -> None:
    await tenant.switch(rendition_202=True)
    async with connect(renditions=["web"]) as portal:
        found = await content(portal, COFFEE_IMAGE, await original(portal, COFFEE_IMAGE, "web"))
    assert found.startswith(b"\xff\xd8")

    async def answered() -> list[int]:
        return [one["status"] for one in await tenant.calls("GET", "/media/web")]

    await eventually(answered, lambda statuses: statuses == [202, 200], "it was not asked for twice")


async def test_a_rendition_that_takes_too_long_is_tried_later(tenant: Any, connect: Connect) -> None:
    async with connect(renditions=["web"]) as portal:
        web = await original(portal, COFFEE_IMAGE, "web")
        await tenant.fault({"match": "GET *media*", "kind": "status", "status": 202, "retry_after": 60})
        with pytest.raises(Transient) as told:
            await content(portal, COFFEE_IMAGE, web)
    assert (told.value.code, told.value.retry_after) == ("file.not_ready", 60)


async def test_digests_are_of_the_file_the_portal_has(tenant: Any, connect: Connect) -> None:
    id = await tenant.upload(b"a file")
    async with connect() as portal:
        assert await portal.file_digest("asset", id) == hashlib.sha256(b"a file").hexdigest()
        assert await portal.file_digest("asset", id, "md5") == hashlib.md5(b"a file", usedforsecurity=False).hexdigest()


async def test_several_readers_of_one_connection_do_not_disturb_each_other(connect: Connect) -> None:
    async with connect() as portal:
        lists = await asyncio.gather(*(pages(portal, kind) for kind in ("asset", "product") * 4))
    assert [sum(len(page.records) for page in one) for one in lists] == [25, 37] * 4
