"""Hiding and showing copies: a receipt means the portal was seen so."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import Conflict, NeedsOperator, NotFound, Rejected, Transient

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES = "/api/modules/file/objects"


async def made(tenant: Any, number: int = 1, **fields: Any) -> list[str]:
    refs = []
    for n in range(number):
        refs.append(await tenant.upload(f"copy {n}".encode()))
        await tenant.set(FILES, {"id": refs[-1], "ext_id": f"dam:{n}", "status": "approved", **fields})
    return refs


async def state(tenant: Any, ref: str) -> tuple[Any, ...]:
    return tuple(
        [await tenant.value(FILES, ref, name) for name in ("status", "publish_webshop", "publish_marketplace")]
    )


async def test_a_hidden_copy_is_archived_and_off_every_channel(tenant: Any, connect: Connect) -> None:
    (ref,) = await made(tenant, publish_webshop=True)
    async with connect() as portal:
        (answer,) = await portal.withdraw("asset", [ref], "hide")
        assert (await portal.held("asset", ["dam:0"]))["dam:0"].hidden
    assert isinstance(answer, Receipt)
    assert answer.revision
    assert await state(tenant, ref) == ("archived", False, False)


async def test_a_hidden_copy_that_somebody_publishes_is_not_hidden_any_more(tenant: Any, connect: Connect) -> None:
    (ref,) = await made(tenant)
    async with connect() as portal:
        await portal.withdraw("asset", [ref], "hide")
        await tenant.set(FILES, {"id": ref, "publish_marketplace": True})
        assert not (await portal.held("asset", ["dam:0"]))["dam:0"].hidden
        await portal.withdraw("asset", [ref], "hide")
        assert (await portal.held("asset", ["dam:0"]))["dam:0"].hidden
    assert await state(tenant, ref) == ("archived", False, False)


async def test_a_copy_without_channels_is_hidden_all_the_same(tenant: Any, connect: Connect) -> None:
    (ref,) = await made(tenant)
    async with connect(publish_fields=["publish_webshop", "publish_ebay"]) as portal:
        (answer,) = await portal.withdraw("asset", [ref], "hide")
    assert isinstance(answer, Receipt)
    assert await state(tenant, ref) == ("archived", False, None)


async def test_showing_gives_the_status_back_and_leaves_channels_off(tenant: Any, connect: Connect) -> None:
    await tenant.switch(status_rule=False)
    (ref,) = await made(tenant, publish_webshop=True)
    async with connect() as portal:
        await portal.withdraw("asset", [ref], "hide")
        (answer,) = await portal.show("asset", [ref])
        assert not (await portal.held("asset", ["dam:0"]))["dam:0"].hidden
    assert isinstance(answer, Receipt)
    assert await state(tenant, ref) == ("approved", False, False)


async def test_many_are_hidden_in_few_calls_and_what_is_hidden_already_costs_no_write(
    tenant: Any, connect: Connect
) -> None:
    refs = await made(tenant, 60)
    await tenant.control("DELETE", "calls")
    async with connect() as portal:
        for writes in (2, 2):
            answers = await portal.withdraw("asset", refs, "hide")
            assert [answer.ref for answer in answers if isinstance(answer, Receipt)] == refs
            assert len(await tenant.calls("PATCH")) == writes


async def test_a_copy_that_is_gone_is_not_made_anew_and_stops_no_other(tenant: Any, connect: Connect) -> None:
    ref, gone = await made(tenant, 2)
    await tenant.act("delete", module="file", id=gone)
    before = await tenant.files()
    async with connect() as portal:
        absent, deleted, here = await portal.withdraw("asset", ["nobody", gone, ref], "hide")
    assert (type(absent), type(deleted)) == (NotFound, NotFound)
    assert isinstance(here, Receipt)
    assert await tenant.files() == before


async def test_a_step_that_is_not_allowed_is_told_in_words(tenant: Any, connect: Connect) -> None:
    (ref,) = await made(tenant)
    async with connect() as portal:
        await portal.withdraw("asset", [ref], "hide")
        (answer,) = await portal.show("asset", [ref])
    assert isinstance(answer, Rejected)
    assert answer.code == "status.step"
    assert "Transition archived -> approved not allowed" in answer.sentence
    assert "`hidden_status` and `shown_status`" in answer.sentence


async def test_a_copy_whose_status_stays_is_at_least_taken_off_its_channels(tenant: Any, connect: Connect) -> None:
    stuck, free = await made(tenant, 2, publish_webshop=True)
    await tenant.set(FILES, {"id": free, "status": "archived"})
    async with connect(hidden_status="draft") as portal:  # approved -> draft is no step
        first, _ = await portal.withdraw("asset", [stuck, free], "hide")
    assert isinstance(first, Rejected)
    assert first.code == "status.step"
    assert await state(tenant, stuck) == ("approved", False, False)


async def test_what_was_written_but_is_not_seen_so_gets_no_receipt(tenant: Any, connect: Connect) -> None:
    (ref,) = await made(tenant)
    await tenant.switch(read_delay=60)
    async with connect() as portal:
        (answer,) = await portal.withdraw("asset", [ref], "hide")
    assert isinstance(answer, Conflict)
    assert "status" in answer.sentence


async def test_a_failing_portal_hides_nothing_and_says_so(tenant: Any, connect: Connect) -> None:
    refs = await made(tenant, 2)
    await tenant.fault({"match": "PATCH *", "kind": "status", "status": 503})
    async with connect() as portal:
        answers = await portal.withdraw("asset", refs, "hide")
    assert [type(answer) for answer in answers] == [Transient, Transient]


async def test_a_tenant_without_a_status_cannot_hide(tenant: Any, connect: Connect) -> None:
    (ref,) = await made(tenant)
    async with connect(status_field="lifecycle") as portal:
        with pytest.raises(NeedsOperator, match="no field 'lifecycle', so copies cannot be hidden"):
            await portal.withdraw("asset", [ref], "hide")


async def test_other_policies_are_refused(connect: Connect) -> None:
    async with connect() as portal:
        with pytest.raises(Rejected, match="cannot flag a copy here; it can hide, remove"):
            await portal.withdraw("asset", ["f-1"], "flag")
